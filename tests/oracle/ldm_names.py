"""diffusers' names -> those of the original repositories, written from the published tables and not from the program.

`single_file(components, family)` turns the state dicts of a diffusers folder into that of one file.
"""
import re

import torch

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


def open_clip(tensors, extra_layer=False):
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
            out["text_projection"] = tensor.T.contiguous()
    if extra_layer:
        layers[len(layers)] = {key: torch.randn_like(t) for key, t in layers[0].items()}
        out["text_projection"] = torch.randn(out["positional_embedding"].shape[1], 16)
    for number, parts in layers.items():
        start = f"transformer.resblocks.{number}"
        for kind in ("weight", "bias"):
            out[f"{start}.attn.in_proj_{kind}"] = torch.cat([parts[f"self_attn.{p}_proj", kind] for p in "qkv"])
        for (part, kind), tensor in parts.items():
            if part in OPEN_CLIP:
                out[f"{start}.{OPEN_CLIP[part]}.{kind}"] = tensor
    out["logit_scale"] = torch.tensor(4.6)
    return out


def vae_file(tensors, levels):
    """A VAE's tensors, the attention's projections as the kernels they were."""
    named = {vae_name(name, levels): t for name, t in tensors.items()}
    return {name: t[:, :, None, None] if ".attn_1." in name and t.dim() == 2 else t for name, t in named.items()}


def single_file(components, configs, family):
    """components: {"unet": state dict, ...} under diffusers' names. family: sd15 | sd2 | sdxl | sdxl_refiner."""
    unet = configs["unet"]
    attention_at = [i for i, kind in enumerate(unet["up_block_types"]) if kind.startswith("CrossAttn")]
    out = {f"model.diffusion_model.{unet_name(name, unet['layers_per_block'], attention_at)}": t
           for name, t in components["unet"].items()}
    if "vae" in components:
        named = vae_file(components["vae"], len(configs["vae"]["block_out_channels"]))
        out |= {f"first_stage_model.{name}": t for name, t in named.items()}
    if family == "sd15":
        out |= {f"cond_stage_model.transformer.{name}": t for name, t in components["text_encoder"].items()}
    elif family == "sd2":
        out |= {f"cond_stage_model.model.{name}": t for name, t in open_clip(components["text_encoder"], True).items()}
    elif family == "sdxl":
        out |= {f"conditioner.embedders.0.transformer.{name}": t for name, t in components["text_encoder"].items()}
        out |= {f"conditioner.embedders.1.model.{name}": t for name, t in open_clip(components["text_encoder_2"]).items()}
    else:
        out |= {f"conditioner.embedders.0.model.{name}": t for name, t in open_clip(components["text_encoder_2"]).items()}
    return {name: t.contiguous() for name, t in out.items()}


def extras():
    """What training leaves in published files."""
    return {"alphas_cumprod": torch.rand(10), "betas": torch.rand(10), "sqrt_alphas_cumprod": torch.rand(10),
            "model_ema.decay": torch.tensor(0.9), "model_ema.num_updates": torch.tensor(3),
            "model_ema.diffusion_modelinput_blocks00weight": torch.rand(3), "first_stage_model.loss.logvar": torch.rand(1),
            "posterior_mean_coef1": torch.rand(10), "global_step": torch.tensor(470000)}
