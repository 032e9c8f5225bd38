"""What a training meets on a real machine: a disk that fills, checkpoints that are damaged, models that change, a stop while it is watched."""
import json
import os
import shutil
import signal
import subprocess
import unittest

from program import COMMAND, GOLDEN, CommandLineTest, events, main, png_size, read_tensors

TRAIN = ["--resolution", "32", "--rank", "2", "--learning-rate", "0.02", "--device", "cpu", "--threads", "1", "--dtype", "float32",
         "--instance-prompt", "a red mug"]


def can_mount():
    return subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True).returncode == 0


class TestTrainFaults(CommandLineTest):
    def setUp(self):
        super().setUp()
        self.pictures = self.folder / "pictures"
        self.pictures.mkdir()
        for name in ("reference_0.png", "reference_1.png", "reference_2.png"):
            shutil.copy(GOLDEN / "tiny_sd" / name, self.pictures / name)

    def words(self, *more):
        return ["train", "lora", self.pictures, "--model", self.model, *TRAIN, *more]

    def on_a_disk_of(self, kilobytes, *words):
        """Runs it with `disk` being a file system of that size, in a name space of its own; what it says and its files' names."""
        disk = self.folder / "disk"
        disk.mkdir(exist_ok=True)
        line = 'mount -t tmpfs -o size="$1" none "$2" && shift 2 && "$@"; code=$?; ls -A disk >&2; exit $code'
        return subprocess.run(["unshare", "-rm", "sh", "-c", line, "sh", f"{kilobytes}k", disk, *COMMAND, *map(str, words)],
                              cwd=self.folder, capture_output=True, text=True, timeout=120)

    @unittest.skipUnless(shutil.which("unshare") and can_mount(), "no file system can be mounted here")
    def test_a_full_disk(self):
        words = self.words("--max-train-steps", "12", "--checkpointing-minutes", "0", "--out", "disk/mug.safetensors", "--json")
        # Nothing is begun that cannot be kept.
        done = self.on_a_disk_of(64, *words)
        self.assertEqual(done.returncode, 1, done.stderr)
        told = events(done.stdout)
        self.assertEqual(told[-1]["error"]["code"], "write_failed")
        self.assertRegex(done.stderr, r"2 checkpoints of \d+ KB each .* need \d+ KB .* and \d+ KB are free")
        self.assertNotIn("step", [event["event"] for event in told])
        # Two have room, a third beside them has not: the older one goes first.
        size = self.checkpoint_kilobytes()
        done = self.on_a_disk_of(int(2.7 * size), *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([event["step"] for event in events(done.stdout) if event["event"] == "checkpoint"][:12], list(range(1, 13)))
        self.assertEqual(done.stderr.splitlines()[-1], "mug.safetensors")

    def checkpoint_kilobytes(self):
        process = subprocess.Popen([*COMMAND, *map(str, self.words("--out", "size.safetensors", "--checkpointing-minutes", "0", "--json"))],
                                   cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in process.stdout:
            if json.loads(line)["event"] == "checkpoint":
                break
        process.kill()
        process.communicate()
        return (self.folder / "size.safetensors.checkpoint").stat().st_size / 1024

    def refused(self, *words, status):
        """What is said of a training that is not begun."""
        done = self.run_program(*words, "--json", status=status)
        self.assertNotIn("step", [event["event"] for event in events(done.stdout)])
        return done.stderr

    def test_a_place_that_cannot_be_written_is_told_before_the_first_step(self):
        self.assertIn('no folder "missing"', self.refused(*self.words("--max-train-steps", "1", "--out", "missing/mug.safetensors"), status=3))
        whole = ["train", "dreambooth", *self.words("--max-train-steps", "1")[2:]]
        self.assertIn('no folder "missing"', self.refused(*whole, "--out", "missing/mug/", status=3))
        self.assertFalse((self.folder / "missing").exists())

    def test_what_is_of_another_kind_is_not_written_over(self):
        (self.folder / "loras.safetensors").mkdir()
        (self.folder / "loras.safetensors/letter.txt").write_text("keep")
        told = self.refused(*self.words("--max-train-steps", "1", "--out", "loras.safetensors", "--force"), status=2)
        self.assertIn("a folder has that name", told)
        self.assertEqual((self.folder / "loras.safetensors/letter.txt").read_text(), "keep")
        whole = ["train", "dreambooth", *self.words("--max-train-steps", "1")[2:]]
        self.assertIn("the name of a file", self.refused(*whole, "--out", "mug.safetensors", status=2))

    def test_what_was_learned_is_kept_where_the_new_training_cannot_begin(self):
        self.checkpoint_kilobytes()
        kept = self.bytes_of("size.safetensors.checkpoint")
        words = self.words("--out", "size.safetensors", "--force")
        for more, word in ((["--device", "cuda:77"], "cuda:77"), (["--dtype", "float7"], "float7"), (["--seed", str(2**64 - 1)], "seed")):
            self.assertIn(word, self.refused(*words, *more, status=2))
            self.assertEqual(self.bytes_of("size.safetensors.checkpoint"), kept)

    def test_bytes_that_are_no_text(self):
        (self.pictures / "reference_0.txt").write_bytes(b"a caf\xe9 mug")
        place = os.fsdecode(b"caf\xe9.safetensors")
        words = self.words("--max-train-steps", "1", "--out", place, "--instance-prompt", os.fsdecode(b"a caf\xe9"))
        done = subprocess.run([*COMMAND, *map(str, words)], cwd=self.folder, capture_output=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreater(len(read_tensors(self.folder / place)), 0)

    def test_a_finished_training_is_not_gone_on_with(self):
        self.run_program(*self.words("--max-train-steps", "2", "--out", "mug.safetensors"))
        told = self.run_program(*self.words("--max-train-steps", "2", "--out", "mug.safetensors", "--resume"), status=2).stderr
        self.assertIn("is finished", told)

    def test_another_training_is_not_gone_on_with(self):
        self.checkpoint_kilobytes()
        kept = self.bytes_of("size.safetensors.checkpoint")
        told = self.run_program(*self.words("--out", "size.safetensors", "--resume", "--rank", "3"), status=3).stderr
        self.assertIn("other settings or pictures", told)
        (self.pictures / "reference_2.png").unlink()
        told = self.run_program(*self.words("--out", "size.safetensors", "--resume"), status=3).stderr
        self.assertIn("other settings or pictures", told)
        self.assertEqual(self.bytes_of("size.safetensors.checkpoint"), kept)

    def test_it_is_watched(self):
        done = self.run_program(*self.words("--max-train-steps", "10", "--out", "mug.safetensors", "--validation-steps", "5",
                                            "--validation-prompt", "a mug", "--num-validation-images", "2", "--validation-share",
                                            "0.3", "--json"))
        told = events(done.stdout)
        samples = [event for event in told if event["event"] == "sample"]
        self.assertEqual([event["step"] for event in samples], [0, 0, 5, 5, 10, 10])
        pictures = {self.bytes_of(event["path"]) for event in samples}
        self.assertEqual(len(pictures), 6)
        self.assertEqual(png_size(self.folder / samples[0]["path"]), (32, 32))
        self.assertTrue(all(event["path"].startswith("mug.samples/") for event in samples))
        measured = [event["step"] for event in told if "validation_loss" in event]
        self.assertEqual(measured, list(range(1, 11)))
        self.assertLessEqual(abs(told[-1]["proof"]["overfit"]), 1)
        self.assertGreaterEqual(told[-1]["proof"]["drift"], 0)
        self.assertIn("Other pictures changed by", done.stderr)
        plain = self.run_program(*self.words("--max-train-steps", "10", "--out", "plain.safetensors", "--validation-share", "0.3"))
        self.assertNotIn("sample", plain.stdout)
        self.assertEqual(read_tensors(self.folder / "plain.safetensors"), read_tensors(self.folder / "mug.safetensors"))
        self.assertEqual(self.left(), [])

    def left(self):
        """What lies beside the result, without its name: ".checkpoint", ".checkpoint.sample-2"."""
        found = [path.name.removeprefix("mug.safetensors") for path in self.folder.glob("mug.safetensors.*")]
        return sorted(found, key=lambda each: (len(each), each))

    def kept(self):
        """The steps of the samples at which something is kept."""
        return [name.rpartition("-")[2] for name in self.left() if name.startswith(".checkpoint.sample-")]

    def stop_at(self, step, *words):
        process = subprocess.Popen([*COMMAND, *map(str, words), "--json"], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for line in process.stdout:
            if json.loads(line).get("step") == step and json.loads(line)["event"] == "step":
                process.send_signal(signal.SIGINT)
        told = process.communicate()[1]
        self.assertEqual(process.returncode, 130, told)
        return told

    def test_a_sample_is_taken_after_a_stop(self):
        words = self.words("--max-train-steps", "60", "--out", "mug.safetensors", "--validation-steps", "2")
        told = self.stop_at(7, *words)
        steps = self.kept()
        self.assertEqual(steps[:3], ["2", "4", "6"])
        self.assertIn("samples of 2, 4, 6", told)
        told = self.run_program(*words, "--take-step", "5", status=2).stderr
        self.assertIn(f"one of {', '.join(steps)}", told)
        self.run_program(*words, "--resume", "--take-step", "0", status=2)
        self.assertIn("other pictures, settings", self.run_program(*words, "--rank", "3", "--take-step", "4", status=3).stderr)
        told = events(self.run_program(*words, "--resume", "--take-step", "4", "--json").stdout)
        self.assertEqual([event["event"] for event in told if event["event"] in ("step", "sample", "finished")], ["finished"])
        self.assertEqual(self.left(), [])  # it is settled
        short = self.words("--max-train-steps", "4", "--out", "short.safetensors")
        self.run_program(*short)
        self.assertEqual(read_tensors(self.folder / "mug.safetensors"), read_tensors(self.folder / "short.safetensors"))
        self.assertIn("nothing is kept", self.run_program(*words, "--take-step", "4", "--force", status=2).stderr)

    def test_a_sample_is_taken_after_the_end(self):
        words = self.words("--max-train-steps", "6", "--out", "mug.safetensors", "--validation-steps", "2")
        told = self.run_program(*words, "--kept-sample-weights", "2").stderr
        self.assertIn("samples of 4, 6", told)
        self.assertEqual(self.kept(), ["4", "6"])
        self.assertIn("one of 4, 6", self.run_program(*words, "--take-step", "2", "--force", status=2).stderr)
        last = self.bytes_of("mug.safetensors")
        self.assertIn("--force", self.run_program(*words, "--take-step", "4", status=2).stderr)
        self.assertEqual(self.bytes_of("mug.safetensors"), last)
        self.run_program(*words, "--take-step", "4", "--force")
        self.assertNotEqual(self.bytes_of("mug.safetensors"), last)
        self.assertEqual(self.left(), [])
        self.run_program(*words, "--kept-sample-weights", "2", "--force")
        self.run_program(*self.words("--max-train-steps", "2", "--out", "mug.safetensors", "--force"))
        self.assertEqual(self.left(), [])  # begun anew
        told = self.run_program("train", "dreambooth", *words[2:], "--take-step", "2", "--force", status=2).stderr
        self.assertIn("whole model", told)


if __name__ == "__main__":
    main()
