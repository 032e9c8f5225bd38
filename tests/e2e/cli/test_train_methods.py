"""`likeness train dreambooth` and `train ip-adapter`: what they make, how it is used, and what they refuse."""
import json
import shutil
import unittest

from program import GOLDEN, CommandLineTest, events, main, read_tensors

TRAIN = ["--resolution", "32", "--learning-rate", "0.01", "--device", "cpu", "--threads", "1", "--dtype", "float32",
         "--instance-prompt", "a red mug", "--max-train-steps", "3"]


class TestTrainMethods(CommandLineTest):
    def setUp(self):
        super().setUp()
        self.pictures = self.folder / "pictures"
        self.pictures.mkdir()
        for name in ("reference_0.png", "reference_1.png"):
            shutil.copy(GOLDEN / "tiny_sd" / name, self.pictures / name)

    def train(self, method, *words, **options):
        environment = {"XDG_CACHE_HOME": str(self.folder / "cache")}
        return self.run_program("train", method, self.pictures, "--model", self.model, *TRAIN, *words, environment=environment, **options)

    def test_a_dreambooth_is_a_model(self):
        told = events(self.train("dreambooth", "--out", "mug", "--class-prompt", "a mug", "--num-class-images", "2", "--prior-loss-weight", "0.5",
                                 "--train-text-encoder", "--text-encoder-learning-rate", "0.001", "--json").stdout)
        self.assertEqual(told[-1]["event"], "finished")
        self.assertEqual(told[-1]["weights"], "mug")
        self.assertEqual([event["step"] for event in told if event.get("stage") == "train"], [1, 2, 3])
        changes = told[-1]["proof"]["weight_changes"]
        self.assertEqual(sorted(changes), ["text_encoder", "unet", "unet.down", "unet.mid", "unet.up"])
        self.assertGreater(min(changes.values()), 0)
        self.assertEqual(json.loads((self.folder / "mug/model_index.json").read_text()),
                         json.loads((self.model / "model_index.json").read_text()))
        self.generate("--prompt", "a red mug", "--out", "without.png")
        self.run_program("generate", "--model", "mug", "--width", "48", "--height", "32", "--num-inference-steps", "2", "--device", "cpu",
                         "--threads", "1", "--dtype", "float32", "--prompt", "a red mug", "--out", "with.png")
        self.assertNotEqual(self.bytes_of("without.png"), self.bytes_of("with.png"))
        self.assertIn("--force", self.train("dreambooth", "--out", "mug", status=2).stderr)
        self.train("dreambooth", "--out", "mug", "--force")
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["cache", "mug", "pictures", "with.png", "without.png"])

    def test_a_dreambooth_as_one_file(self):
        self.train("dreambooth", "--out", "whole.safetensors", "--difference", "--gradient-checkpointing", "--random-flip", "--noise-offset", "0.1")
        self.train("dreambooth", "--out", "small.safetensors", "--lora", "--rank", "2", "--class-prompt", "a mug", "--num-class-images", "1")
        pictures = []
        for name in ("whole", "small"):
            self.generate("--prompt", "a red mug", "--lora", f"{name}.safetensors", "--out", f"{name}.png")
            pictures.append(self.bytes_of(f"{name}.png"))
        self.generate("--prompt", "a red mug", "--out", "without.png")
        self.assertEqual(len({self.bytes_of("without.png"), *pictures}), 3)
        self.assertIn("lora_unet_conv_in.diff", read_tensors(self.folder / "whole.safetensors"))
        told = self.run_program("models", "inspect", "whole.safetensors").stdout
        self.assertIn("difference", told)

    def test_an_adapter_goes_on(self):
        told = events(self.train("ip-adapter", "--out", "mine.safetensors", "--json").stdout)
        self.assertEqual(sorted(told[-1]["proof"]["weight_changes"]), ["image_proj", "ip_adapter"])
        reference = ["--reference", self.pictures / "reference_0.png", "--prompt", "a red mug"]
        self.generate(*reference, "--out", "without.png")
        self.generate(*reference, "--ip-adapter", "mine.safetensors", "--out", "with.png")
        self.assertNotEqual(self.bytes_of("without.png"), self.bytes_of("with.png"))
        self.train("ip-adapter", "--ip-adapter", "mine.safetensors", "--out", "more.safetensors")
        self.assertIn("no adapter", self.train("ip-adapter", "--ip-adapter", "none.safetensors", "--out", "no.safetensors", status=3).stderr)

    def test_a_slash_behind_the_folder(self):
        self.train("dreambooth", "--out", "mug/")
        self.assertTrue((self.folder / "mug/model_index.json").exists())
        self.train("dreambooth", "--out", "mug//", "--force")
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["cache", "mug", "pictures"])

    def test_an_adapter_whose_encoder_lies_beside_it_alone(self):
        model = self.copy_model()
        (self.folder / "ipa").mkdir()
        (model / "image_encoder").rename(self.folder / "ipa/image_encoder")
        (model / "ip_adapter/ip-adapter-plain.safetensors").rename(self.folder / "ipa/plain.safetensors")
        (model / "ip_adapter").rmdir()
        index = json.loads((model / "model_index.json").read_text())
        index.pop("image_encoder", None)
        (model / "model_index.json").write_text(json.dumps(index))
        (self.folder / "made").mkdir()
        self.train("ip-adapter", "--model", "model", "--ip-adapter", "ipa/plain.safetensors", "--out", "made/mine.safetensors")
        self.assertTrue((self.folder / "made/mine.safetensors").exists())

    def test_what_changes_nothing_is_told(self):
        told = self.train("dreambooth", "--out", "mug", "--rank", "4", "--num-class-images", "3").stderr
        self.assertIn("--rank changes nothing without --lora", told)
        self.assertIn("--num-class-images changes nothing without --class-prompt", told)
        told = self.train("dreambooth", "--out", "small.safetensors", "--lora", "--rank", "4").stderr
        self.assertNotIn("changes nothing without", told)

    def test_a_proposed_warm_up_is_no_longer_than_the_training(self):
        model = self.copy_model()
        (model / "likeness.json").write_text('{"default_lora_training": {"lr_warmup_steps": 600, "max_train_steps": 900}}')
        self.train("lora", "--model", "model", "--rank", "2", "--out", "mug.safetensors")
        self.assertIn("lr_warmup_steps", self.train("lora", "--model", "model", "--lr-warmup-steps", "4", "--out", "more.safetensors",
                                                    status=2).stderr)

    def test_what_does_not_go_together_is_told(self):
        told = self.train("dreambooth", "--out", "mug.safetensors", "--lora", "--difference", "--num-class-images", "0", status=2).stderr
        for word in ("as_difference", "num_class_images"):
            self.assertIn(word, told)
        self.assertIn(".safetensors", self.train("dreambooth", "--out", "mug", "--lora", status=2).stderr)
        (self.folder / "mine").mkdir()
        (self.folder / "mine/letter.txt").write_text("keep")
        self.assertIn("no model", self.train("dreambooth", "--out", "mine", "--force", status=2).stderr)
        self.assertEqual((self.folder / "mine/letter.txt").read_text(), "keep")
        self.assertIn("--class-prompt", self.train("lora", "--out", "a.safetensors", "--class-prompt", "a mug", status=2).stderr)


if __name__ == "__main__":
    main()
