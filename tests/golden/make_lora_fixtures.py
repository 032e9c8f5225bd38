"""Writes small LoRA files of every kind over the tiny models, and what peft makes of the layers they touch.

  make_lora_fixtures.py [FOLDER]       (default: this folder)

loras/<case>.safetensors    files as they are published, random weights
loras/expected.safetensors  `<case>/<layer>.weight` (and `.bias`): the first rows of the merged weights by peft's own classes, where it has
                            some, else by the formula of the original repository written out here; metadata: `families`
                            (JSON: case -> tiny model), `versions`
loras/word_*.safetensors    textual inversions
"""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "oracle"))

import random_models  # sets the libraries' environment before they are imported

import diffusers
import peft
import torch
import transformers
from diffusers import StableDiffusionPipeline, StableDiffusionXLPipeline
from peft import LoHaConfig, LoKrConfig, LoraConfig, inject_adapter_in_model
from safetensors.torch import save_file

VERSIONS = (f"torch {torch.__version__}, diffusers {diffusers.__version__}, transformers {transformers.__version__}, "
            f"peft {peft.__version__}")
ROWS = 4  # of each expected weight that are kept
SHOWN = 6  # layers of each case that are compared
PIPES = dict(sd=StableDiffusionPipeline, sdxl=StableDiffusionXLPipeline)


def load(root, family):
    return PIPES[family].from_pretrained(root / f"tiny_{family}", variant="fp16", dtype=torch.float32, local_files_only=True)


def layer_names(model, *endings):
    kinds = (torch.nn.Linear, torch.nn.Conv2d)
    return [name for name, m in model.named_modules() if isinstance(m, kinds) and name.endswith(endings)]


ATTENTION = ("to_q", "to_k", "to_v", "to_out.0")
TRANSFORMER = (*ATTENTION, "proj_in", "proj_out", "ff.net.0.proj", "ff.net.2")
CONVOLUTION = ("conv1", "conv2", "conv_shortcut", "downsamplers.0.conv", "upsamplers.0.conv", "time_emb_proj")
TEXT = ("q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2")


class Case:
    """One model with an adapter of peft's in it, all of whose values are random."""

    def __init__(self, model, config, seed):
        self.base = {name: t.clone() for name, t in model.state_dict().items()}
        inject_adapter_in_model(config, model)
        generator = torch.Generator().manual_seed(seed)
        self.layers = {}
        for name, module in model.named_modules():
            if not hasattr(module, "get_delta_weight"):
                continue
            tensors = {}
            for key, parameter in module.named_parameters():
                if ".default" in key:
                    magnitude = "magnitude" in key
                    values = torch.randn(parameter.shape, generator=generator) * 0.3
                    parameter.data = values.abs() + 0.5 if magnitude else values
                    tensors[key.replace(".default", "")] = parameter.data.clone()
            self.layers[name] = (module, tensors)

    def merged(self, name, scale=1.0):
        """The layer's weight with `scale` times its delta, by peft."""
        module, tensors = self.layers[name]
        weight = self.base[f"{name}.weight"]
        delta = module.get_delta_weight("default").detach()
        if any("magnitude" in key for key in tensors):
            # peft's merge(): the length of each row with the delta added.
            vector = module.lora_magnitude_vector["default"]
            norm = vector.get_weight_norm(weight, delta, scaling=1)
            factor = vector.weight.detach() / norm.detach()
            factor = factor.view(-1, *[1] * (weight.dim() - 1))
            return weight + scale * (factor * (weight + delta) - weight)
        return weight + scale * delta


def mangled(prefix, name):
    return prefix + name.replace(".", "_")


def kohya(case, prefix, alphas, rename=lambda name: name):
    """peft's names of one model -> kohya's. alphas: layer -> alpha, or None for none."""
    down_up = {"lora_A.weight": "lora_down.weight", "lora_B.weight": "lora_up.weight",
               "lora_magnitude_vector.weight": "dora_scale"}
    out = {}
    for name, (_, tensors) in case.layers.items():
        for key, tensor in tensors.items():
            out[f"{mangled(prefix, rename(name))}.{down_up.get(key, key)}"] = tensor
        if alphas(name) is not None:
            out[f"{mangled(prefix, rename(name))}.alpha"] = torch.tensor(float(alphas(name)))
    return out


def ldm_name(name, per_level):
    """diffusers' name of a UNet's layer -> the single file's, for that many resnets a level."""
    side, *rest = name.split(".")
    inner = {"conv1": "in_layers.2", "conv2": "out_layers.3", "time_emb_proj": "emb_layers.1", "conv_shortcut": "skip_connection"}
    if side == "mid_block":
        at = {"resnets.0": 0, "attentions.0": 1, "resnets.1": 2}[".".join(rest[:2])]
        return ".".join(["middle_block", str(at), inner.get(rest[2], ".".join(rest[2:]))])
    level, part, number = int(rest[0]), rest[1], int(rest[2])
    tail = inner.get(rest[3], ".".join(rest[3:]))
    row = "input_blocks" if side == "down_blocks" else "output_blocks"
    first = level * (per_level + 1) + (1 if side == "down_blocks" else 0)
    if part == "downsamplers":
        return f"input_blocks.{first + per_level}.0.op"
    return f"{row}.{first + number}.{0 if part == 'resnets' else 1}.{tail}"


class Written:
    def __init__(self, folder):
        self.folder, self.expected, self.families = folder, {}, {}
        folder.mkdir(exist_ok=True)

    def add(self, name, family, tensors, expected, dtype=torch.float32, metadata=None):
        tensors = {k: t.to(dtype).contiguous() for k, t in tensors.items()}
        save_file(tensors, self.folder / f"{name}.safetensors", metadata=metadata)
        self.families[name] = family
        for layer, tensor in expected.items():
            self.expected[f"{name}/{layer}"] = tensor

    def finish(self):
        save_file({name: t[:ROWS].contiguous() for name, t in self.expected.items()}, self.folder / "expected.safetensors",
                  metadata=dict(families=json.dumps(self.families), versions=VERSIONS))


def some(names, prefix=""):
    """A few layers of every kind: evenly over the list."""
    names = list(names)
    step = max(1, len(names) // SHOWN)
    return names[::step][:SHOWN]


def rounded(case):
    """As a float16 file keeps it."""
    for module, tensors in case.layers.values():
        for key, parameter in module.named_parameters():
            if ".default" in key:
                parameter.data = parameter.data.half().float()
                tensors[key.replace(".default", "")] = parameter.data.clone()


def case_of(root, family, component, config, seed):
    return Case(getattr(load(root, family), component), config, seed)


def expected_of(case, component, names, scale=1.0):
    return {f"{component}/{name}.weight": case.merged(name, scale) for name in names}


def text_name(name):
    return name if name.startswith("text_model.") else f"text_model.{name}"


def linear_files(root, written):
    pipe = load(root, "sd")
    names = layer_names(pipe.unet, *TRANSFORMER)
    texts = layer_names(pipe.text_encoder, *TEXT)
    # kohya: every second layer with an alpha, in float16, and the text encoder.
    unet = case_of(root, "sd", "unet", LoraConfig(r=3, lora_alpha=3, target_modules=names), 1)
    text = case_of(root, "sd", "text_encoder", LoraConfig(r=2, lora_alpha=1, target_modules=texts), 2)
    rounded(unet), rounded(text)
    with_alpha = set(names[::2])
    for name, (module, _) in unet.layers.items():
        module.scaling["default"] = 1.5 / 3 if name in with_alpha else 1.0
    tensors = kohya(unet, "lora_unet_", lambda n: 1.5 if n in with_alpha else None)
    tensors |= kohya(text, "lora_te_", lambda n: 1.0, text_name)
    expected = expected_of(unet, "unet", some(names))
    expected |= {f"text_encoder/{text_name(n)}.weight": text.merged(n) for n in some(texts)}
    written.add("kohya", "sd", tensors, expected, torch.float16, dict(
        ss_network_module="networks.lora", ss_network_dim="3", ss_network_alpha="1.5", ss_base_model_version="sd_v1",
        ss_tag_frequency=json.dumps({"10_mug": {"sks mug": 12, "on a table": 3}})))

    # diffusers' own writer, with alphas in the metadata.
    config = LoraConfig(r=2, lora_alpha=5, target_modules=names, alpha_pattern={names[0]: 3})
    unet = case_of(root, "sd", "unet", config, 3)
    state = {f"{n}.{k}": t for n, (_, ts) in unet.layers.items() for k, t in ts.items()}
    StableDiffusionPipeline.save_lora_weights(
        written.folder, unet_lora_layers=state, weight_name="diffusers.safetensors",
        unet_lora_adapter_metadata=dict(r=2, lora_alpha=5, alpha_pattern={names[0]: 3}))
    written.families["diffusers"] = "sd"
    written.expected |= {f"diffusers/{k}": t for k, t in expected_of(unet, "unet", [names[0], *some(names[1:])]).items()}

    # The attention processors' names, and the text encoder's of that time.
    attention = layer_names(pipe.unet, *ATTENTION)
    unet = case_of(root, "sd", "unet", LoraConfig(r=2, lora_alpha=2, target_modules=attention), 4)
    texts = layer_names(pipe.text_encoder, "q_proj", "out_proj")
    text = case_of(root, "sd", "text_encoder", LoraConfig(r=2, lora_alpha=2, target_modules=texts), 5)
    tensors = {}
    for name, (_, ts) in unet.layers.items():
        block, layer = name.rsplit(".attn", 1)[0], name.rsplit(".attn", 1)[1]
        number, projection = layer.split(".", 1)
        old = f"unet.{block}.attn{number}.processor.{projection.removesuffix('.0')}_lora"
        tensors |= {f"{old}.down.weight": ts["lora_A.weight"], f"{old}.up.weight": ts["lora_B.weight"]}
    for name, (_, ts) in text.layers.items():
        old = f"text_encoder.{text_name(name)}.lora_linear_layer"
        tensors |= {f"{old}.down.weight": ts["lora_A.weight"], f"{old}.up.weight": ts["lora_B.weight"]}
    expected = expected_of(unet, "unet", some(attention))
    expected |= {f"text_encoder/{text_name(n)}.weight": text.merged(n) for n in some(texts)}
    written.add("old_diffusers", "sd", tensors, expected)

    # peft's export, biases too.
    unet = case_of(root, "sd", "unet", LoraConfig(r=2, lora_alpha=2, target_modules=names, lora_bias=True), 6)
    tensors = {f"base_model.model.{n}.{k}": t for n, (_, ts) in unet.layers.items() for k, t in ts.items()}
    has_bias = [n for n in names if f"{n}.bias" in unet.base]
    tensors = {k: t for k, t in tensors.items()
               if not k.endswith("lora_B.bias") or k.split("base_model.model.")[1][:-len(".lora_B.bias")] in has_bias}
    expected = expected_of(unet, "unet", some(names))
    expected |= {f"unet/{n}.bias": unet.base[f"{n}.bias"] + unet.layers[n][1]["lora_B.bias"] for n in has_bias[:2]}
    written.add("peft", "sd", tensors, expected)


def convolution_files(root, written):
    pipe = load(root, "sd")
    names = layer_names(pipe.unet, *CONVOLUTION)
    unet = case_of(root, "sd", "unet", LoraConfig(r=2, lora_alpha=1, target_modules=names), 7)
    # LCM-LoRA's way: kohya's names over transformer and convolutions.
    written.add("convolution", "sd", kohya(unet, "lora_unet_", lambda n: 1.0), expected_of(unet, "unet", some(names)))

    # LoCon's core between 1 x 1 projections (LyCORIS rebuild_tucker).
    kernels = [n for n in names if pipe.unet.get_submodule(n).weight.dim() == 4 and pipe.unet.get_submodule(n).kernel_size == (3, 3)]
    generator = torch.Generator().manual_seed(8)
    tensors, expected = {}, {}
    for i, name in enumerate(kernels):
        weight = pipe.unet.get_submodule(name).weight.detach()
        down = torch.randn(3, weight.shape[1], 1, 1, generator=generator) * 0.4
        up = torch.randn(weight.shape[0], 3, 1, 1, generator=generator) * 0.4
        mid = torch.randn(3, 3, 3, 3, generator=generator) * 0.4
        key = mangled("lora_unet_", name)
        tensors |= {f"{key}.lora_down.weight": down, f"{key}.lora_up.weight": up, f"{key}.lora_mid.weight": mid,
                    f"{key}.alpha": torch.tensor(2.0)}
        delta = torch.einsum("mnkl,im,nj->ijkl", mid, up[:, :, 0, 0], down[:, :, 0, 0])
        expected[f"unet/{name}.weight"] = weight + 2 / 3 * delta
    written.add("locon_mid", "sd", tensors, {k: expected[k] for k in some(expected)})

    # Whole differences and norms.
    tensors, expected = {}, {}
    for name in some(kernels):
        module = pipe.unet.get_submodule(name)
        weight, bias = (torch.randn(t.shape, generator=generator) for t in (module.weight, module.bias))
        tensors |= {f"{mangled('lora_unet_', name)}.diff": weight, f"{mangled('lora_unet_', name)}.diff_b": bias}
        expected |= {f"unet/{name}.weight": module.weight + weight, f"unet/{name}.bias": module.bias + bias}
    norm = next(n for n in dict(pipe.unet.named_modules()) if n.endswith("norm2"))
    module = pipe.unet.get_submodule(norm)
    weight, bias = (torch.randn(t.shape, generator=generator) for t in (module.weight, module.bias))
    tensors |= {f"{mangled('lora_unet_', norm)}.w_norm": weight, f"{mangled('lora_unet_', norm)}.b_norm": bias}
    expected |= {f"unet/{norm}.weight": module.weight + weight, f"unet/{norm}.bias": module.bias + bias}
    written.add("difference", "sd", tensors, {k: t.detach() for k, t in expected.items()})


def lycoris_loha(ts, weight, scale):
    """LyCORIS' formula by itself (modules/loha.py, functional/loha.py)."""
    if "hada_t1" in ts:
        one, two = (torch.einsum("ijkl,jr,ip->prkl", ts[f"hada_t{n}"], ts[f"hada_w{n}_b"], ts[f"hada_w{n}_a"]) for n in (1, 2))
    else:
        one, two = (ts[f"hada_w{n}_a"] @ ts[f"hada_w{n}_b"] for n in (1, 2))
    return weight + scale * (one * two).reshape(weight.shape)


def lycoris_lokr(ts, weight, alpha):
    """LyCORIS' formula by itself (modules/lokr.py, functional/lokr.py)."""
    rank = None
    w1, w2 = ts.get("lokr_w1"), ts.get("lokr_w2")
    if w1 is None:
        w1, rank = ts["lokr_w1_a"] @ ts["lokr_w1_b"], ts["lokr_w1_b"].shape[0]
    if w2 is None:
        rank = ts["lokr_w2_b"].shape[0]
        w2 = (torch.einsum("ij...,ip,jr->pr...", ts["lokr_t2"], ts["lokr_w2_a"], ts["lokr_w2_b"]) if "lokr_t2" in ts
              else ts["lokr_w2_a"] @ ts["lokr_w2_b"])
    if w2.dim() == 4:
        w1 = w1[:, :, None, None]
    return weight + (1 if rank is None else alpha / rank) * torch.kron(w1, w2.contiguous()).reshape(weight.shape)


def product_files(root, written):
    pipe = load(root, "sd")
    names = layer_names(pipe.unet, *TRANSFORMER)[::5] + layer_names(pipe.unet, "conv1", "conv2")[::2]
    for kind, tucker in (("loha", False), ("loha_tucker", True)):
        config = LoHaConfig(r=2, alpha=3, target_modules=names, use_effective_conv2d=tucker, init_weights=False)
        unet = case_of(root, "sd", "unet", config, 9)
        for name, (_, ts) in unet.layers.items():
            apart = (lycoris_loha(ts, unet.base[f"{name}.weight"], 1.5) - unet.merged(name)).abs().max()
            assert apart < 1e-5, (name, apart)
        written.add(kind, "sd", kohya(unet, "lora_unet_", lambda n: 3.0), expected_of(unet, "unet", names))
    kinds = dict(lokr=dict(), lokr_both=dict(decompose_both=True, r=1), lokr_tucker=dict(use_effective_conv2d=True, r=1),
                 lokr_whole=dict(r=64))
    for kind, options in kinds.items():
        rank = options.pop("r", 2)
        config = LoKrConfig(r=rank, alpha=2 * rank if kind != "lokr_whole" else rank, target_modules=names, init_weights=False,
                            **options)
        unet = case_of(root, "sd", "unet", config, 10)
        shapes = {key for _, ts in unet.layers.values() for key in ts}
        assert {"lokr_both": "lokr_w1_a", "lokr_tucker": "lokr_t2", "lokr_whole": "lokr_w2", "lokr": "lokr_w2_a"}[kind] in shapes
        expected = {}
        for name, (_, ts) in unet.layers.items():
            weight = lycoris_lokr(ts, unet.base[f"{name}.weight"], 2.0 * rank if kind != "lokr_whole" else 7)
            if "lokr_w2" not in ts:  # peft scales the undecomposed ones too, LyCORIS' files do not
                assert (weight - unet.merged(name)).abs().max() < 1e-5, name
            expected[f"unet/{name}.weight"] = weight
        tensors = kohya(unet, "lora_unet_", lambda n: 2.0 * rank if kind != "lokr_whole" else 7)
        written.add(kind, "sd", tensors, expected)


def dora_files(root, written):
    pipe = load(root, "sd")
    names = layer_names(pipe.unet, *TRANSFORMER)[::5] + layer_names(pipe.unet, "conv1", "conv2")[::2]
    unet = case_of(root, "sd", "unet", LoraConfig(r=2, lora_alpha=3, target_modules=names, use_dora=True), 11)
    tensors = {f"unet.{n}.{k.replace('vector.weight', 'vector')}": t for n, (_, ts) in unet.layers.items() for k, t in ts.items()}
    tensors |= {f"unet.{n}.alpha": torch.tensor(3.0) for n in unet.layers}
    written.add("dora", "sd", tensors, expected_of(unet, "unet", names))

    # kohya's and LyCORIS' dora_scale: of rows ([out, 1, ...]) in one half, of columns ([1, in, ...]) in the other.
    unet = case_of(root, "sd", "unet", LoraConfig(r=2, lora_alpha=2, target_modules=names), 12)
    tensors, expected = kohya(unet, "lora_unet_", lambda n: 2.0), {}
    generator = torch.Generator().manual_seed(13)
    for i, name in enumerate(names):
        moved = unet.merged(name)
        rows = i % 2 == 0
        dims = [d for d in range(moved.dim()) if d != (0 if rows else 1)]
        norm = moved.square().sum(dim=dims, keepdim=True).sqrt()
        scale = torch.rand(norm.shape, generator=generator) + 0.5
        tensors[f"{mangled('lora_unet_', name)}.dora_scale"] = scale
        expected[f"unet/{name}.weight"] = scale * moved / norm
    written.add("dora_scale", "sd", tensors, expected)


def sdxl_files(root, written):
    pipe = load(root, "sdxl")
    names = layer_names(pipe.unet, *TRANSFORMER, *CONVOLUTION)
    names = [n for n in names if "upsamplers" not in n]  # their number hangs on what the level has
    unet = case_of(root, "sdxl", "unet", LoraConfig(r=2, lora_alpha=1, target_modules=names), 14)
    rename = lambda n: ldm_name(n, pipe.unet.config.layers_per_block)

    tensors = kohya(unet, "lora_unet_", lambda n: 1.0, rename)
    expected = expected_of(unet, "unet", some(names))
    for component, prefix, seed in (("text_encoder", "lora_te1_", 15), ("text_encoder_2", "lora_te2_", 16)):
        texts = layer_names(getattr(pipe, component), *TEXT)
        text = case_of(root, "sdxl", component, LoraConfig(r=2, lora_alpha=2, target_modules=texts), seed)
        tensors |= kohya(text, prefix, lambda n: 2.0, text_name)
        expected |= {f"{component}/{text_name(n)}.weight": text.merged(n) for n in some(texts)[:3]}
    written.add("kohya_sdxl", "sdxl", tensors, expected)


def words(root, folder):
    """Textual inversions in three forms; their numbers are compared by tests/oracle and by the test's own prompts."""
    generator = torch.Generator().manual_seed(17)
    width = load(root, "sd").text_encoder.config.hidden_size
    pipe = load(root, "sdxl")
    widths = [pipe.text_encoder.config.hidden_size, pipe.text_encoder_2.config.hidden_size]
    draw = lambda n, w: torch.randn(n, w, generator=generator) * 0.5
    save_file({"<sks-mug>": draw(1, width)[0]}, folder / "word_diffusers.safetensors")
    save_file({"emb_params": draw(3, width)}, folder / "word_a1111.safetensors")
    save_file({"clip_l": draw(2, widths[0]), "clip_g": draw(2, widths[1])}, folder / "word_sdxl.safetensors")


def main():
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    written = Written(root / "loras")
    for files in (linear_files, convolution_files, product_files, dora_files, sdxl_files):
        files(root, written)
    words(root, written.folder)
    written.finish()


if __name__ == "__main__":
    main()
