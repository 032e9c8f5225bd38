"""Models, VAEs, adapters and encoders in single files: what they are told to be, and that they make the pictures of their
folders."""
import gzip
import json
import shutil
import sys

from program import SMALL, SOURCE, CommandLineTest, main, read_tensors, write_png, write_tensors

sys.path.insert(0, str(SOURCE / "tests/support"))

import ldm_names
import published_models as published
from ldm_names import ByteOps
from published_models import DOWN, UP

VOCABULARY = 600
TINY_UNETS = {
    "sd15": dict(published.SD15_UNET, block_out_channels=[32, 64], down_block_types=[DOWN, "DownBlock2D"],
                 up_block_types=["UpBlock2D", UP], depth=[1, 1], layers_per_block=1, cross_attention_dim=64),
    "sd2": dict(published.SD2_UNET, block_out_channels=[64, 128], down_block_types=[DOWN, DOWN], up_block_types=[UP, UP],
                depth=[1, 1], layers_per_block=1, cross_attention_dim=64),
    "sdxl": dict(published.SDXL_UNET, block_out_channels=[64, 128], down_block_types=["DownBlock2D", DOWN],
                 up_block_types=[UP, "UpBlock2D"], depth=[1, 2], layers_per_block=1, cross_attention_dim=128,
                 added=64 + 6 * 256),
}
TINY_VAE = dict(block_out_channels=[32, 64], layers_per_block=1, latent_channels=4)
TINY_TEXT = dict(hidden=64, layers=2, intermediate=64, vocabulary=VOCABULARY, projection=0)
SCHEDULER = dict(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", num_train_timesteps=1000,
                 set_alpha_to_one=False, clip_sample=False, steps_offset=1, skip_prk_steps=True,
                 timestep_spacing="leading")


def tables_of(family, unet=None, vae=published.VAE):
    """{component: table} of a published model."""
    tables = {"unet": published.unet_table(unet or {"sd15": published.SD15_UNET, "sd2": published.SD2_UNET,
                                                    "sdxl": published.SDXL_UNET, "sdxl_refiner": published.REFINER_UNET}[family]),
              "vae": published.vae_table(vae)}
    if family in ("sd15", "sdxl"):
        tables["text_encoder"] = published.clip_text_table(published.CLIP_L)
    if family == "sd2":
        tables["text_encoder"] = published.clip_text_table(published.OPEN_CLIP_H)
    if family in ("sdxl", "sdxl_refiner"):
        tables["text_encoder_2"] = published.clip_text_table(published.OPEN_CLIP_G)
    return tables


def as_file(components, family, unet):
    return ldm_names.single_file(components, {"unet": unet, "vae": published.VAE}, family, ByteOps)


def write_vocabulary(cache):
    """CLIP's list of merges, cut to VOCABULARY tokens, where the program looks for it: the merges and the vocabulary they make."""
    (cache / "vocabulary").mkdir(parents=True)
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    symbols = [chr(b) for b in printable] + [chr(256 + n) for n in range(256 - len(printable))]
    merges = [f"{a} {b}" for a in "abcdefghij" for b in "klmnopqrs"][:VOCABULARY - 514]
    with gzip.open(cache / "vocabulary/bpe_simple_vocab_16e6.txt.gz", "wt") as file:
        file.write("\n".join(["a heading", *merges]) + "\n")
    names = symbols + [s + "</w>" for s in symbols] + [m.replace(" ", "") for m in merges]
    return merges, {name: i for i, name in enumerate([*names, "<|startoftext|>", "<|endoftext|>"])}


def text_config(table, act, projection=0):
    return dict(architectures=["CLIPTextModelWithProjection" if projection else "CLIPTextModel"], vocab_size=VOCABULARY,
                hidden_size=64, intermediate_size=64, num_hidden_layers=2, num_attention_heads=1, hidden_act=act,
                eos_token_id=2, projection_dim=projection or 64)


class TestPublishedFiles(CommandLineTest):
    """Full-size headers over holes: no values are read, so none are there."""

    def inspect(self, name, status=0):
        return json.loads(self.run_program("models", "inspect", name, "--json", status=status).stdout)

    def check_model(self, family, unet, words=(), extra=()):
        tables = tables_of(family, unet)
        tensors = as_file({name: published.shapes_only(table) for name, table in tables.items()}, family, unet)
        tensors |= {name: ("F32", [2], None) for name in ("model_ema.decay", "alphas_cumprod", "sqrt_alphas_cumprod", *extra)}
        published.write_sparse(self.folder / "m.safetensors", tensors)
        found = self.inspect("m.safetensors")
        self.assertEqual((found["family"], found["layout"], found["sound"]), (family, "single_file", True), found)
        for word in words:
            self.assertIn(word, found["words"])
        for component in found["components"][:-1]:
            table = tables[component["name"]]
            self.assertEqual((component["tensors"], component["parameters"]), (self.stored(table, tensors, component["name"], family),
                                                                               published.count(table)), component)
            self.assertEqual(component["dtypes"], {"F16": component["tensors"]})
        self.assertEqual({c["name"] for c in found["components"][:-1]}, set(tables))
        return found

    @staticmethod
    def stored(table, tensors, name, family):
        """Tensors in the file: OpenCLIP keeps three projections as one."""
        joined = family in ("sd2", "sdxl_refiner") or name == "text_encoder_2"
        return len(table) - (4 * sum(n.endswith("q_proj.weight") for n in table) if joined and "text" in name else 0)

    def test_models(self):
        self.check_model("sd15", published.SD15_UNET, ["SD 1.5"])
        self.check_model("sd15", published.SD15_UNET | dict(in_channels=9), ["SD 1.5", "inpainting (9 channels)"])
        self.check_model("sd2", published.SD2_UNET, ["SD 2.x"])
        self.check_model("sdxl", published.SDXL_UNET, ["SDXL family"])
        self.check_model("sdxl", published.SDXL_UNET, ["predicts v", "zero terminal SNR"], ["v_pred", "ztsnr"])
        self.check_model("sdxl_refiner", published.REFINER_UNET, ["SDXL refiner"])
        found = self.check_model("sd15", published.SD15_UNET, extra=["a_stranger"])
        self.assertIn("a_stranger", found["notes"][0])

    def test_adapters(self):
        sd, xl = published.SD15_UNET, published.SDXL_UNET
        rows = [("plain", sd, 1024, "ViT-H/14", 4), ("plain", sd, 1280, "ViT-bigG/14", 4), ("plus", sd, 1280, "ViT-H/14", 16),
                ("full", sd, 1280, "ViT-H/14", 257), ("plain", xl, 1280, "ViT-bigG/14", 4), ("plain", xl, 1024, "ViT-H/14", 4),
                ("plus", xl, 1280, "ViT-H/14", 16)]
        for kind, unet, width, encoder, tokens in rows:
            with self.subTest(kind=kind, width=width):
                table = published.adapter_table(kind, unet, width)
                published.write_sparse(self.folder / "a.safetensors", published.shapes_only(table))
                found = self.inspect("a.safetensors")
                adapter = found["ip_adapters"][0]
                self.assertEqual((adapter["kind"], adapter["encoder"], adapter["num_tokens"], adapter["base"]),
                                 (kind, encoder, tokens, "sd15" if unet is sd else "sdxl"))
                self.assertEqual(adapter["file"]["parameters"], published.count(table))
        published.write_sparse(self.folder / "f.safetensors", published.shapes_only(published.adapter_table("faceid", sd, 512)))
        done = self.run_program("models", "inspect", "f.safetensors", status=3)
        self.assertIn("non-commercial", done.stdout)

    def test_parts(self):
        vae = published.shapes_only(published.vae_table(published.VAE), "F32")
        rows = [(vae, "component", "a VAE", 248), (ldm_names.vae_file(vae, 4, ByteOps), "component", "a VAE", 248),
                (published.shapes_only(published.clip_vision_table(published.VIT_H)), "component", "32 layers of 1280", 520),
                (published.shapes_only(published.clip_vision_table(published.VIT_G)), "component", "48 layers of 1664", 776),
                (published.shapes_only(published.taesd_decoder_table()), "taesd", "decoder", 67)]
        for tensors, kind, words, count in rows:
            with self.subTest(words):
                published.write_sparse(self.folder / "p.safetensors", tensors)
                found = self.inspect("p.safetensors")
                self.assertEqual((found["kind"], found["sound"], found["components"][0]["tensors"]), (kind, True, count), found)
                self.assertIn(words, found["words"])

    def test_what_is_wrong_is_named(self):
        tensors = as_file({name: published.shapes_only(table) for name, table in tables_of("sd15").items()}, "sd15",
                          published.SD15_UNET)
        gone, odd = "model.diffusion_model.middle_block.1.proj_in.weight", "model.diffusion_model.odd.weight"
        del tensors[gone]
        tensors[odd] = ("F16", [3], None)
        tensors["first_stage_model.decoder.conv_out.bias"] = ("F16", [4], None)
        published.write_sparse(self.folder / "m.safetensors", tensors)
        found = self.inspect("m.safetensors", status=3)
        problems = {c["name"]: c["problems"] for c in found["components"] if c["problems"]}
        self.assertEqual(problems["unet"], ["1 missing: mid_block.attentions.0.proj_in.weight", f"1 not expected: {odd}"])
        self.assertIn("decoder.conv_out.bias ([4] in the file, [3] by the config)", problems["vae"][0])
        bare = {name: t for name, t in tensors.items() if name.startswith("model.")}
        published.write_sparse(self.folder / "bare.safetensors", bare)
        self.assertIn("only the UNet", self.inspect("bare.safetensors", status=3)["problems"][0])
        published.write_sparse(self.folder / "p.safetensors", tensors | {"edm_mean": ("F32", [4], None)})
        self.assertIn("Playground", self.inspect("p.safetensors", status=3)["problems"][0])


class TestTinyFiles(CommandLineTest):
    """A tiny model of each family as a folder and as a file."""

    def setUp(self):
        super().setUp()
        self.merges, self.vocabulary = write_vocabulary(self.folder / "cache")
        self.assertEqual(len(self.vocabulary), VOCABULARY)

    def make(self, family, in_channels=4):
        """Writes folder/ and file.safetensors of that family; gives the components' tensors."""
        unet = TINY_UNETS[family] | dict(in_channels=in_channels)
        xl = family == "sdxl"
        tables = {"unet": published.unet_table(unet), "vae": published.vae_table(TINY_VAE),
                  "text_encoder": published.clip_text_table(TINY_TEXT)}
        if xl:
            tables["text_encoder_2"] = published.clip_text_table(dict(TINY_TEXT, projection=64))
        tensors = {name: published.random_values(table, seed) for seed, (name, table) in enumerate(tables.items())}
        widths = unet["block_out_channels"]
        configs = {
            "unet": dict(unet, out_channels=4, sample_size=8, use_linear_projection=unet["linear"],
                         attention_head_dim=8 if family == "sd15" else [w // 64 for w in widths],
                         transformer_layers_per_block=unet["depth"]),
            "vae": dict(TINY_VAE, norm_num_groups=32, scaling_factor=0.13025 if xl else 0.18215),
            "text_encoder": text_config(tables["text_encoder"], "gelu" if family == "sd2" else "quick_gelu"),
            "text_encoder_2": text_config(tables["text_encoder"], "gelu", 64)}
        if xl:
            configs["unet"] |= dict(addition_embed_type="text_time", addition_time_embed_dim=256,
                                    projection_class_embeddings_input_dim=unet["added"])
        folder = self.folder / "folder"
        for name, content in tensors.items():
            (folder / name).mkdir(parents=True)
            (folder / name / "config.json").write_text(json.dumps(configs[name]))
            base = "model" if name.startswith("text") else "diffusion_pytorch_model"
            write_tensors(folder / name / f"{base}.safetensors", content)
        for suffix, pad in (("", "!" if family == "sd2" else "<|endoftext|>"), ("_2", "!")):
            (folder / f"tokenizer{suffix}").mkdir()
            (folder / f"tokenizer{suffix}/vocab.json").write_text(json.dumps(self.vocabulary))
            (folder / f"tokenizer{suffix}/merges.txt").write_text("#version: 0.2\n" + "\n".join(self.merges))
            (folder / f"tokenizer{suffix}/tokenizer_config.json").write_text(json.dumps(dict(pad_token=pad)))
        (folder / "scheduler").mkdir()
        (folder / "scheduler/scheduler_config.json").write_text(json.dumps(
            dict(SCHEDULER, _class_name="EulerDiscreteScheduler" if xl else "PNDMScheduler")))
        index = {name: ["diffusers", "X"] for name in tensors}
        (folder / "model_index.json").write_text(json.dumps(index))
        configs["vae"]["block_out_channels"] = TINY_VAE["block_out_channels"]
        self.file = ldm_names.single_file(tensors, configs | {"unet": unet}, family, ByteOps)
        write_tensors(self.folder / "file.safetensors", self.file)
        return tensors

    def picture(self, model, *words, status=0):
        dump = self.folder / "dump.safetensors"
        dump.unlink(missing_ok=True)
        done = self.run_program("generate", "--model", model, *SMALL, "--prompt", "al bk ünï!", "--out", "x.png", "--force",
                                "--dump", dump, *words, status=status, environment={"LIKENESS_CACHE": str(self.folder / "cache")})
        return read_tensors(dump) if status == 0 else done.stderr

    def test_a_file_makes_the_picture_of_its_folder(self):
        for family in TINY_UNETS:
            with self.subTest(family):
                self.make(family)
                self.assertEqual(self.picture("folder"), self.picture("file.safetensors"))
                self.remove("folder")

    def test_a_dreambooth_of_a_file_is_a_folder(self):
        (self.folder / "pictures").mkdir()
        write_png(self.folder / "pictures/0.png", 40, 40)
        environment = {"LIKENESS_CACHE": str(self.folder / "cache")}
        for family in TINY_UNETS:
            with self.subTest(family):
                self.make(family)
                for base, out in (("folder", "from_folder"), ("file.safetensors", "from_file")):
                    self.run_program("train", "dreambooth", "pictures", "--model", base, "--out", out, "--force",
                                     "--instance-prompt", "al bk", "--resolution", "32", "--max-train-steps", "2", "--learning-rate",
                                     "0.01", "--train-text-encoder", "--device", "cpu", "--dtype", "float32", "--threads", "1",
                                     environment=environment)
                trained = self.picture("from_file")
                self.assertEqual(trained, self.picture("from_folder"))
                self.assertNotEqual(trained, self.picture("file.safetensors"))
                found = json.loads(self.run_program("models", "inspect", "from_file", "--json").stdout)
                # A folder's SD 2.x is told by the width of its text, which is that of SD 1.5 here.
                self.assertEqual((found["family"], found["sound"]), (family.replace("sd2", "sd15"), True), found)
                for name, dtype in ((name, dtype) for path in (self.folder / "from_file").glob("*/*.safetensors")
                                    for name, (dtype, _, _) in read_tensors(path).items()):
                    self.assertEqual(dtype, "F16", name)  # as large as the file
                self.remove("folder", "from_folder", "from_file")

    def remove(self, *names):
        for name in names:
            shutil.rmtree(self.folder / name)

    def test_inpainting(self):
        self.make("sd15", in_channels=9)
        self.picture("file.safetensors", status=2)  # it wants a picture and a mask
        write_png(self.folder / "image.png", 48, 32)
        write_png(self.folder / "mask.png", 48, 32, (255, 255, 255))
        words = ["--image", "image.png", "--mask", "mask.png"]
        self.assertEqual(self.picture("folder", *words), self.picture("file.safetensors", *words))

    def test_a_vae_beside(self):
        tensors = self.make("sd15")
        whole = self.picture("file.safetensors")
        write_tensors(self.folder / "no_vae.safetensors",
                      {name: t for name, t in self.file.items() if not name.startswith("first_stage_model.")})
        said = self.picture("no_vae.safetensors", status=3)
        self.assertIn("--vae", said)
        self.assertIn("first_stage_model", said)
        write_tensors(self.folder / "vae.safetensors", tensors["vae"])
        write_tensors(self.folder / "old.safetensors", ldm_names.vae_file(tensors["vae"], 2, ByteOps))
        for vae in ("vae.safetensors", "old.safetensors", "file.safetensors", "folder", "folder/vae"):
            with self.subTest(vae):
                self.assertEqual(self.picture("no_vae.safetensors", "--vae", vae), whole)
        other = published.random_values(published.vae_table(TINY_VAE), 77)
        write_tensors(self.folder / "other.safetensors", other)
        changed = self.picture("folder", "--vae", "other.safetensors")
        self.assertNotEqual(changed["image"], whole["image"])
        self.assertEqual(changed["latents.1"], whole["latents.1"])
        request = json.loads(self.run_program("restore", "x.png").stdout)
        self.assertEqual(request["vae"], "other.safetensors")
        write_png(self.folder / "picture.png")
        for vae in ("nowhere", "picture.png", "cache"):
            self.assertIn(vae, self.picture("folder", "--vae", vae, status=3))

    def test_training_with_a_vae_beside(self):
        tensors = self.make("sd15")
        write_tensors(self.folder / "no_vae.safetensors",
                      {name: t for name, t in self.file.items() if not name.startswith("first_stage_model.")})
        write_tensors(self.folder / "vae.safetensors", tensors["vae"])
        write_tensors(self.folder / "other.safetensors", published.random_values(published.vae_table(TINY_VAE), 77))
        (self.folder / "pictures").mkdir()
        write_png(self.folder / "pictures/0.png", 40, 40)

        def train(method, base, out, *words, status=0):
            return self.run_program("train", method, "pictures", "--model", base, "--out", out, "--instance-prompt", "al bk",
                                    "--resolution", "32", "--max-train-steps", "2", "--learning-rate", "0.01", "--device", "cpu", "--dtype",
                                    "float32", "--threads", "1", *words, status=status,
                                    environment={"LIKENESS_CACHE": str(self.folder / "cache")})

        train("lora", "folder", "own.safetensors")
        train("lora", "no_vae.safetensors", "beside.safetensors", "--vae", "vae.safetensors")
        train("lora", "folder", "other_lora.safetensors", "--vae", "other.safetensors")
        own, beside, other = (read_tensors(self.folder / f"{name}.safetensors") for name in ("own", "beside", "other_lora"))
        self.assertEqual(own, beside)
        self.assertNotEqual(own, other)
        self.assertIn("--vae", train("lora", "no_vae.safetensors", "x.safetensors", status=3).stderr)
        self.assertIn("nowhere", train("lora", "folder", "x.safetensors", "--vae", "nowhere", status=3).stderr)
        # What a DreamBooth makes opens with the VAE it was trained with.
        train("dreambooth", "no_vae.safetensors", "from_file", "--vae", "vae.safetensors")
        train("dreambooth", "folder", "from_folder")
        self.assertEqual(self.picture("from_file"), self.picture("from_folder"))
        train("dreambooth", "folder", "with_other", "--vae", "other.safetensors")
        self.assertEqual(self.picture("with_other"), self.picture("with_other", "--vae", "other.safetensors"))
        self.assertNotEqual(self.picture("with_other")["image"], self.picture("with_other", "--vae", "vae.safetensors")["image"])
        check = self.run_program("train", "check", "pictures", "--model", "no_vae.safetensors", "--vae", "vae.safetensors",
                                 "--instance-prompt", "al bk", "--resolution", "32", "--json",
                                 environment={"LIKENESS_CACHE": str(self.folder / "cache")})
        self.assertIn("seconds_per_step", check.stdout)

    def test_damaged_files(self):
        self.make("sd15")
        gone = dict(self.file)
        del gone["model.diffusion_model.input_blocks.1.1.proj_in.weight"]
        write_tensors(self.folder / "gone.safetensors", gone)
        self.assertIn("down_blocks.0.attentions.0.proj_in.weight", self.picture("gone.safetensors", status=3))
        odd = self.file | {"cond_stage_model.transformer.odd": ("F32", [1], b"\0" * 4)}
        write_tensors(self.folder / "odd.safetensors", odd)
        self.assertIn("cond_stage_model.transformer.odd", self.picture("odd.safetensors", status=3))
        write_tensors(self.folder / "vae.safetensors", {"decoder.up.0.block.0.norm1.weight": ("F32", [1], b"\0" * 4)})
        self.picture("file.safetensors", "--vae", "vae.safetensors", status=3)
        self.assertIn("no model", self.picture("vae.safetensors", status=3))

    def test_strangers_are_told(self):
        self.make("sd15")
        write_tensors(self.folder / "more.safetensors", self.file | {"a.stranger": ("F32", [1], b"\0" * 4)})
        done = self.run_program("generate", "--model", "more.safetensors", *SMALL, "--out", "x.png",
                                environment={"LIKENESS_CACHE": str(self.folder / "cache")})
        self.assertIn("a.stranger", done.stderr)

    def test_no_vocabulary(self):
        self.make("sd15")
        done = self.run_program("generate", "--model", "file.safetensors", *SMALL, status=3,
                                environment={"LIKENESS_CACHE": str(self.folder / "empty")})
        self.assertIn("vocabulary", done.stderr)

    def test_variants_and_shards(self):
        tensors = self.make("sd15")
        whole = self.picture("folder")
        unet = self.folder / "folder/unet"
        plain = unet / "diffusion_pytorch_model.safetensors"
        names = sorted(tensors["unet"])

        def shards(*files):
            for i, file in enumerate(files):
                write_tensors(unet / file, {name: tensors["unet"][name] for name in names[i::len(files)]})
            return json.dumps(dict(metadata={}, weight_map={name: files[i % len(files)] for i, name in enumerate(names)}))

        for index, files in (
                ("diffusion_pytorch_model.safetensors.index.fp16.json", "diffusion_pytorch_model.fp16-0000{}-of-00002.safetensors"),
                ("diffusion_pytorch_model.safetensors.fp16.index.json", "diffusion_pytorch_model-0000{}-of-00002.fp16.safetensors"),
                ("diffusion_pytorch_model.safetensors.index.json", "diffusion_pytorch_model-0000{}-of-00002.safetensors"),
                ("diffusion_pytorch_model.bf16.safetensors", None)):
            with self.subTest(index):
                plain.rename(self.folder / "aside")
                if files is None:
                    write_tensors(unet / index, tensors["unet"])
                else:
                    (unet / index).write_text(shards(files.format(1), files.format(2)))
                self.assertEqual(self.picture("folder"), whole)
                if files is not None:
                    (unet / files.format(2)).unlink()
                    self.assertIn(files.format(2), self.picture("folder", status=3))
                for path in unet.glob("diffusion*"):
                    path.unlink()
                (self.folder / "aside").rename(plain)

    def test_image_encoders_in_files(self):
        self.make("sd15")
        c = dict(hidden=32, layers=2, intermediate=32, projection=16, patch=4, positions=10)
        encoder = published.random_values(published.clip_vision_table(c), 9)
        (self.folder / "encoder").mkdir()
        (self.folder / "encoder/config.json").write_text(json.dumps(dict(
            hidden_size=32, intermediate_size=32, num_hidden_layers=2, num_attention_heads=16, image_size=12, patch_size=4,
            projection_dim=16, hidden_act="gelu")))
        write_tensors(self.folder / "encoder/model.safetensors", encoder)
        rest = {"text_model.final_layer_norm.bias": encoder["vision_model.post_layernorm.bias"],
                "logit_scale": ("F32", [], b"\0" * 4)}
        for name in ("ipadapter", "clip_vision"):
            (self.folder / name).mkdir()
        write_tensors(self.folder / "clip_vision/whole.safetensors", encoder | rest)
        write_tensors(self.folder / "open_clip.safetensors", ldm_names.open_clip_vision(encoder, ByteOps))
        write_png(self.folder / "reference.png", 20, 16)
        for kind, width in (("plain", 16), ("full", 32)):
            adapter = published.random_values(published.adapter_table(kind, TINY_UNETS["sd15"], width), 11)
            write_tensors(self.folder / f"ipadapter/{kind}.safetensors", adapter)
            words = ["--reference", "reference.png:0.9", "--ip-adapter", f"ipadapter/{kind}.safetensors"]
            whole = self.picture("file.safetensors", *words, "--image-encoder", "encoder")
            self.assertEqual(whole["ip_tokens.0"][1], [1, 4 if kind == "plain" else 10, 64])
            self.assertEqual(self.picture("file.safetensors", *words, "--image-encoder", "open_clip.safetensors"), whole)
            self.assertEqual(self.picture("file.safetensors", *words), whole)  # clip_vision/ beside ipadapter/
        trained = {name.replace("image_proj.", "image_proj_model.").replace("ip_adapter.", "adapter_modules."): t
                   for name, t in adapter.items()}
        write_tensors(self.folder / "trained.safetensors", trained)
        words[-1] = "trained.safetensors"
        self.assertEqual(self.picture("file.safetensors", *words, "--image-encoder", "encoder"), whole)
        write_tensors(self.folder / "h.safetensors",
                      published.random_values(published.adapter_table("plain", TINY_UNETS["sd15"], 1024), 12))
        words[-1] = "h.safetensors"
        self.assertIn("ViT-H/14", self.picture("file.safetensors", *words, "--image-encoder", "encoder", status=3))
        self.assertIn("no CLIP image encoder", self.picture("file.safetensors", *words, "--image-encoder", "h.safetensors", status=3))

    def test_names_and_lists(self):
        self.make("sd15")
        installed = self.folder / "likeness/models"
        installed.mkdir(parents=True)
        write_tensors(installed / "mine.safetensors", self.file)
        write_tensors(installed / "lora.safetensors", {"lora_unet_x.lora_up.weight": ("F32", [1], b"\0" * 4)})
        environment = {"XDG_DATA_HOME": str(self.folder), "LIKENESS_CACHE": str(self.folder / "cache")}
        done = self.run_program("models", "list", "--json", environment=environment)
        found = json.loads(done.stdout)
        self.assertIn(("mine", "sd15"), [(m["name"], m.get("family")) for m in found["models"]])
        self.assertEqual([(entry["name"], entry["kind"]) for entry in found["others"]], [("lora", "other")])  # half a one
        self.run_program("generate", "--model", "mine", *SMALL, "--out", "y.png", environment=environment)

    def test_previews_of_a_taesd(self):
        self.make("sd15")
        write_tensors(self.folder / "taesd_decoder.safetensors", published.random_values(published.taesd_decoder_table(8), 5))
        self.picture("file.safetensors", "--preview-dir", "previews")
        pictures = sorted((self.folder / "previews").iterdir())
        self.assertTrue(pictures)
        self.assertEqual(pictures[0].read_bytes()[16:24].hex(), f"{8 * 48 // 2:08x}{8 * 32 // 2:08x}")


if __name__ == "__main__":
    main()
