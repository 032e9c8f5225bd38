"""`likeness train check`: what it finds and foresees; what `train` says and refuses of its pictures."""
import json
import shutil
import unittest

from program import GOLDEN, CommandLineTest, events, main, write_png

CHECK = ["--resolution", "32", "--rank", "2", "--device", "cpu", "--threads", "1", "--dtype", "float32"]
PROMPT = ["--instance-prompt", "a red mug"]


class TestTrainCheck(CommandLineTest):
    def setUp(self):
        super().setUp()
        self.pictures = self.folder / "pictures"
        self.pictures.mkdir()
        for name in ("reference_0.png", "reference_1.png", "reference_2.png"):
            shutil.copy(GOLDEN / "tiny_sd" / name, self.pictures / name)

    def check(self, *words, **options):
        return self.run_program("train", "check", self.pictures, "--model", self.model, *CHECK, *words, **options)

    def findings(self, *words):
        told = events(self.check("--json", *words).stdout)
        self.assertEqual([event["event"] for event in told], ["check"])
        return told[0]

    def of_kind(self, told, kind):
        return [finding for finding in told["findings"] if finding["kind"] == kind]

    def test_findings_and_estimate(self):
        shutil.copy(self.pictures / "reference_1.png", self.pictures / "copy.png")
        (self.pictures / "reference_0.txt").write_text("a red mug on a table")
        (self.pictures / "broken.jpg").write_text("no picture")
        told = self.findings(*PROMPT, "--max-train-steps", "100")
        copies = self.of_kind(told, "duplicates")[0]
        self.assertFalse(copies["is_fine"])
        self.assertEqual([name.rsplit("/", 1)[1] for name in copies["pictures"]], ["copy.png", "reference_1.png"])
        few, unreadable = self.of_kind(told, "count")
        self.assertIn("10 to 50", few["detail"])
        self.assertEqual(len(unreadable["pictures"]), 1)
        self.assertTrue(unreadable["pictures"][0].endswith("broken.jpg"))
        self.assertIn("1 of 5", self.of_kind(told, "captions")[0]["title"])
        self.assertEqual(len(told["crops"]), 5)
        self.assertEqual((told["crops"][1]["trained_width"], told["crops"][1]["trained_height"]), (32, 32))
        estimate = told["estimate"]
        self.assertGreater(estimate["seconds"], 100 * estimate["seconds_per_step"])
        self.assertGreater(estimate["peak_memory_bytes"], 2e7)
        self.assertGreater(estimate["disk_bytes"], 0)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["pictures"], "something was written")

    def test_people_read_it(self):
        text = self.check(*PROMPT).stdout
        self.assertIn("! 3 pictures (few for a LoRA, 10 to 50", text)
        self.assertIn("400 steps of", text)
        self.assertIn("Memory: about", text)
        self.assertIn("few for DreamBooth, 100 and more", self.check(*PROMPT, "--method", "dreambooth").stdout)
        self.assertIn("few for a LoRA", self.check(*PROMPT, "--method", "dreambooth", "--lora").stdout)

    def test_every_method(self):
        whole = self.findings(*PROMPT, "--method", "dreambooth", "--class-prompt", "a mug", "--num-class-images", "3")
        self.assertIn("DreamBooth", self.of_kind(whole, "count")[0]["detail"])
        lora = self.findings(*PROMPT)
        self.assertGreater(whole["estimate"]["disk_bytes"], 10 * lora["estimate"]["disk_bytes"])
        adapter = self.findings(*PROMPT, "--method", "ip-adapter")
        self.assertIn("adapter", self.of_kind(adapter, "count")[0]["detail"])
        self.assertGreater(adapter["estimate"]["seconds_per_step"], 0)

    def test_the_model_proposes(self):
        model = self.folder / "model"
        shutil.copytree(self.model, model)
        (model / "likeness.json").write_text(json.dumps({"default_dreambooth_training": {
            "learning_rate": 0.003, "lr_scheduler": "cosine", "train_text_encoder": True, "text_encoder_learning_rate": 0.001, "use_ema": True}}))
        words = [*PROMPT, "--model", model, "--method", "dreambooth"]
        settings = self.findings(*words)["settings"]
        self.assertEqual([settings[name] for name in ("learning_rate", "lr_scheduler", "train_text_encoder", "text_encoder_learning_rate", "use_ema")],
                         [0.003, "cosine", True, 0.001, True])
        self.assertIn("Settings: batch 1, learning rate 0.003, falling by a cosine, the text encoder too at 0.001, averaged.", self.check(*words).stdout)
        own = self.findings(*words, "--lr-scheduler", "linear", "--no-train-text-encoder", "--no-use-ema", "--learning-rate", "0.1")["settings"]
        self.assertEqual([own[name] for name in ("learning_rate", "lr_scheduler", "train_text_encoder", "use_ema")], [0.1, "linear", False, False])
        self.assertNotIn("text_encoder_learning_rate", own)
        usual = self.findings(*PROMPT, "--method", "dreambooth")["settings"]
        self.assertEqual([usual[name] for name in ("learning_rate", "lr_scheduler", "train_text_encoder")], [5e-6, "constant", False])
        self.assertIn("not both", self.check(*words, "--use-ema", "--no-use-ema", status=2).stderr)

    def test_what_makes_no_sense(self):
        said = self.check(*PROMPT, "--method", "magic", "--rank", "0", status=2).stderr
        self.assertIn("--method is \"magic\"", said)
        self.assertIn("rank", said)
        empty = self.folder / "empty"
        empty.mkdir()
        self.assertIn("There is no picture in", self.run_program("train", "check", empty, status=3).stderr)
        self.run_program("train", "check", self.folder / "nowhere", status=3)
        self.run_program("train", "check", self.pictures, "--model", "nowhere", status=3)

    def test_train_says_its_doubts_and_refuses(self):
        words = ["--model", self.model, *CHECK, *PROMPT, "--out", "mug.safetensors", "--max-train-steps", "1"]
        said = self.run_program("train", "lora", self.pictures, *words, "--learning-rate", "0.05").stderr
        self.assertIn("3 pictures (few for a LoRA, 10 to 50", said)
        self.assertIn("training 100 %", said)
        self.assertIn("comparing pictures without and with it", said)
        self.assertNotIn("denoising", said, "what is done on the way is no news")
        for name in ("reference_1.png", "reference_2.png"):
            shutil.copy(self.pictures / "reference_0.png", self.pictures / name)
        said = self.run_program("train", "lora", self.pictures, *words, "--force", status=2).stderr
        self.assertIn("all 3 are the same picture", said)
        write_png(self.pictures / "reference_2.png", colour=(9, 200, 9))
        (self.pictures / "reference_1.png").write_text("no picture")
        said = self.run_program("train", "lora", self.pictures, *words, "--force", status=3).stderr
        self.assertIn("reference_1.png", said)


if __name__ == "__main__":
    main()
