"""Times how soon a running picture stops: the signal of Ctrl-C at moments spread over a whole run, each in a run of its own.

  stop_latency.py --likeness build/release/app/likeness --model DIR [--px 512] [--steps 3] [--count 24] [--reference PICTURE]
      [--image PICTURE]

One line per stage (load, encode_prompt, encode_references, denoise, decode): how many signals met it, and the median and
the longest time from the signal to the "stopped" event and to the end of the process, in milliseconds.
"""
import argparse
import json
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path


class Run:
    """One `likeness generate`; `stages` are (time, stage) of its events."""

    def __init__(self, options, folder):
        command = [options.likeness, "generate", "--model", options.model, "--prompt", "a red mug", "--width", options.px, "--height",
                   options.px, "--num-inference-steps", options.steps, "--threads", options.threads, "--device", "cpu", "--json",
                   "--force", "--out", folder / "picture.png"]
        for name in ("reference", "image"):
            if getattr(options, name):
                command += [f"--{name}", getattr(options, name)]
        self.begin = time.perf_counter()
        self.stages, self.stopped = [(self.begin, "start")], None
        self.process = subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            event = json.loads(line)
            if event.get("event") == "stopped":
                self.stopped = time.perf_counter()
            elif "stage" in event:
                self.stages.append((time.perf_counter(), event["stage"]))

    def wait(self):
        self.process.wait()
        self.end = time.perf_counter()
        self.reader.join()
        return self.end - self.begin


def stopped_at(options, folder, moment):
    """(stage, ms to the event, ms to the end), None where the run was over before."""
    run = Run(options, folder)
    time.sleep(moment)
    asked = time.perf_counter()
    run.process.send_signal(signal.SIGINT)
    run.wait()
    if run.stopped is None:
        return None
    stage = [name for at, name in run.stages if at <= asked][-1]
    return stage, 1e3 * (run.stopped - asked), 1e3 * (run.end - asked)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--likeness", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--px", type=int, default=512)
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--reference")
    parser.add_argument("--image")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs, and what they start, ignore it
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        whole = Run(options, folder).wait()
        if not (folder / "picture.png").exists():
            raise SystemExit("no picture was made")
        for i in range(options.count):
            times = stopped_at(options, folder, whole * (i + 0.5) / options.count)
            if times:
                found.setdefault(times[0], []).append(times[1:])
            print(f"{i + 1} of {options.count}: {times}", file=sys.stderr, flush=True)
    print(f"{'':20} {'signals':>8} {'median':>8} {'longest':>8} {'end, median':>12} {'longest':>8}   (ms)")
    for stage, times in found.items():
        events, ends = zip(*times)
        print(f"{stage:20} {len(times):8} {statistics.median(events):8.0f} {max(events):8.0f} {statistics.median(ends):12.0f} "
              f"{max(ends):8.0f}")


if __name__ == "__main__":
    main()
