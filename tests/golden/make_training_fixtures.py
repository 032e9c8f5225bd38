"""Writes training_adamw, training_grad_scaler and training_noise (.safetensors): what torch and diffusers compute.

python make_training_fixtures.py   (torch, diffusers, safetensors; versions in the files' metadata)
"""
import json
import pathlib

import diffusers
import torch
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent


def adamw():
    torch.manual_seed(7)
    options = {"lr": 3e-2, "betas": [0.9, 0.99], "eps": 1e-8, "weight_decay": 0.1, "clip_norm": 1.0}
    weight, bias = torch.randn(4, 3), torch.randn(4)
    tensors = {"input.weight": weight.clone(), "input.bias": bias.clone()}
    weight.requires_grad_()
    bias.requires_grad_()
    optimizer = torch.optim.AdamW(
        [{"params": [weight]}, {"params": [bias], "weight_decay": 0.0}],
        lr=options["lr"], betas=options["betas"], eps=options["eps"], weight_decay=options["weight_decay"])
    lengths = []
    for step in range(5):
        weight.grad, bias.grad = torch.randn(4, 3) * (step + 0.2), torch.randn(4) * 0.3
        tensors[f"input.weight_grad.{step}"] = weight.grad.clone()
        tensors[f"input.bias_grad.{step}"] = bias.grad.clone()
        lengths.append(torch.nn.utils.clip_grad_norm_([weight, bias], options["clip_norm"]))
        optimizer.step()
        tensors[f"output.weight.{step}"] = weight.detach().clone()
        tensors[f"output.bias.{step}"] = bias.detach().clone()
    tensors["output.lengths"] = torch.stack(lengths)
    save_file(tensors, HERE / "training_adamw.safetensors",
              {"config": json.dumps(options), "torch": torch.__version__, "seed": "7"})


def grad_scaler():
    """AdamW's steps on gradients of a scaled loss, of which some are too large, and the scale over 7000 steps."""
    torch.manual_seed(9)
    options = {"lr": 1e-2, "betas": [0.9, 0.99], "eps": 1e-8, "weight_decay": 0.01}
    weight = torch.randn(3, 5)
    tensors = {"input.weight": weight.clone()}
    weight.requires_grad_()
    optimizer = torch.optim.AdamW([weight], **options)
    scaler = torch.amp.GradScaler("cpu")
    for step in range(12):
        gradient = torch.randn(3, 5) * (float("inf") if step in (0, 1, 7) else 1)  # as float16's sums may end
        tensors[f"input.gradient.{step}"] = gradient
        scaler.scale((weight * gradient).sum()).backward()
        scaler.unscale_(optimizer)
        torch.nn.utils.clip_grad_norm_([weight], 1.0)
        scaler.step(optimizer)
        scaler.update()
        optimizer.zero_grad()
        tensors[f"output.weight.{step}"] = weight.detach().clone()
    lost = torch.rand(7000) < torch.where(torch.arange(7000) < 100, 0.2, 0.0)
    lost[[2500, 6000]] = True
    scaler, scales = torch.amp.GradScaler("cpu"), []
    for gone in lost.tolist():
        scales.append(scaler.get_scale())
        weight.grad = torch.full_like(weight, float("inf") if gone else 0.0)
        scaler.scale(torch.zeros(()))
        scaler.unscale_(optimizer)
        scaler.step(optimizer)
        scaler.update()
    tensors |= {"input.lost": lost.to(torch.uint8), "output.scales": torch.tensor(scales)}
    save_file(tensors, HERE / "training_grad_scaler.safetensors", {"config": json.dumps(options), "torch": torch.__version__, "seed": "9"})


def noise():
    torch.manual_seed(8)
    scheduler = diffusers.DDIMScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", prediction_type="v_prediction",
        rescale_betas_zero_snr=True, timestep_spacing="trailing", clip_sample=False)
    latents, drawn = torch.randn(4, 2, 3, 3), torch.randn(4, 2, 3, 3)
    timesteps = torch.tensor([0, 250, 700, 999])
    save_file(
        {"input.latents": latents, "input.noise": drawn, "input.timesteps": timesteps,
         "output.alphas_cumprod": scheduler.alphas_cumprod.clone(),
         "output.noisy": scheduler.add_noise(latents, drawn, timesteps),
         "output.velocity": scheduler.get_velocity(latents, drawn, timesteps)},
        HERE / "training_noise.safetensors",
        {"config": json.dumps(dict(scheduler.config)), "diffusers": diffusers.__version__, "seed": "8"})


adamw()
grad_scaler()
noise()
