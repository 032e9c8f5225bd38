"""The other commands: ladder, embed, bench, doctor, help and version."""
import json
import re
import struct
import unittest
import zlib

from program import GOLDEN, SMALL, CommandLineTest, events, main, png_size, read_tensors, write_png


class TestLadder(CommandLineTest):
    def ladder(self, *words, **options):
        return self.run_program("ladder", "--model", self.model, *SMALL, "--reference", GOLDEN / "tiny_sd/reference_0.png",
                                *words, **options)

    def test_a_picture_for_each_strength_and_a_sheet(self):
        done = self.ladder("--seed", "7", "--strengths", "0,0.5,1", "--json")
        names = sorted(path.name for path in self.folder.iterdir())
        self.assertEqual(names, ["likeness-7-0.5.png", "likeness-7-0.png", "likeness-7-1.png", "likeness-7-sheet.png"])
        found = events(done.stdout)
        self.assertEqual([event["job"] for event in found if event["event"] == "finished"], [1, 2, 3])
        self.assertEqual(found[-1], {"event": "sheet", "path": "likeness-7-sheet.png"})
        stages = [(event["job"], event["stage"]) for event in found if event["event"] == "step"]
        self.assertEqual({job for job, stage in stages if stage in ("load", "encode_prompt")}, {1})
        width, height = png_size(self.folder / "likeness-7-sheet.png")
        self.assertGreater(width, 4 * 48)
        self.assertGreater(height, 32)

    def test_rungs_are_requests_of_their_own(self):
        self.ladder("--strengths", "0.5", "--out", "rung.png", "--sheet", "s.png")
        request = json.loads(self.run_program("restore", "rung.png").stdout)
        self.assertEqual(request["master_scale"], 0.5)
        self.run_program("generate", "--request", "-", "--out", "again.png", input_text=json.dumps(request))
        self.assertEqual(self.bytes_of("rung.png"), self.bytes_of("again.png"))

    def test_the_first_rung_is_dumped(self):
        self.ladder("--strengths", "0.5,1", "--out", "r-{strength}.png", "--dump", "first.safetensors")
        for strength in ("0.5", "1"):
            self.run_program("generate", "--request", "-", "--dump", f"{strength}.safetensors", "--out", f"{strength}.png",
                             input_text=self.run_program("restore", f"r-{strength}.png").stdout)
        first, low, high = (read_tensors(self.folder / f"{name}.safetensors") for name in ("first", "0.5", "1"))
        self.assertEqual(first, low)
        self.assertNotEqual(first["image"], high["image"])
        self.ladder("--dump", "first.safetensors", status=3)

    def test_strength_zero_equals_no_reference(self):
        self.ladder("--strengths", "0,1", "--out", "r-{strength}.png")
        self.generate("--out", "plain.png", "--dump", "plain.safetensors")
        self.run_program("generate", "--request", "-", "--dump", "zero.safetensors", "--out", "zero.png",
                         input_text=self.run_program("restore", "r-0.png").stdout)
        plain, zero = (read_tensors(self.folder / f"{name}.safetensors")["image"] for name in ("plain", "zero"))
        self.assertEqual(plain, zero)
        self.assertNotEqual(self.bytes_of("r-1.png"), self.bytes_of("r-0.png"))

    def test_problems(self):
        done = self.run_program("ladder", "--model", self.model, "--strengths", "0,9", "--sheet", "s.txt", status=2)
        for part in ("at least one --reference", "holds 9", "s.txt"):
            self.assertIn(part, done.stderr)
        self.ladder("--strengths", "a", status=2)
        (self.folder / "there").mkdir()
        for strengths, told in (("0,x", '"x" is not a number'), ("", "--strengths is empty")):
            for out in ("there/", "r-{strength}.png"):
                self.assertIn(told, self.ladder("--strengths", strengths, "--out", out, status=2).stderr)
        self.assertIn("--references is empty", self.run_program("bench", "--model", self.model, "--references", "", status=2).stderr)
        done = self.ladder("--strengths", "0,1", "--out", "r-{index}.png", "--sheet", "r-1.png", "--force", status=2)
        self.assertIn("is the name of a picture, too", done.stderr)
        (self.folder / "s.png").write_bytes(b"precious")
        self.ladder("--sheet", "s.png", status=3)


class TestOthers(CommandLineTest):
    def test_embed(self):
        pictures = [GOLDEN / f"tiny_sd/reference_{i}.png" for i in (0, 1, 0)]
        done = self.run_program("embed", "--model", self.model, *pictures, "--json")
        found = json.loads(done.stdout)
        self.assertEqual([len(row) for row in found["image_embeds"]], [12] * 3)
        a, b, c = found["image_embeds"]
        self.assertEqual(a, c)
        cosine = sum(x * y for x, y in zip(a, b)) / (sum(x * x for x in a) * sum(y * y for y in b)) ** 0.5
        self.assertAlmostEqual(found["similarities"][0][1], cosine, places=6)
        self.assertAlmostEqual(found["similarities"][0][2], 1, places=6)
        self.generate("--reference", pictures[0], "--dump", "d.safetensors")
        text = self.run_program("embed", "--model", self.model, *pictures).stdout
        self.assertEqual(len(text.splitlines()), 4)
        self.run_program("embed", "--model", self.model, "missing.png", status=3)

    def test_bench_prints_the_object_of_the_contract(self):
        done = self.run_program("bench", "--model", self.model, *SMALL[:6], "--device", "cpu", "--threads", "1",
                                "--references", "0,2", "--repeats", "2")
        found = json.loads(done.stdout)
        self.assertEqual({"version", "device", "dtype", "threads", "width", "height", "steps", "load", "runs", "ladder",
                          "preview_share", "first_preview", "cancel", "peak_memory_bytes"}, set(found))
        self.assertEqual((found["width"], found["height"], found["steps"], found["device"]), (48, 32, 2, "cpu"))
        self.assertEqual([run["references"] for run in found["runs"]], [0, 2])
        for times in [found["load"], *(run[key] for run in found["runs"] for key in
                                       ("encode_prompt", "encode_references", "step", "decode", "picture"))]:
            self.assertTrue(0 <= times["min"] <= times["median"] <= times["max"])
        self.assertEqual(found["ladder"]["rungs"], 7)
        self.assertGreater(found["first_preview"], 0)
        self.assertTrue(0 < found["preview_share"] < 1)

    def test_doctor(self):
        environment = {"LIKENESS_RESOURCES": str(self.folder)}
        (self.folder / "starter").symlink_to(GOLDEN / "tiny_sd")
        done = self.run_program("doctor", "--device", "cpu", environment=environment)
        names = {line.split()[1] for line in done.stdout.splitlines() if line.startswith("ok")}
        self.assertTrue({"device", "libtorch", "disk", "model", "known", "pictures"} <= names, done.stdout)
        (self.folder / "starter").unlink()
        done = self.run_program("doctor", "--json", environment=environment, status=1)
        self.assertEqual([check["name"] for check in json.loads(done.stdout)["checks"] if not check["passed"]], ["model"])

    def test_version(self):
        text = self.run_program("--version").stdout
        for pattern in (r"^likeness \d+\.\d+\.\d+$", r"^libtorch 2\.", r"^CUDA", r"^OpenImageIO 2\.", r"^Qt: not linked$"):
            self.assertTrue(re.search(pattern, text, re.MULTILINE), text)

    def test_threads_that_wait_sleep_soon(self):
        def spins(**environment):
            told = {"OMP_DISPLAY_ENV": "verbose", "GOMP_SPINCOUNT": None, "OMP_WAIT_POLICY": None} | environment
            shown = self.run_program("--version", environment=told).stderr
            return re.search(r"GOMP_SPINCOUNT = '(\d+)'", shown)[1]

        self.assertEqual(spins(), "5000")
        self.assertEqual(spins(GOMP_SPINCOUNT="7"), "7")
        self.assertNotEqual(spins(OMP_WAIT_POLICY="active"), "5000")

    def test_restore_reads_settings_of_other_programs(self):
        """AUTOMATIC1111's text becomes a request that generate takes; what has no meaning here is told."""
        path = write_png(self.folder / "a1111.png", 128, 128)
        text = ("a red mug on the beach <lora:film:0.8>\nNegative prompt: blurry\n"
                "Steps: 2, Sampler: Euler, CFG scale: 4, Seed: 7, Size: 128x128, Model: dreamshaper_8")
        png = path.read_bytes()
        content = b"tEXtparameters\0" + text.encode()
        chunk = struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))
        path.write_bytes(png[:-12] + chunk + png[-12:])
        done = self.run_program("restore", path)
        request = json.loads(done.stdout)
        self.assertEqual((request["prompt"].strip(), request["negative_prompt"], request["seed"]),
                         ("a red mug on the beach", "blurry", 7))
        self.assertEqual((request["num_inference_steps"], request["scheduler"], request["guidance_scale"]), (2, "euler", 4))
        for part in ("AUTOMATIC1111", "dreamshaper_8", "film"):
            self.assertIn(part, done.stderr)
        self.run_program("generate", "--request", "-", "--model", self.model, "--out", "again.png", input_text=done.stdout)
        again = json.loads(self.run_program("restore", "again.png").stdout)
        self.assertEqual((again["prompt"], again["seed"]), (request["prompt"], 7))
        path.write_bytes(png[:-12] + chunk[:20] + png[-12:])
        self.run_program("restore", path, status=3)
        plain = self.run_program("restore", write_png(self.folder / "plain.png"), status=3)
        self.assertIn("no request", plain.stderr)

    def test_help_lists_what_works(self):
        self.assertIn("generate", self.run_program("--help").stdout)
        text = self.run_program("generate", "--help").stdout
        for part in ("--reference-mask", "--guidance-scale", "0..30", "32..4096", "0..1.5", "{seed}", "--lora",
                     "--textual-inversion"):
            self.assertIn(part, text)
        self.assertIn("models convert [OPTIONS] [FILE OUT]\n", self.run_program("models", "convert", "--help").stdout)
        for command in ("ladder", "restore", "embed", "bench", "doctor"):
            self.assertIn("--help", self.run_program(command, "--help").stdout)


if __name__ == "__main__":
    main()
