"""Trainings of the starter in bfloat16, through the program's own kernels where there are some: killed at random moments and gone on
with, they end with the bytes of one that was let alone."""
import json
import os
import random
import shutil
import subprocess
import time

from program import COMMAND, SOURCE, CommandLineTest, main

STARTER = SOURCE / "resources" / "starter"
STEPS = 6
KILLED_AT = [1, 3, STEPS]  # the last while pictures prove it
TRAIN = ["--model", STARTER, "--instance-prompt", "a photo of sks mug", "--max-train-steps", STEPS, "--resolution", "64",
         "--checkpointing-minutes", "0", "--learning-rate", "0.001", "--device", "cpu", "--dtype", "bfloat16", "--json"]


def content(path):
    """The bytes of a file, or of every file in a folder."""
    if path.is_file():
        return path.read_bytes()
    return {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()}


class TestTrainKills(CommandLineTest):
    def setUp(self):
        super().setUp()
        self.pictures = self.folder / "pictures"
        self.pictures.mkdir()
        for name in ("0.png", "1.png", "2.png"):
            shutil.copy(STARTER / "samples" / "mug" / name, self.pictures / name)
        self.random = random.Random(8)
        self.environment = {"XDG_CACHE_HOME": str(self.folder / "cache")}

    def live_until(self, step, words):
        """Runs it until it has taken that step and a moment longer, and kills it."""
        process = subprocess.Popen([*COMMAND, *map(str, words)], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   env=os.environ | self.environment)
        for line in process.stdout:
            event = json.loads(line)
            if event["event"] == "step" and event["step"] >= step:
                break
        time.sleep(self.random.uniform(0, 0.02 if step < STEPS else 0.2))
        process.kill()
        told = process.communicate()[1]
        self.assertEqual(process.returncode, -9, told)

    def is_the_same_after_kills(self, method, out, *more, threads=(1, 2)):
        """Killed on so many threads in turn; the one that is let alone has the last number of them."""
        whole, cut = self.folder / "whole" / out, self.folder / "cut" / out
        for place in (whole, cut):
            place.parent.mkdir()

        def words(place, count):
            return ["train", method, self.pictures, *TRAIN, "--threads", count, "--out", place, *more]

        self.run_program(*words(whole, threads[-1]), environment=self.environment)
        for life, step in enumerate(KILLED_AT):
            begun = list(cut.parent.glob(f"{out}.checkpoint*"))
            self.live_until(step, [*words(cut, threads[life % len(threads)]), *(["--resume"] if begun else [])])
            self.assertFalse(cut.exists())
        (cut.parent / f".{out}.checkpoint.lk0123456789abcdef.part").write_bytes(b"half of it")
        for path in cut.parent.glob(".*.part"):  # of checkpoints that were being written, long ago
            os.utime(path, (0, 0))
        self.run_program(*words(cut, threads[0]), "--resume", environment=self.environment)
        self.assertEqual([path.name for path in cut.parent.iterdir()], [out])
        self.assertTrue(content(cut) == content(whole), "not the same bytes")

    def test_lora(self):
        self.is_the_same_after_kills("lora", "mug.safetensors", "--rank", "4", "--targets", "all", "--train-text-encoder")

    # What learns here, the whole model or the adapter, goes through ATen, whose sums depend on the threads.

    def test_dreambooth(self):
        self.is_the_same_after_kills("dreambooth", "mug", "--train-text-encoder", "--class-prompt", "a photo of a mug", "--num-class-images",
                                     "2", threads=(1,))

    def test_ip_adapter(self):
        self.is_the_same_after_kills("ip-adapter", "mug.safetensors", threads=(1,))


if __name__ == "__main__":
    main()
