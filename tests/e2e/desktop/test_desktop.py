"""The studio on a screen of its own, with the mouse and the keyboard of that screen: a picture is dragged onto it from
another program's window, a prompt is typed, a picture made, a strength moved and undone, and the studio quit. What
came of it is read from the disk, where the studio keeps all that is edited and made. No network exists for it."""
import json
import os
import shutil
import subprocess
import tempfile
import time
import unittest
import zlib
from pathlib import Path

STUDIO = os.environ["LIKENESS_STUDIO"]
WITHOUT_NETWORK = os.environ["LIKENESS_WITHOUT_NETWORK"]
DRAG_SOURCE = os.environ["LIKENESS_DRAG_SOURCE"]
SIZE = (1400, 900)
# Where things lie in a window of that size.
PROMPT = (1240, 90)
TRAY = (150, 560)
FIRST_STRENGTH = (150, 170)  # the knob at 0.6; the track goes on to the right
STRONGER = (205, 170)
PATIENCE = 120  # seconds; a busy machine takes its time


class TestDesktop(unittest.TestCase):
    def setUp(self):
        for tool in ("Xvfb", "xdotool"):
            self.assertTrue(shutil.which(tool), f"{tool} is missing; installer/test.sh installs it")
        self.home = Path(tempfile.mkdtemp(prefix="likeness-desktop-"))
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)
        reader, writer = os.pipe()
        self.start(["Xvfb", "-displayfd", str(writer), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"], {},
                   pass_fds=[writer])
        os.close(writer)
        with os.fdopen(reader) as display:
            self.screen = {"DISPLAY": f":{display.readline().strip()}", "QT_QPA_PLATFORM": "xcb"}
        own = {name: str(self.home / name) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
        self.sittings = self.home / "XDG_DATA_HOME/likeness/sessions"
        self.library = self.home / "library"
        self.studio = self.start([WITHOUT_NETWORK, STUDIO, "--size", "{}x{}".format(*SIZE), "--library", self.library],
                                 own | self.screen | {"FAKE_SESSIONS": str(self.sittings)})
        self.place("Likeness", 0, 0)

    def start(self, words, environment, **options):
        process = subprocess.Popen(list(map(str, words)), env=os.environ | environment, **options)

        def end():
            process.kill()
            process.wait()
        self.addCleanup(end)
        return process

    def hand(self, *words):
        return subprocess.run(["xdotool", *map(str, words)], env=os.environ | self.screen, check=True, text=True,
                              capture_output=True, timeout=PATIENCE).stdout

    def place(self, title, x, y):
        """Waits for the window of that title and puts it there; there is no window manager that would."""
        window = self.hand("search", "--sync", "--onlyvisible", "--name", title).split()[0]
        self.hand("windowmove", "--sync", window, x, y)
        self.hand("windowfocus", "--sync", window)

    def click(self, place):
        self.hand("mousemove", *place, "click", 1)

    def drag(self, start, end):
        """Slowly enough for both sides to see it."""
        self.hand("mousemove", *start, "mousedown", 1)
        for i in range(1, 11):
            self.hand("mousemove", *(round(a + (b - a) * i / 10) for a, b in zip(start, end)))
            time.sleep(0.05)
        self.hand("mouseup", 1)

    def kept(self):
        """What is being edited, as it lies on the disk; {} before the first edit."""
        generations = sorted(self.sittings.glob("*/edits-*.json"), key=lambda path: path.stat().st_mtime_ns)
        return json.loads(generations[-1].read_text())["request"] if generations else {}

    def strengths(self):
        return [reference["ip_adapter_scale"] for reference in self.kept().get("references", [])]

    def pictures(self):
        """The requests of the finished pictures, the first one first; each picture is whole beside its sidecar."""
        found = []
        for path in self.library.glob("[0-9]*/*.png.json"):
            try:
                sidecar, picture = json.loads(path.read_text()), path.with_suffix("").read_bytes()
            except FileNotFoundError:  # another takes its place just now
                continue
            self.assertTrue(picture.endswith(b"IEND" + zlib.crc32(b"IEND").to_bytes(4, "big")))
            found.append((sidecar["created"], sidecar["request"]))
        return [request for _, request in sorted(found, key=lambda each: each[0])]

    def until(self, holds, words):
        end = time.monotonic() + PATIENCE
        while not holds():
            self.assertIsNone(self.studio.poll(), "the studio ended")
            self.assertLess(time.monotonic(), end, f"{words}: {self.kept()}")
            time.sleep(0.1)

    def test_an_afternoon(self):
        mug = self.home / "mug.png"
        shutil.copy(Path(__file__).parents[2] / "golden/tiny_sd/reference_0.png", mug)
        self.start([DRAG_SOURCE, mug], self.screen)
        self.place("drag-source", 1440, 400)
        self.drag((1500, 460), TRAY)
        self.until(lambda: len(self.strengths()) == 4, "the picture that was dropped is no reference")
        self.assertEqual(self.kept()["references"][3]["path"], str(mug))

        self.click(PROMPT)
        self.hand("key", "ctrl+a")
        self.hand("type", "--delay", "30", "a blue cup, in snow")
        self.hand("key", "ctrl+Return")
        self.until(lambda: len(self.pictures()) == 1, "no picture was made")
        made = self.pictures()[0]
        self.assertEqual(made["prompt"], "a blue cup, in snow")
        # Two of the sample subjects are muted: of the tray's four the first and the dropped one act.
        self.assertEqual(len(made["references"]), 2)
        self.assertEqual(made["references"][1]["path"], str(mug))

        before = self.strengths()
        self.drag(FIRST_STRENGTH, STRONGER)
        self.until(lambda: self.strengths()[0] > before[0] + 0.2, "the slider moved nothing")
        self.assertEqual(self.strengths()[1:], before[1:])
        self.until(lambda: self.pictures()[-1]["references"][0]["ip_adapter_scale"] == self.strengths()[0],
                   "the picture was not made again")
        self.assertEqual(self.pictures()[-1]["seed"], made["seed"])

        self.hand("key", "ctrl+z")
        self.until(lambda: self.strengths() == before, "the strength was not undone")
        self.hand("key", "ctrl+q")
        self.assertEqual(self.studio.wait(PATIENCE), 0)
        self.assertEqual(self.strengths(), before)


if __name__ == "__main__":
    unittest.main(argv=["test_desktop", "-v"])
