"""Old pickles: converted, inspected and used like safetensors; hostile ones refused with exit 3 and without a trace."""
import gzip
import json
import math
import struct
import unittest
import zipfile

from hostile_adapters import tiny_single_file
from program import GOLDEN, SMALL, CommandLineTest, main, read_tensors, write_tensors

PICKLES = GOLDEN / "pickles"
STORAGES = {"F32": "FloatStorage", "F16": "HalfStorage", "BF16": "BFloat16Storage", "I64": "LongStorage"}


def text(value):
    return b"X" + struct.pack("<I", len(value.encode())) + value.encode()


def number(value):
    return b"\x8a\x08" + struct.pack("<q", value)


def name(module, of):
    return b"c" + module.encode() + b"\n" + of.encode() + b"\n"


def tuple_of(*items):
    return b"(" + b"".join(items) + b"t"


def strides(shape):
    return [math.prod(shape[i + 1:]) for i in range(len(shape))]


def tensor(key, dtype, shape, *more):
    count = math.prod(shape)
    storage = tuple_of(text("storage"), name("torch", STORAGES[dtype]), text(key), text("cpu"), number(count), *more) + b"Q"
    return name("torch._utils", "_rebuild_tensor_v2") + tuple_of(
        storage, number(0), tuple_of(*map(number, shape)), tuple_of(*map(number, strides(shape))), b"\x89",
        name("collections", "OrderedDict") + b")R") + b"R"


def write_torch(path, tensors, nested=False):
    """A file as torch.save makes it: of plain tensors, or of the two halves of an adapter."""
    entries, halves = {}, {}
    for number_of, (key, (dtype, shape, _)) in enumerate(tensors.items()):
        half, rest = key.split(".", 1) if nested else ("", key)
        halves.setdefault(half, b"")
        halves[half] += text(rest) + tensor(str(number_of), dtype, shape)
        entries[f"archive/data/{number_of}"] = tensors[key][2]
    whole = b"".join(text(half) + b"}(" + items + b"u" for half, items in halves.items()) if nested else halves[""]
    write_archive(path, b"\x80\x02}(" + whole + b"u.", entries)


def write_old_torch(path, tensors):
    """A file as torch.save made it before it wrote zip archives: five pickles, then the values."""
    keys = {key: str(i) for i, key in enumerate(tensors)}
    items = b"".join(text(key) + tensor(keys[key], dtype, shape, b"N") for key, (dtype, shape, _) in tensors.items())
    sizes = b"}(" + b"".join(text(kind) + number(size) for kind, size in (("short", 2), ("int", 4), ("long", 4))) + b"u"
    machine = b"}(" + text("protocol_version") + number(1001) + text("little_endian") + b"\x88" + text("type_sizes") + sizes + b"u"
    pickles = (b"\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19", number(1001), machine, b"}(" + text("state_dict") + b"}(" + items + b"uu",
               b"](" + b"".join(map(text, keys.values())) + b"e")
    values = b"".join(struct.pack("<q", math.prod(shape)) + data for _, shape, data in tensors.values())
    path.write_bytes(b"".join(b"\x80\x02" + one + b"." for one in pickles) + values)


def write_archive(path, pickle, entries=None):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickle)
        for member, content in (entries or {}).items():
            archive.writestr(member, content)
        archive.writestr("archive/version", "3\n")


class PickleTest(CommandLineTest):
    def setUp(self):
        super().setUp()
        self.cache = self.folder / "cache"
        self.cache.mkdir()

    def run_program(self, *words, **options):
        return super().run_program(*words, environment={"XDG_CACHE_HOME": str(self.cache)}, **options)

    def conversions(self):
        return sorted(self.cache.rglob("*.safetensors"))


class TestConvert(PickleTest):
    def test_every_fixture(self):
        for path in sorted(PICKLES.iterdir()):
            if path.suffix != ".safetensors":
                with self.subTest(path.name):
                    out = f"{path.stem}.safetensors"
                    done = self.run_program("models", "convert", path, out, "--json", "--force")
                    told = json.loads(done.stdout)
                    expected = read_tensors(f"{path}.safetensors")
                    self.assertEqual(read_tensors(self.folder / out), expected)
                    self.assertEqual(told, {"path": out, "tensors": len(expected),
                                            "bytes": (self.folder / out).stat().st_size})
        self.assertEqual(self.conversions(), [])  # what is written elsewhere needs no copy in the cache

    def test_names_that_make_no_sense(self):
        convert = ("models", "convert")
        path = PICKLES / "views.pth"
        (self.folder / "there.safetensors").write_text("mine")
        for words, status, part in (((), 2, "two names"), ((path,), 2, "two names"), ((path, "out.bin"), 2, ".safetensors"),
                                    (("missing.ckpt", "out.safetensors"), 3, "There is no file"),
                                    ((self.folder, "out.safetensors"), 3, "is no file"),
                                    ((f"{path}.safetensors", "out.safetensors"), 3, "is no pickle"),
                                    ((path, "none/out.safetensors"), 3, "there is no folder"),
                                    ((path, "there.safetensors"), 3, "--force")):
            with self.subTest(words):
                self.assertIn(part, self.run_program(*convert, *words, status=status).stderr)
        self.assertEqual(self.bytes_of("there.safetensors"), b"mine")
        self.run_program(*convert, path, "there.safetensors", "--force")
        self.assertEqual(len(read_tensors(self.folder / "there.safetensors")), 10)


class TestUse(PickleTest):
    def test_a_model_of_pickles_makes_the_same_picture(self):
        reference = ("--reference", GOLDEN / "tiny_sd/reference_0.png", "--out", "x.png", "--force")
        self.model = self.copy_model()  # the picture tells its path
        self.generate(*reference)
        expected = self.bytes_of("x.png")
        for path in ("unet/diffusion_pytorch_model.fp16", "text_encoder/model.fp16", "ip_adapter/ip-adapter-plain"):
            old = self.model / f"{path}.safetensors"
            new = self.model / (path.replace("text_encoder/model", "text_encoder/pytorch_model") + ".bin")
            write_torch(new, read_tensors(old), nested="adapter" in path)
            old.unlink()
        report = json.loads(self.run_program("models", "inspect", self.model, "--json").stdout)
        self.assertTrue(report["sound"], report)
        self.assertEqual(report["ip_adapters"][0]["kind"], "plain")
        self.assertEqual(self.conversions(), [])  # inspecting converts nothing
        self.generate(*reference)
        self.assertEqual(self.bytes_of("x.png"), expected)
        made = {path: path.stat().st_mtime_ns for path in self.conversions()}
        self.assertEqual(len(made), 3)
        self.generate(*reference)
        self.assertEqual({path: path.stat().st_mtime_ns for path in self.conversions()}, made)

    def test_pickles_in_several_files(self):
        self.model = self.copy_model()
        self.generate("--prompt", "a blue mug", "--out", "x.png")
        expected = self.bytes_of("x.png")
        for folder, base, old in (("unet", "diffusion_pytorch_model", "diffusion_pytorch_model"), ("text_encoder", "model", "pytorch_model")):
            path = self.model / folder / f"{base}.fp16.safetensors"
            tensors = read_tensors(path)
            path.unlink()
            names = sorted(tensors)
            files = [f"{old}-0000{i}-of-00002.bin" for i in (1, 2)]
            for i, file in enumerate(files):
                write_torch(path.parent / file, {name: tensors[name] for name in names[i::2]})
            (path.parent / f"{old}.bin.index.json").write_text(json.dumps(
                dict(metadata={}, weight_map={name: files[i % 2] for i, name in enumerate(names)})))
        self.assertTrue(json.loads(self.run_program("models", "inspect", self.model, "--json").stdout)["sound"])
        self.assertEqual(self.conversions(), [])
        for _ in range(2):  # converted, then from the cache
            self.generate("--prompt", "a blue mug", "--out", "x.png", "--force")
            self.assertEqual(self.bytes_of("x.png"), expected)
        self.assertEqual(len(self.conversions()), 4)
        (self.model / "unet" / "diffusion_pytorch_model-00002-of-00002.bin").unlink()
        self.assertIn("00002-of-00002.bin", self.generate("--out", "y.png", status=3).stderr)
        write_archive(self.model / "unet" / "diffusion_pytorch_model-00002-of-00002.bin",
                      b"\x80\x02" + name("os", "system") + tuple_of(text("touch canary")) + b"R.")
        self.assertIn('"os.system"', self.generate("--out", "y.png", status=3).stderr)
        self.assertEqual(list(self.folder.rglob("canary")), [])

    def test_an_image_encoder_of_pickles_beside_an_adapter(self):
        reference = ("--reference", GOLDEN / "tiny_sd/reference_0.png", "--ip-adapter", "adapters/a.bin", "--out", "x.png", "--force")
        self.model = self.copy_model()
        beside = self.folder / "adapters"
        beside.mkdir()
        write_torch(beside / "a.bin", read_tensors(self.model / "ip_adapter/ip-adapter-plain.safetensors"), nested=True)
        (self.model / "image_encoder").rename(beside / "image_encoder")
        encoder = beside / "image_encoder/model.fp16.safetensors"
        write_torch(encoder.parent / "pytorch_model.bin", read_tensors(encoder))
        encoder.unlink()
        dumps = []
        for words in ((), ("--image-encoder", GOLDEN / "tiny_sd/image_encoder")):
            self.generate(*reference, *words, "--dump", "d.safetensors")
            dumps.append(read_tensors(self.folder / "d.safetensors")["image_embeds.0"])
        self.assertEqual(*dumps)
        self.assertEqual(len(self.conversions()), 2)

    def test_a_preview_decoder_that_is_a_pickle(self):
        self.model = self.copy_model()
        shapes = {"1.weight": [8, 4, 3, 3], "1.bias": [8], "4.weight": [3, 8, 3, 3], "4.bias": [3]}
        for i in (0, 2, 4):
            shapes |= {f"3.conv.{i}.weight": [8, 8, 3, 3], f"3.conv.{i}.bias": [8]}
        layers = {name: ("F32", shape, struct.pack("<f", 0.03) * math.prod(shape)) for name, shape in shapes.items()}

        def previews(folder):  # how many there are is a matter of time
            self.generate("--preview-dir", folder, "--out", "x.png", "--force")
            return {path.name: path.read_bytes() for path in (self.folder / folder).iterdir()}

        shown = []
        for file, write in (("taesd_decoder.safetensors", write_tensors), ("taesd_decoder.pth", write_torch)):
            write(self.model / file, layers)
            self.assertEqual(json.loads(self.run_program("models", "inspect", self.model / file, "--json").stdout)["kind"], "taesd")
            shown.append(previews(file.replace(".", "_")))
            (self.model / file).unlink()
        plain = previews("plain")  # the decoder was used: without it they differ
        both = shown[0].keys() & shown[1].keys() & plain.keys()
        self.assertTrue(both)
        for name in both:
            self.assertEqual(shown[0][name], shown[1][name])
            self.assertNotEqual(shown[0][name], plain[name])

    def test_a_model_in_an_old_pickle(self):
        merges = [f"{a} {b}" for a in "abcdefghij" for b in "klmnopqrs"][:86]
        (self.cache / "vocabulary").mkdir()
        with gzip.open(self.cache / "vocabulary/bpe_simple_vocab_16e6.txt.gz", "wt") as file:
            file.write("\n".join(["a heading", *merges]) + "\n")
        tensors = tiny_single_file()
        write_tensors(self.folder / "m.safetensors", tensors)
        write_old_torch(self.folder / "m.ckpt", tensors)
        dumps = []
        for file in ("m.safetensors", "m.ckpt"):
            CommandLineTest.run_program(self, "generate", "--model", file, *SMALL, "--prompt", "al bk", "--out", "x.png", "--force", "--dump", "d.safetensors",
                                environment={"XDG_CACHE_HOME": str(self.cache), "LIKENESS_CACHE": str(self.cache)})
            dumps.append(read_tensors(self.folder / "d.safetensors"))
        self.assertEqual(*dumps)
        self.assertEqual(len(self.conversions()), 1)

    def test_inspect(self):
        done = json.loads(self.run_program("models", "inspect", PICKLES / "lightning.ckpt", "--json", status=3).stdout)
        self.assertEqual(done["kind"], "checkpoint")  # of two tensors: incomplete, and told so
        done = self.run_program("models", "inspect", PICKLES / "views.pth").stdout
        self.assertIn("10 tensors", done)
        self.assertIn("none of it run", done)
        self.assertEqual(self.conversions(), [])


class TestHostile(PickleTest):
    def attacks(self):
        """Pickles that would make the file `canary` where they are run."""
        command = tuple_of(text("touch canary"))
        python = tuple_of(text("open('canary', 'w')"))
        yield from ((f"{module}.{of}", b"\x80\x02" + name(module, of) + argument + b"R.") for module, of, argument in (
            ("os", "system", command), ("posix", "system", command), ("subprocess", "getoutput", command),
            ("subprocess", "call", command), ("builtins", "eval", python), ("builtins", "exec", python),
            ("__builtin__", "eval", python), ("runpy", "_run_code", python), ("pickle", "loads", command),
            ("torch.hub", "load", command), ("webbrowser", "open", command)))
        yield "os.system in an object's state", (
            b"\x80\x02" + name("pytorch_lightning", "Thing") + b")\x81" + name("os", "system") + command + b"Rb.")
        yield "os.system by INST", b"\x80\x02(" + text("touch canary") + b"ios\nsystem\n."
        yield "os.system by STACK_GLOBAL", b"\x80\x04" + text("os") + text("system") + b"\x93" + command + b"R."
        yield "os.system beside good tensors", (
            b"\x80\x02}(" + text("a") + tensor("0", "F32", [2]) + text("b") + name("os", "system") + command + b"Ru.")

    def refused(self, path, *commands):
        for words in commands or (("convert", path, "out.safetensors"), ("inspect", path)):
            done = self.run_program("models", *words, status=3)
            self.assertIn(path, done.stderr)
            self.assertEqual(done.stdout, "")
            self.assertLessEqual(len(done.stderr.strip().splitlines()), 3, done.stderr)
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), sorted(["cache", path]))
        self.assertEqual([p for p in self.cache.rglob("*") if p.is_file()], [])
        return done.stderr

    def test_nothing_is_run(self):
        path = "evil.ckpt"
        for i, (what, pickle) in enumerate(self.attacks()):
            with self.subTest(what):
                if i % 2 == 0:
                    write_archive(self.folder / path, pickle, {"archive/data/0": b"12345678"})
                else:
                    (self.folder / path).write_bytes(pickle)
                told = self.refused(path, ("inspect", path) if i % 4 < 2 else ("convert", path, "out.safetensors"))
                self.assertIn("could run code", told)
                self.assertFalse((self.folder / "canary").exists())

    def test_archives(self):
        good = b"\x80\x02}(" + text("a") + tensor("0", "F32", [2]) + b"u."
        path = self.folder / "bad.pt"
        for member in ("archive/../../canary", "/tmp/canary", "archive/data/../../x"):
            write_archive(path, good, {"archive/data/0": b"12345678", member: b"x"})
            self.assertIn("would leave the archive", self.refused("bad.pt"))
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("archive/data.pkl", good)
            archive.writestr("archive/data/0", b"\0" * 100_000)
        self.assertIn("compressed", self.refused("bad.pt"))

    def test_a_model_with_an_attack_in_it(self):
        self.model = self.copy_model()
        (self.model / "unet/diffusion_pytorch_model.fp16.safetensors").unlink()
        write_archive(self.model / "unet/diffusion_pytorch_model.bin", b"\x80\x02" + name("os", "system") + tuple_of(text("touch canary")) + b"R.")
        told = self.generate("--out", "x.png", status=3).stderr
        self.assertIn("unet/diffusion_pytorch_model.bin", told)
        self.assertIn('"os.system"', told)
        self.assertEqual(list(self.folder.rglob("canary")), [])


if __name__ == "__main__":
    main()
