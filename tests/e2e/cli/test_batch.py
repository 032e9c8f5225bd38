"""likeness batch: a request a line, shares for several machines, a second run that makes what is missing."""
import json
import os
import signal
import subprocess
import threading

from program import COMMAND, GOLDEN, SMALL, CommandLineTest, events, main, png_size, write_png

MUG = str(GOLDEN / "tiny_sd/reference_0.png")


class TestBatch(CommandLineTest):
    def write(self, *lines, name="b.jsonl", end="\n"):
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        (self.folder / name).write_text(end.join(texts) + end)

    def batch(self, *words, file="b.jsonl", **options):
        return self.run_program("batch", file, "--model", self.model, *SMALL, *words, **options)

    def there(self, pattern="*.png"):
        return sorted(path.name for path in self.folder.glob(pattern))

    def times(self):
        return {name: (self.folder / name).stat().st_mtime_ns for name in self.there()}

    def test_each_line_is_what_generate_makes_of_it(self):
        self.write({"prompt": "a red mug", "seed": 3},
                   {"prompt": "a lamp", "seed": 7, "num_images": 2, "references": [{"path": MUG, "ip_adapter_scale": 0.7}]})
        self.batch()
        self.assertEqual(self.there(), ["likeness-1-3.png", "likeness-2-7.png", "likeness-2-8.png"])
        self.generate("--prompt", "a red mug", "--seed", "3", "--out", "a.png")
        self.generate("--prompt", "a lamp", "--seed", "8", "--reference", f"{MUG}:0.7", "--out", "b.png")
        self.assertEqual(self.bytes_of("likeness-1-3.png"), self.bytes_of("a.png"))
        self.assertEqual(self.bytes_of("likeness-2-8.png"), self.bytes_of("b.png"))

    def test_options_are_over_every_line(self):
        self.write({"prompt": "a", "width": 64, "height": 64, "num_inference_steps": 1}, {"prompt": "b"})
        self.batch("--seed", "5", "--out", "{line}.png")
        self.assertEqual([png_size(self.folder / f"{line}.png") for line in (1, 2)], [(48, 32)] * 2)
        self.assertEqual(json.loads(self.run_program("restore", "1.png").stdout)["seed"], 5)

    def test_events_name_the_line(self):
        self.write("", {"prompt": "a", "seed": 1}, "   ", {"prompt": "b", "seed": 2}, end="\r\n")
        found = events(self.batch("--json", "--out", "{line}.png").stdout)
        self.assertEqual([event["job"] for event in found if event["event"] in ("started", "finished")], [2, 2, 4, 4])
        self.assertEqual({event["job"] for event in found if event["event"] == "step"}, {2, 4})
        self.assertEqual(found[-1], {"event": "batch", "lines": 2, "finished": 2, "skipped": 0, "failed": 0})

    def test_a_second_run_makes_what_is_missing(self):
        self.write(*({"prompt": "a mug", "seed": seed, "references": [{"path": MUG}]} for seed in range(4)))
        self.batch("--out", "there/")
        self.assertEqual(self.there("there/*"), [f"likeness-{line}-{line - 1}.png" for line in (1, 2, 3, 4)])
        made = self.bytes_of("there/likeness-3-2.png")
        (self.folder / "there/likeness-3-2.png").unlink()
        before = {path.name: path.stat().st_mtime_ns for path in self.folder.glob("there/*")}
        found = events(self.batch("--out", "there/", "--json").stdout)
        self.assertEqual([(event["event"], event["job"]) for event in found if event["event"] in ("skipped", "finished")],
                         [("skipped", 1), ("skipped", 2), ("finished", 3), ("skipped", 4)])
        self.assertEqual(found[0]["images"], [{"path": "there/likeness-1-0.png", "seed": 0}])
        self.assertEqual(self.bytes_of("there/likeness-3-2.png"), made)
        after = {path.name: path.stat().st_mtime_ns for path in self.folder.glob("there/*")}
        self.assertEqual(before, {name: time for name, time in after.items() if name in before})
        found = events(self.batch("--out", "there/", "--json", "--threads", "2").stdout)
        self.assertEqual(found[-1]["skipped"], 4)  # another machine's are the same pictures

    def test_a_changed_line_is_not_taken_for_finished(self):
        self.write({"prompt": "a mug", "seed": 1}, {"prompt": "a lamp", "seed": 2})
        self.batch()
        self.write({"prompt": "a mug", "seed": 1}, {"prompt": "a red lamp", "seed": 2})
        before = self.bytes_of("likeness-2-2.png")
        told = self.batch(status=3).stderr
        self.assertIn("Line 2: ", told)
        self.assertIn("another picture", told)
        self.assertNotIn("Line 1", told)
        self.assertEqual(self.bytes_of("likeness-2-2.png"), before)
        self.batch("--force")
        self.assertNotEqual(self.bytes_of("likeness-2-2.png"), before)
        self.write({"prompt": "a mug", "seed": 1, "references": [{"path": "r.png"}]}, name="r.jsonl")
        write_png(self.folder / "r.png")
        self.batch("--out", "with-{line}.png", file="r.jsonl")
        self.batch("--out", "with-{line}.png", file="r.jsonl")
        write_png(self.folder / "r.png", colour=(0, 200, 0))  # what the picture was made from is another one now
        self.batch("--out", "with-{line}.png", file="r.jsonl", status=3)

    def test_shards_share_the_lines(self):
        self.write(*({"prompt": "a", "seed": seed} for seed in range(5)))
        self.batch("--shard", "2/2")
        self.assertEqual(self.there(), ["likeness-2-1.png", "likeness-4-3.png"])
        self.batch("--shard", "1/2")
        self.assertEqual(len(self.there()), 5)
        self.batch("--shard", "7/7")  # no line is left for it
        for wrong in ("0/2", "3/2", "2", "a/b", "1/0", "-1/2"):
            self.assertIn("--shard", self.batch("--shard", wrong, status=2).stderr)

    def test_lines_name_their_own_pictures(self):
        self.write({"prompt": "a", "out": "mug.jpg"}, {"prompt": "b", "out": "lamps/", "seed": 9})
        self.batch("--out", "rest-{line}.png")
        self.assertTrue((self.folder / "mug.jpg").is_file())
        self.assertTrue((self.folder / "lamps/likeness-2-9.png").is_file())
        self.assertEqual(events(self.batch("--json").stdout)[-1]["skipped"], 2)

    def test_all_that_is_wrong_is_told_before_anything_is_made(self):
        self.write({"prompt": "a"}, "{", {"prompt": 3, "sead": 1}, {"guidance_scale": 99}, {"references": [{"path": "no.png"}]},
                   "[]", {"prompt": "b", "out": 3})
        told = self.batch(status=2).stderr
        for line in (2, 3, 4, 5, 6, 7):
            self.assertIn(f"Line {line}: ", told)
        self.assertNotIn("Line 1: ", told)
        for words in ("sead", "99", "no.png"):
            self.assertIn(words, told)
        self.assertEqual(self.there(), [])
        told = self.batch("--seed", "x", status=2).stderr
        self.assertEqual(told.count("--seed is"), 1)
        self.write(*["{"] * 50)
        self.assertIn("And 30 lines more", self.batch(status=2).stderr)

    def test_one_name_for_two_lines(self):
        self.write({"prompt": "a", "seed": 1}, {"prompt": "b", "seed": 1})
        told = self.batch("--out", "p-{seed}.png", status=2).stderr
        self.assertIn("{line}", told)
        self.batch("--out", "p-{seed}.png", "--shard", "1/2", status=2)  # the other machine would write over it
        self.assertEqual(self.there(), [])

    def test_one_place_by_two_names(self):
        self.write({"prompt": "a", "out": "p.png"}, {"prompt": "b", "out": str(self.folder / "p.png")})
        self.assertIn("is what line 1 makes, too", self.batch(status=2).stderr)
        self.write({"prompt": "a", "out": "a\0b.png"})
        self.assertIn("out is no path", self.batch(status=2).stderr)
        self.assertEqual(self.there("*"), ["b.jsonl"])

    def test_weights_that_are_not_there_are_told_before_anything_is_made(self):
        self.write({"prompt": "a"}, {"loras": [{"path": "no.safetensors"}]},
                   {"ip_adapter": "none", "references": [{"path": MUG}]}, {"textual_inversions": [{"path": "word"}]})
        told = self.batch(status=3).stderr
        for words in ('Line 2: There is no file "no.safetensors"', 'Line 3: There is no adapter "none"', 'Line 4: There is no file "word"'):
            self.assertIn(words, told)
        self.assertEqual(self.there(), [])

    def test_a_line_that_fails_does_not_stop_the_others(self):
        (self.folder / "broken.png").write_bytes((GOLDEN / "tiny_sd/reference_0.png").read_bytes()[:100])
        self.write({"prompt": "a"}, {"prompt": "b", "references": [{"path": "broken.png"}]}, {"prompt": "c"})
        done = self.batch("--json", "--out", "{line}.png", status=3)
        self.assertEqual(self.there("?.png"), ["1.png", "3.png"])
        failed = [event for event in events(done.stdout) if event["event"] == "failed"]
        self.assertEqual([event["job"] for event in failed], [2])
        self.assertIn("broken.png", failed[0]["error"]["message"])
        self.assertIn("Line 2: ", done.stderr)
        self.assertEqual(events(done.stdout)[-1], {"event": "batch", "lines": 3, "finished": 2, "skipped": 0, "failed": 1})

    def test_what_is_no_batch(self):
        self.assertIn("Name one file", self.run_program("batch", status=2).stderr)
        self.batch(file="nowhere.jsonl", status=3)
        self.write("", " ")
        self.assertIn("holds no request", self.batch(status=2).stderr)
        self.assertIn("--shard", self.run_program("batch", "--help").stdout)
        done = self.run_program("batch", "-", "--model", self.model, *SMALL, input_text='\ufeff{"seed": 4}\n')
        self.assertEqual(self.there(), ["likeness-1-4.png"], done.stderr)

    def test_ctrl_c_keeps_what_is_finished(self):
        self.write(*({"prompt": "a", "seed": seed} for seed in range(3)))
        steps = SMALL[:4] + ["--num-inference-steps", "500"] + SMALL[6:]
        process = subprocess.Popen([*COMMAND, "batch", "b.jsonl", "--model", str(self.model), *steps, "--json"], cwd=self.folder,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        watchdog = threading.Timer(100, process.kill)
        watchdog.start()
        asked = False
        for line in process.stdout:
            if not asked and '"job":2' in line and '"step":3,' in line:
                os.kill(process.pid, signal.SIGINT)
                asked = True
        self.assertEqual(process.wait(), 130, process.stderr.read())
        watchdog.cancel()
        process.stdout.close()
        process.stderr.close()
        self.assertEqual(self.there(), ["likeness-1-0.png"])
        self.assertEqual(self.parts(), [])


if __name__ == "__main__":
    main()
