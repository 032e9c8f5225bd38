"""Writes tests/golden/pickles: files as torch.save makes them, and beside each what it holds as safetensors.

usage: make_pickle_fixtures.py     (with torch and safetensors)
"""
import collections
import sys
import types
from pathlib import Path

import torch
from safetensors.torch import save_file

FOLDER = Path(__file__).resolve().parent / "pickles"


def every_dtype():
    torch.manual_seed(7)
    values = torch.randn(3, 4) * 5
    return {
        "f32": values, "f16": values.half(), "bf16": values.bfloat16(), "f64": values.double(),
        "i64": values.long(), "i32": values.int(), "i16": values.short(), "i8": values.char(),
        "u8": values.abs().byte(), "bool": values > 0, "scalar": torch.tensor(2.5), "empty": torch.zeros(0, 3),
        "step": 12, "name": "a text", "nothing": None, "ratio": 0.5, "yes": True, "large": 1 << 40, "list": [1, [2.0]],
    }


def views():
    torch.manual_seed(8)
    shared = torch.randn(6, 10)
    picture = torch.randn(2, 3, 5, 4).half()
    return {
        "whole": shared, "tied": shared, "rows": shared[2:4], "columns": shared[:, 3:7], "every_third": shared.flatten()[1::3],
        "transposed": shared.t(), "expanded": shared[1:2].expand(4, 10), "last": shared[5, 9],
        "channels_last": picture.to(memory_format=torch.channels_last), "turned": picture.permute(3, 0, 2, 1),
    }


def module():
    torch.manual_seed(9)
    layers = torch.nn.Sequential(collections.OrderedDict(a=torch.nn.Linear(3, 2), b=torch.nn.BatchNorm1d(2)))
    plain = layers.state_dict()  # an OrderedDict with _metadata set on it
    plain["parameter"] = torch.nn.Parameter(torch.randn(2))
    return plain


def lightning():
    """What a training run's checkpoint carries beside its weights: objects of foreign classes."""
    name = "pytorch_lightning.callbacks.model_checkpoint"
    foreign = types.ModuleType(name)

    class ModelCheckpoint:
        def __init__(self):
            self.best = {"score": torch.tensor(0.25), "path": "last.ckpt"}

    class AttributeDict(dict):
        pass

    for kind in (ModelCheckpoint, AttributeDict):
        kind.__module__, kind.__qualname__ = name, kind.__name__
        setattr(foreign, kind.__name__, kind)
    sys.modules.update({"pytorch_lightning": types.ModuleType("pytorch_lightning"),
                        "pytorch_lightning.callbacks": types.ModuleType("pytorch_lightning.callbacks"), name: foreign})
    torch.manual_seed(10)
    weights = {"model.diffusion_model.input_blocks.0.0.weight": torch.randn(2, 4, 3, 3).half(),
               "first_stage_model.quant_conv.bias": torch.randn(8).half()}
    saved = {"epoch": 6, "global_step": 470_000, "pytorch-lightning_version": "1.4.2", "callbacks": {ModelCheckpoint: ModelCheckpoint()},
             "hyper_parameters": AttributeDict(lr=1e-4, betas=(0.9, 0.999)), "lr_schedulers": [], "seen": {1, 2}, "raw": b"\x00\xff",
             "optimizer_states": [{"state": {0: {"exp_avg": torch.randn(3)}}}], "state_dict": weights}
    return saved, weights


def ip_adapter():
    torch.manual_seed(11)
    return {"image_proj": {"proj.weight": torch.randn(8, 4), "norm.weight": torch.ones(2)},
            "ip_adapter": {"1.to_k_ip.weight": torch.randn(4, 2), "1.to_v_ip.weight": torch.randn(4, 2)}}


def tensors_of(saved):
    return {name: value.detach().clone().contiguous() for name, value in saved.items() if isinstance(value, torch.Tensor)}


def write(name, saved, expected=None, **options):
    torch.save(saved, FOLDER / name, **options)
    save_file(expected if expected is not None else tensors_of(saved), FOLDER / (name + ".safetensors"))


def main():
    FOLDER.mkdir(exist_ok=True)
    old = {"_use_new_zipfile_serialization": False}
    write("every_dtype.pt", every_dtype())
    write("every_dtype_old.pt", every_dtype(), **old)
    write("views.pth", views())
    write("views_old.pth", views(), **old)
    write("module.bin", module())
    write("module_old.bin", module(), **old)
    saved, weights = lightning()
    write("lightning.ckpt", saved, weights)
    write("lightning_old.ckpt", saved, weights, **old)
    write("wrapped.pt", {"params": tensors_of(every_dtype())}, tensors_of(every_dtype()))
    write("float8.pt", {"e4m3": torch.ones(3).to(torch.float8_e4m3fn), "e5m2": torch.ones(2).to(torch.float8_e5m2)})
    nested = ip_adapter()
    flat = {f"{part}.{name}": value for part, tensors in nested.items() for name, value in tensors.items()}
    write("ip_adapter.bin", nested, flat)


if __name__ == "__main__":
    main()
