"""Writes schedulers.safetensors: timesteps, scaled inputs and trajectories of diffusers' schedulers.

  make_scheduler_fixtures.py [FOLDER]      (default: this folder)

Tensors `<case>.timesteps`, `.init_noise_sigma`, `.noise_pred` [n, ...], `.inputs` [n, ...] (where they differ), `.denoised` [n, ...] and `.samples`
[n + 1, ...]; metadata `cases`: {case: {scheduler, steps, config}}. Noise comes from a generator seeded with the number of
steps, after the first sample was drawn from it, as a pipeline does it; what DPM++ SDE adds is of one path over the noise levels
drawn from it, in the place of torchsde's. Needs scipy beside the oracle's packages (pip install --target, PYTHONPATH).

`trajectory.*`: the same of 20 to 30 steps of a small fixed model of the sample itself, predicted(): `.samples` 0, 1, 5 and the last, alone.
"""
import itertools
import json
import sys
import types
from pathlib import Path

import diffusers
import torch
from diffusers import (DDIMScheduler, DDPMScheduler, DPMSolverMultistepScheduler, DPMSolverSinglestepScheduler,
                       EulerAncestralDiscreteScheduler, EulerDiscreteScheduler, HeunDiscreteScheduler,
                       KDPM2AncestralDiscreteScheduler, KDPM2DiscreteScheduler, LCMScheduler, LMSDiscreteScheduler,
                       PNDMScheduler, UniPCMultistepScheduler)
from safetensors.torch import save_file

sys.modules["torchsde"] = types.ModuleType("torchsde")  # which is imported with this class; its noise is not used
from diffusers.schedulers.scheduling_dpmsolver_sde import DPMSolverSDEScheduler

CLASSES = dict(ddim=(DDIMScheduler, {}), euler=(EulerDiscreteScheduler, {}),
               euler_karras=(EulerDiscreteScheduler, dict(use_karras_sigmas=True)),
               euler_ancestral=(EulerAncestralDiscreteScheduler, {}), pndm=(PNDMScheduler, {}),
               dpmpp_2m=(DPMSolverMultistepScheduler, dict(algorithm_type="dpmsolver++")),
               dpmpp_2m_karras=(DPMSolverMultistepScheduler, dict(algorithm_type="dpmsolver++", use_karras_sigmas=True)),
               dpmpp_2m_sde=(DPMSolverMultistepScheduler, dict(algorithm_type="sde-dpmsolver++")),
               dpmpp_2m_sde_karras=(DPMSolverMultistepScheduler,
                                    dict(algorithm_type="sde-dpmsolver++", use_karras_sigmas=True)),
               unipc=(UniPCMultistepScheduler, {}), lcm=(LCMScheduler, {}), ddpm=(DDPMScheduler, {}))
FIRST = ("ddim", "euler")
LATER = tuple(kind for kind in CLASSES if kind not in FIRST)
SINGLE = (DPMSolverSinglestepScheduler, dict(algorithm_type="dpmsolver++"))
LAST = dict(heun=(HeunDiscreteScheduler, {}), lms=(LMSDiscreteScheduler, {}), dpm2=(KDPM2DiscreteScheduler, {}),
            dpm2_ancestral=(KDPM2AncestralDiscreteScheduler, {}), dpmpp_2s=SINGLE, dpmpp_sde=(DPMSolverSDEScheduler, {}))
KARRAS = {f"{kind}_karras": (cls, own | dict(use_karras_sigmas=True))
          for kind, (cls, own) in (LAST | dict(unipc=(UniPCMultistepScheduler, {}))).items()}
EXPONENTIAL = dict(dpmpp_2m_sde_exponential=(DPMSolverMultistepScheduler,
                                             dict(algorithm_type="sde-dpmsolver++", use_exponential_sigmas=True)))
BETA = ("euler", "dpmpp_2m", "dpmpp_2m_sde", "unipc", *LAST)  # the classes that have use_beta_sigmas
STOCHASTIC = ("euler_ancestral", "dpmpp_2m_sde", "dpm2_ancestral", "lcm", "ddpm")
SIGMAS = ("euler", "heun", "lms", "dpm2", "dpmpp_sde")  # how the names begin of those that scale the model's input
WITHOUT_SAMPLE = ("euler_ancestral", "pndm", "dpm2", "dpm2_ancestral", "dpmpp_sde")  # diffusers' refuse a model that predicts the clean sample
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
        for scheduler in FIRST:
            yield f"{name}_{scheduler}", scheduler, 7, config
    for spacing, prediction in itertools.product(("leading", "linspace", "trailing"), ("epsilon", "v_prediction", "sample")):
        config = PUBLISHED | dict(timestep_spacing=spacing, prediction_type=prediction, steps_offset=1, clip_sample=False,
                                  set_alpha_to_one=spacing == "trailing")
        for scheduler in CLASSES:
            if prediction != "sample" or scheduler not in WITHOUT_SAMPLE:
                own = dict(skip_prk_steps=True) if scheduler == "pndm" else {}
                yield f"{scheduler}_{spacing}_{prediction}", scheduler, 6, config | own
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
    for name, config in (("sd15", sd15), ("sdxl", sdxl), ("starter", starter)):
        for scheduler in LATER:
            yield f"{name}_{scheduler}", scheduler, 7, config
    for scheduler in LATER:
        if scheduler not in ("pndm", "ddpm", "lcm"):  # whose first step divides by a signal of zero, or which have no such field
            yield f"{scheduler}_zero_snr_epsilon", scheduler, 5, zero | dict(prediction_type="epsilon")
        yield f"{scheduler}_one_step", scheduler, 1, sd15
        yield f"{scheduler}_bare", scheduler, 4, {}
    yield "pndm_runge_kutta", "pndm", 8, sd15 | dict(skip_prk_steps=False)
    yield "pndm_runge_kutta_least", "pndm", 4, sdxl | dict(skip_prk_steps=False, timestep_spacing="trailing")
    yield "pndm_alpha_one", "pndm", 5, sd15 | dict(set_alpha_to_one=True, prediction_type="v_prediction")
    ends = dict(final_sigmas_type="sigma_min")
    for order, solver in itertools.product((1, 2, 3), ("midpoint", "heun")):
        for scheduler in ("dpmpp_2m", "dpmpp_2m_sde"):
            yield f"{scheduler}_order_{order}_{solver}", scheduler, 6, sdxl | dict(solver_order=order, solver_type=solver)
    for order, solver in itertools.product((1, 2, 3), ("bh1", "bh2")):
        own = dict(solver_order=order, solver_type=solver)
        own |= ends if solver == "bh1" else {}  # which diffusers takes to NaN at a sigma of zero
        yield f"unipc_order_{order}_{solver}", "unipc", 6, sdxl | own
    for scheduler in ("dpmpp_2m", "dpmpp_2m_karras", "dpmpp_2m_sde", "unipc"):
        yield f"{scheduler}_sigma_min", scheduler, 5, sdxl | ends
        if not scheduler.endswith("karras"):  # whose last step leads nowhere, which diffusers takes to NaN
            yield f"{scheduler}_whole_order", scheduler, 5, sdxl | ends | dict(lower_order_final=False, solver_order=3)
        yield f"{scheduler}_range", scheduler, 5, sdxl | dict(sigma_min=0.1, sigma_max=9.0, use_karras_sigmas=True)
    for scheduler in ("dpmpp_2m", "unipc"):
        yield f"{scheduler}_karras", scheduler, 8, sdxl | dict(use_karras_sigmas=True)
        yield f"{scheduler}_exponential", scheduler, 8, sdxl | dict(use_exponential_sigmas=True)
        yield f"{scheduler}_karras_sigma_min", scheduler, 5, sdxl | ends | dict(use_karras_sigmas=True)
    cosine = dict(beta_schedule="squaredcos_cap_v2", num_train_timesteps=1000)
    for spacing in ("leading", "linspace", "trailing"):
        yield f"dpmpp_2m_clipped_lambda_{spacing}", "dpmpp_2m", 6, cosine | dict(lambda_min_clipped=-5.1, timestep_spacing=spacing)
    yield "dpmpp_2m_euler_at_final", "dpmpp_2m", 16, sdxl | ends | dict(euler_at_final=True)
    yield "unipc_without_corrector", "unipc", 6, sdxl | dict(disable_corrector=[0, 2])
    yield "lcm_own", "lcm", 4, dict(original_inference_steps=100, timestep_scaling=8.0, clip_sample=True, clip_sample_range=0.9)
    yield "lcm_fifty", "lcm", 50, sd15
    for variance in ("fixed_small", "fixed_small_log", "fixed_large"):
        yield f"ddpm_{variance}", "ddpm", 5, sd15 | dict(variance_type=variance)
    for kind, prediction in itertools.product(LAST, ("epsilon", "v_prediction", "sample")):
        if prediction != "sample" or kind not in WITHOUT_SAMPLE:
            for spacing in ("leading", "linspace", "trailing")[:1 if kind == "dpmpp_2s" or prediction == "sample" else 3]:
                config = PUBLISHED | dict(timestep_spacing=spacing, prediction_type=prediction, steps_offset=1)
                yield f"{kind}_{spacing}_{prediction}", kind, 4, config
    for kind in LAST:
        yield f"{kind}_zero_snr_epsilon", kind, 3, zero | dict(prediction_type="epsilon")
        yield f"{kind}_one_step", kind, 1, sd15
        yield f"{kind}_bare", kind, 3, {}
        yield f"{kind}_exponential", kind, 4, sdxl | dict(use_exponential_sigmas=True)
        yield f"{kind}_range", kind, 4, sdxl | dict(sigma_min=0.1, sigma_max=9.0, use_karras_sigmas=True)
    for kind, prediction in itertools.product(KARRAS | EXPONENTIAL, ("epsilon", "v_prediction")):
        yield f"{kind}_{prediction}", kind, 4, sdxl | dict(prediction_type=prediction)
    yield "heun_clipped", "heun", 3, sd15 | dict(clip_sample=True, clip_sample_range=0.8)
    yield "lms_many", "lms", 40, sd15
    yield "dpmpp_2s_karras_cosine", "dpmpp_2s_karras", 5, cosine
    yield "dpmpp_2s_clipped_lambda", "dpmpp_2s", 5, cosine | dict(lambda_min_clipped=-5.1)
    for order, solver, steps in itertools.product((1, 2, 3), ("midpoint", "heun"), (5, 6)):
        own = dict(solver_order=order, solver_type=solver) | (ends if steps == 6 else {})
        yield f"dpmpp_2s_order_{order}_{solver}_{steps}", "dpmpp_2s", steps, sdxl | own
    beta = sdxl | dict(use_beta_sigmas=True)
    for kind in BETA:
        yield f"{kind}_beta", kind, 6, beta | dict(prediction_type="v_prediction")
        yield f"{kind}_beta_range", kind, 4, beta | dict(sigma_min=0.1, sigma_max=9.0)
        yield f"{kind}_beta_one_step", kind, 1, beta
        if kind not in ("dpmpp_2m", "dpmpp_2m_sde", "unipc"):  # whose first two timesteps are one: diffusers loses its place
            yield f"{kind}_beta_zero_snr", kind, 5, zero | dict(use_beta_sigmas=True)
    for kind in ("euler", "dpmpp_2m", "dpmpp_2s", "unipc"):
        yield f"{kind}_beta_sigma_min", kind, 5, beta | ends
    yield "euler_beta_many", "euler", 200, beta


class BrownianPath:
    """A noise sampler for DPM++ SDE: both of a step's stages see one Brownian path over the noise levels."""

    def __init__(self, shape, generator):
        self.draw = lambda: torch.randn(shape, generator=generator)
        self.middle = None

    def __call__(self, begin, end):
        if self.middle is None:
            self.middle, self.noise = end, self.draw()
            return self.noise
        whole = (begin - self.middle) ** 0.5 * self.noise + (self.middle - end) ** 0.5 * self.draw()
        self.middle = None
        return whole / (begin - end) ** 0.5


def make(kind, steps, config):
    cls, own = (CLASSES | LAST | KARRAS | EXPONENTIAL)[kind]
    scheduler = cls.from_config(config | own)
    scheduler.set_timesteps(steps)
    return scheduler


def clean_sample(kind, scheduler, out, noise_pred, t, sample):
    """The prediction of x0 that belongs to a step which was taken; where the class does not tell, by the papers' formula."""
    if getattr(out, "pred_original_sample", None) is not None:
        return out.pred_original_sample
    if kind == "lcm":
        return out.denoised
    if kind == "pndm":
        alpha = scheduler.alphas_cumprod[int(t)]
        if scheduler.config.prediction_type == "v_prediction":
            return alpha**0.5 * sample - (1 - alpha)**0.5 * noise_pred
        return (sample - (1 - alpha)**0.5 * noise_pred) / alpha**0.5
    return scheduler.model_outputs[-1]


def run(kind, steps, config, predict=None, most=8):
    """With predict(sample, t) the outputs are a model's of the sample on the way; else they are random."""
    scheduler = make(kind, steps, config)
    generator = torch.Generator().manual_seed(steps)
    shape = (1, 2, 2, 3) if kind in FIRST and predict is None else (1, 4, 2, 2)  # of 16 values and more torch draws otherwise
    kept = min(len(scheduler.timesteps), most)  # of a long schedule, only the beginning is walked
    noise = torch.randn(kept, *shape, generator=torch.Generator().manual_seed(steps + (kind not in FIRST)))
    if kind in FIRST and predict is None:
        generator = torch.Generator().manual_seed(steps)
        noise = torch.randn(kept, *shape, generator=generator)
    sample = torch.randn(shape, generator=generator) * scheduler.init_noise_sigma
    samples, inputs, denoised = [sample], [], []
    extra = dict(generator=generator) if kind.startswith(STOCHASTIC) else {}
    if kind.startswith("dpmpp_sde"):
        scheduler.noise_sampler = BrownianPath(shape, generator)
    for i in range(kept):
        t = scheduler.timesteps[i]
        inputs.append(scheduler.scale_model_input(sample, t))
        noise_pred = noise[i] if predict is None else predict(inputs[-1], t)
        out = scheduler.step(noise_pred, t, sample, **extra)
        denoised.append(clean_sample(kind, scheduler, out, noise_pred, t, sample))
        samples.append(sample := out.prev_sample)
    return dict(timesteps=scheduler.timesteps.double(), noise_pred=noise, inputs=torch.stack(inputs),
                init_noise_sigma=torch.as_tensor(float(scheduler.init_noise_sigma), dtype=torch.float64)[None],
                denoised=torch.stack(denoised), samples=torch.stack(samples))


def predicted(sample, t):
    """A model of a few operations that every implementation does alike: smooth, bounded, and of the timestep too."""
    mixed = sample.roll(1, 1) * 0.6 - sample.roll(1, 3) * 0.4
    return sample / (1 + sample.abs()) * (0.5 + t.float() / 2000) + mixed / (2 + mixed.abs())


def trajectories():
    """(name, scheduler, steps, config) of whole ways with predicted()."""
    for kind, (spacing, prediction), steps in itertools.product(
            CLASSES | LAST | KARRAS | EXPONENTIAL,
            (("leading", "epsilon"), ("trailing", "v_prediction"), ("linspace", "epsilon")), (20, 30)):
        config = PUBLISHED | dict(timestep_spacing=spacing, prediction_type=prediction, steps_offset=1, clip_sample=False,
                                  set_alpha_to_one=False, skip_prk_steps=steps == 20)
        yield f"trajectory.{kind}_{spacing}_{prediction}_{steps}", kind, steps, config
    for kind in BETA:
        config = PUBLISHED | dict(prediction_type="epsilon", timestep_spacing="leading", steps_offset=1, use_beta_sigmas=True)
        yield f"trajectory.{kind}_beta", kind, 20, config


def main():
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
    tensors, told = {}, {}
    for name, kind, steps, config in cases():
        found = run(kind, steps, config)
        if kind not in FIRST and not kind.startswith(SIGMAS):
            assert torch.equal(found.pop("inputs"), found["samples"][:-1])
        tensors |= {f"{name}.{key}": t.contiguous() for key, t in found.items()}
        told[name] = dict(scheduler=kind, steps=steps, config=config)
    walked = {}
    for name, kind, steps, config in trajectories():
        tensors[f"{name}.samples"] = run(kind, steps, config, predicted, 100)["samples"][[0, 1, 5, -1]].contiguous()
        walked[name] = dict(scheduler=kind, steps=steps, config=config)
    path = folder / "schedulers.safetensors"
    save_file(tensors, path, metadata=dict(
        cases=json.dumps(told), trajectories=json.dumps(walked), versions=f"torch {torch.__version__}, diffusers {diffusers.__version__}"))
    print(f"{path.name}: {len(told)} cases, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
