"""Folders of models: models list, names in place of paths, and what the commands that open no model cost."""
import hashlib
import json
import os
import shutil
import subprocess
import sys

from program import COMMAND, GOLDEN, PROGRAM, SMALL, SOURCE, CommandLineTest, main, read_tensors, write_tensors

sys.path.insert(0, str(SOURCE / "tests/support"))

import ldm_names
import measured
import published_models as published
from ldm_names import ByteOps
from test_single_files import as_file, tables_of

INSPECT_BYTES = 100_000_000
LORA = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k"


def lora(width):
    return {f"{LORA}.lora_up.weight": ("F16", [1, 1], b"\0" * 2),
            f"{LORA}.lora_down.weight": ("F16", [1, width], b"\0" * (2 * width))}


class LibraryTest(CommandLineTest):
    """A person's home of its own."""

    def setUp(self):
        super().setUp()
        self.home = {"XDG_CONFIG_HOME": str(self.folder / "config"), "XDG_CACHE_HOME": str(self.folder / "cache"),
                     "XDG_DATA_HOME": str(self.folder / "data"), "LIKENESS_MODEL_PATHS": None}
        self.models = self.folder / "my models"
        self.models.mkdir()

    def run_program(self, *words, environment=None, **options):
        return super().run_program(*words, environment=self.home | (environment or {}), **options)

    def list(self, *words, **options):
        return json.loads(self.run_program("models", "list", "--json", *words, **options).stdout)


class TestList(LibraryTest):
    def test_what_is_found(self):
        shutil.copytree(GOLDEN / "tiny_sd", self.models / "tiny")
        shutil.copy(GOLDEN / "loras/kohya.safetensors", self.models / "pixel.safetensors")
        write_tensors(self.models / "large.safetensors", lora(2048))
        (self.models / "wrong.safetensors").write_bytes(b"wrong")
        found = self.list("--folder", self.models)
        tiny = next(m for m in found["models"] if m["name"] == "tiny")
        self.assertEqual((tiny["family"], tiny["ip_adapters"], tiny["kind"]), ("sd15", ["ip-adapter-plain"], "model"))
        self.assertIn("starter", [m["name"] for m in found["models"]])
        others = {entry["name"]: entry for entry in found["others"]}
        self.assertEqual((others["large"]["kind"], others["large"]["goes_with"]), ("lora", "for SDXL"))
        self.assertEqual(others["pixel"]["triggers"], ["sks mug", "on a table"])
        self.assertIn("wrong.safetensors", others["wrong"]["problem"])
        self.assertEqual(found["problems"], [])
        text = self.run_program("models", "list", "--folder", self.models).stdout
        for part in ("starter", "adapter ip-adapter-plain", "for SDXL", "cannot be used"):
            self.assertIn(part, text)

    def test_search_and_kind(self):
        write_tensors(self.models / "Pixel art.safetensors", lora(2048))
        write_tensors(self.models / "photo.safetensors", lora(768))
        folder = ("--folder", self.models)
        names = lambda *words: [entry["name"] for entry in self.list(*folder, *words)["others"]]
        self.assertEqual(names("--kind", "lora"), ["Pixel art", "photo"])
        self.assertEqual(names("--search", "pixel SDXL"), ["Pixel art"])
        self.assertEqual(names("--kind", "vae"), [])
        self.assertEqual(self.list(*folder, "--kind", "lora")["models"], [])

    def test_folders_of_the_environment_and_of_the_list(self):
        write_tensors(self.models / "a.safetensors", lora(768))
        other = self.folder / "other"
        other.mkdir()
        write_tensors(other / "b.safetensors", lora(768))
        (self.folder / "config/likeness").mkdir(parents=True)
        (self.folder / "config/likeness/model-folders.json").write_text(json.dumps({"folders": [str(other)]}))
        found = self.list(environment={"LIKENESS_MODEL_PATHS": f"{self.models}:/not/there"})
        self.assertEqual([entry["name"] for entry in found["others"]], ["b", "a"])
        self.assertEqual(len(found["problems"]), 1)
        self.assertIn("/not/there", found["problems"][0])

    def test_hashes_are_made_when_they_are_wanted(self):
        for name in ("a", "copy"):
            write_tensors(self.models / f"{name}.safetensors", lora(768))
        folder = ("--folder", self.models)
        self.assertNotIn("sha256", self.list(*folder)["others"][0])
        first, second = self.list(*folder, "--hash")["others"]
        self.assertEqual(first["sha256"], hashlib.sha256((self.models / "a.safetensors").read_bytes()).hexdigest())
        self.assertEqual(first["same_as"], [second["path"]])
        self.assertEqual(self.list(*folder)["others"][0]["sha256"], first["sha256"])  # kept

    def test_nothing_is_written_but_the_cache(self):
        write_tensors(self.models / "a.safetensors", lora(768))
        self.list("--folder", self.models)
        written = sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())
        self.assertEqual(written, ["cache/likeness/model-library.json", "my models/a.safetensors"])

    def test_problems(self):
        done = self.run_program("models", "list", "--kind", "checkpoint", "--folder", "/not/there", "what", status=2)
        for part in ("checkpoint", "textual_inversion", "/not/there", "belongs to no option"):
            self.assertIn(part, done.stderr)
        self.run_program("models", "list", "--folder", "/not/there", status=3)


class TestNames(LibraryTest):
    def generate(self, *words, **options):
        environment = {"LIKENESS_MODEL_PATHS": str(self.models)}
        return self.run_program("generate", *SMALL, *words, environment=environment, **options)

    def test_names_of_files_below_the_folders(self):
        shutil.copytree(GOLDEN / "tiny_sd", self.models / "sub/tiny")
        shutil.copy(GOLDEN / "loras/kohya.safetensors", self.models / "sub/pixel.safetensors")
        shutil.copy(GOLDEN / "tiny_sd/second_adapter.safetensors", self.models / "second.safetensors")
        shutil.copytree(GOLDEN / "tiny_sd/vae", self.models / "soft")
        named = ["--lora", "pixel:0.5", "--vae", "soft", "--ip-adapter", "second",
                 "--reference", GOLDEN / "tiny_sd/reference_0.png"]
        self.generate("--model", "tiny", *named, "--out", "named.png")
        paths = ["--lora", f"{self.models}/sub/pixel.safetensors:0.5", "--vae", self.models / "soft",
                 "--ip-adapter", self.models / "second.safetensors", "--reference", GOLDEN / "tiny_sd/reference_0.png"]
        self.generate("--model", self.models / "sub/tiny", *paths, "--out", "paths.png")
        self.assertEqual(self.bytes_of("named.png"), self.bytes_of("paths.png"))
        self.run_program("models", "inspect", "pixel", environment={"LIKENESS_MODEL_PATHS": str(self.models)})

    def test_a_training_takes_names_too(self):
        shutil.copytree(GOLDEN / "tiny_sd", self.models / "sub/tiny")
        (self.models / "sub/tiny/likeness.json").write_text(json.dumps({"default_lora_training": {"rank": 3}}))
        shutil.copy(GOLDEN / "tiny_sd/second_adapter.safetensors", self.models / "second.safetensors")
        pictures = self.folder / "pictures"
        pictures.mkdir()
        shutil.copy(GOLDEN / "tiny_sd/reference_0.png", pictures)
        environment = {"LIKENESS_MODEL_PATHS": str(self.models)}
        train = lambda method, *words, **options: self.run_program(
            "train", method, pictures, "--resolution", "32", "--device", "cpu", "--threads", "1", "--dtype", "float32",
            "--instance-prompt", "a red mug", *words, environment=environment, **options)
        train("lora", "--model", "tiny", "--max-train-steps", "1", "--out", "mug.safetensors")
        shapes = [shape for name, (_, shape, _) in read_tensors(self.folder / "mug.safetensors").items() if name.endswith("lora_down.weight")]
        self.assertEqual({shape[0] for shape in shapes}, {3})  # the model's own proposal
        train("ip-adapter", "--model", "tiny", "--ip-adapter", "second", "--max-train-steps", "1", "--out", "more.safetensors")
        self.assertEqual(read_tensors(self.folder / "more.safetensors").keys(),
                         read_tensors(self.models / "second.safetensors").keys())
        train("check", "--method", "ip-adapter", "--model", "tiny", "--ip-adapter", "second")
        for words in (["lora", "--out", "x.safetensors"], ["check"]):
            done = train(*words, "--model", "no-such", status=3)
            self.assertEqual(done.stderr.count("no-such"), 1, done.stderr)

    def test_a_name_of_two_files(self):
        for folder in ("a", "b"):
            (self.models / folder).mkdir()
            shutil.copy(GOLDEN / "loras/kohya.safetensors", self.models / folder / "pixel.safetensors")
        done = self.generate("--model", GOLDEN / "tiny_sd", "--lora", "pixel", status=2)
        for part in ("pixel", "2 files", "a/pixel.safetensors", "b/pixel.safetensors"):
            self.assertIn(part, done.stderr)
        self.generate("--model", GOLDEN / "tiny_sd", "--lora", "b/pixel", "--out", "x.png")
        self.generate("--model", GOLDEN / "tiny_sd", "--lora", "no-such", status=3)


class TestCost(LibraryTest):
    """What is answered without libtorch and OpenImageIO: their libraries alone take 240 MB."""

    def peak(self, *words):
        took = measured.run([*COMMAND, *words], cwd=self.folder, stdout=subprocess.DEVNULL)
        self.assertEqual(took.status, 0, words)
        print(f"{' '.join(map(str, words[:2]))} {words[2] if len(words) > 2 else ''}: "
              f"{took.seconds:.3f} s of a processor, {took.memory / 1e6:.1f} MB")
        return took.memory

    def write_tokenizer(self, folder):
        """As large as CLIP's: every byte, every byte at a word's end, 48,894 pairs, start and end."""
        folder.mkdir()
        plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
        letters = [chr(c) for c in plain] + [chr(256 + i) for i in range(256 - len(plain))]
        pairs = [(a, b) for a in letters for b in letters][:48894]
        tokens = [*letters, *(c + "</w>" for c in letters), *(a + b for a, b in pairs), "<|startoftext|>", "<|endoftext|>"]
        (folder / "vocab.json").write_text(json.dumps({token: number for number, token in enumerate(tokens)}))
        (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(f"{a} {b}" for a, b in pairs) + "\n")

    def write_folder(self, family):
        """A diffusers folder of full size over holes."""
        unet = {"sd15": published.SD15_UNET, "sdxl": published.SDXL_UNET}[family]
        folder = self.folder / family
        texts = {"text_encoder": published.CLIP_L, "text_encoder_2": published.OPEN_CLIP_G}
        for name, table in tables_of(family, unet).items():
            (folder / name).mkdir(parents=True)
            base = "model" if name.startswith("text") else "diffusion_pytorch_model"
            published.write_sparse(folder / name / f"{base}.safetensors", published.shapes_only(table))
            if name == "unet":
                config = dict(unet, out_channels=4, sample_size=64, use_linear_projection=unet["linear"],
                              attention_head_dim=8 if family == "sd15" else [5, 10, 20],
                              transformer_layers_per_block=unet["depth"])
                if family == "sdxl":
                    config |= dict(addition_embed_type="text_time", addition_time_embed_dim=256,
                                   projection_class_embeddings_input_dim=unet["added"])
            elif name == "vae":
                config = dict(published.VAE, norm_num_groups=32)
            else:
                text = texts[name]
                config = dict(architectures=["CLIPTextModelWithProjection" if text["projection"] else "CLIPTextModel"],
                              vocab_size=49408, hidden_size=text["hidden"], intermediate_size=text["intermediate"],
                              num_hidden_layers=text["layers"], num_attention_heads=text["hidden"] // 64,
                              projection_dim=text["projection"] or 768)
            (folder / name / "config.json").write_text(json.dumps(config))
            if name.startswith("text"):
                self.write_tokenizer(folder / name.replace("text_encoder", "tokenizer"))
        (folder / "scheduler").mkdir()
        (folder / "scheduler/scheduler_config.json").write_text("{}")
        (folder / "model_index.json").write_text(json.dumps({name: ["diffusers", "X"] for name in tables_of(family, unet)}))
        return folder

    def test_inspecting_full_sizes(self):
        for family, unet in (("sd15", published.SD15_UNET), ("sdxl", published.SDXL_UNET)):
            tables = tables_of(family, unet)
            tensors = as_file({name: published.shapes_only(table) for name, table in tables.items()}, family, unet)
            published.write_sparse(self.folder / f"{family}.safetensors", tensors)
            self.assertLess(self.peak("models", "inspect", f"{family}.safetensors"), INSPECT_BYTES)
            self.assertLess(self.peak("models", "inspect", self.write_folder(family)), INSPECT_BYTES)

    def test_listing(self):
        self.assertLess(self.peak("models", "list", "--folder", GOLDEN / "loras"), INSPECT_BYTES)

    def test_the_libraries_are_not_linked(self):
        linked = subprocess.run(["ldd", PROGRAM], capture_output=True, text=True, check=True).stdout
        for library in ("torch", "OpenImageIO", "libgomp"):
            self.assertNotIn(library, linked)


if __name__ == "__main__":
    main()
