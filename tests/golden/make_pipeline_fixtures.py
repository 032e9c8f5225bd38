"""Writes two tiny whole models and what diffusers' pipelines compute with them, step by step.

  make_pipeline_fixtures.py [FOLDER]       (default: this folder)

tiny_sd/, tiny_sdxl/        model folders as published, random weights in fp16 files, an adapter and three references each
pipeline_<name>.safetensors the tensors that `likeness generate --dump` names; metadata: `request` (JSON, paths relative to
                            this folder), `versions`
"""
import json
import random
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "oracle"))

import compare
import diffusers
import random_models
import reference
import torch
import transformers
from reference import Reference, Refiner, Request
from safetensors.torch import save_file

VERSIONS = f"torch {torch.__version__}, diffusers {diffusers.__version__}, transformers {transformers.__version__}"

DOWN, CROSS_DOWN, UP, CROSS_UP = "DownBlock2D", "CrossAttnDownBlock2D", "UpBlock2D", "CrossAttnUpBlock2D"
SHARED = dict(text_encoder=dict(hidden_size=16, num_attention_heads=2, num_hidden_layers=3, intermediate_size=24),
              image_encoder=dict(hidden_size=16, num_attention_heads=2, num_hidden_layers=2, intermediate_size=24, image_size=24,
                                 patch_size=8, projection_dim=12))
UNET = dict(block_out_channels=[8, 16], layers_per_block=1, norm_num_groups=4, downsample_padding=1, freq_shift=0,
            mid_block_type="UNetMidBlock2DCrossAttn", flip_sin_to_cos=True)
VAE = dict(layers_per_block=1, norm_num_groups=4, sample_size=64, latent_channels=4, use_quant_conv=True,
           use_post_quant_conv=True, latents_mean=None, latents_std=None)
TINY = {
    "sd": dict(seed=3, adapter="plain", scheduler="ddim", prediction="epsilon", fixed=SHARED | dict(
        unet=UNET | dict(down_block_types=[CROSS_DOWN, DOWN], up_block_types=[CROSS_UP, CROSS_UP], attention_head_dim=2,
                         transformer_layers_per_block=1, use_linear_projection=False),
        vae=VAE | dict(block_out_channels=[8, 8, 8, 8], down_block_types=["DownEncoderBlock2D"] * 4,
                       up_block_types=["UpDecoderBlock2D"] * 4))),
    "sdxl": dict(seed=4, adapter="plus", scheduler="euler", prediction="v_prediction", fixed=SHARED | dict(
        text_encoder_2=dict(hidden_size=16, num_attention_heads=2, num_hidden_layers=3, intermediate_size=24),
        unet=UNET | dict(down_block_types=[DOWN, CROSS_DOWN], up_block_types=[CROSS_UP, UP], attention_head_dim=[2, 4],
                         transformer_layers_per_block=[1, 2]),
        vae=VAE | dict(block_out_channels=[8, 8, 8], down_block_types=["DownEncoderBlock2D"] * 3,
                       up_block_types=["UpDecoderBlock2D"] * 3))),
}


def make_folder(root, family):
    tiny, folder = TINY[family], root / f"tiny_{family}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    rng = random.Random(tiny["seed"])
    config = random_models.random_scheduler_config(rng, tiny["prediction"], tiny["scheduler"])
    config |= dict(timestep_spacing="leading", steps_offset=1, set_alpha_to_one=False)
    random_models.make_model(folder, family, tiny["adapter"], tiny["seed"], config, "fp16", tiny["fixed"])
    for i, size in enumerate([(40, 30), (24, 24), (25, 61)]):
        compare.draw_picture(rng, folder / f"reference_{i}.png", size=size)
    compare.draw_picture(rng, folder / "mask.png", "L", (48, 32))
    return folder


def requests(folder, family):
    adapter = next((folder / "ip_adapter").glob("*.safetensors"))
    shared = dict(model=folder, family=family, adapter=adapter, variant="fp16", prompt="a red mug on the table", width=48,
                  height=32, num_inference_steps=4, guidance_scale=5.0, seed=7)

    def references(*scales, **first):
        out = [Reference(folder / f"reference_{i}.png", scale) for i, scale in enumerate(scales)]
        for name, value in first.items():
            setattr(out[0], name, value)
        return out

    yield "text", Request(**shared, scheduler="ddim", negative_prompt="blue star")
    yield "two_references", Request(**shared, scheduler="ddim", references=references(0.7, 0.7))
    yield "average", Request(**shared, scheduler="ddim", references=references(0.8, 0.4, 0.6), combine="average")
    yield "unequal_scales", Request(**shared, scheduler="euler", references=references(1.2, 0.0, 0.4))
    yield "mask", Request(**shared, scheduler="euler", references=references(0.9, 0.5, mask=folder / "mask.png"),
                          negative_prompt="")
    yield "unguided", Request(**shared | dict(guidance_scale=1.0, seed=2**33 + 5, clip_skip=1), scheduler="euler",
                              references=references(0.6, range=(0.0, 0.5)))


def to_json(request, root):
    def plain(value):
        if isinstance(value, Path):
            return str(value.relative_to(root))
        if isinstance(value, (Reference, Refiner)):
            return {k: plain(v) for k, v in vars(value).items()}
        return [plain(v) for v in value] if isinstance(value, (list, tuple)) else value

    return json.dumps({name: plain(value) for name, value in vars(request).items()})


def main():
    torch.set_num_threads(1)
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent).resolve()
    for family in TINY:
        folder = make_folder(root, family)
        for name, request in requests(folder, family):
            tensors = {k: t.clone().contiguous() for k, t in reference.tensors_of(request).items()}
            tensors["timesteps"] = tensors["timesteps"].float()
            path = root / f"pipeline_{family}_{name}.safetensors"
            save_file(tensors, path, metadata=dict(request=to_json(request, root), versions=VERSIONS, config="{}"))
            print(f"{path.name}: {len(tensors)} tensors, {path.stat().st_size / 1000:.0f} kB")
        size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
        print(f"{folder.name}: {size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
