"""Times the program, diffusers and OpenVINO on the same weights, alternating, and prints one table.

  against_diffusers.py --likeness build/release/app/likeness --cache DIR [--only starter|sd15] [--rounds 3] [--threads 2]
      [--minutes 9] [--fresh]

starter: 128 px, 20 guided steps, 0, 1 and 4 references (resources/starter, else random weights of its config in --cache)
sd15:    512 px, random weights of the full size (made once in --cache, 2.1 GB): one guided step, one decode
Every round runs each side in a process of its own: the program in its best dtype, diffusers in float32 and in bfloat16
channels last, and the same pipeline with UNet and VAE in OpenVINO's bfloat16 (converted once into --cache, where the
package goes too if Python does not have it; without references). All guide with both halves in one batch. The table's times
are medians over the rounds, in seconds; memory is the process's peak.

What was measured is kept in --cache: after --minutes no side is begun any more, and the same command goes on where it was.
--fresh begins anew; so does another build of the program.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/oracle"), str(ROOT / "tests/support")]

from measured import output_and_peak

SIDES = ("ours", "float32", "bfloat16", "openvino")
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


# ---- OpenVINO ----------------------------------------------------------------------------------------------------------
OPENVINO = "openvino==2026.4.1"


def openvino_packages(cache):
    """Folder for PYTHONPATH where the package lies; empty: Python has it."""
    if subprocess.run([sys.executable, "-c", "import openvino"], capture_output=True).returncode == 0:
        return ""
    folder = cache / OPENVINO.replace("==", "-")
    if not (folder / "openvino").exists():
        print(f"fetching {OPENVINO}", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--target",
                        folder, OPENVINO], check=True)
    return str(folder)


def converted_parts(folder, cache, px):
    """The converted networks of a model in that size, {part: file}; each is made in a process of its own."""
    weights = sorted((folder / "unet").glob("*.safetensors"))[0].stat()
    target = cache / f"openvino_{folder.name}_{px}_{weights.st_size}_{int(weights.st_mtime)}"
    target.mkdir(parents=True, exist_ok=True)
    files = {part: target / f"{part}.xml" for part in ("unet", "vae")}
    for part, file in files.items():
        if not file.exists():
            print(f"converting {folder.name}'s {part}", file=sys.stderr, flush=True)
            subprocess.run([sys.executable, __file__, "--convert", part, "--model", folder, "--px", str(px), "--ir", file], check=True)
    return files


def convert(part, folder, px, file):
    import warnings

    import openvino
    import reference
    import torch

    warnings.filterwarnings("ignore", category=torch.jit.TracerWarning)
    pipe = plain_pipe(reference, folder)
    side = px // pipe.vae_scale_factor
    channels = pipe.unet.config.in_channels

    class Step(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.net = pipe.unet

        def forward(self, sample, timestep, text):
            return self.net(sample, timestep, encoder_hidden_states=text, return_dict=False)[0]

    class Decoder(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.net = pipe.vae

        def forward(self, latents):
            return self.net.decode(latents, return_dict=False)[0]

    if part == "unet":
        inputs = (torch.randn(2, channels, side, side), torch.tensor([500.0]), torch.randn(2, 77, pipe.unet.config.cross_attention_dim))
    else:
        inputs = (torch.randn(1, channels, side, side),)
    with torch.no_grad():
        model = openvino.convert_model((Step if part == "unet" else Decoder)().eval(), example_input=inputs,
                                       input=[list(x.shape) for x in inputs])
    openvino.save_model(model, file.with_suffix(".part.xml"))
    file.with_suffix(".part.bin").rename(file.with_suffix(".bin"))
    file.with_suffix(".part.xml").rename(file)


def plain_pipe(reference, folder, **parts):
    half = not (folder / "unet/diffusion_pytorch_model.safetensors").exists()
    return reference.load(reference.Request(model=folder, family="sd", adapter=None, prompt="", scheduler="ddim",
                                            variant="fp16" if half else None), **parts)


def parts_without_weights(folder):
    """UNet and VAE as the pipeline asks them for their configs; their parameters take no memory."""
    import torch
    from diffusers import AutoencoderKL, UNet2DConditionModel

    made = {}
    for part, kind in (("unet", UNet2DConditionModel), ("vae", AutoencoderKL)):
        with torch.device("meta"):
            made[part] = kind.from_config(kind.load_config(folder / part))
        for module in made[part].modules():
            for name, parameter in module._parameters.items():
                if parameter is not None:
                    empty = torch.zeros(1).expand(parameter.shape)
                    module._parameters[name] = torch.nn.Parameter(empty, requires_grad=False)
    return made


def use_openvino(pipe, files, threads):
    """Its networks in the place of the pipeline's."""
    import numpy as np
    import openvino
    import torch
    from diffusers.models.autoencoders.vae import DecoderOutput

    core = openvino.Core()
    core.set_property("CPU", {"PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": 1, "INFERENCE_NUM_THREADS": threads,
                              "INFERENCE_PRECISION_HINT": "bf16"})
    requests = {part: core.compile_model(file, "CPU").create_infer_request() for part, file in files.items()}

    def run(part, *inputs):
        return torch.from_numpy(np.array(requests[part].infer([x.contiguous().numpy() for x in inputs])[0]))

    def forward(sample, timestep, encoder_hidden_states=None, return_dict=True, **_):
        return (run("unet", sample, timestep.float().reshape(1), encoder_hidden_states),)

    def decode(latents, return_dict=True, **_):
        image = run("vae", latents)
        return DecoderOutput(sample=image) if return_dict else (image,)

    pipe.unet.forward, pipe.vae.decode = forward, decode


# ---- diffusers' side, in a process of its own ------------------------------------------------------------------------
def run_diffusers(folder, setting, dtype, threads, files):
    """Times as `likeness bench` gives them: {references: {step, decode, picture}}. dtype openvino: by the networks in files."""
    import reference
    import torch
    from PIL import Image

    torch.set_num_threads(threads)
    kind = torch.bfloat16 if dtype == "bfloat16" else torch.float32
    adapters = sorted((folder / "ip_adapter").glob("*.safetensors")) if max(setting["references"]) else []
    plain = [a for a in adapters if "plus" not in a.name]
    start = time.perf_counter()
    pipe = plain_pipe(reference, folder, **(parts_without_weights(folder) if dtype == "openvino" else {}))
    if dtype == "openvino":
        use_openvino(pipe, files, threads)
    load = time.perf_counter() - start
    size = dict(width=setting["px"], height=setting["px"])

    def prepare():
        if dtype == "openvino":
            return
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
        for count in setting["references"][:1 if dtype == "openvino" else None]:
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
    # The same rule as the other sides': PNDM, which SD 1.5's folders name, calls the network once more than there are steps.
    command = [likeness, "bench", "--model", folder, "--width", setting["px"], "--height", setting["px"], "--scheduler", "ddim",
               "--num-inference-steps", setting["steps"], "--guidance-scale", setting["guidance"], "--references",
               ",".join(map(str, setting["references"])), "--repeats", setting["repeats"], "--device", "cpu", "--threads",
               threads]
    output, peak = output_and_peak(command)
    found = json.loads(output)
    runs = {run["references"]: {key: run[key]["median"] for key in ("picture", "decode", "step")} for run in found["runs"]}
    return dict(load=found["load"]["median"], runs=runs, peak=peak, dtype=found["dtype"], device=found["device"])


def run_side(side, options, name, folder):
    if side == "ours":
        return run_likeness(options.likeness, folder, SETTINGS[name], options.threads)
    command = [sys.executable, __file__, "--worker", name, "--model", str(folder), "--dtype", side,
               "--threads", str(options.threads)]
    if side == "openvino":
        command += ["--ir", str(converted_parts(folder, options.cache, SETTINGS[name]["px"])["unet"].parent)]
    output, peak = output_and_peak(command)
    return json.loads(output.strip().splitlines()[-1]) | dict(peak=peak)


# ---- table -----------------------------------------------------------------------------------------------------------
def table(name, rounds):
    """Lines of the table: what, ours, diffusers float32, diffusers bfloat16, OpenVINO, ours over the better of diffusers' and
    over OpenVINO."""
    setting = SETTINGS[name]

    def median(side, pick):
        values = [pick(found) for found in rounds[side]]
        return None if None in values else statistics.median(values)

    rows = [("load", lambda f: f["load"])]
    for count in setting["references"]:
        for key in ("step", "decode", "picture"):
            if name == "sd15" and key == "picture":
                continue
            label = f"{key}, {count} references" if len(setting["references"]) > 1 else key
            rows.append((label, lambda f, c=count, k=key: f["runs"].get(c, {}).get(k)))
    rows.append(("peak memory, MB", lambda f: f["peak"] / 1e6))
    for label, pick in rows:
        ours, float32, bfloat16, openvino = (median(side, pick) for side in SIDES)
        digits = 0 if "MB" in label else 4 if ours < 0.1 else 3
        numbers = " ".join(f"{'-' if x is None else f'{x:.{digits}f}':>10}" for x in (ours, float32, bfloat16, openvino))
        ratio = "-" if openvino is None else f"{ours / openvino:.2f}"
        yield f"{name:8} {label:24} {numbers} {ours / min(float32, bfloat16):>8.2f} {ratio:>8}"


class Kept:
    """What was measured of a model so far, in the order it was, a line of JSON each."""

    def __init__(self, options, name):
        program = Path(options.likeness).stat()
        self.told = dict(threads=options.threads, setting=SETTINGS[name], build=[program.st_size, int(program.st_mtime)])
        self.file = options.cache / f"measured_{name}.jsonl"
        self.rounds = {side: [] for side in SIDES}
        if options.fresh:
            self.file.unlink(missing_ok=True)
        lines = [json.loads(line) for line in self.file.read_text().splitlines()] if self.file.exists() else []
        for line in lines if all(line["told"] == self.told for line in lines) else []:
            self.take(line["side"], line["found"])
        if not any(self.rounds.values()):
            self.file.unlink(missing_ok=True)

    def take(self, side, found):
        found["runs"] = {int(count): run for count, run in found["runs"].items()}
        self.rounds[side].append(found)

    def add(self, side, found):
        with open(self.file, "a") as file:
            file.write(json.dumps(dict(told=self.told, side=side, found=found)) + "\n")
        self.take(side, found)

    def next(self, most):
        """The side whose turn it is, round by round; None: all were `most` times."""
        side = min(SIDES, key=lambda each: len(self.rounds[each]))
        return side if len(self.rounds[side]) < most else None


def measure(options, name, folder, end):
    """Until all rounds are there or the time is over."""
    kept = Kept(options, name)
    while (side := kept.next(options.rounds)) and time.monotonic() < end:
        kept.add(side, run_side(side, options, name, folder))
        print(f"{name}: {side}, round {len(kept.rounds[side])} of {options.rounds}", file=sys.stderr, flush=True)
    return kept.rounds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--likeness", help="the program to time")
    parser.add_argument("--cache", type=Path, help="folder for random weights, kept between runs")
    parser.add_argument("--only", choices=SETTINGS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--minutes", type=float, default=float("inf"), help="after these no other side is begun")
    parser.add_argument("--fresh", action="store_true", help="forget what was measured before")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--model", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--dtype", help=argparse.SUPPRESS)
    parser.add_argument("--convert", choices=["unet", "vae"], help=argparse.SUPPRESS)
    parser.add_argument("--ir", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--px", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.convert:
        convert(options.convert, options.model, options.px, options.ir)
        return
    if options.worker:
        files = {part: options.ir / f"{part}.xml" for part in ("unet", "vae")} if options.ir else None
        print(json.dumps(run_diffusers(options.model, SETTINGS[options.worker], options.dtype, options.threads, files)))
        return
    if not options.likeness or not options.cache:
        parser.error("--likeness and --cache are needed")
    packages = openvino_packages(options.cache)
    if packages:
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [packages, os.environ.get("PYTHONPATH")]))
    end = time.monotonic() + 60 * options.minutes
    print(f"{'':33} {'ours':>10} {'f32':>10} {'bf16':>10} {'OpenVINO':>10} {'ratio':>8} {'to OV':>8}"
          "   (seconds; ratio: ours to diffusers' better dtype, and to OpenVINO's bf16)")
    for name in [options.only] if options.only else SETTINGS:
        folder = model_folder(name, options.cache)
        converted_parts(folder, options.cache, SETTINGS[name]["px"])
        rounds = measure(options, name, folder, end)
        counts = [len(found) for found in rounds.values()]
        if min(counts) == 0:
            print(f"{name:8} a side was not measured yet; the same command goes on", flush=True)
            continue
        for line in table(name, rounds):
            print(line, flush=True)
        ours = rounds["ours"][0]
        print(f"{name:8} {folder.name}, ours in {ours['dtype']} on {ours['device']}, {options.threads} threads, "
              f"{min(counts)} of {options.rounds} rounds", flush=True)


if __name__ == "__main__":
    main()
