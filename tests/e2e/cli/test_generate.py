"""likeness generate: files, events, requests that come back, everything wrong told at once."""
import json
import os
import shutil
import struct
import unittest
import zlib

from program import GOLDEN, SMALL, CommandLineTest, events, main, png_size, read_tensors, write_png


class TestGenerate(CommandLineTest):
    def test_writes_a_picture_of_that_size(self):
        done = self.generate("--prompt", "a red mug", "--seed", "7")
        self.assertEqual(png_size(self.folder / "likeness-7.png"), (48, 32))
        self.assertEqual(done.stdout, "")

    def test_events_in_order(self):
        done = self.generate("--seed", "3", "--num-images", "2", "--out", "p-{index}.png", "--json", "--reference",
                             GOLDEN / "tiny_sd/reference_0.png:0.5")
        found = events(done.stdout)
        kinds = [event["event"] for event in found]
        self.assertEqual((kinds[0], kinds[-1]), ("started", "finished"))
        self.assertEqual((kinds[1], set(kinds[2:-1])), ("plan", {"step"}))
        self.assertTrue(all(event["job"] == 1 for event in found))
        started, finished = found[0], found[-1]
        self.assertEqual(started["request"]["references"][0]["ip_adapter_scale"], 0.5)
        stages = list(dict.fromkeys(event["stage"] for event in found[2:-1]))
        self.assertEqual(stages, ["load", "encode_prompt", "encode_references", "denoise", "decode"])
        denoise = [(event["step"], event["total"]) for event in found if event.get("stage") == "denoise"]
        self.assertEqual(denoise, [(0, 2), (1, 2), (2, 2)] * 2)
        self.assertEqual([(image["path"], image["seed"], image["width"], image["height"]) for image in finished["images"]],
                         [("p-0.png", 3, 48, 32), ("p-1.png", 4, 48, 32)])
        self.assertEqual(set(finished["seconds"]), {"load", "encode_prompt", "encode_references", "denoise", "decode"})
        self.assertGreater(finished["peak_memory_bytes"], 10_000_000)

    def test_picture_k_can_be_made_alone(self):
        self.generate("--seed", "5", "--num-images", "3", "--out", "all-{seed}.png", "--prompt", "a lamp")
        self.generate("--seed", "7", "--out", "alone.png", "--prompt", "a lamp")
        self.assertEqual(self.bytes_of("all-7.png"), self.bytes_of("alone.png"))
        self.assertNotEqual(self.bytes_of("all-6.png"), self.bytes_of("alone.png"))

    def test_restored_request_gives_the_same_bytes(self):
        picture = GOLDEN / "tiny_sd/reference_0.png"
        self.generate("--prompt", "a \"red\" mug, ☕", "--negative-prompt", "", "--seed", "18446744073709551615",
                      "--reference", f"{picture}:0.7", "--reference-mask", GOLDEN / "tiny_sd/mask.png",
                      "--reference-range", "0:0.5", "--block-scale", "mid=0.5", "--guidance-scale", "4.5", "--out", "a.png")
        restored = self.run_program("restore", "a.png").stdout
        request = json.loads(restored)
        self.assertEqual(request["seed"], 18446744073709551615)
        self.assertEqual(request["references"][0]["range"], [0, 0.5])
        self.run_program("generate", "--request", "-", "--out", "b.png", input_text=restored)
        self.assertEqual(self.bytes_of("a.png"), self.bytes_of("b.png"))
        (self.folder / "request.json").write_text(restored)
        self.run_program("generate", "--request", "request.json", "--seed", "3", "--out", "c.png")
        self.assertNotEqual(self.bytes_of("a.png"), self.bytes_of("c.png"))

    def test_loras_and_words(self):
        files = GOLDEN / "loras"
        self.generate("--prompt", "a word_a1111 mug", "--out", "plain.png")
        done = self.generate("--prompt", "a word_a1111 mug", "--lora", f"{files}/kohya.safetensors:0.7", "--lora-block-scale",
                             "mid=0.5", "--lora", f"{files}/lokr.safetensors", "--textual-inversion",
                             files / "word_a1111.safetensors", "--out", "a.png")
        self.assertNotIn("not used", done.stderr)
        restored = self.run_program("restore", "a.png").stdout
        request = json.loads(restored)
        self.assertEqual([(lora["scale"], lora.get("block_scales")) for lora in request["loras"]],
                         [(0.7, {"mid": 0.5}), (1.0, None)])
        self.run_program("generate", "--request", "-", "--out", "b.png", input_text=restored)
        self.assertEqual(self.bytes_of("a.png"), self.bytes_of("b.png"))
        for name, words in {"c.png": ("--textual-inversion", files / "word_a1111.safetensors"),
                            "d.png": ("--lora", files / "lokr.safetensors")}.items():
            self.generate("--prompt", "a word_a1111 mug", *words, "--out", name)
            self.assertNotIn(self.bytes_of(name), (self.bytes_of("a.png"), self.bytes_of("plain.png")))

    def test_loras_that_do_not_fit(self):
        files = GOLDEN / "loras"
        done = self.generate("--lora", files / "kohya_sdxl.safetensors", status=3)
        self.assertIn("kohya_sdxl.safetensors", done.stderr)
        self.assertIn("32 values", done.stderr)
        self.generate("--lora", "nowhere.safetensors", status=3)
        self.generate("--lora", f"{GOLDEN}/tiny_sd/unet/diffusion_pytorch_model.fp16.safetensors", status=3)
        self.generate("--textual-inversion", files / "word_sdxl.safetensors", status=3)
        done = self.generate("--lora-block-scale", "mid=1", "--lora", f"{files}/kohya.safetensors:11", status=2)
        self.assertIn("belongs to the --lora before it", done.stderr)
        self.assertIn("loras[0].scale is 11", done.stderr)
        self.generate("--lora", files / "kohya.safetensors", "--lora-block-scale", "down.block_9=1", status=2)

    def test_what_the_encoder_looks_at_comes_back(self):
        picture = GOLDEN / "tiny_sd/reference_0.png"
        plain = self.generate("--reference", picture, "--out", "plain.png")
        for name, options in {
            "fit": ["--reference-fit", "squash", "--reference-crop", "0.1:0:0.5:1"],
            "mask": ["--reference-look-mask", GOLDEN / "tiny_sd/mask.png"],
            "block": ["--reference-block-scale", "mid=0.25"],
        }.items():
            self.generate("--reference", picture, *options, "--out", f"{name}.png")
            self.assertNotEqual(self.bytes_of(f"{name}.png"), self.bytes_of("plain.png"), name)
            restored = self.run_program("restore", f"{name}.png").stdout
            self.run_program("generate", "--request", "-", "--out", f"{name}-again.png", input_text=restored)
            self.assertEqual(self.bytes_of(f"{name}.png"), self.bytes_of(f"{name}-again.png"), name)
        self.assertEqual(plain.stdout, "")
        # A request of before says nothing of it.
        reference = json.loads(self.run_program("restore", "plain.png").stdout)["references"][0]
        self.assertEqual(set(reference), {"path", "sha256", "ip_adapter_scale", "range"})

    def test_a_branch_reads_the_references_of_what_it_branches_from(self):
        reference = self.folder / "mug.png"
        shutil.copy(GOLDEN / "tiny_sd/reference_0.png", reference)
        self.generate("--reference", reference, "--seed", "4", "--out", "of.png")
        of = json.loads(self.run_program("restore", "of.png").stdout)
        request = of | {"prompt": "a lamp", "references": [], "branch": {"step": 1, "of": of}}
        (self.folder / "request.json").write_text(json.dumps(request))
        self.run_program("generate", "--request", "request.json", "--out", "branched.png")
        self.assertNotEqual(self.bytes_of("branched.png"), self.bytes_of("of.png"))
        restored = self.run_program("restore", "branched.png").stdout
        self.run_program("generate", "--request", "-", "--out", "again.png", input_text=restored)
        self.assertEqual(self.bytes_of("branched.png"), self.bytes_of("again.png"))
        shutil.copy(GOLDEN / "tiny_sd/reference_1.png", reference)
        other = self.run_program("generate", "--request", "request.json", "--out", "other.png")
        self.assertIn("Reference 1 of the picture that it branches from (\"", other.stderr)
        reference.unlink()
        gone = self.run_program("generate", "--request", "request.json", "--out", "gone.png", status=3)
        self.assertIn("mug.png", gone.stderr)

    def test_pictures_from_a_picture(self):
        picture, mask = GOLDEN / "input.png", GOLDEN / "input_mask.png"
        for name, options in {
            "whole": ["--strength", "0.5"],
            "masked": ["--mask", mask, "--mask-grow", "2", "--mask-feather", "3"],
            "wider": ["--image-pad", "0:0:16:8", "--image-fit", "crop", "--width", "64", "--height", "40"],
        }.items():
            self.generate("--image", picture, *options, "--out", f"{name}.png")
            restored = self.run_program("restore", f"{name}.png").stdout
            self.run_program("generate", "--request", "-", "--out", f"{name}-again.png", input_text=restored)
            self.assertEqual(self.bytes_of(f"{name}.png"), self.bytes_of(f"{name}-again.png"), name)
        self.assertEqual(png_size(self.folder / "wider.png"), (64, 40))
        request = json.loads(self.run_program("restore", "masked.png").stdout)
        self.assertEqual(request["strength"], 1.0)
        self.assertEqual(request["image"], {"path": str(picture), "sha256": request["image"]["sha256"],
                                            "mask_path": str(mask), "mask_grow": 2, "mask_feather": 3})

    def test_a_ladder_of_a_picture_from_a_picture(self):
        self.run_program("ladder", "--model", GOLDEN / "tiny_sd", "--image", GOLDEN / "input.png", "--strength", "0.5",
                         "--num-inference-steps", "2", "--reference", GOLDEN / "tiny_sd/reference_0.png",
                         "--strengths", "0,1", "--out", "rung-{index}.png", "--device", "cpu")
        self.assertNotEqual(self.bytes_of("rung-0.png"), self.bytes_of("rung-1.png"))

    def test_each_reference_may_have_its_own_adapter(self):
        one, other = GOLDEN / "tiny_sd/reference_0.png", GOLDEN / "tiny_sd/reference_1.png"
        second = GOLDEN / "tiny_sd/second_adapter.safetensors"
        self.generate("--reference", one, "--reference", other, "--out", "plain.png")
        self.generate("--reference", one, "--reference", other, "--reference-adapter", second, "--out", "two.png")
        self.assertNotEqual(self.bytes_of("plain.png"), self.bytes_of("two.png"))
        references = json.loads(self.run_program("restore", "two.png").stdout)["references"]
        self.assertEqual([each.get("ip_adapter") for each in references], [None, str(second)])
        told = self.generate("--reference", one, "--reference-adapter", "/nowhere.safetensors", "--out", "x.png", status=3)
        self.assertIn("/nowhere.safetensors", told.stderr)

    def test_a_picture_to_begin_from_that_is_none(self):
        told = self.generate("--image", "gone.png", "--mask", GOLDEN / "input_mask.png", "--strength", "1.5",
                             "--guidance-range", "0.5", "--image-pad", "1:2", status=2).stderr
        for words in ("gone.png", "strength is 1.5; it goes from 0.01 to 1", "--guidance-range is", "--image-pad is"):
            self.assertIn(words, told)
        told = self.generate("--mask", GOLDEN / "input_mask.png", status=2).stderr
        self.assertIn("a mask or new canvas needs a picture below it", told)

    def test_every_ending_carries_the_request(self):
        for ending in ("png", "jpg", "tif", "exr", "webp"):
            self.generate("--prompt", "a mug", "--out", f"p.{ending}")
            self.assertEqual(json.loads(self.run_program("restore", f"p.{ending}").stdout)["prompt"], "a mug")

    def test_options_of_a_reference_belong_to_the_one_before(self):
        one, two = GOLDEN / "tiny_sd/reference_0.png", GOLDEN / "tiny_sd/reference_1.png"
        done = self.generate("--reference", one, "--reference-range", "0.25:1", "--reference", f"{two}:1.25",
                             "--reference-mask", GOLDEN / "tiny_sd/mask.png", "--json")
        first, second = events(done.stdout)[0]["request"]["references"]
        self.assertEqual((first["range"], first["ip_adapter_scale"], "mask_path" in first), ([0.25, 1], 0.6, False))
        self.assertEqual((second["range"], second["ip_adapter_scale"], "mask_path" in second), ([0, 1], 1.25, True))

    def test_dump_holds_the_tensors_of_the_contract(self):
        self.generate("--dump", "d.safetensors", "--reference", GOLDEN / "tiny_sd/reference_0.png")
        shapes = {name: tensor[1] for name, tensor in read_tensors(self.folder / "d.safetensors").items()}
        for name, shape in {"prompt_embeds": [1, 77, 16], "latents.initial": [1, 4, 4, 6], "latents.1": [1, 4, 4, 6],
                            "noise_pred.0": [1, 4, 4, 6], "ip_tokens.0": [1, 4, 16], "image": [1, 3, 32, 48],
                            "timesteps": [2], "image_embeds.0": [1, 12], "pixel_values.0": [1, 3, 24, 24]}.items():
            self.assertEqual(shapes.get(name), shape, name)

    def test_previews(self):
        self.generate("--preview-dir", "previews")
        self.assertEqual(sorted(path.name for path in (self.folder / "previews").iterdir()),
                         ["preview-0-0001.png", "preview-0-0002.png"])

    def test_a_folder_gets_dated_names(self):
        self.generate("--out", "pictures/")
        self.generate("--out", "pictures")
        self.assertEqual(len(list((self.folder / "pictures").glob("20*-seed0*.png"))), 2)

    def test_nothing_is_written_over_without_force(self):
        (self.folder / "a.png").write_bytes(b"precious")
        done = self.generate("--out", "a.png", "--json", status=3)
        self.assertEqual(events(done.stdout)[-1]["error"]["code"], "file_exists")
        self.assertEqual(self.bytes_of("a.png"), b"precious")
        self.generate("--out", "a.png", "--force")
        self.assertEqual(png_size(self.folder / "a.png"), (48, 32))
        (self.folder / "d.safetensors").write_bytes(b"precious")
        self.generate("--dump", "d.safetensors", "--out", "b.png", status=3)
        self.assertEqual(self.bytes_of("d.safetensors"), b"precious")

    def test_a_name_for_each_picture(self):
        done = self.generate("--num-images", "2", "--out", "a.png", status=2)
        self.assertIn("{seed}", done.stderr)
        self.generate("--out", "a.gif", status=2)
        self.generate("--out", "nowhere/a.png", status=3)

    def test_pictures_of_variations_have_the_requests_seed(self):
        request = json.dumps({"seed": 7, "num_images": 2, "variations": [{"seed": 100, "strength": 0.3}]})
        done = self.generate("--request", "-", "--json", input_text=request)
        images = events(done.stdout)[-1]["images"]
        self.assertEqual([(image["path"], image["seed"]) for image in images],
                         [("likeness-7-0.png", 7), ("likeness-7-1.png", 7)])
        stored = json.loads(self.run_program("restore", "likeness-7-1.png").stdout)
        self.assertEqual((stored["seed"], stored["variations"][0]["seed"]), (7, 101))
        done = self.generate("--request", "-", "--out", "v-{seed}.png", input_text=request, status=2)
        self.assertIn("one seed is theirs; put {index}", done.stderr)
        self.run_program("ladder", "--model", self.model, *SMALL, "--request", "-", "--strengths", "1",
                         "--reference", GOLDEN / "tiny_sd/reference_0.png", input_text=request)
        self.assertEqual(sorted(path.name for path in self.folder.glob("likeness-7-1-*")),
                         ["likeness-7-1-0.png", "likeness-7-1-1.png"])

    def test_a_changed_reference_is_told(self):
        write_png(self.folder / "r.png")
        self.generate("--reference", "r.png", "--out", "a.png")
        restored = self.run_program("restore", "a.png").stdout
        write_png(self.folder / "r.png", colour=(1, 2, 3))
        done = self.run_program("generate", "--request", "-", "--out", "b.png", input_text=restored)
        self.assertIn("another picture", done.stderr)


class TestProblems(CommandLineTest):
    def test_all_at_once(self):
        (self.folder / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\nnonsense")
        done = self.run_program("generate", "--model", self.model, "--width", "50", "--height", "much", "--seed", "-1",
                                "--guidance-scale", "99", "--stepps", "3", "--reference", "missing.png", "--reference",
                                "bad.png:7", "--scheduler", "magic", "--block-scale", "mid", "--lora", "no.safetensors", "--textual-inversion",
                                "word.pt", "--ip-adapter", "adapter.bin", "--image-encoder", "nowhere", "--json", "--threads",
                                status=2)
        for part in ("width is 50", "48 or 56", "--height", "--seed", "guidance_scale is 99", "--stepps", "missing.png",
                     "bad.png", "references[1].ip_adapter_scale is 7", "magic", "--block-scale", "no.safetensors", "word.pt", "adapter.bin", "nowhere",
                     "--threads needs a value"):
            self.assertIn(part, done.stderr)
        found = events(done.stdout)
        self.assertEqual([event["event"] for event in found], ["failed"])
        self.assertEqual(found[0]["error"]["code"], "bad_request")
        self.assertEqual(list(self.folder.glob("likeness*")), [])

    def test_words_that_make_no_sense(self):
        for words in ([], ["dance"], ["generate", "stray"], ["restore"], ["embed"], ["models"], ["models", "inspect"],
                      ["generate", "--imagine", "a.png"], ["bench", "--repeats", "0"], ["generate", "--request"]):
            done = self.run_program(*words, status=2)
            self.assertEqual(done.stdout, "")
            self.assertNotEqual(done.stderr, "")

    def test_a_near_option_is_named(self):
        self.assertIn("--prompt", self.run_program("generate", "--promt", "x", status=2).stderr)

    def test_mask_without_a_reference(self):
        done = self.generate("--reference-mask", "m.png", "--reference-range", "a:b", status=2)
        self.assertIn("--reference-mask", done.stderr)
        self.assertIn("--reference-range", done.stderr)

    def test_too_many_references(self):
        picture = write_png(self.folder / "r.png")
        done = self.generate(*["--reference", picture] * 11, status=2)
        self.assertIn("the most is 10", done.stderr)

    def test_requests_that_are_no_requests(self):
        for text in ("", "[]", "{", '{"seed": -1}', '{"colour": "red"}', "{" * 100):
            self.run_program("generate", "--request", "-", "--model", self.model, input_text=text, status=2)
        self.run_program("generate", "--request", "missing.json", status=3)

    def test_a_block_the_model_does_not_have(self):
        done = self.generate("--block-scale", "down.block_7=0.5", "--reference", write_png(self.folder / "r.png"), status=2)
        self.assertIn("down.block_7", done.stderr)

    def test_a_device_that_is_not_here(self):
        self.generate("--device", "cuda:63", status=2)

    def test_pictures_that_are_none(self):
        (self.folder / "empty.png").write_bytes(b"")
        (self.folder / "text.png").write_text("hello")
        whole = write_png(self.folder / "whole.png", 64, 64).read_bytes()
        (self.folder / "cut.png").write_bytes(whole[:len(whole) // 2])
        os.mkfifo(self.folder / "pipe.png")
        (self.folder / "folder.png").mkdir()
        for name in ("empty", "text", "cut", "pipe", "folder", "missing"):
            done = self.generate("--reference", f"{name}.png", "--json", status=3)
            self.assertIn(f"{name}.png", done.stderr)
            self.assertEqual([event["event"] for event in events(done.stdout)], ["failed"])

    def test_restore_of_a_foreign_picture(self):
        self.run_program("restore", write_png(self.folder / "r.png"), status=3)
        self.run_program("restore", "missing.png", status=3)
        text = b"tEXtlikeness\0{\"prompt\":"
        picture = self.bytes_of("r.png")
        at = picture.index(b"IDAT") - 4
        (self.folder / "cut.png").write_bytes(picture[:at] + struct.pack(">I", len(text) - 4) + text
                                              + struct.pack(">I", zlib.crc32(text)) + picture[at:])
        done = self.run_program("restore", "cut.png", status=3)
        self.assertEqual(done.stdout, "")
        self.assertIn("is damaged", done.stderr)


if __name__ == "__main__":
    main()
