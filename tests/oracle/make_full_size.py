"""Writes published models at their full size with random weights: for memory and timing, pictures are noise.

  make_full_size.py OUT [--adapter] [--dtype fp16|fp32]         SD 1.5 as a diffusers folder
  make_full_size.py OUT.safetensors --single sd15|sdxl          a single file with the original names, float16

--adapter adds an IP-Adapter (four tokens) and the ViT-H/14 image encoder it reads (1.3 GB more in float16).
"""
import argparse
import json
import struct
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "support"))

import ldm_names
import published_models
import random_models
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from diffusers.models.embeddings import ImageProjection
from safetensors.torch import save_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPVisionConfig, CLIPVisionModelWithProjection

DOWN, UP = "CrossAttnDownBlock2D", "CrossAttnUpBlock2D"
UNET = dict(sample_size=64, block_out_channels=[320, 640, 1280, 1280], layers_per_block=2,
            down_block_types=[DOWN, DOWN, DOWN, "DownBlock2D"], up_block_types=["UpBlock2D", UP, UP, UP],
            cross_attention_dim=768, attention_head_dim=8)
VAE = dict(sample_size=512, block_out_channels=[128, 256, 512, 512], layers_per_block=2, latent_channels=4,
           down_block_types=["DownEncoderBlock2D"] * 4, up_block_types=["UpDecoderBlock2D"] * 4)
TEXT = dict(hidden_size=768, num_hidden_layers=12, num_attention_heads=12, intermediate_size=3072, vocab_size=49408,
            bos_token_id=49406, eos_token_id=2, pad_token_id=49407, hidden_act="quick_gelu", projection_dim=768)
VISION = dict(image_size=224, patch_size=14, hidden_size=1280, num_hidden_layers=32, num_attention_heads=16,
              intermediate_size=5120, projection_dim=1024, hidden_act="gelu")
SCHEDULER = dict(_class_name="PNDMScheduler", _diffusers_version="0.6.0", beta_end=0.012, beta_schedule="scaled_linear",
                 beta_start=0.00085, num_train_timesteps=1000, set_alpha_to_one=False, skip_prk_steps=True, steps_offset=1,
                 trained_betas=None, clip_sample=False)
PARAMETERS = dict(unet=859_520_964, vae=83_653_863, text_encoder=123_060_480, image_encoder=632_076_800)  # as published


def write(folder, name, module, storage, seed):
    """Draws and writes one component. The module lies on the meta device: only its names and shapes are used."""
    count = sum(p.numel() for p in module.parameters())
    assert count == PARAMETERS[name], f"{name} has {count} parameters, the published one {PARAMETERS[name]}"
    generator, dtype = torch.Generator().manual_seed(seed), dict(fp16=torch.float16, fp32=torch.float32)[storage]
    tensors = {key: random_models.draw(key, t.shape, generator).to(dtype)
               for key, t in random_models.published_names(module).items()}
    random_models.write_config(module, folder / name)
    is_model = isinstance(module, (UNet2DConditionModel, AutoencoderKL))
    random_models.write_weights(tensors, folder / name, "diffusion_pytorch_model" if is_model else "model", storage)
    print(f"{name}: {len(tensors)} tensors, {count:,} parameters", flush=True)


def make(folder, storage="fp16", adapter=False):
    folder = Path(folder)
    with torch.device("meta"):
        unet = UNet2DConditionModel(**UNET)
        modules = dict(unet=unet, vae=AutoencoderKL(**VAE), text_encoder=CLIPTextModel(CLIPTextConfig(**TEXT)))
        if adapter:
            modules["image_encoder"] = CLIPVisionModelWithProjection(CLIPVisionConfig(**VISION))
    index = dict(_class_name="StableDiffusionPipeline", _diffusers_version="0.6.0", safety_checker=[None, None],
                 requires_safety_checker=False, scheduler=["diffusers", "PNDMScheduler"],
                 tokenizer=["transformers", "CLIPTokenizer"], feature_extractor=["transformers", "CLIPImageProcessor"])
    for seed, (name, module) in enumerate(modules.items()):
        index[name] = ["diffusers" if name in ("unet", "vae") else "transformers", type(module).__name__]
        write(folder, name, module, storage, seed)
    if adapter:
        projection = random_models.perturb(
            ImageProjection(image_embed_dim=1024, cross_attention_dim=768, num_image_text_embeds=4), 10)
        (folder / "ip_adapter").mkdir(exist_ok=True)
        save_file({k: t.half() for k, t in random_models.make_adapter(unet, projection, 11).items()},
                  folder / "ip_adapter/ip-adapter_sd15.safetensors")
    random_models.write_tokenizer(folder / "tokenizer", vocab_size=TEXT["vocab_size"])
    random_models.write_preprocessor(folder / "feature_extractor", VISION["image_size"])
    (folder / "scheduler").mkdir(exist_ok=True)
    (folder / "scheduler/scheduler_config.json").write_text(json.dumps(SCHEDULER, indent=1))
    (folder / "model_index.json").write_text(json.dumps(index, indent=1))
    return folder


def write_stream(path, tensors):
    """A safetensors file, one tensor after the other: save_file would hold all of it twice."""
    header, offset = {}, 0
    for name, tensor in tensors.items():
        end = offset + tensor.numel() * tensor.element_size()
        header[name] = dict(dtype="F16", shape=list(tensor.shape), data_offsets=[offset, end])
        offset = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors.values():
            file.write(tensor.contiguous().numpy().tobytes())


def make_single(path, family):
    unet = dict(sd15=published_models.SD15_UNET, sdxl=published_models.SDXL_UNET)[family]
    tables = dict(unet=published_models.unet_table(unet), vae=published_models.vae_table(published_models.VAE),
                  text_encoder=published_models.clip_text_table(published_models.CLIP_L))
    if family == "sdxl":
        tables["text_encoder_2"] = published_models.clip_text_table(published_models.OPEN_CLIP_G)
    components = {}
    for seed, (name, table) in enumerate(tables.items()):
        generator = torch.Generator().manual_seed(seed)
        components[name] = {key: random_models.draw(key, shape, generator).half() for key, shape in table.items()}
        print(f"{name}: {len(table)} tensors, {published_models.count(table):,} parameters", flush=True)
    configs = dict(unet=unet, vae=published_models.VAE)
    write_stream(path, ldm_names.single_file(components, configs, family, random_models.TorchOps))
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--adapter", action="store_true")
    parser.add_argument("--single", choices=["sd15", "sdxl"])
    parser.add_argument("--dtype", choices=["fp16", "fp32"], default="fp16")
    options = parser.parse_args()
    if options.single:
        make_single(options.out, options.single)
    else:
        make(options.out, options.dtype, options.adapter)


if __name__ == "__main__":
    main()
