#!/usr/bin/env python3
"""How nearly `likeness train check` foretells a training: each job is checked, then done, under the same conditions.

  usage: training_estimate.py --likeness PROGRAM [--model starter] [--threads 2] [--steps 200] [--only NAME]...

Prints foretold and real seconds and memory of each job; exit 1 where one is more than 20 % off. Timings of a busy machine
say little.
"""
import argparse
import json
import math
import random
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

ALLOWED = 0.20
PROMPT = ["--instance-prompt", "a photo of a red mug"]
JOBS = {
    "lora": ("lora", []),
    "lora, batch 4": ("lora", ["--train-batch-size", "4"]),
    "lora, all layers, rank 32": ("lora", ["--targets", "all", "--rank", "32"]),
    "lora, text encoder": ("lora", ["--train-text-encoder"]),
    "lora, 256 px": ("lora", ["--resolution", "256"]),
    "dreambooth, prior": ("dreambooth", ["--class-prompt", "a mug", "--num-class-images", "8"]),
    "dreambooth as a lora": ("dreambooth", ["--lora"]),
    "ip-adapter": ("ip-adapter", []),
}


def write_picture(path, seed, side=160):
    """A PNG of soft bands; what it shows costs nothing."""
    draw = random.Random(seed)
    turn = [draw.uniform(0.02, 0.2) for _ in range(3)]
    rows = b"".join(b"\0" + bytes(int(127 + 120 * math.sin(turn[c] * (x + c * y))) for x in range(side) for c in range(3))
                    for y in range(side))

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)) +
                     chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def run(words):
    """The last event, and the seconds it took."""
    begin = time.monotonic()
    done = subprocess.run([*map(str, words), "--json"], capture_output=True, text=True)
    seconds = time.monotonic() - begin
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))}\n{done.stdout[-2000:]}\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1]), seconds


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--likeness", required=True)
    parser.add_argument("--model", default="starter")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--only", action="append")
    arguments = parser.parse_args()
    worst = 0.0
    print(f"{'':28}{'seconds':>22}{'':8}{'memory, MB':>18}")
    print(f"{'':28}{'foretold':>12}{'real':>10}{'off':>8}{'foretold':>10}{'real':>8}{'off':>8}")
    with tempfile.TemporaryDirectory(prefix="likeness-estimate-") as folder:
        pictures = Path(folder) / "pictures"
        pictures.mkdir()
        for i in range(12):
            write_picture(pictures / f"{i}.png", i)
        for name, (method, options) in JOBS.items():
            if arguments.only and name not in arguments.only:
                continue
            shared = [pictures, "--model", arguments.model, "--threads", arguments.threads, "--max-train-steps", arguments.steps,
                      "--device", "cpu", *PROMPT, *options]
            out = Path(folder) / ("out" if method == "dreambooth" and "--lora" not in options else "out.safetensors")
            estimate = run([arguments.likeness, "train", "check", *shared, "--method", method])[0]["estimate"]
            made, seconds = run([arguments.likeness, "train", method, *shared, "--out", out, "--force"])
            memory = made["peak_memory_bytes"]
            off = estimate["seconds"] / seconds - 1
            memory_off = estimate["peak_memory_bytes"] / memory - 1
            worst = max(worst, abs(off), abs(memory_off))
            print(f"{name:28}{estimate['seconds']:12.1f}{seconds:10.1f}{off:+8.0%}"
                  f"{estimate['peak_memory_bytes'] / 1e6:10.0f}{memory / 1e6:8.0f}{memory_off:+8.0%}", flush=True)
    print(f"The worst is {worst:.0%} off; {ALLOWED:.0%} are allowed.")
    sys.exit(worst > ALLOWED)


if __name__ == "__main__":
    main()
