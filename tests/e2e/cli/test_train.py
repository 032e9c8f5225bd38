"""`likeness train lora`: what it makes, proves and refuses; stopping and going on."""
import json
import shutil
import signal
import struct
import subprocess
import unittest

from program import COMMAND, GOLDEN, CommandLineTest, events, main, read_tensors, write_png

TRAIN = ["--resolution", "32", "--rank", "2", "--learning-rate", "0.02", "--device", "cpu", "--threads", "1", "--dtype", "float32",
         "--instance-prompt", "a red mug"]


def metadata(path):
    content = path.read_bytes()
    length = struct.unpack("<Q", content[:8])[0]
    return json.loads(content[8:8 + length])["__metadata__"]


class TestTrain(CommandLineTest):
    def setUp(self):
        super().setUp()
        self.pictures = self.folder / "pictures"
        self.pictures.mkdir()
        for name in ("reference_0.png", "reference_1.png"):
            shutil.copy(GOLDEN / "tiny_sd" / name, self.pictures / name)
        (self.pictures / "reference_1.txt").write_text("a blue mug\n")
        write_png(self.pictures / "reference_1.mask.png", colour=(255, 255, 255))
        (self.pictures / "notes.md").write_text("no picture")

    def train(self, *words, **options):
        return self.run_program("train", "lora", self.pictures, "--model", self.model, *TRAIN, *words, **options)

    def test_trains_proves_and_is_used(self):
        told = events(self.train("--out", "mug.safetensors", "--max-train-steps", "4", "--json").stdout)
        steps = [event for event in told if event["event"] == "step"]
        self.assertEqual([event["step"] for event in steps], [1, 2, 3, 4])
        self.assertTrue(all(event["stage"] == "train" and event["total"] == 4 and event["loss"] > 0 for event in steps))
        proof = told[-1]["proof"]
        self.assertEqual(told[-1]["event"], "finished")
        self.assertGreater(proof["weight_change"], 0)
        self.assertGreater(proof["picture_change"], 0)
        for name in ("likeness_before", "likeness_after"):
            self.assertLessEqual(abs(proof[name]), 1.001)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["mug.safetensors", "pictures"])
        notes = metadata(self.folder / "mug.safetensors")
        self.assertEqual((notes["ss_network_dim"], notes["ss_steps"], notes["ss_num_train_images"]), ("2", "4", "2"))
        self.assertEqual(json.loads(notes["ss_tag_frequency"]), {"pictures": {"a red mug": 1, "a blue mug": 1}})
        self.assertEqual(len(notes["ss_sd_model_hash"]), 64)
        self.assertIn("lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q.lora_down.weight",
                      read_tensors(self.folder / "mug.safetensors"))
        self.generate("--prompt", "a red mug", "--out", "without.png")
        self.generate("--prompt", "a red mug", "--lora", "mug.safetensors", "--out", "with.png")
        self.assertNotEqual(self.bytes_of("without.png"), self.bytes_of("with.png"))
        self.assertIn("LoRA", self.run_program("models", "inspect", "mug.safetensors").stdout)

    def test_diffusers_names(self):
        self.train("--out", "mug.safetensors", "--max-train-steps", "2", "--format", "diffusers", "--network-alpha", "1")
        self.assertIn("unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.lora_A.weight",
                      read_tensors(self.folder / "mug.safetensors"))
        config = json.loads(metadata(self.folder / "mug.safetensors")["lora_adapter_metadata"])
        self.assertEqual((config["unet.r"], config["unet.lora_alpha"]), (2, 1))
        self.assertIn("down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q", config["unet.target_modules"])
        self.assertNotIn("text_encoder.r", config)

    def test_a_terminal_that_goes_away_leaves_a_checkpoint(self):
        words = ["train", "lora", self.pictures, "--model", self.model, *TRAIN, "--max-train-steps", "4000", "--out", "cut.safetensors", "--json"]
        process = subprocess.Popen([*COMMAND, *map(str, words)], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL))
        for line in process.stdout:
            if json.loads(line)["event"] == "step":
                process.send_signal(signal.SIGHUP)  # more than once: told by the shell, and by the system
        message = process.communicate()[1]
        self.assertEqual(process.returncode, 130, message)
        self.assertTrue((self.folder / "cut.safetensors.checkpoint").exists())

    def test_stopped_and_gone_on_with_gives_the_same_file(self):
        words = ["train", "lora", self.pictures, "--model", self.model, *TRAIN, "--max-train-steps", "40"]
        self.run_program(*words, "--out", "whole.safetensors")
        process = subprocess.Popen([*COMMAND, *map(str, words), "--out", "cut.safetensors", "--json"], cwd=self.folder,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        told = []
        for line in process.stdout:
            told.append(json.loads(line))
            if told[-1].get("step") == 5 and told[-1]["event"] == "step":
                process.send_signal(signal.SIGINT)
        message = process.communicate()[1]
        self.assertEqual(process.returncode, 130, message)
        self.assertIn("--resume", message)
        self.assertEqual([event["event"] for event in told[-2:]], ["checkpoint", "stopped"])
        self.assertFalse((self.folder / "cut.safetensors").exists())
        again = self.run_program(*words, "--out", "cut.safetensors", status=2)
        self.assertIn("--resume", again.stderr)
        self.run_program(*words, "--out", "cut.safetensors", "--resume")
        self.assertEqual(read_tensors(self.folder / "cut.safetensors"), read_tensors(self.folder / "whole.safetensors"))

    def test_everything_wrong_is_told_at_once(self):
        told = self.train("--out", "mug.png", "--rank", "0", "--max-train-steps", "many", "--lr-scheduler", "steep", status=2).stderr
        for word in ("rank", "--max-train-steps", "steep", "constant, cosine, linear", ".safetensors"):
            self.assertIn(word, told)
        told = self.run_program("train", "lora", self.pictures, "--model", self.model, "--out", "a.safetensors", status=2).stderr
        self.assertIn("instance_prompt", told)

    def test_folders_that_teach_nothing(self):
        empty = self.folder / "empty"
        empty.mkdir()
        told = self.run_program("train", "lora", empty, "--model", self.model, *TRAIN, "--out", "a.safetensors", status=3)
        self.assertIn("no picture", told.stderr)
        told = self.run_program("train", "lora", "gone", "--model", self.model, *TRAIN, "--out", "a.safetensors", status=3)
        self.assertIn("gone", told.stderr)
        (self.pictures / "torn.png").write_bytes((self.pictures / "reference_0.png").read_bytes()[:300])
        self.assertIn("torn.png", self.train("--out", "a.safetensors", status=3).stderr)

    def test_an_existing_file_stays(self):
        (self.folder / "mug.safetensors").write_bytes(b"mine")
        self.assertIn("--force", self.train("--out", "mug.safetensors", "--max-train-steps", "1", status=2).stderr)
        self.assertEqual(self.bytes_of("mug.safetensors"), b"mine")

    def test_a_training_that_changes_nothing_is_a_failure(self):
        told = self.train("--out", "mug.safetensors", "--max-train-steps", "1", "--learning-rate", "0.00000001", status=1).stderr
        self.assertIn("changed nothing", told)
        self.assertFalse((self.folder / "mug.safetensors").exists())


if __name__ == "__main__":
    main()
