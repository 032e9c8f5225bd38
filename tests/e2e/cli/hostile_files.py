"""What the hostile files are made of. A case makes its files in an empty folder and says what the program answers; the cases
themselves stand in hostile_tensors.py, hostile_models.py, hostile_adapters.py and hostile_requests.py. All of it is written
out, nothing is drawn: a case is the same every time."""
import json
import os
import shutil
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from program import GOLDEN, read_tensors, write_tensors

DEEP = 100_000


@dataclass(frozen=True)
class Case:
    name: str
    make: Callable[[Path], None]
    command: tuple[str, ...]      # words behind `likeness`
    says: tuple[str, ...] = ()    # each of these stands in what it says
    status: int = 3
    input_text: str | None = None


def inspect(name, make, *says, path="bad.safetensors", status=3):
    """`models inspect` on one file; its name must be told."""
    named = (Path(path).name,) if says and status else ()
    return Case(name, make, ("models", "inspect", path), (*says, *named), status)


def generate(name, make, *says, words=(), model="model", status=3):
    return Case(name, make, ("generate", "--model", str(model), *map(str, words)), says, status)


def content(data, path="bad.safetensors"):
    """Makes a file of those bytes."""
    def make(folder):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data.encode() if isinstance(data, str) else data)
    return make


def sparse(start, size, path="bad.safetensors"):
    """Makes a file that begins with those bytes and is zero up to its size; the disk holds only its beginning."""
    def make(folder):
        with open(folder / path, "wb") as file:
            file.write(start)
            file.truncate(size)
    return make


def safetensors(header, data=b"", length=None):
    """The bytes of such a file; a header that is a text or bytes is written as it stands."""
    text = header if isinstance(header, bytes) else header.encode() if isinstance(header, str) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def entry(dtype="F32", shape=(1,), offsets=(0, 4), **more):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets), **more}


def floats(shape, value=0.01):
    count = 1
    for size in shape:
        count *= size
    return ("F32", list(shape), struct.pack("<f", value) * count)


def tensors(path, of):
    return lambda folder: write_tensors(folder / path, of() if callable(of) else of)


def model(*changes, name="model", of="tiny_sd"):
    """A copy of the tiny model, each change applied to its folder."""
    def make(folder):
        target = folder / name
        shutil.copytree(GOLDEN / of, target)
        for path in target.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        for change in changes:
            change(target)
    return make


def edit(path, **fields):
    """Changes those fields of a JSON file; ABSENT takes one away."""
    def change(folder):
        config = json.loads((folder / path).read_text())
        for key, value in fields.items():
            if value is ABSENT:
                config.pop(key, None)
            else:
                config[key] = value
        (folder / path).write_text(json.dumps(config))
    return change


ABSENT = object()


def put(path, data):
    """Writes a file of the model anew."""
    return lambda folder: content(data, path)(folder)


def remove(path):
    def change(folder):
        target = folder / path
        shutil.rmtree(target) if target.is_dir() else target.unlink()
    return change


def link(path, to):
    """A symbolic link in place of a file."""
    def change(folder):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        if (folder / path).is_file():
            (folder / path).unlink()
        os.symlink(to, folder / path)
    return change


def pipe(path):
    def change(folder):
        if (folder / path).exists():
            (folder / path).unlink()
        os.mkfifo(folder / path)
    return change


def as_folder(path):
    def change(folder):
        if (folder / path).exists():
            (folder / path).unlink()
        (folder / path).mkdir()
    return change


def retensor(path, alter):
    """Changes the tensors of a file of the model: alter({name: (dtype, shape, bytes)})."""
    def change(folder):
        of = read_tensors(folder / path)
        alter(of)
        write_tensors(folder / path, of)
    return change


def together(*makes):
    def make(folder):
        for one in makes:
            one(folder)
    return make


def nested(depth=DEEP, around=("[", "]")):
    return around[0] * depth + around[1] * depth
