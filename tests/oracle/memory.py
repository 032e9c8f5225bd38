"""Memory and loading at full size: SD 1.5 at 512 pixels with random weights, in fresh processes.

  memory.py --likeness PROGRAM [--model FOLDER]      FOLDER: what make_full_size.py --adapter wrote; made anew without it

Prints for each case what was foretold and what was taken, the seconds until the model could denoise, and how soon a stop was heard in each
stage. Fails where the foretold peak is off by more than 15 %, where the peak with an adapter is past 3.3 GB in bfloat16, or where the
smaller plan takes more or streamed encoders change the picture. Times are printed and not judged: the machine may be busy.
"""
import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
MOST = 3_300_000_000
REFERENCE = SOURCE / "resources/starter/samples/bag/6.png"


class Runs:
    def __init__(self, program, model, folder):
        self.program, self.model, self.folder = program, model, folder

    def command(self, words):
        return [self.program, "generate", "--model", str(self.model), "--prompt", "a red mug", "--num-inference-steps", "1", "--scheduler",
                "ddim", "--device", "cpu", "--out", str(self.folder / "a.png"), "--force", "--json", *map(str, words)]

    def events(self, words):
        done = subprocess.run(self.command(words), capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{' '.join(map(str, words))}: exit {done.returncode}\n{done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def stopped_after(self, stage, words, wait):
        """Seconds from the wish to stop to the word that it was heard; None where the run was over before."""
        process = subprocess.Popen(self.command(words), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        asked = heard = None
        for line in process.stdout:
            event = json.loads(line)
            if asked is None and event.get("stage") == stage:
                time.sleep(wait)
                process.send_signal(signal.SIGINT)
                asked = time.monotonic()
            if event["event"] == "stopped":
                heard = time.monotonic() - asked
        process.wait()
        return heard


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--likeness", required=True)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--stops", type=int, default=5, help="stops in each stage")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model = given.model
        if model is None:
            import make_full_size
            model = make_full_size.make(Path(folder) / "sd15", adapter=True)
        sys.exit(check(Runs(given.likeness, model, Path(folder)), given.stops))


def check(runs, stops):
    adapter = ["--reference", REFERENCE]
    cases = {"without adapter": [], "with adapter": adapter, "with adapter, low": [*adapter, "--memory", "low"],
             "with adapter, keep": [*adapter, "--memory", "keep"], "768 x 768, with adapter": [*adapter, "--width", 768, "--height", 768]}
    failures, peaks, pictures = [], {}, {}
    for name, words in cases.items():
        found = runs.events(words)
        plan, finished = next(e for e in found if e["event"] == "plan"), found[-1]
        peak, foretold = finished["peak_memory_bytes"], plan["predicted_peak_bytes"]
        peaks[name] = peak
        pictures[name] = (runs.folder / "a.png").read_bytes()
        print(f"{name}: foretold {foretold / 1e9:.2f} GB, taken {peak / 1e9:.2f} GB ({foretold / peak - 1:+.0%}); loaded in "
              f"{finished['seconds']['load']:.1f} s; {', '.join(plan['steps']) or 'no steps'}", flush=True)
        if abs(foretold / peak - 1) > 0.15:
            failures.append(f"{name}: foretold {foretold}, taken {peak}")
    half = found[0]["request"].get("dtype") in ("", None, "bfloat16") and "avx512bw" in Path("/proc/cpuinfo").read_text()
    if half and peaks["with adapter"] > MOST:
        failures.append(f"with adapter: {peaks['with adapter']} bytes, past {MOST}")
    if not peaks["with adapter, low"] <= peaks["with adapter"] <= peaks["with adapter, keep"]:
        failures.append(f"the smaller plan takes more: {peaks}")
    if pictures["with adapter"] != pictures["with adapter, keep"]:
        failures.append("streamed encoders make another picture")
    random.seed(1)
    for stage in ("load", "encode_prompt", "encode_references", "decode"):
        heard = [runs.stopped_after(stage, adapter, random.random()) for _ in range(stops)]
        heard = [f"{one * 1000:.0f} ms" for one in heard if one is not None]
        print(f"stopped in {stage} after: {', '.join(heard) or 'never: it was over'}", flush=True)
    for failure in failures:
        print("FAILED", failure)
    return 1 if failures else 0


if __name__ == "__main__":
    main()
