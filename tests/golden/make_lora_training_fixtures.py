"""Writes what diffusers and peft make of one training step of a LoRA: its loss and gradients.

  make_lora_training_fixtures.py [FOLDER]       (default: this folder)

training_lora_<case>.safetensors   metadata: `network` (the fixture whose UNet it is), `prediction_type`, `snr_gamma`, `alpha`,
                                   `versions`; tensors: `clean noise timesteps encoder_hidden_states [text_embeds time_ids]`,
                                   `<layer>.lora_A.weight` and `.lora_B.weight`, `loss`, `gradient/<the same names>`
"""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "oracle"))

import random_models  # noqa: F401  sets the libraries' environment before they are imported

import diffusers
import peft
import torch
from diffusers import DDPMScheduler, UNet2DConditionModel
from diffusers.training_utils import compute_snr
from peft import LoraConfig, inject_adapter_in_model
from safetensors import safe_open
from safetensors.torch import save_file

ATTENTION = ["to_q", "to_k", "to_v", "to_out.0"]
ALL = [*ATTENTION, "proj_in", "proj_out", "ff.net.0.proj", "ff.net.2", "conv1", "conv2", "conv_shortcut", "downsamplers.0.conv",
       "upsamplers.0.conv", "time_emb_proj"]
CASES = {
    "attention": dict(network="network_unet_sd", prediction_type="epsilon", snr_gamma=0.0, targets=ATTENTION),
    "all": dict(network="network_unet_sd", prediction_type="v_prediction", snr_gamma=5.0, targets=ALL),
    "sdxl": dict(network="network_unet_sdxl", prediction_type="epsilon", snr_gamma=5.0, targets=ATTENTION),
}
RANK, ALPHA = 3, 5.0


def unet_of(path):
    with safe_open(path, "pt") as file:
        config = json.loads(file.metadata()["config"])
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    unet = UNet2DConditionModel.from_config(config)
    weights = {name.removeprefix("weights."): t for name, t in tensors.items()
               if name.startswith("weights.") and ".ip_adapter." not in f".{name}." and "image_proj" not in name}
    weights = {name: t for name, t in weights.items() if not name.startswith("ip_adapter.")}
    unet.load_state_dict(weights)
    return unet, {name.removeprefix("input."): t for name, t in tensors.items() if name.startswith("input.")}


def step(case, here):
    torch.manual_seed(5)
    unet, inputs = unet_of(here / f"{case['network']}.safetensors")
    unet.requires_grad_(False)
    inject_adapter_in_model(LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=case["targets"]), unet)
    generator = torch.Generator().manual_seed(11)
    trained = {}
    for name, parameter in unet.named_parameters():
        if "lora_" in name:
            parameter.data = torch.randn(parameter.shape, generator=generator) * 0.2
            parameter.requires_grad_(True)
            trained[name.replace(".default", "")] = parameter
    scheduler = DDPMScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear",
                              prediction_type=case["prediction_type"])
    clean = torch.randn(inputs["sample"].shape, generator=generator)
    noise = torch.randn(clean.shape, generator=generator)
    timesteps = torch.tensor([700, 40])[: clean.shape[0]]
    noisy = scheduler.add_noise(clean, noise, timesteps)
    added = {k: inputs[k] for k in ("text_embeds", "time_ids") if k in inputs}
    out = unet(noisy, timesteps, inputs["encoder_hidden_states"], added_cond_kwargs=added or None).sample
    velocity = case["prediction_type"] == "v_prediction"
    target = scheduler.get_velocity(clean, noise, timesteps) if velocity else noise
    # As diffusers' train_text_to_image_lora.py weighs it.
    loss = torch.nn.functional.mse_loss(out.float(), target.float(), reduction="none").mean(dim=[1, 2, 3])
    if case["snr_gamma"] > 0:
        snr = compute_snr(scheduler, timesteps)
        weights = torch.stack([snr, case["snr_gamma"] * torch.ones_like(timesteps)], dim=1).min(dim=1)[0]
        loss = loss * weights / (snr + 1 if velocity else snr)
    loss = loss.mean()
    loss.backward()
    tensors = dict(clean=clean, noise=noise, timesteps=timesteps, encoder_hidden_states=inputs["encoder_hidden_states"],
                   loss=loss.detach().reshape(1), **added)
    for name, parameter in trained.items():
        tensors[name] = parameter.detach().clone()
        tensors[f"gradient/{name}"] = parameter.grad.clone()
    return tensors


def main():
    here = Path(__file__).resolve().parent
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else here
    versions = f"torch {torch.__version__}, diffusers {diffusers.__version__}, peft {peft.__version__}"
    for name, case in CASES.items():
        tensors = {key: t.contiguous() for key, t in step(case, here).items()}
        metadata = dict(network=case["network"], prediction_type=case["prediction_type"], snr_gamma=str(case["snr_gamma"]),
                        alpha=str(ALPHA), rank=str(RANK), versions=versions)
        save_file(tensors, folder / f"training_lora_{name}.safetensors", metadata)


if __name__ == "__main__":
    main()
