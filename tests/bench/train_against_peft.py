"""Times training a LoRA on the starter model by the program and by a plain PyTorch loop over diffusers and peft, alternating.

  train_against_peft.py --likeness build/release/app/likeness [--subject mug] [--batch 1] [--steps 80] [--rounds 3] [--threads 2]

The same job: the subject's pictures in resources/starter/samples, rank 8 on the attention, AdamW at 5e-4, the gradient's length
cut to 1; latents and text embeddings are made once beforehand on both sides. The loop runs in float32 and, as diffusers' scripts
do, with bfloat16 weights under autocast and float32 LoRAs, both channels last; its better one counts. Every round runs each side in
a process of its own. Samples a second are by the median step after a quarter of them; memory is the process's peak, loading and,
of the program, the proof's pictures included.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from measured import output_and_peak

STARTER = ROOT / "resources/starter"
SIDES = ("ours", "float32", "bfloat16")
PROMPT = "a photo of sks {}"


def run_peft(options):
    """Seconds of each step."""
    import numpy as np
    import torch
    from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
    from peft import LoraConfig
    from PIL import Image
    from transformers import CLIPTextModel, CLIPTokenizer

    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    lower = options.worker == "bfloat16"
    kind = torch.bfloat16 if lower else torch.float32
    vae = AutoencoderKL.from_pretrained(STARTER / "vae")
    text = CLIPTextModel.from_pretrained(STARTER / "text_encoder")
    tokenizer = CLIPTokenizer.from_pretrained(STARTER / "tokenizer")
    scheduler = DDIMScheduler.from_pretrained(STARTER / "scheduler")
    unet = UNet2DConditionModel.from_pretrained(STARTER / "unet")
    side = unet.config.sample_size * 2 ** (len(vae.config.block_out_channels) - 1)
    with torch.no_grad():
        pictures = [torch.from_numpy(np.array(Image.open(path).convert("RGB").resize((side, side)))).permute(2, 0, 1) / 127.5 - 1
                    for path in sorted((STARTER / "samples" / options.subject).glob("*.png"))]
        latents = torch.cat([vae.encode(picture[None]).latent_dist.mean * vae.config.scaling_factor for picture in pictures])
        ids = tokenizer(PROMPT.format(options.subject), padding="max_length", truncation=True, max_length=tokenizer.model_max_length,
                        return_tensors="pt").input_ids
        embeds = text(ids)[0].to(kind)
    del vae, text
    unet.requires_grad_(False)
    unet.to(kind, memory_format=torch.channels_last)
    unet.add_adapter(LoraConfig(r=8, lora_alpha=8, target_modules=["to_q", "to_k", "to_v", "to_out.0"]))
    trained = [parameter for parameter in unet.parameters() if parameter.requires_grad]
    for parameter in trained:
        parameter.data = parameter.data.float()
    optimizer = torch.optim.AdamW(trained, lr=5e-4, weight_decay=1e-2)
    seconds = []
    for _ in range(options.steps):
        start = time.perf_counter()
        clean = latents[torch.randint(len(latents), (options.batch,))]
        noise = torch.randn_like(clean)
        timesteps = torch.randint(scheduler.config.num_train_timesteps, (options.batch,))
        noisy = scheduler.add_noise(clean, noise, timesteps).contiguous(memory_format=torch.channels_last)
        target = noise if scheduler.config.prediction_type == "epsilon" else scheduler.get_velocity(clean, noise, timesteps)
        with torch.autocast("cpu", torch.bfloat16, enabled=lower):
            prediction = unet(noisy.to(kind), timesteps, embeds.expand(options.batch, -1, -1), return_dict=False)[0]
        torch.nn.functional.mse_loss(prediction.float(), target).backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        seconds.append(time.perf_counter() - start)
    return seconds


def run_side(side, options):
    """Samples a second and peak bytes."""
    shared = ["--threads", str(options.threads)]
    if side == "ours":
        with tempfile.TemporaryDirectory() as folder:
            output, peak = output_and_peak(
                [options.likeness, "train", "lora", STARTER / "samples" / options.subject, "--model", STARTER, "--instance-prompt",
                 PROMPT.format(options.subject), "--train-batch-size", options.batch, "--max-train-steps", options.steps,
                 "--device", "cpu", "--json", "--out", f"{folder}/a.safetensors", *shared], stderr=subprocess.DEVNULL)
        marks = [event["seconds"] for event in map(json.loads, output.splitlines()) if event["event"] == "step"
                 and event["stage"] == "train"]
        seconds = [b - a for a, b in zip(marks, marks[1:])]
    else:
        output, peak = output_and_peak([sys.executable, __file__, "--worker", side, "--subject", options.subject, "--batch", options.batch,
                                        "--steps", options.steps, *shared], stderr=subprocess.DEVNULL)
        seconds = json.loads(output.strip().splitlines()[-1])
    return dict(rate=options.batch / statistics.median(seconds[options.steps // 4:]), peak=peak)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--likeness", help="the program to time")
    parser.add_argument("--subject", default="mug")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--steps", type=int, default=80)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        print(json.dumps(run_peft(options)))
        return
    if not options.likeness:
        parser.error("--likeness is needed")
    rounds = {side: [] for side in SIDES}
    for _ in range(options.rounds):
        for side, found in rounds.items():
            found.append(run_side(side, options))
    rate = {side: statistics.median(one["rate"] for one in found) for side, found in rounds.items()}
    peak = {side: statistics.median(one["peak"] for one in found) for side, found in rounds.items()}
    print(f"{'':18} {'ours':>9} {'float32':>9} {'bfloat16':>9} {'ratio':>7}   (ratio: ours to the loop's better one)")
    for label, values, digits, best in (("samples a second", rate, 2, max), ("peak memory, MB", {s: b / 1e6 for s, b in peak.items()}, 0, min)):
        print(f"{label:18} " + " ".join(f"{values[side]:>9.{digits}f}" for side in SIDES)
              + f" {values['ours'] / best(values['float32'], values['bfloat16']):>7.2f}")
    print(f"starter, {options.subject}, batch {options.batch}, {options.steps} steps, {options.threads} threads, {options.rounds} rounds")


if __name__ == "__main__":
    main()
