"""Compares the program with diffusers, live, on random tiny models.

  compare.py --likeness build/release/app/likeness [--cases 40] [--case N] [--seed S] [--keep DIR]

Each case is a model folder, an adapter and a request, all drawn from the seed and the case's number. The program runs it
with `--dump`; diffusers' own pipeline runs the same folder. Intermediate tensors, latents of every step (1e-4 of the
largest value) and pictures (1/255) must agree. Tolerances: miss(). Exits 1 when any case misses.
"""
import argparse
import json
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
import numpy as np
import torch
from PIL import Image
from reference import Lora, Reference, Request
from safetensors.torch import load_file

RELATIVE = 1e-4  # of the largest value
EXACT = ("input_ids", "negative_input_ids")
PICTURE = 1 / 255 + 1e-6

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


def draw_case(number, seed, folder):
    """Writes the model folder of a case and returns its request. The first entries cycle, so that 40 cases meet them all."""
    rng = random.Random(f"{seed}/{number}")
    family = ["sd", "sdxl"][number % 2]
    adapter = ["plain", "plus", "full"][number // 2 % 3]
    scheduler = list(reference.SCHEDULERS)[number // 2 % len(reference.SCHEDULERS)]
    prediction = ["epsilon", "v_prediction", "sample"][number % 3]
    count = [0, 1, 2, 3, 4][number % 5]
    shape = ["equal", "joined", "masked", "equal", "mixed", "timed", "joined"][number % 7]
    storage = ["fp32", "shards", "fp16"][number // 3 % 3]
    if prediction == "sample" and scheduler in ("euler_ancestral", "pndm"):  # which diffusers' classes refuse
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
    scheduler = list(reference.SCHEDULERS)[(number // 2 + number // 24) % len(reference.SCHEDULERS)]
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
               "--device", "cpu", "--dtype", "float32", "--threads", 1, "--dump", folder / "dump.safetensors",
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


def compare_case(likeness, request, folder):
    """Returns ({tensor: (apart, allowed)}, names that missed)."""
    theirs = reference.tensors_of(request)
    ours, pictures = run_program(likeness, request, folder)
    found = {}
    largest = max(t.abs().max().item() for name, t in theirs.items() if name.startswith("latents"))
    for name, tensor in theirs.items():
        if name == "image":
            found["image, as PNG"] = miss("image", pictures, reference.pasted(request, tensor))
        if name not in ours:
            found[name] = (float("inf"), 0.0)
            continue
        first = tensor[:1] if name.split(".")[0] in ("latents", "noise_pred", "image") else tensor
        found[name] = miss(name, ours[name], first, largest if name.startswith("latents") else 0.0)
    return found, [name for name, (apart, allowed) in found.items() if not apart <= allowed]


def worst(found, *starts):
    values = [apart for name, (apart, _) in found.items() if name.startswith(starts)]
    return f"{max(values):.1e}" if values else "-"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--likeness", required=True, help="the program to compare")
    parser.add_argument("--cases", type=int, default=40)
    parser.add_argument("--input-cases", type=int, default=24, help="of image to image, inpainting and several adapters")
    parser.add_argument("--case", type=int, action="append", help="only this one (repeatable)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder that the models, dumps and pictures stay in")
    options = parser.parse_args()
    torch.set_num_threads(1)
    # Those that begin from a picture follow the others.
    numbers = options.case or range(options.cases + options.input_cases)
    root = options.keep or Path(tempfile.mkdtemp(prefix="likeness-oracle-"))
    print(f"{'case':>4}  {'text':>8} {'image':>8} {'tokens':>8} {'latents':>8} {'picture':>8}        what", flush=True)
    failed, start = [], time.monotonic()
    for number in numbers:
        folder = root / f"case_{number}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        if number < options.cases:
            request = draw_case(number, options.seed, folder)
        else:
            request = draw_input_case(number - options.cases, options.seed, folder)
        try:
            found, missed = compare_case(options.likeness, request, folder)
        except Exception as error:  # a crash of either side is a miss of this case, the others still count
            print(f"{number:4}  FAILED {describe(request)}: {error}", flush=True)
            if not isinstance(error, RuntimeError):
                traceback.print_exc()
            failed.append(number)
            continue
        columns = [worst(found, "prompt", "negative_prompt", "pooled"), worst(found, "pixel_values", "image_embeds"),
                   worst(found, "ip_tokens"), worst(found, "latents"), worst(found, "image")]
        columns[4] = worst({k: v for k, v in found.items() if "embeds" not in k}, "image")
        print(f"{number:4}  " + " ".join(f"{c:>8}" for c in columns) + f"  {'ok  ' if not missed else 'MISS'}  "
              + describe(request), flush=True)
        if missed:
            failed.append(number)
            for name in missed[:8]:
                print(f"        {name}: {found[name][0]:.3g}, allowed {found[name][1]:.3g}", flush=True)
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    if not options.keep:
        shutil.rmtree(root, ignore_errors=True)
    total = len(list(numbers))
    print(f"{total - len(failed)} of {total} cases agree in {time.monotonic() - start:.0f} s"
          + (f"; missed: {', '.join(map(str, failed))}" if failed else ""))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
