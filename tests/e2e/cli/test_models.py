"""Models that are damaged or something else: refused with exit 3, component and tensor named, by generate and by inspect."""
import json
import math
import shutil
import struct
import unittest
from collections import Counter

from program import GOLDEN, CommandLineTest, events, main, read_tensors, write_png, write_tensors

WEIGHTS = {
    "text_encoder": "text_encoder/model.fp16.safetensors",
    "unet": "unet/diffusion_pytorch_model.fp16.safetensors",
    "vae": "vae/diffusion_pytorch_model.fp16.safetensors",
    "image_encoder": "image_encoder/model.fp16.safetensors",
    "ip_adapter": "ip_adapter/ip-adapter-plain.safetensors",
}


class TestRefiners(CommandLineTest):
    def test_a_folder_of_a_refiner_is_sound(self):
        shutil.copytree(GOLDEN / "tiny_sdxl_refiner", self.folder / "refiner")
        for part in ("vae", "text_encoder_2", "tokenizer_2", "scheduler"):
            shutil.copytree(GOLDEN / "tiny_sdxl" / part, self.folder / "refiner" / part)
        told = json.loads(self.run_program("models", "inspect", "refiner", "--json").stdout)
        self.assertEqual((told["family"], told["problems"]), ("sdxl_refiner", []))
        self.assertEqual([part["name"] for part in told["components"]], ["text_encoder_2", "unet", "vae"])
        self.assertEqual([problem for part in told["components"] for problem in part["problems"]], [])
        shutil.rmtree(self.folder / "refiner/tokenizer_2")
        told = json.loads(self.run_program("models", "inspect", "refiner", "--json", status=3).stdout)
        self.assertIn("tokenizer_2", told["problems"][0])


class TestDamagedModels(CommandLineTest):
    def setUp(self):
        super().setUp()
        self.reference = GOLDEN / "tiny_sd/reference_0.png"
        self.model = self.copy_model()

    def refused(self, *parts):
        done = self.generate("--reference", self.reference, "--json", status=3)
        found = events(done.stdout)
        self.assertEqual(found[-1]["event"], "failed")
        for part in parts:
            self.assertIn(part, done.stderr)
        self.assertLessEqual(len(done.stderr.strip().splitlines()), 8, done.stderr)
        self.assertEqual(list(self.folder.glob("*.png")), [])
        return found[-1]["error"]["code"]

    def change(self, component, change):
        path = self.model / WEIGHTS[component]
        tensors = read_tensors(path)
        optional = ("text_projection.weight", "position_ids")  # SD 1.5 has no text projection
        name = next(n for n, (_, shape, _) in tensors.items() if len(shape) >= 2 and not n.endswith(optional))
        change(tensors, name)
        write_tensors(path, tensors)
        return name

    def test_missing_components(self):
        for component, path in WEIGHTS.items():
            with self.subTest(component):
                kept = (self.model / path).read_bytes()
                (self.model / path).unlink()
                if component == "ip_adapter":
                    self.generate("--reference", self.reference, status=2)  # no adapter: the references cannot act
                else:
                    self.assertEqual(self.refused(component), "model_incomplete")
                (self.model / path).write_bytes(kept)
        for component in ("tokenizer", "scheduler", "unet", "vae", "text_encoder"):
            with self.subTest(component + " folder"):
                shutil.move(self.model / component, self.folder / "aside")
                self.refused(component)
                shutil.move(self.folder / "aside", self.model / component)

    def test_cut_files(self):
        for component, path in WEIGHTS.items():
            kept = (self.model / path).read_bytes()
            for size in (0, len(kept) - 1):
                with self.subTest(f"{component} {size}"):
                    (self.model / path).write_bytes(kept[:size])
                    self.assertEqual(self.refused(path.split("/")[1]), "file_damaged")
            (self.model / path).write_bytes(kept)

    def test_tensors_that_do_not_fit(self):
        def drop(tensors, name):
            del tensors[name]

        def turn(tensors, name):
            dtype, shape, values = tensors[name]
            tensors[name] = (dtype, [math.prod(shape)], values)

        def poison(tensors, name):
            dtype, shape, values = tensors[name]
            nan = struct.pack("<e", float("nan")) if dtype == "F16" else struct.pack("<f", float("nan"))
            tensors[name] = (dtype, shape, nan + values[len(nan):])

        def add(tensors, name):
            tensors["surprise.weight"] = tensors[name]

        for component in WEIGHTS:
            for change in (drop, turn, poison, add):
                kept = (self.model / WEIGHTS[component]).read_bytes()
                with self.subTest(f"{component} {change.__name__}"):
                    name = self.change(component, change)
                    named = "surprise.weight" if change is add else name
                    code = self.refused(named, component.removeprefix("ip_"))
                    self.assertIn(code, ("model_incomplete", "model_mismatch"))
                (self.model / WEIGHTS[component]).write_bytes(kept)

    def test_configs_that_are_none(self):
        for path in ("model_index.json", "unet/config.json", "vae/config.json", "scheduler/scheduler_config.json",
                     "tokenizer/vocab.json", "image_encoder/config.json"):
            kept = (self.model / path).read_bytes()
            for text in (b"{", b"[]"):
                with self.subTest(f"{path} {text}"):
                    (self.model / path).write_bytes(text)
                    self.refused()
            (self.model / path).write_bytes(kept)

    def test_an_unknown_family(self):
        path = self.model / "unet/config.json"
        config = json.loads(path.read_text())
        for change in ({"addition_embed_type": "image"}, {"act_fn": "mish"}, {"cross_attention_dim": 17},
                       {"block_out_channels": [8, 16, 32]}, {"down_block_types": ["AttnDownBlock2D", "DownBlock2D"]}):
            with self.subTest(str(change)):
                path.write_text(json.dumps(config | change))
                self.refused()

    def test_what_is_no_model(self):
        empty = self.folder / "empty"
        empty.mkdir()
        picture = write_png(self.folder / "r.png")
        for path in (empty, picture, self.folder / "missing", "no-such-name"):
            self.run_program("generate", "--model", path, "--out", "x.png", status=3)

    def test_pickles_are_recognised(self):
        target = self.model / WEIGHTS["unet"]
        for content in (b"PK\x03\x04" + b"\0" * 60, b"\x80\x02" + b"\0" * 60):
            target.write_bytes(content)
            self.assertEqual(self.refused("pickle"), "file_damaged")
        target.unlink()
        (self.model / "unet/diffusion_pytorch_model.bin").write_bytes(b"PK\x03\x04")
        self.assertEqual(self.refused("pickle", "unet"), "file_damaged")


class TestInspect(CommandLineTest):
    def inspect(self, path, status=0):
        return json.loads(self.run_program("models", "inspect", path, "--json", status=status).stdout)

    def test_a_whole_model(self):
        for name, family, components in (("tiny_sd", "sd15", 4), ("tiny_sdxl", "sdxl", 5)):
            found = self.inspect(GOLDEN / name)
            self.assertEqual((found["kind"], found["family"], found["layout"], found["sound"]),
                             ("model", family, "diffusers", True))
            self.assertEqual(len(found["components"]), components)
            for component in found["components"]:
                tensors = read_tensors(GOLDEN / name / component["file"])
                self.assertEqual(component["tensors"], len(tensors))
                self.assertEqual(component["variant"], "fp16")
                self.assertEqual(component["dtypes"], Counter(dtype for dtype, _, _ in tensors.values()))
        text = self.run_program("models", "inspect", GOLDEN / "tiny_sd").stdout
        self.assertIn("No problem was found", text)

    def test_adapters(self):
        plain = self.inspect(GOLDEN / "tiny_sd/ip_adapter/ip-adapter-plain.safetensors")["ip_adapters"][0]
        self.assertEqual((plain["kind"], plain["num_tokens"], plain["encoder_width"], plain["cross_attention_dim"]),
                         ("plain", 4, 12, 16))
        plus = self.inspect(GOLDEN / "tiny_sdxl/ip_adapter/ip-adapter-plus.safetensors")["ip_adapters"][0]
        self.assertEqual((plus["kind"], plus["encoder_width"], plus["cross_attention_dim"]), ("plus", 16, 32))

    def test_problems_are_named_without_loading(self):
        model = self.copy_model()
        path = model / WEIGHTS["unet"]
        tensors = read_tensors(path)
        dtype, _, values = tensors.pop("conv_in.weight")
        tensors["extra"] = (dtype, [len(values) // 2], values)
        write_tensors(path, tensors)
        found = self.inspect(model, status=3)
        unet = next(c for c in found["components"] if c["name"] == "unet")
        self.assertEqual(unet["problems"], ["1 missing: conv_in.weight", "1 not expected: extra"])
        self.assertEqual([c["name"] for c in found["components"] if c["problems"]], ["unet"])

    def test_loras_and_words(self):
        found = self.inspect(GOLDEN / "loras/kohya.safetensors")
        self.assertEqual(found["kind"], "lora")
        self.assertEqual(found["lora"]["kinds"], {"LoRA": 90})
        self.assertEqual((found["lora"]["rank"], found["lora"]["text_encoder_layers"], found["lora"]["cross_attention_dim"]),
                         ([2, 3], 18, 16))
        self.assertEqual(found["lora"]["triggers"], ["sks mug", "on a table"])
        self.assertEqual(self.inspect(GOLDEN / "loras/dora.safetensors")["lora"]["kinds"], {"DoRA": 23})
        word = self.inspect(GOLDEN / "loras/word_sdxl.safetensors")
        self.assertEqual(word["textual_inversion"], {"token": "word_sdxl", "vectors": 2, "widths": [16, 16], "base": "sdxl"})
        key = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k"
        write_tensors(self.folder / "l.safetensors", {f"{key}.lora_up.weight": ("F32", [1, 1], b"\0" * 4),
                                                      f"{key}.lora_down.weight": ("F32", [1, 2048], b"\0" * 8192)})
        self.assertEqual(self.inspect("l.safetensors")["family"], "sdxl")

    def test_other_files(self):
        component = self.inspect(GOLDEN / "tiny_sd" / WEIGHTS["vae"])
        self.assertEqual(component["kind"], "component")
        write_tensors(self.folder / "c.safetensors", {"model.diffusion_model.x": ("F32", [1], b"\0" * 4)})
        self.assertEqual(self.inspect("c.safetensors", status=3)["layout"], "single_file")  # a UNet alone is no model

    def test_what_is_no_file_of_tensors(self):
        (self.folder / "pointer").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n")
        (self.folder / "pickle.ckpt").write_bytes(b"\x80\x02}q\0.")
        (self.folder / "zip.safetensors").write_bytes(b"PK\x03\x04" + b"\0" * 40)
        write_png(self.folder / "picture")
        for name, part in (("pointer", "LFS"), ("pickle.ckpt", "pickle"), ("zip.safetensors", "pickle"),
                           ("picture", "PNG"), ("missing", "missing")):
            done = self.run_program("models", "inspect", name, status=3)
            self.assertIn(part, done.stderr)
            self.assertEqual(done.stdout, "")

    def test_list(self):
        installed = self.folder / "likeness/models"
        installed.mkdir(parents=True)
        shutil.copytree(GOLDEN / "tiny_sd", installed / "tiny")
        done = self.run_program("models", "list", "--json", environment={"XDG_DATA_HOME": str(self.folder)})
        tiny = next(m for m in json.loads(done.stdout)["models"] if m["name"] == "tiny")
        self.assertEqual((tiny["family"], tiny["ip_adapters"]), ("sd15", ["ip-adapter-plain"]))
        self.run_program("generate", "--model", "tiny", "--num-inference-steps", "1", "--out", "x.png",
                         environment={"XDG_DATA_HOME": str(self.folder)})


if __name__ == "__main__":
    main()
