"""Compares single files with the diffusers folders they are made of, on random tiny models of each family.

  single_files.py --likeness build/release/app/likeness [--keep DIR]

The program must make the same picture of both, byte for byte; diffusers' own conversion must find the same tensors in the
file. Exits 1 when any case misses.
"""
import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "support")]

import ldm_names
import random_models
import torch
from PIL import Image
from diffusers.loaders.single_file_utils import (convert_ldm_clip_checkpoint, convert_ldm_unet_checkpoint,
                                                 convert_ldm_vae_checkpoint)
from safetensors.torch import load_file, save_file

DOWN, UP = "CrossAttnDownBlock2D", "CrossAttnUpBlock2D"
PLAIN_UNET = dict(downsample_padding=1, mid_block_type="UNetMidBlock2DCrossAttn", flip_sin_to_cos=True, freq_shift=0,
                  norm_num_groups=32, norm_eps=1e-5, layers_per_block=2, sample_size=8)
VAE = dict(block_out_channels=[32, 64], norm_num_groups=32, layers_per_block=2, mid_block_add_attention=True,
           use_quant_conv=True, use_post_quant_conv=True, latents_mean=None, latents_std=None, latent_channels=4,
           down_block_types=["DownEncoderBlock2D"] * 2, up_block_types=["UpDecoderBlock2D"] * 2)
TEXT = dict(hidden_size=64, num_attention_heads=1, eos_token_id=2, max_position_embeddings=77)
SD = dict(**PLAIN_UNET, block_out_channels=[32, 64], down_block_types=[DOWN, "DownBlock2D"], up_block_types=["UpBlock2D", UP],
          transformer_layers_per_block=1, latent_channels=4)
FAMILIES = {
    "sd15": ("sd", dict(
        unet=dict(**PLAIN_UNET, block_out_channels=[32, 32, 64], down_block_types=[DOWN, DOWN, "DownBlock2D"],
                  up_block_types=["UpBlock2D", UP, UP], attention_head_dim=8, transformer_layers_per_block=1,
                  use_linear_projection=False, in_channels=4, out_channels=4),
        vae=dict(VAE, scaling_factor=0.18215), text_encoder=dict(TEXT, hidden_act="quick_gelu"))),
    "sd2": ("sd", dict(
        unet=dict(**PLAIN_UNET, block_out_channels=[64, 128], down_block_types=[DOWN, DOWN], up_block_types=[UP, UP],
                  attention_head_dim=[1, 2], transformer_layers_per_block=1, use_linear_projection=True, in_channels=4,
                  out_channels=4),
        vae=dict(VAE, scaling_factor=0.18215), text_encoder=dict(TEXT, hidden_act="gelu"))),
    "sdxl": ("sdxl", dict(
        unet=dict(**PLAIN_UNET, block_out_channels=[64, 64, 128], down_block_types=["DownBlock2D", DOWN, DOWN],
                  up_block_types=[UP, UP, "UpBlock2D"], attention_head_dim=[1, 1, 2], transformer_layers_per_block=[1, 1, 2],
                  use_linear_projection=True, addition_time_embed_dim=256, projection_class_embeddings_input_dim=6 * 256 + 24),
        vae=dict(VAE, scaling_factor=0.13025), text_encoder=dict(TEXT, hidden_act="quick_gelu"),
        text_encoder_2=dict(TEXT, hidden_act="gelu", projection_dim=24))),
}
FAMILIES["sdxl_refiner"] = ("refiner", dict(
    unet=dict(**PLAIN_UNET, block_out_channels=[64, 64, 128, 128], down_block_types=["DownBlock2D", DOWN, DOWN, "DownBlock2D"],
              up_block_types=["UpBlock2D", UP, UP, "UpBlock2D"], attention_head_dim=[1, 1, 2, 2],
              transformer_layers_per_block=2, use_linear_projection=True, addition_time_embed_dim=256,
              projection_class_embeddings_input_dim=5 * 256 + 24),
    vae=dict(VAE, scaling_factor=0.13025), text_encoder_2=dict(TEXT, hidden_act="gelu", projection_dim=24)))
FAMILIES["sd2-v"] = FAMILIES["sd2"]
FAMILIES["sdxl-v"] = FAMILIES["sdxl"]
PROMPT = ["--prompt", "A red mug on the table, ünïcode", "--negative-prompt", "blue snow"]


def extras():
    """What training leaves in published files."""
    return {"alphas_cumprod": torch.rand(10), "betas": torch.rand(10), "sqrt_alphas_cumprod": torch.rand(10),
            "model_ema.decay": torch.tensor(0.9), "model_ema.num_updates": torch.tensor(3),
            "model_ema.diffusion_modelinput_blocks00weight": torch.rand(3), "first_stage_model.loss.logvar": torch.rand(1),
            "posterior_mean_coef1": torch.rand(10), "global_step": torch.tensor(470000)}


def scheduler_config(case):
    v = case.endswith("-v")
    name = "EulerDiscreteScheduler" if case.startswith("sdxl") else "PNDMScheduler"
    config = dict(_class_name=name, num_train_timesteps=1000, beta_start=0.00085, beta_end=0.012, set_alpha_to_one=False,
                  beta_schedule="scaled_linear", prediction_type="v_prediction" if v else "epsilon", steps_offset=1,
                  timestep_spacing="leading", clip_sample=False, skip_prk_steps=True)
    if case == "sdxl-v":
        config |= dict(rescale_betas_zero_snr=True, timestep_spacing="trailing")
    return config


def make_folder(folder, case, seed):
    family, fixed = FAMILIES[case]
    random_models.make_model(folder, family, "plain", seed, scheduler_config(case), fixed=fixed)
    if case.startswith("sd2"):
        random_models.write_tokenizer(folder / "tokenizer", pad_token="!")
    return folder


def components_of(folder):
    """({component: tensors}, {component: config}) of a folder; buffers that only some files carry are left out."""
    tensors, configs = {}, {}
    for path in sorted(folder.glob("*/*.safetensors")):
        name = path.parent.name
        if name in ("unet", "vae", "text_encoder", "text_encoder_2"):
            tensors[name] = {k: t for k, t in load_file(path).items() if not k.endswith("position_ids")}
            configs[name] = json.loads((path.parent / "config.json").read_text())
    return tensors, configs


def write_vocabulary(cache, tokenizer):
    """The folder's merges as OpenAI's list has them."""
    (cache / "vocabulary").mkdir(parents=True, exist_ok=True)
    merges = (tokenizer / "merges.txt").read_text().split("\n", 1)[1]
    with gzip.open(cache / "vocabulary/bpe_simple_vocab_16e6.txt.gz", "wt") as file:
        file.write('"bpe_simple_vocab_16e6.txt#version: 0.2\n' + merges)


def write_file(path, folder, case):
    tensors, configs = components_of(folder)
    family = case.removesuffix("-v")
    whole = ldm_names.single_file(tensors, configs, family, random_models.TorchOps) | extras()
    if case == "sdxl-v":
        whole |= {"v_pred": torch.zeros(0), "ztsnr": torch.zeros(0)}
    metadata = {"modelspec.prediction_type": "v" if case == "sd2-v" else "epsilon"} if family == "sd2" else {}
    whole = {name: t.clone().contiguous() for name, t in whole.items()}
    save_file(whole, path, metadata=metadata | {"format": "pt"})
    return whole, tensors, configs


def check_reference(whole, tensors, configs):
    """diffusers' conversion of the file finds the tensors it was made of."""
    found = {"unet": convert_ldm_unet_checkpoint(dict(whole), configs["unet"]),
             "vae": convert_ldm_vae_checkpoint(dict(whole), configs["vae"])}
    if "text_encoder" in tensors and "cond_stage_model.model.ln_final.weight" not in whole:
        found["text_encoder"] = convert_ldm_clip_checkpoint(dict(whole))
    for name, state in found.items():
        assert state.keys() == tensors[name].keys(), (name, state.keys() ^ tensors[name].keys())
        assert all(torch.equal(t, tensors[name][key]) for key, t in state.items()), name


def picture(likeness, model, out, environment, more=()):
    command = [likeness, "generate", "--model", model, *PROMPT, "--width", 64, "--height", 48, "--num-inference-steps", 3,
               "--seed", 5, "--device", "cpu", "--dtype", "float32", "--threads", 1, "--out", out, "--force",
               "--dump", str(out) + ".safetensors", *more]
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, env=os.environ | environment, timeout=300)
    if done.returncode != 0:
        raise RuntimeError(f"exit {done.returncode}: {done.stderr.strip()[-800:]}")
    return load_file(str(out) + ".safetensors")


def compare(likeness, case, seed, root):
    """Both forms of one family's model. Raises where they differ."""
    folder = make_folder(root / case, case, seed)
    environment = {"LIKENESS_CACHE": str(root / f"cache-{case}")}
    write_vocabulary(root / f"cache-{case}", folder / ("tokenizer_2" if case == "sdxl_refiner" else "tokenizer"))
    path = root / f"{case}.safetensors"
    check_reference(*write_file(path, folder, case))
    more = []
    if case == "sdxl_refiner":
        Image.effect_noise((50, 40), 90).convert("RGB").save(root / "image.png")
        more = ["--image", root / "image.png", "--strength", 0.7]
    ours = [picture(likeness, model, root / f"{case}-{i}.png", environment, more) for i, model in enumerate((folder, path))]
    apart = [name for name in ours[0] if not torch.equal(ours[0][name], ours[1][name])]
    assert not apart and ours[0].keys() == ours[1].keys(), f"they differ in {apart}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--likeness", required=True)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    root, failed = options.keep or Path(tempfile.mkdtemp(prefix="likeness-single-")), []
    for seed, case in enumerate(FAMILIES):
        try:
            compare(options.likeness, case, 40 + seed, root)
            print(f"{case:8} ok", flush=True)
        except Exception as error:  # the other families still count
            print(f"{case:8} FAILED {type(error).__name__}: {error}", flush=True)
            failed.append(case)
    if not options.keep:
        shutil.rmtree(root, ignore_errors=True)
    print(f"{len(FAMILIES) - len(failed)} of {len(FAMILIES)} families agree")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
