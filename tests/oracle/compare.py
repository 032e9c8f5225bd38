"""Compares the program with diffusers, live, on random tiny models.

  compare.py --likeness build/release/app/likeness [--kind NAME] [--case N] [--seed S] [--jobs 2] [--keep DIR]

Each case is a model folder, an adapter and a request, all drawn from the seed, the case's kind (KINDS) and its number. The
program runs it with `--dump`; diffusers' own pipeline runs the same folder. Intermediate tensors, latents of every step (1e-4
of the largest value) and pictures (1/255) must agree. Tolerances: miss() and allow_for_rounding(). One table at the end; exits 1 when any case misses.
"""
import argparse
import concurrent.futures
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import prompts
import random_models
import reference
import schedulers
import single_files
import trained
import numpy as np
import torch
from PIL import Image
from reference import Lora, Reference, Refiner, Request
from safetensors.torch import load_file

RELATIVE = 1e-4  # of the largest value
ROUNDING = 1e-5  # what two ways to compute one prediction in float32 may differ by at most, of the largest value
EXACT = ("input_ids", "negative_input_ids")
PICTURE = 1 / 255 + 1e-6
BFLOAT16 = 0.08  # of the first prediction's largest value, before one step's rounding is the next one's input

PROMPTS = ["a red mug on the table", "Photo of a BLUE bottle, big & round; it's 5 o'clock", "", "ünïcode 🙂 日本語 — star",
           "small glass lamp in the snow at night " * 40, "a  star\tin the\n city"]


# ---- cases -----------------------------------------------------------------------------------------------------------
def draw_picture(rng, path, mode="RGB", size=None):
    """A smooth random picture: a few random colours, enlarged."""
    width, height = size or (rng.randrange(20, 90), rng.randrange(20, 90))
    depth = len(mode)
    small = np.random.default_rng(rng.randrange(1 << 30)).integers(0, 256, (4, 5, depth), dtype=np.uint8)
    Image.fromarray(small.squeeze(), mode).resize((width, height), Image.BICUBIC).save(path)
    return path


def draw_references(rng, folder, count, shape, size):
    """shape: joined | equal | masked | mixed | timed."""
    scales = [rng.choice([0.0, 0.2, 0.35, 0.6, 0.8, 1.0, 1.3]) for _ in range(count)]
    if shape == "equal":
        scales = [rng.choice([0.3, 0.6, 1.0, 1.3])] * count
    out = []
    for i, scale in enumerate(scales):
        path = draw_picture(rng, folder / f"reference_{i}.png", rng.choice(["RGB", "RGB", "RGB", "L"]))
        item = Reference(path, scale)
        if shape == "masked" or (shape == "mixed" and i % 2):
            item.mask = draw_picture(rng, folder / f"mask_{i}.png", "L", size)
        if shape == "timed":
            item.range = rng.choice([(0.0, 0.5), (0.5, 1.0), (0.25, 0.8), (0.0, 1.0)])
        out.append(item)
    return out


def draw_references_case(number, seed, folder):
    """Pictures from text and references: adapters, masks, texts, LoRAs, learned words. The first entries cycle, so that 40 cases
    meet them all."""
    rng = random.Random(f"{seed}/{number}")
    family = ["sd", "sdxl"][number % 2]
    adapter = ["plain", "plus", "full"][number // 2 % 3]
    scheduler = list(schedulers.SCHEDULERS)[number % len(schedulers.SCHEDULERS)]
    prediction = ["epsilon", "v_prediction", "sample"][number % 3]
    count = [0, 1, 2, 3, 4][number % 5]
    shape = ["equal", "joined", "masked", "equal", "mixed", "timed", "joined"][number % 7]
    storage = ["fp32", "shards", "fp16"][number // 3 % 3]
    if prediction == "sample" and scheduler.startswith(schedulers.WITHOUT_SAMPLE):
        prediction = "v_prediction"
    written = rng.choice(["ddim", "euler", "pndm"] if family == "sd" else ["ddim", "euler"])
    config = random_models.random_scheduler_config(rng, prediction, written)
    steps = rng.choice([2, 3, 4, 7, 20])
    if scheduler == "pndm":
        config["skip_prk_steps"] = rng.random() < 0.7
        steps = steps if config["skip_prk_steps"] else max(steps, 4)
    model = random_models.make_model(folder / "model", family, adapter, rng.randrange(1 << 20), config, storage)
    width, height = (8 * rng.randrange(4, 9) for _ in range(2))
    if shape in ("masked", "mixed"):  # diffusers divides by zero where a layer of one query has a wide mask
        width, height = sorted((width, height))
    request = Request(
        model=model, family=family, adapter=next((model / "ip_adapter").glob("*.safetensors")), scheduler=scheduler,
        prompt=rng.choice(PROMPTS), negative_prompt=rng.choice([None, "", "blue stone of night"]),
        references=draw_references(rng, folder, count, shape, (width, height)), width=width, height=height,
        num_inference_steps=steps, guidance_scale=rng.choice([1.0, 1.5, 3.0, 5.0, 7.5, 9.0]),
        guidance_rescale=rng.choice([0.0, 0.0, 0.7]), clip_skip=rng.choice([0, 0, 1]), seed=rng.randrange(1 << 40),
        num_images=rng.choice([1, 1, 1, 2]), variant="fp16" if storage == "fp16" else None)
    draw_texts(rng, request)
    if count > 1 and rng.random() < 0.15:
        request.combine = "average"
    if count and rng.random() < 0.25:
        request.block_scales = draw_block_scales(rng, model)
    draw_loras(random.Random(f"{seed}/{number}/loras"), request, number, folder)
    return request


def draw_texts(rng, request):
    """Every other case has weights, pieces and BREAK; of SDXL's, some have second prompts and sizes."""
    names = ["prompt"] + ["negative_prompt"] * (request.negative_prompt is not None)
    if request.family == "sdxl" and rng.random() < 0.5:
        names += ["prompt_2"] + ["negative_prompt_2"] * ("negative_prompt" in names)
    if rng.random() < 0.5:
        request.segments = dict(negative_prompt=[])
        for name in names:
            text, request.segments[name] = prompts.draw(rng)
            setattr(request, name, text)
    else:
        for name in [n for n in names if n.endswith("_2")]:
            setattr(request, name, rng.choice(PROMPTS))
    if request.family == "sdxl" and rng.random() < 0.4:
        keys = ("original_width", "original_height", "crop_left", "crop_top", "target_width", "target_height")
        request.sizes = {key: rng.randrange(1, 900) for key in keys if rng.random() < 0.7}


def draw_loras(rng, request, number, folder):
    """None in two of five cases; kohya's, diffusers' and peft's names, over attention or convolutions too, one to three
    together. Of two cases in three a learned word in the prompt or the negative prompt."""
    if number % 5 in (1, 3):
        return
    for i in range(rng.choice([1, 1, 2, 3])):
        form = ["kohya", "diffusers", "peft"][(number + i) % 3]
        config = json.loads((request.model / "unet/config.json").read_text())
        # diffusers' factors need one layers_per_block and a mid block, and leave layers outside of blocks with attention
        # at 1 whatever the scale is.
        blocks = rng.random() < 0.3 and isinstance(config["layers_per_block"], int) and config["mid_block_type"]
        path = random_models.make_lora(folder / f"lora_{i}.safetensors", request.model, request.family, form, rng,
                                       request.variant, convolutions=not blocks)
        lora = Lora(path, rng.choice([1.0, 0.7, -0.4, 1.3, 0.25]))
        if blocks:
            names = ["mid"] + [f"{side}.block_{k}" for side in ("down", "up")
                               for k, kind in enumerate(config[f"{side}_block_types"]) if kind.startswith("CrossAttn")]
            lora.block_scales = {name: rng.choice([0.0, 0.5, 1.5]) for name in rng.sample(names, min(2, len(names)))}
        request.loras.append(lora)
    if number % 3 and request.segments is None:
        path = random_models.make_word(folder / f"word{number}.safetensors", request.model, request.family, rng)
        request.textual_inversions.append(path)
        word = next(iter(load_file(path)), "") if request.family == "sd" else path.stem
        word = path.stem if word == "emb_params" else word
        if number % 2:
            request.prompt = f"a {word} on the table, {word}"
        else:
            request.negative_prompt = f"{word} in the snow"


def draw_input_case(number, seed, folder):
    """A case of image to image (every third), inpainting with a plain and with a 9-channel UNet; every fourth with two
    adapters at once, every other guided in a part of its steps only."""
    rng = random.Random(f"{seed}/input/{number}")
    kind = ["image", "mask", "mask9"][number % 3]
    family = ["sd", "sdxl"][number // 3 % 2]
    scheduler = list(schedulers.SCHEDULERS)[(number // 2 * 5 + number // 24) % len(schedulers.SCHEDULERS)]
    prediction = rng.choice(["epsilon", "v_prediction"])
    config = random_models.random_scheduler_config(rng, prediction, rng.choice(["ddim", "euler"]))
    config |= dict(rescale_betas_zero_snr=False)
    if family == "sd":  # corrected here as StableDiffusionPipeline does; diffusers' inpainting forgets it
        config["clip_sample"] = False
    # diffusers' inpainting leaves out the latents' means that its decoding has.
    fixed = dict(vae=dict(latent_channels=4, latents_mean=None, latents_std=None),
                 unet=dict(in_channels=9 if kind == "mask9" else 4, out_channels=4))
    model = random_models.make_model(folder / "model", family, "plain", rng.randrange(1 << 20), config, fixed=fixed)
    # Not wider than high: as above. Runge-Kutta's steps need four.
    width, height = sorted(8 * rng.randrange(4, 9) for _ in range(2))
    steps = rng.choice([4, 7] if scheduler == "pndm" else [3, 4, 7])
    request = Request(
        model=model, family=family, adapter=model / "ip_adapter/ip-adapter-plain.safetensors", scheduler=scheduler,
        prompt=rng.choice(PROMPTS), negative_prompt=rng.choice([None, "blue stone of night"]), width=width, height=height,
        num_inference_steps=steps, guidance_scale=rng.choice([1.0, 3.0, 7.5]), seed=rng.randrange(1 << 40),
        image=draw_picture(rng, folder / "image.png", rng.choice(["RGB", "L"]), rng.choice([None, (width, height)])),
        strength=rng.choice([0.5, 0.8, 1.0]))
    if kind != "image":
        request.mask = draw_picture(rng, folder / "mask.png", "L", rng.choice([None, (width, height)]))
        if family == "sdxl":
            request.guidance_rescale = rng.choice([0.0, 0.7])
    if number % 2:
        request.guidance_range = rng.choice([(0.0, 0.5), (0.3, 1.0), (0.25, 0.75)])
    if number % 4 == 3:
        plus = random_models.add_adapter(model, "plus", rng.randrange(1 << 20))
        scales = [rng.choice([0.3, 0.6, 1.0]) for _ in range(2)]
        masked = rng.random() < 0.5
        for i, (adapter, scale) in enumerate(zip((None, plus), scales)):
            mask = draw_picture(rng, folder / f"mask_{i}.png", "L", (width, height)) if masked else None
            request.references += [Reference(draw_picture(rng, folder / f"reference_{i}_{k}.png"), scale, mask, adapter=adapter)
                                   for k in range(rng.choice([1, 2]))]
        request.block_scales = rng.choice([{}, draw_block_scales(rng, model)])
    return request


def draw_scheduler_case(number, seed, folder):
    """Every scheduler twice, with what configs say: spacing, prediction, levels, orders, ends."""
    rng = random.Random(f"{seed}/scheduler/{number}")
    names = list(schedulers.SCHEDULERS)
    scheduler, family = names[number % len(names)], ["sd", "sdxl"][(number // len(names) + number) % 2]
    predictions = ["epsilon", "v_prediction"] + ["sample"] * (not scheduler.startswith(schedulers.WITHOUT_SAMPLE))
    config = random_models.random_scheduler_config(rng, rng.choice(predictions), rng.choice(["ddim", "euler"]))
    config["use_karras_sigmas"] = False
    plain = scheduler in schedulers.PLAIN
    steps = rng.choice([3, 4, 6, 9, 20])
    if plain:
        config |= rng.choice([{}, dict(use_karras_sigmas=True), dict(use_exponential_sigmas=True)])
    if scheduler.startswith("dpmpp_2"):
        config |= dict(solver_order=rng.choice([1, 2, 3]), solver_type=rng.choice(["midpoint", "heun"]))
    if scheduler.startswith("unipc"):
        config |= dict(solver_order=rng.choice([1, 2, 3]), disable_corrector=rng.choice([[], [0], [0, 1]]))
    if scheduler == "pndm":
        config["skip_prk_steps"] = rng.random() < 0.5
        steps = max(steps, 4)
    if scheduler == "ddpm":
        config["variance_type"] = rng.choice(["fixed_small", "fixed_small_log", "fixed_large"])
    if scheduler == "lcm":
        config |= dict(original_inference_steps=rng.choice([20, 50]), timestep_scaling=rng.choice([8.0, 10.0]))
    if scheduler.startswith("heun"):
        config["clip_sample"] = family == "sdxl" and rng.random() < 0.3
    if family == "sdxl" and scheduler == "ddim":
        config |= dict(clip_sample=rng.random() < 0.5, clip_sample_range=rng.choice([0.8, 2.0]))
    if plain and scheduler == "euler" and rng.random() < 0.3:
        config["final_sigmas_type"] = "sigma_min"
    model = random_models.make_model(folder / "model", family, "plain", rng.randrange(1 << 20), config)
    return Request(model=model, family=family, adapter=model / "ip_adapter/ip-adapter-plain.safetensors", scheduler=scheduler,
                   prompt=rng.choice(PROMPTS), width=32, height=8 * rng.randrange(4, 7), num_inference_steps=steps,
                   guidance_scale=rng.choice([1.0, 2.0, 6.0]), seed=rng.randrange(1 << 40), num_images=rng.choice([1, 1, 1, 2]))


def draw_outpainting_case(number, seed, folder):
    """New canvas around a picture, with and without a mask within it, with a plain and a 9-channel UNet."""
    request = draw_input_case([1, 2, 4, 5][number % 4] + 6 * (number // 4), f"{seed}/outpainting", folder)
    rng = random.Random(f"{seed}/outpainting/{number}")
    request.pad = tuple(rng.choice([0, 5, 12, 30]) for _ in range(3)) + (rng.choice([7, 20]),)
    if number % 2:
        request.mask = None
    return request


def draw_lora_kind_case(number, seed, folder):
    """LoHa, LoKr, DoRA and LoCon, against peft's own modules. peft and LyCORIS scale DoRA in two ways that meet at 1."""
    rng = random.Random(f"{seed}/lora kind/{number}")
    kind, family = ["loha", "lokr", "dora", "locon"][number % 4], ["sd", "sdxl"][number // 4 % 2]
    config = random_models.random_scheduler_config(rng, "epsilon", "ddim")
    model = random_models.make_model(folder / "model", family, "plain", rng.randrange(1 << 20), config)
    path = folder / f"{kind}.safetensors"
    lora = Lora(path, 1.0 if kind == "dora" else rng.choice([1.0, 0.6, -0.5]), peft=random_models.make_peft_lora(path, model, kind, rng))
    return Request(model=model, family=family, adapter=model / "ip_adapter/ip-adapter-plain.safetensors", scheduler="ddim",
                   prompt=rng.choice(PROMPTS), num_inference_steps=3, seed=rng.randrange(1 << 40), loras=[lora])


REFINER_VAE = dict(latent_channels=4, latents_mean=None, latents_std=None, block_out_channels=[8, 16, 16], norm_num_groups=4,
                   down_block_types=["DownEncoderBlock2D"] * 3, up_block_types=["UpDecoderBlock2D"] * 3, scaling_factor=0.13025)


def draw_refiner(rng, folder, config):
    return random_models.make_model(folder / "refiner", "refiner", "plain", rng.randrange(1 << 20), config,
                                    fixed=dict(vae=REFINER_VAE, unet=dict(in_channels=4, out_channels=4)))


def draw_refiner_case(number, seed, folder):
    """SDXL's refiner by itself: image to image."""
    rng = random.Random(f"{seed}/refiner/{number}")
    config = random_models.random_scheduler_config(rng, rng.choice(["epsilon", "v_prediction"]), "euler")
    config |= dict(rescale_betas_zero_snr=False)
    model = draw_refiner(rng, folder, config)
    request = Request(
        model=model, family="refiner", adapter=model / "ip_adapter/ip-adapter-plain.safetensors",
        scheduler=["euler", "ddim", "dpmpp_2m_karras", "heun", "dpm2_ancestral", "unipc"][number % 6], prompt=rng.choice(PROMPTS),
        negative_prompt=rng.choice([None, "", "blue stone of night"]), width=48, height=40,
        num_inference_steps=rng.choice([4, 7]), guidance_scale=rng.choice([1.0, 3.0, 7.5]), seed=rng.randrange(1 << 40),
        image=draw_picture(rng, folder / "image.png"), strength=rng.choice([0.3, 0.5, 0.8, 1.0]),
        num_images=rng.choice([1, 1, 2]))
    draw_texts(rng, request)
    request.prompt_2 = request.negative_prompt_2 = ""
    if request.sizes:  # there is none for the target
        request.sizes = {k: v for k, v in request.sizes.items() if not k.startswith("target")}
    return request


def draw_hand_over_case(number, seed, folder):
    """A base model up to a share of the way, the refiner from there."""
    rng = random.Random(f"{seed}/hand over/{number}")
    names = ["euler", "ddim", "dpmpp_2m", "heun", "euler_ancestral", "dpmpp_2m_sde_karras", "unipc", "lms", "dpm2", "pndm"]
    config = random_models.random_scheduler_config(rng, rng.choice(["epsilon", "v_prediction"]), "euler")
    config |= dict(rescale_betas_zero_snr=False, skip_prk_steps=True)
    model = random_models.make_model(folder / "model", "sdxl", "plain", rng.randrange(1 << 20), config,
                                     fixed=dict(vae=REFINER_VAE, unet=dict(in_channels=4, out_channels=4)))
    request = Request(
        model=model, family="sdxl", adapter=model / "ip_adapter/ip-adapter-plain.safetensors", scheduler=names[number % len(names)],
        prompt=rng.choice(PROMPTS), negative_prompt=rng.choice([None, "blue stone of night"]), width=40, height=48,
        num_inference_steps=rng.choice([5, 8, 10]), guidance_scale=rng.choice([1.0, 3.0, 7.5]), seed=rng.randrange(1 << 40),
        num_images=rng.choice([1, 1, 2]), refiner=Refiner(draw_refiner(rng, folder, config), rng.choice([0.3, 0.5, 0.8])))
    draw_texts(rng, request)
    request.sizes = {}
    if number % 3 == 1:
        request.image, request.strength = draw_picture(rng, folder / "image.png"), rng.choice([0.9, 1.0])
    if number % 3 == 2:
        request.references = draw_references(rng, folder, 2, "equal", (40, 48))
    return request


def draw_bfloat16_case(number, seed, folder):
    """The program in bfloat16 on the other cases' models: one call of the network is near, all numbers are sound. Unguided:
    guidance enlarges what rounding does."""
    draws = [draw_references_case, draw_input_case, draw_scheduler_case]
    request = draws[number % 3](number, f"{seed}/bfloat16", folder)
    request.dtype, request.guidance_scale = "bfloat16", 1.0
    return request


def draw_block_scales(rng, model):
    """Factors for a few of the UNet's blocks that have cross-attention."""
    config = json.loads((model / "unet/config.json").read_text())
    names = [f"{side}.block_{i}{attention}" for side in ("down", "up")
             for i, kind in enumerate(config[f"{side}_block_types"]) if kind.startswith("CrossAttn")
             for attention in ("", ".attentions_0")]
    names += ["mid"] if config["mid_block_type"] else []
    return {name: rng.choice([0.0, 0.5, 1.5]) for name in rng.sample(names, min(3, len(names)))}


def describe(request):
    scales = ",".join(f"{r.scale:g}{'m' if r.mask else ''}{'t' if r.range != (0, 1) else ''}" for r in request.references)
    parts = [request.family, request.adapter.stem.removeprefix("ip-adapter-"), request.scheduler,
             f"{request.width}x{request.height}", f"n={request.num_inference_steps}", f"g={request.guidance_scale:g}"]
    parts += [f"refs {scales}"] if scales else ["no refs"]
    if request.image:
        parts += [f"{request.begins_from} strength={request.strength:g}"]
    parts += [f"guided {request.guidance_range}"] * (request.guidance_range != (0.0, 1.0))
    parts += [f"{len(request.adapters)} adapters"] * (len(request.adapters) > 1)
    parts += [f"pad={request.pad}"] * any(request.pad) + [request.dtype] * (request.dtype != "float32")
    parts += [f"refiner from {request.refiner.switch_at:g}"] if request.refiner else []
    parts += [lora.peft["kind"] for lora in request.loras if lora.peft] + [lora.trained for lora in request.loras if lora.trained]
    parts += [f"rescale={request.guidance_rescale:g}"] * (request.guidance_rescale > 0)
    parts += [f"skip={request.clip_skip}"] * (request.clip_skip > 0)
    parts += ["2 images"] * (request.num_images > 1) + ["blocks"] * bool(request.block_scales)
    parts += ["weights"] * (request.segments is not None) + ["second prompt"] * bool(request.prompt_2)
    parts += ["sizes"] * bool(request.sizes)
    parts += ["average"] * (request.combine == "average")
    parts += [f"loras {','.join(f'{x.scale:g}' + 'b' * bool(x.block_scales) for x in request.loras)}"] * bool(request.loras)
    parts += ["word"] * bool(request.textual_inversions)
    return " ".join(parts)


# ---- the program's side ----------------------------------------------------------------------------------------------
def run_program(likeness, request, folder):
    """Returns (dumped tensors, pictures as [n, 3, H, W] in 0..1)."""
    command = [likeness, "generate", "--model", request.model, "--prompt", request.prompt, "--scheduler", request.scheduler,
               "--width", request.width, "--height", request.height, "--num-inference-steps", request.num_inference_steps,
               "--guidance-scale", request.guidance_scale, "--guidance-rescale", request.guidance_rescale,
               "--clip-skip", request.clip_skip, "--seed", request.seed, "--num-images", request.num_images,
               "--device", "cpu", "--dtype", request.dtype, "--threads", 1, "--dump", folder / "dump.safetensors",
               "--out", folder / "picture-{index}.png", "--force"]
    command += ["--prompt-syntax", "plain" if request.segments is None else "weighted"]
    for name in ("prompt_2", "negative_prompt_2"):
        if getattr(request, name):
            command += [f"--{name.replace('_', '-')}", getattr(request, name)]
    for name, value in request.sizes.items():
        command += [f"--{name.replace('_', '-')}", value]
    if request.negative_prompt is not None:
        command += ["--negative-prompt", request.negative_prompt]
    for r in request.references:
        command += ["--reference", f"{r.path}:{r.scale!r}"]
        if r.mask is not None:
            command += ["--reference-mask", r.mask]
        if r.range != (0.0, 1.0):
            command += ["--reference-range", f"{r.range[0]}:{r.range[1]}"]
        if r.adapter is not None:
            command += ["--reference-adapter", r.adapter]
    if request.image:
        command += ["--image", request.image, "--strength", request.strength]
    if request.mask:
        command += ["--mask", request.mask]
    if any(request.pad):
        command += ["--image-pad", ":".join(map(str, request.pad))]
    if request.refiner:
        command += ["--refiner", f"{request.refiner.model}:{request.refiner.switch_at!r}"]
    if request.guidance_range != (0.0, 1.0):
        command += ["--guidance-range", "{}:{}".format(*request.guidance_range)]
    if request.combine != "join":
        command += ["--combine", request.combine]
    for block, scale in request.block_scales.items():
        command += ["--block-scale", f"{block}={scale}"]
    for lora in request.loras:
        command += ["--lora", f"{lora.path}:{lora.scale!r}"]
        for block, scale in lora.block_scales.items():
            command += ["--lora-block-scale", f"{block}={scale}"]
    for path in request.textual_inversions:
        command += ["--textual-inversion", path]
    command = [str(c) for c in command]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        raise RuntimeError(f"exit {done.returncode}: {done.stderr.strip()[-600:]}\n    {' '.join(command)}")
    pictures = sorted(folder.glob("picture-*.png"))
    pixels = [np.asarray(Image.open(p).convert("RGB"), dtype=np.float32) / 255 for p in pictures]
    return load_file(folder / "dump.safetensors"), torch.from_numpy(np.stack(pixels)).permute(0, 3, 1, 2)


# ---- comparison ------------------------------------------------------------------------------------------------------
def miss(name, ours, theirs, largest_sample=0.0):
    """(how far apart, allowed) of two tensors; infinity where they cannot be compared.

    At zero terminal SNR Euler starts from samples thousands large and subtracts them to values of a few: what float32 can
    hold of the largest sample on the way (two units in the last place) is as near as the reference itself is."""
    ours, theirs = ours.double().squeeze(), theirs.double().squeeze()
    if ours.shape != theirs.shape:
        return float("inf"), 0.0
    if not (ours.isfinite().all() and theirs.isfinite().all()):
        return float("inf"), 0.0
    apart = (ours - theirs).abs().max().item() if ours.numel() else 0.0
    if name in EXACT:
        return apart, 0.0
    if name.startswith("image") and "embeds" not in name:
        return apart, PICTURE
    size = max(theirs.abs().max().item(), 1e-30)
    return apart / size, max(RELATIVE, 2 * torch.finfo(torch.float32).eps * largest_sample / size)


def on_the_way(name):
    return name.startswith(("latents.", "noise_pred."))


def first_prediction(found):
    return min((name for name in found if name.startswith("noise_pred.")), key=lambda name: int(name.split(".")[1]))


def allow_for_rounding(request, theirs, found):
    """Some random models enlarge a difference from step to step. Where the first predictions differ by rounding only, the later
    ones may by twice what diffusers makes of differences of that size in its own predictions."""
    apart = found[first_prediction(found)][0]
    if not 0 < apart <= ROUNDING:
        return
    nudged = reference.tensors_of(request, apart)
    for name in filter(on_the_way, theirs):
        size = max(theirs[name].abs().max().item(), 1e-30)
        enlarged = (nudged[name].double() - theirs[name].double()).abs().max().item() / size
        found[name] = found[name][0], max(found[name][1], 2 * enlarged)


def missed_of(found):
    return [name for name, (apart, allowed) in found.items() if not apart <= allowed]


def compare_case(likeness, request, folder):
    """Returns ({tensor: (apart, allowed)}, names that missed)."""
    theirs = reference.tensors_of(request)
    ours, pictures = run_program(likeness, request, folder)
    found = {}
    largest = max(t.abs().max().item() for name, t in theirs.items() if "latents" in name)
    for name, tensor in theirs.items():
        short = name.removeprefix("refiner.")
        if short == "image":
            found["image, as PNG"] = miss("image", pictures, reference.pasted(request, tensor))
        if name not in ours:
            found[name] = (float("inf"), 0.0)
            continue
        first = tensor[:1] if short.split(".")[0] in ("latents", "noise_pred", "image") else tensor
        found[name] = miss(short, ours[name], first, largest if short.startswith("latents") else 0.0)
    if request.dtype != "float32":
        sound = all(tensor.isfinite().all() for tensor in ours.values())
        found = {"latents, first prediction": (found[first_prediction(found)][0] if sound else float("inf"), BFLOAT16)}
    elif any(map(on_the_way, missed_of(found))):
        allow_for_rounding(request, theirs, found)
    return found, missed_of(found)


def compare_single_file(likeness, number, seed, folder):
    """A single file makes the picture of the folder that it was made of, and diffusers finds that folder's tensors in it."""
    case = list(single_files.FAMILIES)[number % len(single_files.FAMILIES)]
    single_files.compare(likeness, case, random.Random(f"{seed}/single/{number}").randrange(1 << 16), folder)
    return {"latents, both ways": (0.0, 0.0)}, [], case


KINDS = {  # cases of each, and what draws one
    "text and references": (40, draw_references_case),
    "schedulers": (2 * len(schedulers.SCHEDULERS), draw_scheduler_case),
    "image to image, inpainting": (30, draw_input_case),
    "outpainting": (4, draw_outpainting_case),
    "LoHa, LoKr, DoRA, LoCon": (8, draw_lora_kind_case),
    "trained LoRA": (8, trained.draw_lora_case),
    "trained model": (6, trained.draw_model_case),
    "refiner alone": (6, draw_refiner_case),
    "refiner after a base": (10, draw_hand_over_case),
    "bfloat16": (6, draw_bfloat16_case),
    "single file": (len(single_files.FAMILIES), compare_single_file),
}
COLUMNS = {  # of each case's line: the tensors whose worst it shows
    "text": ("prompt", "negative_prompt", "pooled"), "image": ("pixel_values", "image_embeds"), "tokens": ("ip_tokens",),
    "latents": ("latents",), "picture": ("image", "image, as PNG")}


def worst(found, column):
    values = []
    for name, (apart, _) in found.items():
        short = name.removeprefix("refiner.")
        inside = short in COLUMNS[column] if column == "picture" else short.startswith(COLUMNS[column])
        values += [apart] * inside
    return max(values, default=None)


def run_case(likeness, kind, number, seed, root, keep):
    """(kind, number, the lines to print, {column: worst}, whether all of it agrees)."""
    torch.set_num_threads(1)
    folder = root / f"{kind.replace(', ', '_').replace(' ', '_')}_{number}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    draw, what = KINDS[kind][1], ""
    try:
        if draw is compare_single_file:
            found, missed, what = compare_single_file(likeness, number, seed, folder)
        else:
            if draw.__module__ == "trained":
                request = draw(likeness, number, seed, folder, draw_picture)
            else:
                request = draw(number, seed, folder)
            what = describe(request)
            found, missed = compare_case(likeness, request, folder)
    except Exception as error:  # a crash of either side is a miss of this case, the others still count
        trace = "" if isinstance(error, (RuntimeError, AssertionError)) else "\n" + traceback.format_exc()
        return kind, number, f"{kind} {number}  FAILED {what}: {error}{trace}", {}, False
    columns = {column: worst(found, column) for column in COLUMNS}
    shown = " ".join(f"{'-' if value is None else f'{value:.1e}':>8}" for value in columns.values())
    lines = [f"{number:4}  {shown}  {'MISS' if missed else 'ok  '}  {what}"]
    enlarged = [name for name in found if on_the_way(name) and RELATIVE < found[name][0] and name not in missed]
    lines += [f"        {name}: {found[name][0]:.3g}, allowed {found[name][1]:.3g}" for name in missed[:8] + enlarged[:2]]
    if not keep:
        shutil.rmtree(folder, ignore_errors=True)
    return kind, number, "\n".join(lines), columns, not missed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--likeness", required=True, help="the program to compare")
    parser.add_argument("--kind", choices=KINDS, action="append", help="only these (repeatable)")
    parser.add_argument("--case", type=int, action="append", help="only this number of each kind (repeatable)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--keep", type=Path, help="folder that the models, dumps and pictures stay in")
    options = parser.parse_args()
    root = options.keep or Path(tempfile.mkdtemp(prefix="likeness-oracle-"))
    plan = [(kind, number) for kind in options.kind or KINDS for number in options.case or range(KINDS[kind][0])]
    failed, totals, start, before = [], {}, time.monotonic(), None
    with concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
        running = [pool.submit(run_case, options.likeness, kind, number, options.seed, root, options.keep is not None)
                   for kind, number in plan]
        for future in running:
            kind, number, lines, columns, agrees = future.result()
            if kind != before:
                print(f"{kind}\n{'case':>4}  " + " ".join(f"{c:>8}" for c in COLUMNS) + "        what")
                before = kind
            print(lines, flush=True)
            failed += [] if agrees else [f"{kind} {number}"]
            totals.setdefault(kind, []).append((columns, agrees))
    if not options.keep:
        shutil.rmtree(root, ignore_errors=True)
    print(f"\n{'kind':30} {'cases':>6} {'agree':>6}   worst:  " + " ".join(f"{c:>8}" for c in COLUMNS))
    for kind, rows in totals.items():
        found = {c: [columns[c] for columns, _ in rows if columns.get(c) is not None] for c in COLUMNS}
        print(f"{kind:30} {len(rows):>6} {sum(agrees for _, agrees in rows):>6}           "
              + " ".join(f"{max(v):8.1e}" if v else f"{'-':>8}" for v in found.values()))
    print(f"{len(plan) - len(failed)} of {len(plan)} cases agree in {time.monotonic() - start:.0f} s"
          + (f"; missed: {', '.join(failed)}" if failed else ""))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
