"""Tiny models with random weights in the published folder layouts, for comparing two implementations.

  random_models.py OUT --family sd|sdxl --adapter plain|plus|full --seed 7

Every weight is drawn so that nothing is neutral: norms are not one, biases are not zero, attention is not flat.
"""
import argparse
import json
import os
import random
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")

import peft
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from diffusers.models.embeddings import ImageProjection, IPAdapterFullImageProjection, IPAdapterPlusImageProjection
from peft import inject_adapter_in_model
from safetensors import safe_open
from safetensors.torch import save_file
from transformers import (CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPVisionConfig,
                          CLIPVisionModelWithProjection)

WORDS = ("a red blue green mug bottle lamp on the table beach photo of in snow small big round night city "
         "soft light wooden stone glass star heart").split()


# ---- weights ---------------------------------------------------------------------------------------------------------
def draw(name, shape, generator):
    """A random tensor fit for the parameter of that name and shape."""
    values = torch.randn(shape, generator=generator)
    if len(shape) == 0:
        return values
    if "embedding" in name and "patch" not in name and "time" not in name and "add_embedding" not in name:
        return 0.5 * values
    if name.endswith("latents"):
        return 0.7 * values
    if len(shape) == 1:
        return 1 + 0.25 * values if "norm" in name and name.endswith("weight") else 0.15 * values
    if name.startswith("decoder.conv_out"):  # pictures mostly inside 0..1, so that clamping hides nothing
        return 0.35 * values / values[0].numel() ** 0.5
    return values / values[0].numel() ** 0.5


def perturb(module, seed):
    """Draws every parameter of a diffusers or transformers module anew."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in sorted(module.named_parameters()):
            if "ln0.weight" in name or "ln1.weight" in name or name.endswith("ff.0.weight"):
                name = "norm." + name  # the resampler's layer norms have no norm in their names
            parameter.copy_(draw(name, parameter.shape, generator))
    return module.eval()


def published_names(module):
    """The state dict under the names of the published files."""
    tensors = {name: t.detach().contiguous() for name, t in module.state_dict().items()}
    if isinstance(module, CLIPTextModel):  # transformers 5 drops this prefix in memory; the files have it
        tensors = {name if name.startswith("text_model.") else "text_model." + name: t for name, t in tensors.items()}
    return tensors


# diffusers' name -> the original repository's, in the plus projector; the first that fits counts.
PROJECTION_NAMES = (("attn.to_k", "0.to_kv"), ("attn.to_q", "0.to_q"), ("attn.to_out.0", "0.to_out"), (".ln0", ".0.norm1"),
                    (".ln1", ".0.norm2"), ("ff.1.net.0.proj", "1.1"), ("ff.1.net.2", "1.3"), ("ff.0", "1.0"),
                    ("image_embeds", "proj"))


FULL_NAMES = {"ff.net.0.proj": "proj.0", "ff.net.2": "proj.2", "norm": "proj.3"}  # of the full-face projector


def original_projection_names(projection):
    """diffusers' projection modules -> the original repository's `image_proj` names."""
    tensors = {name: t.detach() for name, t in projection.state_dict().items()}
    if isinstance(projection, IPAdapterFullImageProjection):
        return {f"{FULL_NAMES[part]}.{kind}": tensors[f"{part}.{kind}"] for part in FULL_NAMES for kind in ("weight", "bias")}
    out = {}
    for name, tensor in tensors.items():
        if ".attn.to_v." in name:
            continue
        if ".attn.to_k." in name:
            tensor = torch.cat([tensor, tensors[name.replace("to_k", "to_v")]])
        for new, old in PROJECTION_NAMES:
            if new in name:
                name = name.replace(new, old)
                break
        out[name] = tensor
    return out


def cross_attention_layers(unet):
    """[(path, hidden size)] in the order of the published adapters: down, up, mid."""
    modules = dict(unet.named_modules())
    paths = [p.removesuffix(".processor") for p in unet.attn_processors if p.endswith("attn2.processor")]
    return [(path, modules[path].to_k.weight.shape[0]) for path in paths]


def make_adapter(unet, projection, seed):
    """An IP-Adapter's flat state dict over that UNet."""
    generator = torch.Generator().manual_seed(seed)
    tensors = {f"image_proj.{name}": t.contiguous() for name, t in original_projection_names(projection).items()}
    width = unet.config.cross_attention_dim
    for i, (_, hidden) in enumerate(cross_attention_layers(unet)):
        for kv in "kv":
            tensors[f"ip_adapter.{2 * i + 1}.to_{kv}_ip.weight"] = draw("to_ip", (hidden, width), generator)
    return tensors


class TorchOps:
    """What tests/support/ldm_names.py does to a tensor."""

    cat = staticmethod(torch.cat)

    @staticmethod
    def transposed(tensor):
        return tensor.T

    @staticmethod
    def as_kernel(tensor):
        return tensor[:, :, None, None]


# ---- tokenizer -------------------------------------------------------------------------------------------------------
def write_tokenizer(folder, pad_token="<|endoftext|>", vocab_size=0):
    """CLIP's file format over a small vocabulary: byte symbols and the merges of WORDS, filled up to vocab_size with names
    that no text meets. Returns the vocabulary's size."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    symbols = [chr(b) for b in printable] + [chr(256 + n) for n in range(256 - len(printable))]
    merges = []
    for word in WORDS:
        parts = [*word[:-1], word[-1] + "</w>"]
        while len(parts) > 1:
            if (parts[0], parts[1]) not in merges:
                merges.append((parts[0], parts[1]))
            parts[:2] = [parts[0] + parts[1]]
    names = symbols + [s + "</w>" for s in symbols]
    names += list(dict.fromkeys(a + b for a, b in merges if a + b not in names))
    names += [f"<unused{i}>" for i in range(vocab_size - 2 - len(names))]
    names += ["<|startoftext|>", "<|endoftext|>"]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps({name: i for i, name in enumerate(names)}, ensure_ascii=False))
    (folder / "merges.txt").write_text("\n".join(["#version: 0.2", *(f"{a} {b}" for a, b in merges)]) + "\n")
    special = dict(bos_token="<|startoftext|>", eos_token="<|endoftext|>", unk_token="<|endoftext|>", pad_token=pad_token)
    (folder / "special_tokens_map.json").write_text(json.dumps(special))
    (folder / "tokenizer_config.json").write_text(json.dumps(
        dict(special, tokenizer_class="CLIPTokenizer", model_max_length=77, do_lower_case=True)))
    return len(names)


# ---- configs ---------------------------------------------------------------------------------------------------------
def random_unet_config(rng, family, cross_attention_dim, pooled_dim, latent_channels=4):
    levels = rng.choice([2, 2, 3, 3, 4])
    groups = rng.choice([2, 4, 8])
    widths = sorted(rng.choice([16, 24, 32, 40, 48]) for _ in range(levels))
    cross = [rng.random() < 0.6 for _ in range(levels)]
    cross[rng.randrange(levels)] = True
    heads = [rng.choice([h for h in (1, 2, 4, 8) if w % h == 0]) for w in widths]
    config = dict(
        sample_size=8, in_channels=latent_channels, out_channels=latent_channels, block_out_channels=widths,
        layers_per_block=rng.choice([1, 1, 2, [rng.choice([1, 2]) for _ in range(levels)]]),
        down_block_types=["CrossAttnDownBlock2D" if c else "DownBlock2D" for c in cross],
        up_block_types=["CrossAttnUpBlock2D" if c else "UpBlock2D" for c in reversed(cross)],
        attention_head_dim=rng.choice([rng.choice([1, 2, 4, 8]), heads]),
        transformer_layers_per_block=rng.choice([1, 1, 2, [rng.choice([1, 2, 3]) for _ in range(levels)]]),
        use_linear_projection=family == "sdxl" or rng.random() < 0.3,
        cross_attention_dim=cross_attention_dim, norm_num_groups=groups, norm_eps=rng.choice([1e-5, 1e-6]))
    if rng.random() < 0.25:  # up blocks need not mirror the down blocks
        config["up_block_types"] = [rng.choice(["CrossAttnUpBlock2D", "UpBlock2D"]) for _ in range(levels)]
    # Rare in published models, but fields of the class.
    rare = [dict(downsample_padding=0 if levels < 4 else 1),  # at four levels diffusers fails on the smallest pictures
            dict(mid_block_type=None), dict(flip_sin_to_cos=False), dict(freq_shift=1)]
    config |= rng.choice(rare) if rng.random() < 0.3 else {}
    if family in ("sdxl", "refiner"):
        each = rng.choice([8, 16])
        config |= dict(addition_embed_type="text_time", addition_time_embed_dim=each,
                       projection_class_embeddings_input_dim=(6 if family == "sdxl" else 5) * each + pooled_dim)
    return config


def random_vae_config(rng, family, latent_channels=4):
    levels = rng.choice([1, 2, 3, 3, 4])
    config = dict(
        in_channels=3, out_channels=3, latent_channels=latent_channels,
        block_out_channels=sorted(rng.choice([8, 16, 24]) for _ in range(levels)), layers_per_block=rng.choice([1, 2]),
        down_block_types=["DownEncoderBlock2D"] * levels, up_block_types=["UpDecoderBlock2D"] * levels,
        norm_num_groups=rng.choice([2, 4, 8]), sample_size=32, mid_block_add_attention=rng.random() < 0.6,
        scaling_factor=rng.choice([0.18215, 0.13025, 1.0]), force_upcast=family == "sdxl")
    if rng.random() < 0.2:
        config |= dict(use_quant_conv=False, use_post_quant_conv=False)
    if family == "sdxl" and rng.random() < 0.3:
        config |= dict(latents_mean=[0.1, -0.2, 0.3, 0.05], latents_std=[0.9, 1.1, 1.3, 0.8])
    return config


def random_text_config(rng, vocab_size, projection_dim):
    heads = rng.choice([2, 4])
    return dict(vocab_size=vocab_size, hidden_size=heads * rng.choice([4, 6, 8]), intermediate_size=rng.choice([24, 40]),
                num_hidden_layers=rng.choice([3, 4]), num_attention_heads=heads, hidden_act=rng.choice(["quick_gelu", "gelu"]),
                projection_dim=projection_dim, max_position_embeddings=77, bos_token_id=vocab_size - 2,
                eos_token_id=rng.choice([2, vocab_size - 1]), pad_token_id=vocab_size - 1)


def random_vision_config(rng):
    heads = rng.choice([2, 4])
    patch = rng.choice([4, 8])
    return dict(hidden_size=heads * rng.choice([4, 8]), intermediate_size=rng.choice([24, 40]),
                num_hidden_layers=rng.choice([2, 3]), num_attention_heads=heads, image_size=patch * rng.choice([3, 4]),
                patch_size=patch, projection_dim=rng.choice([12, 16]), hidden_act=rng.choice(["quick_gelu", "gelu"]))


def random_projection(rng, kind, vision, cross_attention_dim):
    if kind == "plain":
        return ImageProjection(image_embed_dim=vision["projection_dim"], cross_attention_dim=cross_attention_dim,
                               num_image_text_embeds=rng.choice([1, 3, 4, 4, 8]))
    if kind == "full":
        return IPAdapterFullImageProjection(image_embed_dim=vision["hidden_size"], cross_attention_dim=cross_attention_dim)
    heads = rng.choice([1, 2])
    return IPAdapterPlusImageProjection(
        embed_dims=vision["hidden_size"], output_dims=cross_attention_dim, hidden_dims=rng.choice([16, 24]),
        depth=rng.choice([1, 2, 4]), dim_head=64, heads=heads, num_queries=rng.choice([2, 5, 16]))


def random_scheduler_config(rng, prediction_type, kind):
    """What a folder's scheduler_config.json says; the other kind is made from the same fields."""
    names = dict(ddim="DDIMScheduler", euler="EulerDiscreteScheduler", pndm="PNDMScheduler")
    zero_snr = prediction_type != "epsilon" and rng.random() < 0.5
    config = dict(_class_name=names[kind], _diffusers_version="0.42.1", num_train_timesteps=1000, beta_start=0.00085,
                  beta_end=0.012, beta_schedule="scaled_linear", prediction_type=prediction_type,
                  timestep_spacing=rng.choice(["leading", "trailing", "linspace"]), steps_offset=rng.choice([0, 1]),
                  set_alpha_to_one=rng.random() < 0.5, clip_sample=rng.random() < 0.3 and kind == "ddim", rescale_betas_zero_snr=zero_snr, trained_betas=None)
    if kind == "euler":
        config |= dict(use_karras_sigmas=rng.random() < 0.4, interpolation_type="linear")
    if kind == "pndm":
        config |= dict(skip_prk_steps=True)
    return config


# ---- folders ---------------------------------------------------------------------------------------------------------
def write_weights(tensors, folder, base, storage):
    """storage: fp32 | fp16 (the variant file) | shards (three files and an index)."""
    folder.mkdir(parents=True, exist_ok=True)
    if storage == "shards":
        names, where = sorted(tensors), {}
        for i in range(3):
            file = f"{base}-{i + 1:05d}-of-00003.safetensors"
            part = {name: tensors[name] for name in names[i::3]}
            save_file(part, folder / file, metadata={"format": "pt"})
            where |= dict.fromkeys(part, file)
        size = sum(t.numel() * t.element_size() for t in tensors.values())
        index = dict(metadata=dict(total_size=size), weight_map=where)
        (folder / f"{base}.safetensors.index.json").write_text(json.dumps(index))
        return
    if storage == "fp16":
        tensors = {name: t.half() if t.is_floating_point() else t for name, t in tensors.items()}
        base += ".fp16"
    save_file(tensors, folder / f"{base}.safetensors", metadata={"format": "pt"})


def write_config(module, folder):
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(module, (UNet2DConditionModel, AutoencoderKL)):
        module.save_config(folder)
        return
    config = module.config.to_dict()
    config["architectures"] = [type(module).__name__]
    (folder / "config.json").write_text(json.dumps(config, indent=1))


def write_preprocessor(folder, side):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "preprocessor_config.json").write_text(json.dumps(dict(
        crop_size=dict(height=side, width=side), size=dict(shortest_edge=side), resample=3, do_center_crop=True,
        do_convert_rgb=True, do_normalize=True, do_rescale=True, do_resize=True, rescale_factor=1 / 255,
        image_mean=[0.48145466, 0.4578275, 0.40821073], image_std=[0.26862954, 0.26130258, 0.27577711],
        image_processor_type="CLIPImageProcessor"), indent=1))


def write_component(module, folder, storage):
    """A module's config.json and weights as published."""
    write_config(module, folder)
    diffusers_model = isinstance(module, (UNet2DConditionModel, AutoencoderKL))
    tensors = published_names(module)
    if isinstance(module, (CLIPTextModel, CLIPTextModelWithProjection)):  # older files carry this buffer; it is ignored
        tensors["text_model.embeddings.position_ids"] = torch.arange(77)[None]
    write_weights(tensors, folder, "diffusion_pytorch_model" if diffusers_model else "model", storage)


def make_model(folder, family, adapter, seed, scheduler, storage="fp32", fixed=None):
    """Writes a whole model folder with its adapter. adapter: plain | plus | full; scheduler: a scheduler_config.json's content;
    fixed: fields of a component's config that are not left to chance, {"unet": {...}}."""
    rng, folder, fixed = random.Random(seed), Path(folder), fixed or {}
    latent_channels = fixed.get("vae", {}).get("latent_channels") or rng.choice([4, 4, 4, 8] if family == "sd" else [4])
    vocab_size = write_tokenizer(folder / ("tokenizer_2" if family == "refiner" else "tokenizer"), "!" if family == "refiner" else "<|endoftext|>")
    pooled_dim = rng.choice([12, 20])
    text = random_text_config(rng, vocab_size, projection_dim=16) | fixed.get("text_encoder", {})
    cross_attention_dim = text["hidden_size"]
    modules = {"text_encoder": CLIPTextModel(CLIPTextConfig(**text))}
    index = dict(_class_name="StableDiffusionPipeline", _diffusers_version="0.42.1",
                 safety_checker=[None, None], requires_safety_checker=False)
    if family == "refiner":
        modules = {}
        cross_attention_dim = 0
    if family in ("sdxl", "refiner"):
        write_tokenizer(folder / "tokenizer_2", pad_token="!")
        text_2 = random_text_config(rng, vocab_size, pooled_dim) | fixed.get("text_encoder_2", {})
        cross_attention_dim += text_2["hidden_size"]
        modules["text_encoder_2"] = CLIPTextModelWithProjection(CLIPTextConfig(**text_2))
        index = dict(_class_name="StableDiffusionXLPipeline", _diffusers_version="0.42.1", add_watermarker=False,
                     force_zeros_for_empty_prompt=rng.random() < 0.6)
        if family == "refiner":
            index |= dict(_class_name="StableDiffusionXLImg2ImgPipeline", requires_aesthetics_score=True,
                          text_encoder=[None, None], tokenizer=[None, None])
    vision = random_vision_config(rng) | fixed.get("image_encoder", {})
    unet = random_unet_config(rng, family, cross_attention_dim, pooled_dim, latent_channels) | fixed.get("unet", {})
    modules["unet"] = UNet2DConditionModel(**unet)
    modules["vae"] = AutoencoderKL(**(random_vae_config(rng, family, latent_channels) | fixed.get("vae", {})))
    modules["image_encoder"] = CLIPVisionModelWithProjection(CLIPVisionConfig(**vision))
    for i, (name, module) in enumerate(modules.items()):
        write_component(perturb(module, 1000 * seed + i), folder / name, storage)
        library = "diffusers" if name in ("unet", "vae") else "transformers"
        index[name] = [library, type(module).__name__]
    projection = perturb(random_projection(rng, adapter, vision, cross_attention_dim), 1000 * seed + 10)
    tensors = make_adapter(modules["unet"], projection, 1000 * seed + 11)
    (folder / "ip_adapter").mkdir(exist_ok=True)
    half = storage == "fp16"
    save_file({name: t.half() if half else t for name, t in tensors.items()},
              folder / f"ip_adapter/ip-adapter-{adapter}.safetensors")

    if family != "refiner":
        index["tokenizer"] = ["transformers", "CLIPTokenizer"]
    if family in ("sdxl", "refiner"):
        index["tokenizer_2"] = ["transformers", "CLIPTokenizer"]
    index["scheduler"] = ["diffusers", scheduler["_class_name"]]
    index["feature_extractor"] = ["transformers", "CLIPImageProcessor"]
    (folder / "scheduler").mkdir(exist_ok=True)
    (folder / "scheduler/scheduler_config.json").write_text(json.dumps(scheduler, indent=1))
    write_preprocessor(folder / "feature_extractor", vision["image_size"])
    (folder / "model_index.json").write_text(json.dumps(index, indent=1))
    return folder


# ---- LoRA files and learned words ------------------------------------------------------------------------------------
ATTENTION = ("to_q", "to_k", "to_v", "to_out.0")
TRANSFORMER = ("proj_in", "proj_out", "ff.net.0.proj", "ff.net.2")
CONVOLUTION = ("conv1", "conv2", "conv_shortcut", "time_emb_proj", "downsamplers.0.conv", "upsamplers.0.conv")
TEXT = ("q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2")


def lora_layers(folder, endings, variant):
    """{layer: shape of its weight} of a component's folder, without text_model."""
    shapes = {}
    for path in sorted(folder.glob(f"*{'.fp16' if variant else ''}.safetensors")) or sorted(folder.glob("*.safetensors")):
        with safe_open(path, "pt") as file:
            for key in file.keys():
                if key.endswith(tuple(f".{ending}.weight" for ending in endings)):
                    shapes[key.removesuffix(".weight")] = tuple(file.get_slice(key).get_shape())
    return shapes


def make_lora(path, model, family, form, rng, variant=None, convolutions=True):
    """A LoRA over a model's folder in the names of kohya, diffusers or peft (the UNet alone)."""
    generator = torch.Generator().manual_seed(rng.randrange(1 << 30))
    endings = ATTENTION + rng.choice([(), TRANSFORMER, TRANSFORMER + CONVOLUTION][:3 if convolutions else 2])
    layers = {("unet", name): shape for name, shape in lora_layers(model / "unet", endings, variant).items()}
    if form != "peft":
        for component in ("text_encoder", "text_encoder_2")[:2 if family == "sdxl" else 1]:
            layers |= {(component, n): s for n, s in lora_layers(model / component, TEXT, variant).items()}
    prefix = dict(unet="lora_unet_", text_encoder="lora_te1_" if family == "sdxl" else "lora_te_", text_encoder_2="lora_te2_")
    tensors, rank = {}, rng.choice([2, 3])
    # One for the whole file: diffusers 0.42 gives attention layers the file's first alpha, whatever their own is.
    alpha = rank * rng.choice([0.5, 1.0, 2.0])
    for (component, name), shape in sorted(layers.items()):
        strength = 0.5 / (rank * torch.Size(shape[1:]).numel()) ** 0.5
        down = torch.randn(rank, *shape[1:], generator=generator)
        up = strength * torch.randn(shape[0], rank, *[1] * (len(shape) - 2), generator=generator)
        if form == "kohya":
            key = prefix[component] + name.replace(".", "_")
            tensors |= {f"{key}.lora_down.weight": down, f"{key}.lora_up.weight": up,
                        f"{key}.alpha": torch.tensor(alpha)}
        else:
            key = f"base_model.model.{name}" if form == "peft" else f"{component}.{name}"
            tensors |= {f"{key}.lora_A.weight": down, f"{key}.lora_B.weight": up}
    save_file(tensors, path)
    return path


def inject_peft(unet, told, tensors, scale=1.0):
    """peft's own module of that kind in a UNet, with a file's tensors; without any, with random ones. Returns the file's."""
    kinds = dict(loha=peft.LoHaConfig, lokr=peft.LoKrConfig, dora=peft.LoraConfig, locon=peft.LoraConfig)
    names = dict(lora_A="lora_down", lora_B="lora_up", lora_magnitude_vector="dora_scale")
    inject_adapter_in_model(kinds[told["kind"]](**told["config"]), unet)
    generator, out = torch.Generator().manual_seed(told["seed"]), {}
    for name, module in unet.named_modules():
        if not hasattr(module, "get_delta_weight"):
            continue
        for key, parameter in module.named_parameters():
            if ".default" not in key:
                continue
            short = key.replace(".default", "")
            short = names.get(short.split(".")[0], short.split(".")[0]) + (".weight" if ".weight" in short and "magnitude" not in short else "")
            full = f"lora_unet_{name.replace('.', '_')}.{short}"
            if tensors is None:
                values = 0.3 * torch.randn(parameter.shape, generator=generator)
                if "magnitude" in key:  # one of each row
                    values = (values.abs() + 0.5).reshape(-1, *[1] * (module.weight.dim() - 1))
                out[full] = values
            else:
                parameter.data = tensors[full].reshape(parameter.shape).clone()
        out[f"lora_unet_{name.replace('.', '_')}.alpha"] = torch.tensor(float(told["alpha"]))
        module.set_scale("default", scale)
    return out


def make_peft_lora(path, model, kind, rng):
    """A LoHa, LoKr, DoRA or LoCon over part of a model's UNet, in kohya's and LyCORIS' names. Returns what inject_peft needs."""
    unet = UNet2DConditionModel.from_pretrained(model / "unet")
    ends = ATTENTION + TRANSFORMER + (("conv1", "conv2") if kind != "dora" or rng.random() < 0.5 else ())
    layers = [n for n, m in unet.named_modules() if isinstance(m, (torch.nn.Linear, torch.nn.Conv2d)) and n.endswith(ends)]
    rank = rng.choice([1, 2])
    # peft scales LoKr's undecomposed factors too, LyCORIS' files do not: there the alpha is the rank.
    alpha = float(rank) if kind == "lokr" else rng.choice([1.0, 2.0])
    config = dict(r=rank, target_modules=rng.sample(layers, max(1, len(layers) // 2)))
    config |= dict(alpha=alpha, init_weights=False) if kind in ("loha", "lokr") else dict(lora_alpha=alpha, use_dora=kind == "dora")
    if kind in ("loha", "lokr"):
        config["use_effective_conv2d"] = rng.random() < 0.5
    told = dict(kind=kind, config=config, alpha=alpha, seed=rng.randrange(1 << 30))
    save_file({k: t.contiguous() for k, t in inject_peft(unet, told, None).items()}, path)
    return told


def make_word(path, model, family, rng):
    """A textual inversion of one to three vectors."""
    generator = torch.Generator().manual_seed(rng.randrange(1 << 30))
    width = lambda component: json.loads((model / component / "config.json").read_text())["hidden_size"]
    count = rng.choice([1, 2, 3])
    draw = lambda component: 0.5 * torch.randn(count, width(component), generator=generator)
    if family == "sdxl":
        tensors = dict(clip_l=draw("text_encoder"), clip_g=draw("text_encoder_2"))
    else:
        tensors = {rng.choice(["emb_params", f"<{path.stem}>"]): draw("text_encoder")}
    save_file(tensors, path)
    return path


def add_adapter(folder, adapter, seed):
    """Another adapter over a model folder's UNet and image encoder, beside its own. Returns its file."""
    unet = UNet2DConditionModel.from_pretrained(folder / "unet")
    vision = json.loads((folder / "image_encoder/config.json").read_text())
    projection = perturb(random_projection(random.Random(seed), adapter, vision, unet.config.cross_attention_dim), seed)
    path = folder / f"ip_adapter/ip-adapter-{adapter}.safetensors"
    save_file(make_adapter(unet, projection, seed + 1), path)
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--family", choices=["sd", "sdxl"], default="sd")
    parser.add_argument("--adapter", choices=["plain", "plus", "full"], default="plain")
    parser.add_argument("--storage", choices=["fp32", "fp16", "shards"], default="fp32")
    parser.add_argument("--scheduler", choices=["ddim", "euler", "pndm"], default="ddim")
    parser.add_argument("--prediction-type", choices=["epsilon", "v_prediction", "sample"], default="epsilon")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    scheduler = random_scheduler_config(random.Random(options.seed), options.prediction_type, options.scheduler)
    make_model(options.out, options.family, options.adapter, options.seed, scheduler, options.storage)


if __name__ == "__main__":
    main()
