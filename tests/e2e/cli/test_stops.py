"""Stopping, and places that cannot be written: finished pictures stay, no partial file is left."""
import os
import re
import resource
import signal
import subprocess
import threading
import time
import unittest
from pathlib import Path

from program import COMMAND, GOLDEN, SMALL, CommandLineTest, events, main, write_png


class TestStops(CommandLineTest):
    def start(self, *words):
        return subprocess.Popen([*COMMAND, *map(str, words)], cwd=self.folder, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def stopped_by(self, number):
        steps = SMALL[:4] + ["--num-inference-steps", "500"] + SMALL[6:]
        process = self.start("generate", "--model", self.model, *steps, "--num-images", "64", "--out", "p-{index}.png",
                             "--json")
        watchdog = threading.Timer(100, process.kill)
        watchdog.start()
        lines, asked = [], None
        for line in process.stdout:
            lines.append(line)
            if asked is None and '"image":1' in line and '"step":3,' in line:
                process.send_signal(number)
                asked = time.monotonic()
        status = process.wait()
        watchdog.cancel()
        self.assertEqual(status, 130, process.stderr.read())
        took = time.monotonic() - asked
        self.assertLess(took, 10)  # the rest of the pictures takes far longer
        found = events("".join(lines))
        self.assertEqual(found[-1]["event"], "stopped")
        self.assertEqual([image["path"] for image in found[-1]["images"]], ["p-0.png"])
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["p-0.png"])
        self.run_program("restore", "p-0.png")
        process.stdout.close()
        process.stderr.close()

    def test_ctrl_c(self):
        self.stopped_by(signal.SIGINT)

    def test_terminate(self):
        self.stopped_by(signal.SIGTERM)

    def test_embed_stops_among_its_pictures(self):
        (self.folder / "p").write_bytes((GOLDEN / "tiny_sd/reference_0.png").read_bytes())
        process = self.start("embed", "--model", self.model, *["p"] * 20000)
        caught = re.compile(r"^SigCgt:.*[2367abef]$", re.MULTILINE)  # SIGINT is the second bit
        while not caught.search(Path(f"/proc/{process.pid}/status").read_text()):
            time.sleep(0.01)
        time.sleep(0.3)
        asked = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=100)
        self.assertEqual(process.returncode, 130, told)
        self.assertLess(time.monotonic() - asked, 10)  # the rest of the pictures takes far longer

    def test_a_stop_while_the_libraries_load(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            process = self.start("generate", "--model", self.model, *SMALL)
            while not os.readlink(f"/proc/{process.pid}/exe").endswith("likeness-engine"):
                time.sleep(0.001)
            process.send_signal(number)
            _, told = process.communicate(timeout=100)
            self.assertEqual(process.returncode, 130, told)
            self.assertEqual(list(self.folder.iterdir()), [])

    def test_a_stop_while_a_request_is_awaited(self):
        process = subprocess.Popen([*COMMAND, "generate", "--request", "-"], cwd=self.folder, stdin=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        process.stdin.write('{"seed":')
        process.stdin.flush()
        time.sleep(2)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=100), 130, process.stderr.read())
        process.stdin.close()
        process.stderr.close()

    def test_a_reader_that_goes_away(self):
        process = self.start("generate", "--model", self.model, *SMALL[:4], "--num-inference-steps", "500", *SMALL[6:], "--json")
        process.stdout.readline()
        process.stdout.close()
        told = process.stderr.read()
        self.assertEqual(process.wait(), 1, told)
        process.stderr.close()
        self.assertIn("Broken pipe", told)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_left_parts_are_swept(self):
        old = self.folder / ".a.png.lk0123456789abcdef.part"
        old.write_bytes(b"x")
        os.utime(old, (1, 1))
        self.generate("--out", "a.png")


class TestOutputs(CommandLineTest):
    def test_standard_output_that_cannot_be_written(self):
        def closed():
            os.close(1)

        def full():
            os.dup2(os.open("/dev/full", os.O_WRONLY), 1)

        for before in (closed, full):
            done = self.generate("--json", status=1, before=before)
            self.assertEqual(done.stderr.count("likeness: "), 1)
            self.assertIn("Standard output could not be written", done.stderr)
            self.assertEqual(list(self.folder.iterdir()), [])
            self.assertIn("width is 33", self.generate("--json", "--width", "33", status=2, before=before).stderr)
            self.run_program("generate", "--help", status=1, before=before)
        self.generate("--out", "a.png", before=closed)


class TestPlaces(CommandLineTest):
    def test_a_place_that_cannot_be_written(self):
        done = self.generate("--out", "/proc/likeness.png", "--json", status=1)
        self.assertEqual(events(done.stdout)[-1]["error"]["code"], "write_failed")

    def test_names_that_cannot_be_are_told_before_the_work(self):
        os.mkfifo(self.folder / "pipe")
        for words in (["--out", "a" * 252 + ".png"], ["--dump", "pipe"]):
            done = self.generate("--json", "--force", *words, status=1)
            self.assertEqual([event["event"] for event in events(done.stdout)], ["failed"])
        self.generate("--out", "a" * 251 + ".png")

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_a_read_only_folder(self):
        (self.folder / "shut").mkdir(mode=0o555)
        self.generate("--out", "shut/a.png", status=1)

    def test_full_disk(self):
        def small_files():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))

        for ending in ("png", "jpg", "tif", "exr", "webp"):
            done = self.generate("--out", f"a.{ending}", "--json", status=1, before=small_files)
            found = events(done.stdout)
            self.assertEqual((found[-1]["event"], found[-1]["error"]["code"]), ("failed", "write_failed"))
            self.assertEqual(list(self.folder.iterdir()), [])
        # The limit is the program's own business too, without the signal being ignored for it.
        self.generate("--out", "a.png", status=1,
                      before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500)))

    def test_a_full_disk_in_the_middle_keeps_what_is_finished(self):
        write_png(self.folder / "r.png")
        (self.folder / "p-1.png").mkdir()
        done = self.generate("--num-images", "2", "--out", "p-{index}.png", "--force", status=3)
        self.assertIn("p-1.png", done.stderr)


if __name__ == "__main__":
    main()
