"""Times the program and diffusers on the same weights, alternating, and prints one table.

  against_diffusers.py --likeness build/release/app/likeness --cache DIR [--only starter|sd15] [--rounds 3] [--threads 2]

starter: 128 px, 20 guided steps, 0, 1 and 4 references (resources/starter, else random weights of its config in --cache)
sd15:    512 px, random weights of the full size (made once in --cache, 2.1 GB): one guided step, one decode
Every round runs each side in a process of its own: the program in its best dtype, diffusers in float32 and in bfloat16
channels last. The table's times are medians over the rounds, in seconds; memory is the process's peak.
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
sys.path.insert(0, str(ROOT / "tests/oracle"))

SETTINGS = {
    "starter": dict(px=128, steps=20, guidance=3.0, references=[0, 1, 4], repeats=3),
    "sd15": dict(px=512, steps=2, guidance=7.5, references=[0], repeats=1),
}
STARTER = dict(  # starter-model's config, for the time before its weights are trained
    text_encoder=dict(hidden_size=128, num_attention_heads=4, num_hidden_layers=4, intermediate_size=512),
    image_encoder=dict(image_size=96, patch_size=8, hidden_size=160, num_hidden_layers=6, num_attention_heads=5,
                       intermediate_size=640, projection_dim=128),
    unet=dict(sample_size=32, block_out_channels=[64, 96, 128], layers_per_block=1, attention_head_dim=[2, 3, 4],
              down_block_types=["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
              up_block_types=["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"], norm_num_groups=16,
              transformer_layers_per_block=1, use_linear_projection=False),
    vae=dict(block_out_channels=[32, 64, 128], layers_per_block=1, norm_num_groups=8, mid_block_add_attention=False,
             down_block_types=["DownEncoderBlock2D"] * 3, up_block_types=["UpDecoderBlock2D"] * 3, sample_size=128,
             scaling_factor=1.0))


# ---- models ----------------------------------------------------------------------------------------------------------
def model_folder(name, cache):
    if name == "starter" and (ROOT / "resources/starter/model_index.json").exists():
        return ROOT / "resources/starter"
    folder = cache / f"random_{name}"
    if (folder / "complete").exists():
        return folder
    import random_models
    print(f"making {folder}", file=sys.stderr, flush=True)
    if name == "sd15":
        import make_full_size
        make_full_size.make(folder)
    else:
        scheduler = dict(_class_name="DDIMScheduler", beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear",
                         prediction_type="v_prediction", rescale_betas_zero_snr=True, timestep_spacing="trailing",
                         clip_sample=False, set_alpha_to_one=False, steps_offset=1, num_train_timesteps=1000)
        random_models.make_model(folder, "sd", "plain", 1, scheduler, fixed=STARTER)
    (folder / "complete").touch()
    return folder


# ---- diffusers' side, in a process of its own ------------------------------------------------------------------------
def run_diffusers(folder, setting, dtype, threads):
    """Times as `likeness bench` gives them: {references: {step, decode, picture}}."""
    import reference
    import torch
    from PIL import Image

    torch.set_num_threads(threads)
    kind = torch.bfloat16 if dtype == "bfloat16" else torch.float32
    adapters = sorted((folder / "ip_adapter").glob("*.safetensors")) if max(setting["references"]) else []
    plain = [a for a in adapters if "plus" not in a.name]
    half = not (folder / "unet/diffusion_pytorch_model.safetensors").exists()
    request = reference.Request(model=folder, family="sd", adapter=None, prompt="", scheduler="ddim",
                                variant="fp16" if half else None)
    start = time.perf_counter()
    pipe = reference.load(request)
    load = time.perf_counter() - start
    size = dict(width=setting["px"], height=setting["px"])

    def prepare():
        pipe.to(kind)
        for module in (pipe.unet, pipe.vae):
            module.to(memory_format=torch.channels_last if dtype == "bfloat16" else torch.contiguous_format)

    def picture(images):
        marks = [time.perf_counter()]

        def mark(*arguments):
            marks.append(time.perf_counter())
            return arguments[-1]

        pipe("a red mug on the table", negative_prompt="", num_inference_steps=setting["steps"], output_type="pil",
             guidance_scale=setting["guidance"], generator=torch.Generator().manual_seed(1), **size,
             callback_on_step_end=mark, **(dict(ip_adapter_image=[images]) if images else {}))
        end = time.perf_counter()
        return dict(picture=end - marks[0], decode=end - marks[-1],
                    step=statistics.median(b - a for a, b in zip(marks[1:], marks[2:])))

    runs = {}
    prepare()
    with torch.no_grad():
        for count in setting["references"]:
            if count and pipe.unet.encoder_hid_proj is None:
                pipe.to(torch.float32)
                reference.attach_adapters(pipe, [plain[0]])
                prepare()
            images = [Image.effect_noise((300, 300), 60 + i).convert("RGB") for i in range(count)]
            picture(images)  # warm-up
            times = [picture(images) for _ in range(setting["repeats"])]
            runs[count] = {key: statistics.median(t[key] for t in times) for key in times[0]}
    return dict(load=load, runs=runs)


# ---- the program's side ----------------------------------------------------------------------------------------------
def run_likeness(likeness, folder, setting, threads):
    command = [likeness, "bench", "--model", folder, "--width", setting["px"], "--height", setting["px"],
               "--num-inference-steps", setting["steps"], "--guidance-scale", setting["guidance"], "--references",
               ",".join(map(str, setting["references"])), "--repeats", setting["repeats"], "--device", "cpu", "--threads",
               threads]
    output, peak = measured([str(c) for c in command])
    found = json.loads(output)
    runs = {run["references"]: {key: run[key]["median"] for key in ("picture", "decode", "step")} for run in found["runs"]}
    return dict(load=found["load"]["median"], runs=runs, peak=peak, dtype=found["dtype"], device=found["device"])


def measured(command):
    """(standard output, peak resident bytes) of a command."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        if status != 0:
            raise SystemExit(f"exit {os.waitstatus_to_exitcode(status)}: {' '.join(command)}")
        output.seek(0)
        return output.read().decode(), usage.ru_maxrss * 1024


def run_side(side, options, name, folder):
    if side == "ours":
        return run_likeness(options.likeness, folder, SETTINGS[name], options.threads)
    command = [sys.executable, __file__, "--worker", name, "--model", str(folder), "--dtype", side,
               "--threads", str(options.threads)]
    output, peak = measured(command)
    found = json.loads(output.strip().splitlines()[-1])
    found["runs"] = {int(count): run for count, run in found["runs"].items()}
    return found | dict(peak=peak)


# ---- table -----------------------------------------------------------------------------------------------------------
def table(name, rounds):
    """Lines of the table: what, ours, diffusers float32, diffusers bfloat16, ours over the better of them."""
    setting = SETTINGS[name]

    def median(side, pick):
        return statistics.median(pick(found) for found in rounds[side])

    rows = [("load", lambda f: f["load"])]
    for count in setting["references"]:
        for key in ("step", "decode", "picture"):
            if name == "sd15" and key == "picture":
                continue
            label = f"{key}, {count} references" if len(setting["references"]) > 1 else key
            rows.append((label, lambda f, c=count, k=key: f["runs"][c][k]))
    rows.append(("peak memory, MB", lambda f: f["peak"] / 1e6))
    for label, pick in rows:
        ours, float32, bfloat16 = (median(side, pick) for side in ("ours", "float32", "bfloat16"))
        digits = 0 if "MB" in label else 4 if ours < 0.1 else 3
        numbers = " ".join(f"{x:>10.{digits}f}" for x in (ours, float32, bfloat16))
        yield f"{name:8} {label:24} {numbers} {ours / min(float32, bfloat16):>8.2f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--likeness", help="the program to time")
    parser.add_argument("--cache", type=Path, help="folder for random weights, kept between runs")
    parser.add_argument("--only", choices=SETTINGS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--model", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--dtype", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        print(json.dumps(run_diffusers(options.model, SETTINGS[options.worker], options.dtype, options.threads)))
        return
    if not options.likeness or not options.cache:
        parser.error("--likeness and --cache are needed")
    print(f"{'':33} {'ours':>10} {'f32':>10} {'bf16':>10} {'ratio':>8}   (seconds; ratio: ours to diffusers' better dtype)")
    for name in [options.only] if options.only else SETTINGS:
        folder = model_folder(name, options.cache)
        rounds = {side: [] for side in ("ours", "float32", "bfloat16")}
        for _ in range(options.rounds):
            for side, found in rounds.items():
                found.append(run_side(side, options, name, folder))
        for line in table(name, rounds):
            print(line, flush=True)
        ours = rounds["ours"][0]
        print(f"{name:8} {folder.name}, ours in {ours['dtype']} on {ours['device']}, {options.threads} threads, "
              f"{options.rounds} rounds", flush=True)


if __name__ == "__main__":
    main()
