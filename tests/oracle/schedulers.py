"""The program's schedulers as diffusers' classes: `SCHEDULERS`, by name the class and what the name says beyond the config.

Two of the classes want packages that they hardly use: LMS scipy for the integral of a polynomial, DPM++ SDE torchsde for its
noise. Small modules stand in for them here; what LMS does with scipy itself is in tests/golden/schedulers.safetensors.
"""
import importlib
import sys
import types

import numpy as np
import torch
from diffusers import (DDIMScheduler, DDPMScheduler, DPMSolverMultistepScheduler, DPMSolverSinglestepScheduler,
                       EulerAncestralDiscreteScheduler, EulerDiscreteScheduler, HeunDiscreteScheduler,
                       KDPM2AncestralDiscreteScheduler, KDPM2DiscreteScheduler, LCMScheduler, PNDMScheduler,
                       UniPCMultistepScheduler)
from diffusers.utils.torch_utils import randn_tensor


def quad(function, begin, end, epsrel=None):
    """scipy.integrate.quad for polynomials: Gauss' rule of eight points."""
    points, weights = np.polynomial.legendre.leggauss(8)
    begin, end = float(begin), float(end)
    at = (begin + end) / 2 + (end - begin) / 2 * points
    return (end - begin) / 2 * sum(w * float(function(x)) for x, w in zip(at, weights)), 0.0


def imported(module, **stand_ins):
    """A module of diffusers.schedulers, with these in the place of packages that are not there."""
    missing = {name: made for name, made in stand_ins.items() if name.split("_")[0] not in sys.modules}
    sys.modules |= {name.replace("_", "."): made for name, made in missing.items()}
    try:
        return importlib.import_module(f"diffusers.schedulers.{module}")
    finally:
        for name in missing:
            del sys.modules[name.replace("_", ".")]


def module_of(**names):
    made = types.ModuleType("stand_in")
    vars(made).update(names)
    return made


lms_module = imported("scheduling_lms_discrete")
lms_module.integrate = module_of(quad=quad)
sde_module = imported("scheduling_dpmsolver_sde", torchsde=module_of())


class LmsScheduler(lms_module.LMSDiscreteScheduler):
    """Where an image-to-image way begins in the middle, diffusers weighs the first slopes as if those before them were there
    too, and drops these: the steps are too long. Here they are of the order that their number allows."""

    def step(self, model_output, timestep, sample, return_dict=True):
        return super().step(model_output, timestep, sample, order=min(len(self.derivatives) + 1, 4), return_dict=return_dict)


class BrownianPath:
    """Both stages of a step see one path over the noise levels, drawn from the request's generator."""

    def __init__(self, draw):
        self.draw, self.middle = draw, None

    def __call__(self, begin, end):
        if self.middle is None:
            self.middle, self.noise = end, self.draw()
            return self.noise
        whole = (begin - self.middle) ** 0.5 * self.noise + (self.middle - end) ** 0.5 * self.draw()
        self.middle = None
        return whole / (begin - end) ** 0.5


class DpmppSdeScheduler(sde_module.DPMSolverSDEScheduler):
    """With noise of the request's seed: diffusers' own takes no generator."""

    def step(self, model_output, timestep, sample, generator=None, return_dict=True):
        if self.noise_sampler is None:
            self.noise_sampler = BrownianPath(
                lambda: randn_tensor(sample.shape, generator=generator, device=sample.device, dtype=sample.dtype))
        return super().step(model_output, timestep, sample, return_dict=return_dict)


PLAIN = dict(
    euler=(EulerDiscreteScheduler, {}), dpmpp_2m=(DPMSolverMultistepScheduler, dict(algorithm_type="dpmsolver++")),
    dpmpp_2m_sde=(DPMSolverMultistepScheduler, dict(algorithm_type="sde-dpmsolver++")),
    dpmpp_2s=(DPMSolverSinglestepScheduler, dict(algorithm_type="dpmsolver++")), dpmpp_sde=(DpmppSdeScheduler, {}),
    unipc=(UniPCMultistepScheduler, {}), heun=(HeunDiscreteScheduler, {}), lms=(LmsScheduler, {}),
    dpm2=(KDPM2DiscreteScheduler, {}), dpm2_ancestral=(KDPM2AncestralDiscreteScheduler, {}))
OTHERS = dict(ddim=(DDIMScheduler, {}), euler_ancestral=(EulerAncestralDiscreteScheduler, {}), pndm=(PNDMScheduler, {}),
              lcm=(LCMScheduler, {}), ddpm=(DDPMScheduler, {}))
KARRAS = {f"{name}_karras": (kind, own | dict(use_karras_sigmas=True)) for name, (kind, own) in PLAIN.items()}
EXPONENTIAL = {f"{name}_exponential": (kind, own | dict(use_exponential_sigmas=True)) for name, (kind, own) in PLAIN.items()}
SCHEDULERS = OTHERS | PLAIN | KARRAS | EXPONENTIAL  # those with _beta need scipy: the golden cases have them
WITHOUT_SAMPLE = ("euler_ancestral", "pndm", "dpm2", "dpmpp_sde")  # how those begin that refuse models that predict it
TWO_STAGES = ("heun", "dpm2", "dpmpp_sde")


def made_of(name, config):
    """The scheduler of that name for a pipeline's scheduler config. Of two schedules of noise levels the name's counts."""
    kind, own = SCHEDULERS[name]
    named = [key for key in own if key.startswith("use_")]
    flags = {key: False for key in ("use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas") if named}
    return kind.from_config(config, **flags | own)  # as arguments: what a config marks as a default does not count
