"""No socket is opened: the studios start, make a picture and quit where the kernel ends a program that opens one. What
the command line and a hand at the window do is watched the same way by their own tests."""
import os
import shutil
import signal
import subprocess
import tempfile
import unittest

WATCHED = os.environ["LIKENESS_WITHOUT_NETWORK"]
STUDIOS = [path for path in os.environ.get("LIKENESS_STUDIOS", "").split(";") if path]


class TestSockets(unittest.TestCase):
    def opened(self, kind):
        return subprocess.run([WATCHED, "--open", kind], timeout=60).returncode

    def test_one_that_opens_is_caught(self):
        for kind in ("inet", "inet6", "packet", "listen"):
            self.assertEqual(self.opened(kind), -signal.SIGSYS, kind)
        self.assertEqual(self.opened("unix"), 0)  # of a window to its screen

    def test_a_child_that_opens_is_caught(self):
        inner = subprocess.run([WATCHED, shutil.which("sh"), "-c", f"'{WATCHED}' --open inet; echo $?"],
                               capture_output=True, text=True, timeout=60)
        self.assertEqual(inner.stdout.strip(), str(128 + signal.SIGSYS))

    def test_the_studios(self):
        for studio in STUDIOS:
            with tempfile.TemporaryDirectory(prefix="likeness-sockets-") as home, self.subTest(studio):
                own = {name: f"{home}/{name}" for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
                done = subprocess.run([WATCHED, studio, "--quit-after-first-picture", "--library", f"{home}/library"],
                                      env=os.environ | own | {"QT_QPA_PLATFORM": "offscreen"}, capture_output=True,
                                      text=True, timeout=300)
                self.assertEqual(done.returncode, 0, done.stderr)
                made = [name for _, _, names in os.walk(f"{home}/library") for name in names if name.endswith(".png")]
                self.assertEqual(len(made), 1)


if __name__ == "__main__":
    unittest.main(argv=["test_sockets", "-v"])
