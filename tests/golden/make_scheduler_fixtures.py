"""Writes schedulers.safetensors: timesteps, scaled inputs and trajectories of diffusers' DDIM and Euler schedulers.

  make_scheduler_fixtures.py [FOLDER]      (default: this folder)

Tensors `<case>.timesteps`, `.init_noise_sigma`, `.noise_pred` [n, ...], `.inputs` [n, ...], `.denoised` [n, ...] and `.samples`
[n + 1, ...]; metadata `cases`: {case: {scheduler, steps, config}}.
"""
import itertools
import json
import sys
from pathlib import Path

import diffusers
import torch
from diffusers import DDIMScheduler, EulerDiscreteScheduler
from safetensors.torch import save_file

CLASSES = dict(ddim=DDIMScheduler, euler=EulerDiscreteScheduler)
PUBLISHED = dict(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", num_train_timesteps=1000)


def cases():
    """(name, scheduler, steps, config as a folder's scheduler_config.json would have it)."""
    sd15 = PUBLISHED | dict(_class_name="PNDMScheduler", set_alpha_to_one=False, skip_prk_steps=True, steps_offset=1,
                            clip_sample=False)
    sdxl = PUBLISHED | dict(_class_name="EulerDiscreteScheduler", interpolation_type="linear", prediction_type="epsilon",
                            sample_max_value=1.0, set_alpha_to_one=False, skip_prk_steps=True, steps_offset=1,
                            timestep_spacing="leading", use_karras_sigmas=False, clip_sample=False)
    starter = PUBLISHED | dict(_class_name="DDIMScheduler", prediction_type="v_prediction", rescale_betas_zero_snr=True,
                               timestep_spacing="trailing", clip_sample=False, set_alpha_to_one=True, steps_offset=0)
    for name, config in (("sd15", sd15), ("sdxl", sdxl), ("starter", starter)):
        for scheduler in CLASSES:
            yield f"{name}_{scheduler}", scheduler, 7, config
    for spacing, prediction in itertools.product(("leading", "linspace", "trailing"), ("epsilon", "v_prediction", "sample")):
        config = PUBLISHED | dict(timestep_spacing=spacing, prediction_type=prediction, steps_offset=1, clip_sample=False,
                                  set_alpha_to_one=spacing == "trailing")
        for scheduler in CLASSES:
            yield f"{scheduler}_{spacing}_{prediction}", scheduler, 6, config
    zero = PUBLISHED | dict(rescale_betas_zero_snr=True, timestep_spacing="trailing", clip_sample=False)
    yield "ddim_zero_snr_sample", "ddim", 5, zero | dict(prediction_type="sample")
    yield "euler_zero_snr_epsilon", "euler", 5, zero | dict(prediction_type="epsilon")
    for prediction in ("epsilon", "v_prediction"):
        yield f"euler_karras_{prediction}", "euler", 8, sdxl | dict(use_karras_sigmas=True, prediction_type=prediction)
    yield "ddim_clipped", "ddim", 4, sd15 | dict(clip_sample=True, clip_sample_range=0.8)
    yield "ddim_one_step", "ddim", 1, starter
    yield "euler_one_step", "euler", 1, sdxl
    yield "euler_thousand", "euler", 999, sdxl | dict(timestep_spacing="linspace")
    yield "ddim_linear_betas", "ddim", 3, sd15 | dict(beta_schedule="linear")


def run(kind, steps, config):
    scheduler = CLASSES[kind].from_config(config)
    scheduler.set_timesteps(steps)
    generator = torch.Generator().manual_seed(steps)
    shape = (1, 2, 2, 3)
    kept = min(steps, 8)  # of a long schedule, only the beginning is walked
    noise = torch.randn(kept, *shape, generator=generator)
    sample = torch.randn(shape, generator=generator) * scheduler.init_noise_sigma
    samples, inputs, denoised = [sample], [], []
    for i in range(kept):
        t = scheduler.timesteps[i]
        inputs.append(scheduler.scale_model_input(sample, t))
        out = scheduler.step(noise[i], t, sample)
        denoised.append(out.pred_original_sample)
        samples.append(sample := out.prev_sample)
    return dict(timesteps=scheduler.timesteps.double(), noise_pred=noise, inputs=torch.stack(inputs),
                init_noise_sigma=torch.as_tensor(float(scheduler.init_noise_sigma), dtype=torch.float64)[None],
                denoised=torch.stack(denoised), samples=torch.stack(samples))


def main():
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
    tensors, told = {}, {}
    for name, kind, steps, config in cases():
        tensors |= {f"{name}.{key}": t.contiguous() for key, t in run(kind, steps, config).items()}
        told[name] = dict(scheduler=kind, steps=steps, config=config)
    path = folder / "schedulers.safetensors"
    save_file(tensors, path, metadata=dict(
        cases=json.dumps(told), versions=f"torch {torch.__version__}, diffusers {diffusers.__version__}"))
    print(f"{path.name}: {len(told)} cases, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
