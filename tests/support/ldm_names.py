"""diffusers' names -> those of the original repositories, written from the published tables and not from the program.

`single_file(components, configs, family, ops)` turns the state dicts of a diffusers folder into that of one file. What a
tensor is, `ops` knows: torch's in tests/oracle, (dtype, shape, bytes) as ByteOps in tests/e2e.
"""
import re

RESNET = {"norm1": "in_layers.0", "conv1": "in_layers.2", "time_emb_proj": "emb_layers.1", "norm2": "out_layers.0",
          "conv2": "out_layers.3", "conv_shortcut": "skip_connection"}
ENDS = {"conv_in": "input_blocks.0.0", "time_embedding.linear_1": "time_embed.0", "time_embedding.linear_2": "time_embed.2",
        "add_embedding.linear_1": "label_emb.0.0", "add_embedding.linear_2": "label_emb.0.2", "conv_norm_out": "out.0",
        "conv_out": "out.2"}
MIDDLE = {"resnets.0": 0, "attentions.0": 1, "resnets.1": 2}
VAE_ATTENTION = {"group_norm": "norm", "to_q": "q", "to_k": "k", "to_v": "v", "to_out.0": "proj_out"}
OPEN_CLIP = {"layer_norm1": "ln_1", "layer_norm2": "ln_2", "self_attn.out_proj": "attn.out_proj", "mlp.fc1": "mlp.c_fc",
             "mlp.fc2": "mlp.c_proj"}


def resnet(rest):
    part, _, kind = rest.rpartition(".")
    return f"{RESNET[part]}.{kind}"


def unet_name(name, layers, attention_at):
    """attention_at: the numbers of the up blocks that have attentions."""
    part, _, kind = name.rpartition(".")
    if part in ENDS:
        return f"{ENDS[part]}.{kind}"
    if found := re.fullmatch(r"mid_block\.(resnets\.0|attentions\.0|resnets\.1)\.(.*)", name):
        number = MIDDLE[found[1]]
        return f"middle_block.{number}." + (found[2] if number == 1 else resnet(found[2]))
    side, block, what, number, rest = re.fullmatch(r"(down|up)_blocks\.(\d+)\.(\w+)\.(\d+)\.(.*)", name).groups()
    block, number = int(block), int(number)
    start = 1 + block * (layers + 1) if side == "down" else block * (layers + 1)
    to = f"{'input' if side == 'down' else 'output'}_blocks"
    if what == "downsamplers":
        return f"{to}.{start + layers}.0.op.{kind}"
    if what == "upsamplers":
        return f"{to}.{start + layers}.{2 if block in attention_at else 1}.conv.{kind}"
    return f"{to}.{start + number}.0.{resnet(rest)}" if what == "resnets" else f"{to}.{start + number}.1.{rest}"


def vae_name(name, levels):
    if name.startswith(("quant_conv", "post_quant_conv")):
        return name
    side, rest = name.split(".", 1)
    rest = rest.replace("conv_norm_out", "norm_out").replace("conv_shortcut", "nin_shortcut")
    if found := re.fullmatch(r"mid_block\.resnets\.(\d)\.(.*)", rest):
        return f"{side}.mid.block_{int(found[1]) + 1}.{found[2]}"
    if found := re.fullmatch(r"mid_block\.attentions\.0\.(.*)\.(\w+)", rest):
        return f"{side}.mid.attn_1.{VAE_ATTENTION[found[1]]}.{found[2]}"
    if found := re.fullmatch(r"(down|up)_blocks\.(\d+)\.(resnets|downsamplers|upsamplers)\.(\d+)\.(.*)", rest):
        level = int(found[2]) if found[1] == "down" else levels - 1 - int(found[2])
        inside = {"resnets": f"block.{found[4]}", "downsamplers": "downsample", "upsamplers": "upsample"}[found[3]]
        return f"{side}.{found[1]}.{level}.{inside}.{found[5]}"
    return f"{side}.{rest}"


class ByteOps:
    """Tensors as (dtype, shape, bytes); bytes None where only shapes are wanted."""

    @staticmethod
    def cat(tensors):
        dtype, shape, _ = tensors[0]
        data = None if tensors[0][2] is None else b"".join(t[2] for t in tensors)
        return dtype, [sum(t[1][0] for t in tensors), *shape[1:]], data

    @staticmethod
    def transposed(tensor):
        dtype, (rows, columns), data = tensor
        if data is not None:
            size = len(data) // (rows * columns)
            data = b"".join(data[(r * columns + c) * size:(r * columns + c + 1) * size] for c in range(columns) for r in range(rows))
        return dtype, [columns, rows], data

    @staticmethod
    def as_kernel(tensor):
        return tensor[0], [*tensor[1], 1, 1], tensor[2]


def open_clip(tensors, ops, extra_layer=False):
    """A CLIPTextModel(WithProjection)'s tensors as OpenCLIP keeps them. extra_layer: SD 2.x's last one, which nothing reads."""
    out, layers = {}, {}
    for name, tensor in tensors.items():
        name = name.removeprefix("text_model.")
        if found := re.fullmatch(r"encoder\.layers\.(\d+)\.(.*)\.(\w+)", name):
            layers.setdefault(int(found[1]), {})[found[2], found[3]] = tensor
        elif name == "embeddings.position_embedding.weight":
            out["positional_embedding"] = tensor
        elif name == "embeddings.token_embedding.weight":
            out["token_embedding.weight"] = tensor
        elif name.startswith("final_layer_norm"):
            out[name.replace("final_layer_norm", "ln_final")] = tensor
        elif name == "text_projection.weight":
            out["text_projection"] = ops.transposed(tensor)
    if extra_layer:
        layers[len(layers)] = layers[0]
        out["text_projection"] = layers[0]["self_attn.out_proj", "weight"]
    for number, parts in layers.items():
        start = f"transformer.resblocks.{number}"
        for kind in ("weight", "bias"):
            out[f"{start}.attn.in_proj_{kind}"] = ops.cat([parts[f"self_attn.{p}_proj", kind] for p in "qkv"])
        for (part, kind), tensor in parts.items():
            if part in OPEN_CLIP:
                out[f"{start}.{OPEN_CLIP[part]}.{kind}"] = tensor
    out["logit_scale"] = tensors["text_model.final_layer_norm.bias"]
    return out


def open_clip_vision(tensors, ops):
    """A CLIPVisionModelWithProjection's tensors as OpenCLIP keeps them, below visual."""
    text = {"text_model." + name.removeprefix("vision_model."): t for name, t in tensors.items() if ".encoder." in name}
    text["text_model.final_layer_norm.bias"] = tensors["vision_model.post_layernorm.bias"]
    out = {f"visual.{name}": t for name, t in open_clip(text, ops).items() if name.startswith("transformer.")}
    for name, old in (("embeddings.patch_embedding", "conv1"), ("pre_layrnorm", "ln_pre"), ("post_layernorm", "ln_post")):
        out |= {f"visual.{old}.{kind}": tensors[f"vision_model.{name}.{kind}"] for kind in ("weight", "bias")
                if f"vision_model.{name}.{kind}" in tensors}
    out["visual.class_embedding"] = tensors["vision_model.embeddings.class_embedding"]
    out["visual.positional_embedding"] = tensors["vision_model.embeddings.position_embedding.weight"]
    out["visual.proj"] = ops.transposed(tensors["visual_projection.weight"])
    return out


def vae_file(tensors, levels, ops):
    """A VAE's tensors, the attention's projections as the kernels they were."""
    named = {vae_name(name, levels): t for name, t in tensors.items()}
    return {name: ops.as_kernel(t) if re.search(r"attn_1\.(q|k|v|proj_out)\.weight", name) else t for name, t in named.items()}


def single_file(components, configs, family, ops):
    """components: {"unet": state dict, ...} under diffusers' names. family: sd15 | sd2 | sdxl | sdxl_refiner."""
    unet = configs["unet"]
    attention_at = [i for i, kind in enumerate(unet["up_block_types"]) if kind.startswith("CrossAttn")]
    out = {f"model.diffusion_model.{unet_name(name, unet['layers_per_block'], attention_at)}": t
           for name, t in components["unet"].items()}
    if "vae" in components:
        named = vae_file(components["vae"], len(configs["vae"]["block_out_channels"]), ops)
        out |= {f"first_stage_model.{name}": t for name, t in named.items()}
    if family in ("sd15", "sdxl"):
        start = "cond_stage_model.transformer." if family == "sd15" else "conditioner.embedders.0.transformer."
        out |= {start + name: t for name, t in components["text_encoder"].items()}
    if family != "sd15":
        start = {"sd2": "cond_stage_model.model.", "sdxl": "conditioner.embedders.1.model.",
                 "sdxl_refiner": "conditioner.embedders.0.model."}[family]
        text = components["text_encoder" if family == "sd2" else "text_encoder_2"]
        out |= {start + name: t for name, t in open_clip(text, ops, family == "sd2").items()}
    return out
