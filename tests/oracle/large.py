"""Runs the program on models of the published names and full sizes, random weights, made here and deleted again.

  large.py --likeness build/release/app/likeness [--folder DIR] [--only NAME]     (names: JOBS; 8 GB of disk, 16 GB of memory)

Each file opens; `models inspect` takes at most 0.3 s of the processor and 100 MB; SD 1.5 makes 512 px, SDXL 256 px within 24 GB.
Exits 1 when anything fails or misses a limit.
"""
import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "support")]

import make_full_size
import measured
import published_models
import random_models
import torch
from PIL import Image

INSPECT_SECONDS, INSPECT_BYTES, SDXL_BYTES = 0.3, 100e6, 24e9
ADAPTERS = {"sd15": ("plain", published_models.SD15_UNET, 1024), "sd15_vit-G": ("plain", published_models.SD15_UNET, 1280),
            "sd15_plus": ("plus", published_models.SD15_UNET, 1280), "sd15_full-face": ("full", published_models.SD15_UNET, 1280),
            "sdxl_vit-h": ("plain", published_models.SDXL_UNET, 1024), "sdxl": ("plain", published_models.SDXL_UNET, 1280),
            "sdxl_plus_vit-h": ("plus", published_models.SDXL_UNET, 1280)}


class Run:
    def __init__(self, likeness, folder):
        self.likeness, self.folder, self.missed = likeness, folder, []

    def program(self, *arguments):
        """Runs the program; returns (seconds, seconds of the processor, peak bytes)."""
        command = [str(x) for x in (self.likeness, *arguments)]
        start = time.monotonic()
        with tempfile.TemporaryFile("w+") as errors:
            status, seconds, memory = measured.run(command, stdout=subprocess.DEVNULL, stderr=errors)
            errors.seek(0)
            if status != 0:
                raise RuntimeError(f"exit {status}: {' '.join(command)}\n{errors.read()[-800:]}")
        return time.monotonic() - start, seconds, memory

    def report(self, what, took, seconds=None, most=None):
        wall, processor, peak = took
        over = (seconds is not None and processor > seconds) or (most is not None and peak > most)
        print(f"{what:48} {wall:8.2f} s {processor:8.2f} s of the processor {peak / 1e6:8.0f} MB{'  MISS' if over else ''}", flush=True)
        self.missed += [what] * over

    def inspect(self, path):
        self.program("models", "inspect", path)  # reads the program itself into the disk's cache
        self.report(f"inspect {path.parent.name}/{path.name}"[-48:], self.program("models", "inspect", path), INSPECT_SECONDS, INSPECT_BYTES)

    def generate(self, what, model, *more, side, steps=2, most=None):
        out = self.folder / "picture.png"
        took = self.program("generate", "--model", model, "--prompt", "a red mug", "--width", side, "--height", side,
                            "--num-inference-steps", steps, "--device", "cpu", "--out", out, "--force", *more)
        assert Image.open(out).size == (side, side)
        self.report(what, took, most=most)


def write_table(path, table, seed):
    generator = torch.Generator().manual_seed(seed)
    make_full_size.write_stream(path, {key: random_models.draw(key, shape, generator).half() for key, shape in table.items()})
    return path


def reference_picture(folder):
    path = folder / "reference.png"
    Image.effect_noise((300, 300), 70).convert("RGB").save(path)
    return path


def sd15_folder(run):
    model = make_full_size.make(run.folder / "sd15", adapter=True)
    run.inspect(model)
    run.inspect(next((model / "image_encoder").glob("*.safetensors")))
    run.generate("SD 1.5 folder, 512 px, one reference", model, "--reference", reference_picture(run.folder), side=512)


def sd15_single(run):
    path = make_full_size.make_single(run.folder / "sd15.safetensors", "sd15")
    run.inspect(path)
    run.generate("SD 1.5 file, 512 px", path, side=512)


def adapters(run):
    for seed, (name, (kind, unet, width)) in enumerate(ADAPTERS.items()):
        path = write_table(run.folder / f"ip-adapter_{name}.safetensors", published_models.adapter_table(kind, unet, width), seed)
        run.inspect(path)
        path.unlink()


def encoders(run):
    for name, table in (("ViT-H", published_models.VIT_H), ("ViT-bigG", published_models.VIT_G)):
        folder = run.folder / name
        folder.mkdir()
        write_table(folder / "model.safetensors", published_models.clip_vision_table(table), 1)
        config = dict(hidden_size=table["hidden"], num_hidden_layers=table["layers"], intermediate_size=table["intermediate"],
                      num_attention_heads=16, projection_dim=table["projection"], patch_size=table["patch"], image_size=224,
                      hidden_act="gelu", model_type="clip_vision_model")
        (folder / "config.json").write_text(json.dumps(config))
        run.inspect(folder / "model.safetensors")
        run.report(f"embed with {name}", run.program("embed", "--image-encoder", folder, "--dtype", "bfloat16", "--device", "cpu",
                                                     reference_picture(run.folder)))
        shutil.rmtree(folder)


def sdxl_single(run):
    path = make_full_size.make_single(run.folder / "sdxl.safetensors", "sdxl")
    run.inspect(path)
    run.generate("SDXL file, 256 px", path, side=256, most=SDXL_BYTES)


JOBS = dict(sd15_folder=sd15_folder, sd15_single=sd15_single, adapters=adapters, encoders=encoders, sdxl_single=sdxl_single)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--likeness", required=True)
    parser.add_argument("--folder", type=Path, help="where the files are made [default a temporary folder]")
    parser.add_argument("--only", choices=JOBS, action="append")
    options = parser.parse_args()
    failed = []
    for name in options.only or JOBS:
        root = Path(tempfile.mkdtemp(prefix="likeness-large-", dir=options.folder))
        run = Run(options.likeness, root)
        try:
            JOBS[name](run)
            failed += run.missed
        except Exception as error:  # the others still count
            print(f"{name} FAILED {type(error).__name__}: {error}", flush=True)
            failed.append(name)
        finally:
            shutil.rmtree(root, ignore_errors=True)
    print(f"missed: {', '.join(failed)}" if failed else "all of it within its limits")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
