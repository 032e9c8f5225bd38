"""Prints what diffusers makes of the networks of core/runner/known_answer.cpp: weights, context and noise are computed the
same way there, from names and positions. The numbers go into that file.

  make_known_answer.py
"""
import numpy as np
import torch
from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel

UNET = dict(sample_size=8, block_out_channels=[8, 16], layers_per_block=1, attention_head_dim=2, norm_num_groups=4,
            cross_attention_dim=12, down_block_types=["CrossAttnDownBlock2D", "DownBlock2D"],
            up_block_types=["UpBlock2D", "CrossAttnUpBlock2D"])
VAE = dict(block_out_channels=[8, 8], layers_per_block=1, norm_num_groups=4, latent_channels=4, sample_size=16,
           down_block_types=["DownEncoderBlock2D"] * 2, up_block_types=["UpDecoderBlock2D"] * 2)
SCHEDULER = dict(num_train_timesteps=1000, beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear",
                 clip_sample=False, set_alpha_to_one=False, steps_offset=1, prediction_type="epsilon",
                 timestep_spacing="leading")
SEED, STEPS = 7, 3
SHOWN = [(y, x) for y in (2, 9) for x in (4, 13)]


def computed(name, shape):
    """Values in -1..1 from a name: FNV-1a, then splitmix64 of each position."""
    with np.errstate(over="ignore"):
        start = np.uint64(14695981039346656037)
        for byte in name.encode():
            start = (start ^ np.uint64(byte)) * np.uint64(1099511628211)
        z = start + (np.arange(1, int(np.prod(shape)) + 1, dtype=np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    values = (z >> np.uint64(40)).astype(np.float64) / 2**23 - 1
    return torch.from_numpy(values.astype(np.float32)).reshape(shape)


def weight(name, shape):
    values = computed(name, shape)
    if len(shape) == 1:
        norm = "norm" in name and name.endswith("weight")
        return 1 + 0.25 * values if norm else 0.15 * values
    return values * np.float32((3.0 / np.prod(shape[1:])) ** 0.5)


def fill(module, prefix):
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            parameter.copy_(weight(prefix + name, tuple(parameter.shape)))
    return module.eval()


@torch.no_grad()
def main():
    unet, vae = fill(UNet2DConditionModel(**UNET), "unet."), fill(AutoencoderKL(**VAE), "vae.")
    scheduler = DDIMScheduler(**SCHEDULER)
    scheduler.set_timesteps(STEPS)
    context = computed("context", (1, 5, UNET["cross_attention_dim"]))
    latents = torch.randn((1, 4, 8, 8), generator=torch.Generator().manual_seed(SEED))
    for t in scheduler.timesteps:
        latents = scheduler.step(unet(latents, t, context).sample, t, latents).prev_sample
    pixels = vae.decode(latents / vae.config.scaling_factor).sample
    print(", ".join(f"{pixels[0, c, y, x].item():.7g}F" for c in range(3) for y, x in SHOWN))


if __name__ == "__main__":
    main()
