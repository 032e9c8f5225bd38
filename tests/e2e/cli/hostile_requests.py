"""Hostile requests and pictures with hostile requests in them."""
import json
import struct
import zlib

from hostile_files import DEEP, Case, content, link, nested, pipe, sparse
from program import GOLDEN, write_png

TINY = str(GOLDEN / "tiny_sd")


def requests():
    def case(name, request, *says, status=2):
        text = request if isinstance(request, (str, bytes)) else json.dumps({"model": TINY} | request)
        return Case(f"request: {name}", content(text, "bad.json"), ("generate", "--request", "bad.json"), says, status)

    yield case("empty", "", "JSON")
    yield case("no JSON", "prompt: a mug", "JSON")
    yield case("a list", "[]", "")
    yield case("a number", "1e999", "")
    yield case("cut", '{"prompt": "a', "JSON")
    yield case("no UTF-8", b'{"prompt": "\xff"}', "JSON")
    yield case("half a surrogate pair", '{"prompt": "\\ud800"}', "JSON")
    yield case("a hundred thousand deep", '{"prompt":' + nested() + "}", "nested deeper than 16")
    yield case("an object a hundred thousand deep", '{"a":' * DEEP + "1" + "}" * DEEP, "nested deeper than 16")
    yield case("a key twice", '{"seed": 1, "seed": 2}', "seed")
    yield case("an unknown key", {"run": "me"}, "run")
    yield case("a key of a megabyte", {"k" * 1_000_000: 1}, "kkkk")
    yield case("a width past every number", {"width": 10**30}, "width")
    yield case("a width of a text", {"width": "512"}, "width")
    yield case("a negative width", {"width": -512}, "width")
    yield case("a width of four billion", {"width": 2**32 + 512}, "width")
    yield case("steps past every limit", {"num_inference_steps": 10**9}, "num_inference_steps")
    yield case("steps that are true", {"num_inference_steps": True}, "num_inference_steps")
    yield case("NaN", '{"guidance_scale": NaN}', "JSON")
    yield case("a guidance scale past every number", '{"guidance_scale": 1e999}', "")
    yield case("a negative seed", {"seed": -1}, "seed")
    yield case("a seed past 2^64", {"seed": 2**64}, "seed")
    yield case("a scheduler that is none", {"scheduler": "dream"}, "scheduler")
    yield case("references that are a text", {"references": "a.png"}, "references")
    yield case("ten thousand references", {"references": [{"path": "a.png"}] * 10_000}, "references has 10000 items; the most is 100")
    yield case("a million references", {"references": [{}] * 1_000_000}, "more than 200000 values")
    yield case("loras that are numbers", {"loras": [1, 2]}, "loras")
    yield case("a prompt of twenty megabytes", {"prompt": "a" * 20_000_000}, "too large", status=3)
    yield case("fifty thousand unknown keys", {f"k{i}": 1 for i in range(50_000)}, "problems more")
    yield case("everything wrong at once", {"width": 7, "height": -1, "num_inference_steps": 0, "guidance_scale": -5, "num_images": 10**6},
               "width", "height", "num_inference_steps", "guidance_scale", "num_images")
    yield Case("request: a pipe", pipe("bad.json"), ("generate", "--request", "bad.json"), ("is a pipe",))
    yield Case("request: a folder", lambda folder: (folder / "bad.json").mkdir(), ("generate", "--request", "bad.json"), ("is a folder",))
    yield Case("request: a device", link("bad.json", "/dev/zero"), ("generate", "--request", "bad.json"), ("is a device",))
    yield Case("request: a link to itself", link("bad.json", "bad.json"), ("generate", "--request", "bad.json"), ("bad.json",))
    yield Case("request: a terabyte", sparse(b"{", 1 << 40, "bad.json"), ("generate", "--request", "bad.json"), ("too large",))
    yield Case("request: on standard input, deep", lambda folder: None, ("generate", "--request", "-"), ("nested deeper than 16",), 2, input_text=nested())
    yield Case("request: on standard input, without end", lambda folder: None, ("generate", "--request", "-"), ("longer than",), 3, input_text=" " * 20_000_000)


def chunk(kind, data, checksum=None):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data) if checksum is None else checksum)


def png(*chunks, end=True):
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    return start + b"".join(chunks) + chunk(b"IDAT", zlib.compress(b"\0" * 4)) + (chunk(b"IEND", b"") if end else b"")


def tiff(entries, more=b"", next_at=0):
    return (struct.pack("<2sHIH", b"II", 42, 8, len(entries)) + b"".join(struct.pack("<HHII", *one) for one in entries)
            + struct.pack("<I", next_at) + more)


def riff(*chunks, size=None):
    body = b"WEBP" + b"".join(kind + struct.pack("<I", len(data) if told is None else told) + data + b"\0" * (len(data) % 2) for kind, data, told in chunks)
    return b"RIFF" + struct.pack("<I", len(body) if size is None else size) + body


def pictures():
    def case(name, data, *says, status=3):
        return Case(f"picture: {name}", content(data, "bad.png"), ("restore", "bad.png"), ("bad.png", *says), status)

    key = b"likeness\0"
    bomb = zlib.compress(b"{" + b" " * 100_000_000, 9)
    yield case("empty", b"", "")
    yield case("only a signature", b"\x89PNG\r\n\x1a\n", "")
    yield case("a text past the end", png()[:33] + struct.pack(">I", 2**31) + b"tEXt" + key, "damaged")
    yield case("a text of all bits", png()[:33] + struct.pack(">I", 2**32 - 1) + b"tEXt" + key, "")
    yield case("a text with a wrong checksum", png(chunk(b"tEXt", key + b"{}", 0)), "damaged")
    yield case("a text that is no UTF-8", png(chunk(b"tEXt", key + b"{\xff}")), "damaged")
    yield case("a packed bomb", png(chunk(b"zTXt", key + b"\0" + bomb)), "")
    yield case("an international bomb", png(chunk(b"iTXt", key + b"\1\0\0\0" + bomb)), "")
    yield case("a packed text that is none", png(chunk(b"zTXt", key + b"\0" + b"\xff" * 100)), "")
    yield case("a text past every limit", png(chunk(b"tEXt", key + b"{" + b" " * 40_000_000)), "too large")
    yield case("no picture behind its header", png()[:33], "")
    yield case("a size of two billion", b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 16, 6, 0, 0, 0)), "")
    yield case("JPEG, a comment past the end", b"\xff\xd8\xff\xfe\xff\xfflikeness 1/1\n{", "")
    yield case("JPEG, a segment of no length", b"\xff\xd8\xff\xfe\0\0" * 10, "")
    yield case("JPEG, a hundred thousand empty comments", b"\xff\xd8" + b"\xff\xfe\0\2" * 100_000, "")
    yield case("WebP, a chunk past the end", riff((b"VP8X", b"\0" * 10, None), (b"XMP ", b"likeness", 2**32 - 2)), "")
    yield case("WebP, of no size", riff((b"VP8X", b"", None), size=0), "")
    yield case("TIFF, a description past the end", tiff([(270, 2, 1_000, 2**32 - 10)]), "")
    yield case("TIFF, of four billion letters", tiff([(270, 2, 2**32 - 1, 8)]), "")
    yield case("TIFF, a list that leads to itself", tiff([], next_at=8), "")
    yield case("TIFF, a list past the end", struct.pack("<2sHI", b"II", 42, 2**32 - 2), "")
    yield case("EXR, an attribute past the end", b"\x76\x2f\x31\x01\x02\0\0\0" + b"likeness\0string\0" + struct.pack("<i", 2**31 - 1) + b"{}", "")
    yield case("EXR, an attribute of less than nothing", b"\x76\x2f\x31\x01\x02\0\0\0" + b"likeness\0string\0" + struct.pack("<i", -5) + b"{}", "")
    yield case("EXR, only a signature", b"\x76\x2f\x31\x01\x02\0\0\0", "")
    yield case("GIF", b"GIF89a\xff\xff\xff\xff\xf7\0\0", "")
    yield case("a pickle", b"\x80\x02cos\nsystem\n(X\x04\0\0\0trueyR.", "")
    yield Case("picture: a pipe", pipe("bad.png"), ("restore", "bad.png"), ("is a pipe",))
    yield Case("picture: a device", link("bad.png", "/dev/zero"), ("restore", "bad.png"), ("is a device",))


def cases():
    for group in (requests, pictures):
        yield from group()
