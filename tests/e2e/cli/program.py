"""What the tests of the command line share: running the program, tiny models to run it on, pictures and files of tensors."""
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[3]
GOLDEN = SOURCE / "tests" / "golden"
PROGRAM = os.environ.get("LIKENESS_PROGRAM", "")
COMMAND = [os.environ.get("LIKENESS_WITHOUT_NETWORK", ""), PROGRAM]  # the kernel ends it where it opens a socket
SMALL = ["--width", "48", "--height", "32", "--num-inference-steps", "2", "--device", "cpu", "--threads", "1",
         "--dtype", "float32"]


class CommandLineTest(unittest.TestCase):
    """Each test has an empty folder of its own, in which the program runs."""

    def setUp(self):
        if not all(COMMAND):
            self.fail("LIKENESS_PROGRAM and LIKENESS_WITHOUT_NETWORK name no programs")
        self.folder = Path(tempfile.mkdtemp(prefix="likeness-cli-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.model = GOLDEN / "tiny_sd"

    def run_program(self, *words, status=0, input_text=None, before=None, environment=None):
        """Runs it, checks its exit status and that it says nothing a person should not read. A None in `environment` takes
        that variable away."""
        surroundings = os.environ | (environment or {})
        done = subprocess.run([*COMMAND, *map(str, words)], cwd=self.folder, capture_output=True, text=True, timeout=120,
                              input=input_text, preexec_fn=before, env={name: value for name, value in surroundings.items() if value is not None})
        self.assertEqual(done.returncode, status, f"\n{' '.join(map(str, words))}\n{done.stdout}\n{done.stderr}")
        for unwanted in ("terminate called", "Exception raised from", "what():", "check failed", "frame #"):
            self.assertNotIn(unwanted, done.stderr)
        self.assertEqual(self.parts(), [], "a partial file was left")
        return done

    def generate(self, *words, **options):
        return self.run_program("generate", "--model", self.model, *SMALL, *words, **options)

    def parts(self):
        return [path.name for path in self.folder.rglob("*") if path.name.endswith(".part")]

    def copy_model(self):
        """A copy of the tiny model that a test may damage."""
        target = self.folder / "model"
        shutil.copytree(self.model, target)
        for path in target.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        return target

    def bytes_of(self, name):
        return (self.folder / name).read_bytes()


def events(text):
    """Standard output of --json: every line must be an object with an event."""
    found = [json.loads(line) for line in text.splitlines()]
    assert all(isinstance(event, dict) and "event" in event for event in found), text
    return found


def write_png(path, width=8, height=8, colour=(200, 40, 30)):
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = b"".join(b"\0" + bytes(colour) * width for _ in range(height))
    Path(path).write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
                           + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
    return path


def png_size(path):
    start = Path(path).read_bytes()[:24]
    assert start[:8] == b"\x89PNG\r\n\x1a\n", path
    return struct.unpack(">II", start[16:24])


def read_tensors(path):
    """{name: (dtype, shape, bytes)} of a safetensors file."""
    content = Path(path).read_bytes()
    length = struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8:8 + length])
    header.pop("__metadata__", None)
    data = content[8 + length:]
    return {name: (entry["dtype"], entry["shape"], data[entry["data_offsets"][0]:entry["data_offsets"][1]])
            for name, entry in header.items()}


def write_tensors(path, tensors):
    header, offset = {}, 0
    for name, (dtype, shape, values) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [offset, offset + len(values)]}
        offset += len(values)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    Path(path).write_bytes(struct.pack("<Q", len(text)) + text + b"".join(t[2] for t in tensors.values()))


def main():
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[1:]])
