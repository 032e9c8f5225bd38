"""Damaged and hostile files of tensors: safetensors, what people take for them, and the indices of shards."""
import json
import struct

from hostile_files import (Case, content, entry, floats, inspect, link, nested, pipe, safetensors, sparse, tensors,
                           together)
from program import write_png, write_tensors

MOST = 100_000  # tensors


def many(count):
    text = ",".join(f'"t{i}":{{"dtype":"U8","shape":[1],"data_offsets":[{i},{i + 1}]}}' for i in range(count))
    return safetensors("{" + text + "}", b"\0" * count)


def whole():
    """Files that are cut, empty, or whose length says what is not so."""
    good = safetensors({"a": entry()}, b"\0" * 4)
    yield inspect("empty", content(b""), "it is empty")
    yield inspect("one byte", content(b"{"), "JSON text")
    yield inspect("seven bytes", content(b"\1" * 7), "only 7 bytes")
    yield inspect("no header", content(b"\0" * 8), "does not begin with {")
    yield inspect("only a length", content(struct.pack("<Q", 100)), "only 0 follow")
    yield inspect("length of all bits", content(safetensors(b"{}", length=2**64 - 1)), "18446744073709551615 bytes long")
    yield inspect("length that turns negative", content(safetensors(b"{}", length=2**63)), "9223372036854775808 bytes long")
    yield inspect("length just past the format", content(safetensors(b"{}", length=100_000_001)), "100000001 bytes long")
    yield inspect("length past the end", content(safetensors(b"{}  ", length=5)), "only 4 follow")
    yield inspect("length too short", content(safetensors(b'{"a":1}  ', length=4)), "followed by something other")
    yield inspect("a header of a hundred megabytes", sparse(safetensors(b"{", length=99_999_990), 100_000_000), "99999990 bytes long", "16777216")
    yield inspect("a header of spaces", content(safetensors(b"{" + b" " * 2_000_000 + b"}")), status=0)
    yield inspect("spaces before the header", content(safetensors(b" {}")), "does not begin with {")
    yield inspect("a list as header", content(safetensors(b"[]")), "does not begin with {")
    yield inspect("an unclosed header", content(safetensors(b'{"a":')), "something other than spaces")
    yield inspect("no tensors", content(safetensors(b"{}")), status=0)
    yield inspect("more behind the header", content(safetensors(b'{} {}')), "not valid JSON at byte")
    yield inspect("zeros in the header", content(safetensors(b"{\0}")), "other than spaces")
    yield inspect("zeros behind the header", content(safetensors(b"{}\0\0")), "other than spaces")
    for cut in (len(good) - 1, len(good) - 4, 20, 9):
        yield inspect(f"cut at byte {cut}", content(good[:cut]), "cut off")
    yield inspect("one byte more", content(good + b"\0"), "1 bytes at its end belong to no tensor")
    yield inspect("a petabyte that is not there", content(safetensors(
        {"a": entry(shape=[2**48], offsets=[0, 2**50])})), "the file is cut off")


def headers():
    """JSON that the format does not allow."""
    def case(name, header, *says, data=b"\0" * 4):
        return inspect(name, content(safetensors(header, data)), *says)

    one = '"dtype":"F32","shape":[1],"data_offsets":[0,4]'
    yield case("a byte that is no UTF-8", b'{"\xff":{' + one.encode() + b"}}", "not valid UTF-8")
    yield case("an overlong UTF-8 form", b'{"\xc0\x80":{' + one.encode() + b"}}", "not valid UTF-8")
    yield case("half a surrogate pair", b'{"\\ud800":{' + one.encode() + b"}}", "not valid")
    yield case("metadata that is no UTF-8", b'{"__metadata__":{"a":"\xfe"},"a":{' + one.encode() + b"}}", "not valid UTF-8")
    yield case("lists a hundred thousand deep", '{"a":' + nested() + "}", "list where none may stand")
    yield case("objects a hundred thousand deep", '{"a":' * 100_000 + "1" + "}" * 100_000, "which the format does not know")
    yield case("deep metadata", '{"__metadata__":{"a":' + nested() + "}}", "list where none may stand")
    yield case("a tensor twice", f'{{"a":{{{one}}},"a":{{{one}}}}}', 'names "a" twice')
    yield case("metadata twice", f'{{"__metadata__":{{}},"__metadata__":{{}},"a":{{{one}}}}}', "__metadata__ twice")
    yield case("a metadata key twice", f'{{"__metadata__":{{"k":"1","k":"2"}},"a":{{{one}}}}}', 'metadata key "k" twice')
    yield case("a field twice", f'{{"a":{{{one},"dtype":"F16"}}}}', 'the field "dtype" twice')
    yield case("an unknown field", f'{{"a":{{{one},"run":"me"}}}}', 'the field "run"')
    yield case("no dtype", {"a": {"shape": [1], "data_offsets": [0, 4]}}, "no dtype")
    yield case("no shape", {"a": {"dtype": "F32", "data_offsets": [0, 4]}}, "no shape")
    yield case("no offsets", {"a": {"dtype": "F32", "shape": [1]}}, "no data_offsets")
    yield case("metadata that is a number", {"__metadata__": {"a": 1}, "a": entry()}, "number 1")
    yield case("metadata that is a list", {"__metadata__": [], "a": entry()}, "list where none may stand")
    yield case("null for a tensor", {"a": None}, "null")
    yield case("true for a shape", {"a": entry() | {"shape": True}}, "true or false")
    yield case("a text for a shape", {"a": entry() | {"shape": "[1]"}}, 'the text "[1]"')
    yield case("a tensor without a name", {"": entry()}, "no name")
    yield case("a name of two thousand bytes", {"n" * 2_000: entry()}, "2000 bytes")
    yield case("a name with an escape", {"\x1b[31mred": entry()}, "control characters", '"?[31mred"')
    yield case("a name with a line end", {"a\nlikeness: all is well": entry()}, "control characters")
    yield case("a name with a C1 control", {"a\u009b31m": entry()}, "control characters")
    yield case("an unknown dtype", {"a": entry("F128", [1], [0, 4])}, 'stored as "F128"', "Get the file in float16")
    yield case("a dtype of six bits", {"a": entry("F6_E2M3", [4], [0, 3])}, 'stored as "F6_E2M3"', data=b"\0" * 3)
    yield case("a dtype of a megabyte", {"a": entry("F" * 1_000_000)}, 'stored as "FFFF')
    yield case("a dtype that is a number", {"a": entry() | {"dtype": 5}}, "number 5")
    yield case("a million digits", '{"a":{"dtype":"F32","shape":[' + "9" * 1_000_000 + '],"data_offsets":[0,4]}}', "")


def places():
    """Shapes and offsets."""
    def case(name, of, *says, data=b"\0" * 4, status=3):
        return inspect(name, content(safetensors(of, data)), *says, status=status)

    yield case("a negative dimension", {"a": entry(shape=[-1])}, "negative number -1")
    yield case("a fraction", {"a": entry() | {"shape": [1.5]}}, "1.5")
    yield case("an exponent", '{"a":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}', "only whole numbers")
    yield case("a dimension past 2^48", {"a": entry(shape=[2**48 + 1])}, "281474976710657")
    yield case("a dimension past 2^64", {"a": entry(shape=[2**64])}, "only whole numbers")
    yield case("a product past 2^64", {"a": entry(shape=[2**32, 2**32])}, "larger than any file")
    yield case("a product that wraps to nothing", {"a": entry(shape=[2**32, 2**32], offsets=[0, 0])}, "larger than any file", data=b"")
    yield case("a product that wraps to four bytes", {"a": entry("U8", shape=[2**33 + 1, 2**31], offsets=[0, 4])}, '"a"')
    yield case("nine dimensions", {"a": entry(shape=[1] * 9)}, "more than 8 dimensions")
    yield case("a million dimensions", {"a": entry(shape=[1] * 1_000_000)}, "more than 8 dimensions")
    yield case("nothing, in huge dimensions", {"a": entry(shape=[0, 2**48, 2**48, 2**48], offsets=[0, 0])}, "larger than any file", data=b"")
    yield case("nothing, that takes bytes", {"a": entry(shape=[0], offsets=[0, 4])}, "takes 4 bytes")
    yield case("offsets backwards", {"a": entry(offsets=[4, 0])}, "ends at byte 0, before its begin at 4")
    yield case("one offset", {"a": entry(offsets=[0])}, "1 offsets instead of two")
    yield case("three offsets", {"a": entry(offsets=[0, 4, 8])}, "more than 2 offsets")
    yield case("offsets of all bits", {"a": entry(offsets=[2**64 - 4, 2**64 - 1])}, "18446744073709551615")
    yield case("offsets past 2^64", {"a": entry(offsets=[0, 2**70])}, "only whole numbers")
    yield case("overlapping tensors", {"a": entry(), "b": entry(offsets=[2, 6])}, "shares bytes", data=b"\0" * 6)
    yield case("the same bytes twice", {"a": entry(), "b": entry()}, "shares bytes")
    yield case("a gap", {"a": entry(), "b": entry(offsets=[8, 12])}, "gap of 4 bytes", data=b"\0" * 12)
    yield case("a late start", {"a": entry(offsets=[4, 8])}, "gap of 4 bytes", data=b"\0" * 8)
    yield case("bytes that its shape does not make", {"a": entry(shape=[3])}, "takes 4 bytes", "make 12")
    yield inspect("as many tensors as are read", content(many(MOST)), status=0)
    yield inspect("one tensor more than is read", content(many(MOST + 1)), "more than 100000 tensors")
    yield inspect("half a million tensors", content(many(500_000)), "this program reads up to 16777216")
    yield inspect("thirty megabytes of metadata", content(safetensors({"__metadata__": {"a": "x" * 30_000_000}})), "this program reads up to 16777216")
    yield inspect("a million metadata keys", content(safetensors(
        '{"__metadata__":{' + ",".join(f'"{i}":""' for i in range(1_000_000)) + "}}")), "more than 10000 metadata keys")


def others():
    """What people take for it."""
    yield inspect("a Git LFS pointer", content("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n"), "Git LFS pointer", "git lfs pull")
    yield inspect("a web page", content("<!DOCTYPE html><html><body>Sign in</body></html>"), "web page", "log in")
    yield inspect("a web page behind spaces", content("\ufeff\r\n  <html>" + " " * 100), "web page")
    yield inspect("an answer in XML", content('<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'), "web page")
    yield inspect("an answer in JSON", content('{"error":"Repository not found"}'), "JSON text")
    yield inspect("a note", content("Entry not found"), "header")
    yield inspect("a zip archive", content(b"PK\x03\x04" + b"\0" * 100), "pickle", "zip")
    yield inspect("an empty zip archive", content(b"PK\x05\x06" + b"\0" * 18), "zip")
    yield inspect("a pickle under this name", content(b"\x80\x02}q\0." + b" " * 100), "pickle")
    yield inspect("a GGUF file", content(b"GGUF\3\0\0\0" + b"\0" * 100), "GGUF")
    yield inspect("a program", content(b"\x7fELF\2\1\1" + b"\0" * 100), "header")
    yield inspect("a picture", lambda folder: write_png(folder / "bad.safetensors"), "PNG picture", "likeness restore")
    yield inspect("a gzip file", content(b"\x1f\x8b\x08" + b"\xff" * 100), "header")
    yield inspect("zeros", sparse(b"", 1 << 40), "does not begin with {")
    yield inspect("a folder of that name", lambda folder: (folder / "bad.safetensors").mkdir(), "model_index.json")
    yield inspect("a pipe", pipe("bad.safetensors"), "")
    yield inspect("a link to itself", link("bad.safetensors", "bad.safetensors"), "")
    yield inspect("a link to nothing", link("bad.safetensors", "gone"), "")
    yield inspect("a link to a device", link("bad.safetensors", "/dev/zero"), "")
    yield inspect("a link to endless noise", link("bad.safetensors", "/dev/urandom"), "")
    yield Case("a name with an escape in it", content(b"", "\x1b[31mbad\n.safetensors"), ("models", "inspect", "\x1b[31mbad\n.safetensors"), ("?[31mbad?.safetensors", "it is empty"))
    yield Case("a name of a thousand bytes", lambda folder: None, ("models", "inspect", "n" * 1_000 + ".safetensors"), ("nnnn",))


INDEX = "model.safetensors.index.json"
SHARDS = ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")


def indices():
    """Indices of shards."""
    def shards(folder):
        write_tensors(folder / SHARDS[0], {"a": floats([2])})
        write_tensors(folder / SHARDS[1], {"b": floats([2])})

    def case(name, index, *says, more=lambda folder: None):
        text = index if isinstance(index, (str, bytes)) else json.dumps(index)
        return Case(f"index: {name}", together(shards, content(text, INDEX), more), ("models", "inspect", INDEX), says)

    def naming(file):
        return {"metadata": {"total_size": 16}, "weight_map": {"a": SHARDS[0], "b": file}}

    yield case("empty", "", "not valid JSON")
    yield case("no JSON", "shards!", "not valid JSON")
    yield case("a list", [], "not a JSON object")
    yield case("no map", {"metadata": {}}, "no weight_map")
    yield case("an empty map", {"weight_map": {}}, "no weight_map")
    yield case("a map that is a list", {"weight_map": ["a"]}, "no weight_map")
    yield case("a number for a file", {"weight_map": {"a": 1}}, "not a plain list")
    yield case("a map in the map", {"weight_map": {"a": {"b": "c"}}}, "not a plain list")
    yield case("two maps", '{"weight_map":{"a":"x.safetensors"},"weight_map":{}}', "weight_map twice")
    yield case("a tensor twice", '{"weight_map":{"a":"%s","a":"%s"}}' % SHARDS, 'tensor "a" twice')
    yield case("a hundred thousand deep", '{"x":' + nested() + "}", "nested too deeply")
    yield case("no UTF-8", b'{"weight_map":{"\xff":"a.safetensors"}}', "not valid JSON")
    for file in ("../../etc/passwd", "/etc/passwd", "../model.safetensors", "a/b.safetensors", "a\\b.safetensors",
                 "C:b.safetensors", "..safetensors", ".safetensors", INDEX, "model.safetensors\0.txt", "m" * 300 + ".safetensors"):
        yield case(f"it names {file[:20]!a}", naming(file), "not a plain name of a .safetensors")
    yield case("a shard that is missing", naming("model-00003-of-00002.safetensors"), "model-00003-of-00002", "no such file")
    yield case("a tensor that is in another shard", {"weight_map": {"a": SHARDS[1], "b": SHARDS[0]}}, "which is not so")
    yield case("a tensor that no shard holds", {"weight_map": {"a": SHARDS[0], "b": SHARDS[1], "c": SHARDS[1]}}, 'tensor "c"')
    yield case("a tensor that is not named", {"weight_map": {"a": SHARDS[0]}}, "", more=tensors(SHARDS[0], {"a": floats([1]), "z": floats([1])}))
    yield case("a tensor in two shards", naming(SHARDS[1]), "in another of the model's files", more=tensors(SHARDS[1], {"a": floats([1]), "b": floats([1])}))
    yield case("a shard that is a link to itself", naming("l.safetensors"), "l.safetensors", more=link("l.safetensors", "l.safetensors"))
    yield case("a shard that is a device", naming("l.safetensors"), "not a regular file", more=link("l.safetensors", "/dev/zero"))
    yield case("a shard that is a pipe", naming("l.safetensors"), "not a regular file", more=pipe("l.safetensors"))
    yield case("a shard that is a folder", naming("l.safetensors"), "not a regular file", more=lambda folder: (folder / "l.safetensors").mkdir())
    yield case("a shard that is cut", naming(SHARDS[1]), "cut off", more=content(b"\x40" + b"\0" * 20, SHARDS[1]))
    yield case("a thousand and one shards", {"weight_map": {f"t{i}": f"model-{i}.safetensors" for i in range(1_001)}}, "1001 files")
    yield case("a hundred thousand tensors and more", {"weight_map": {f"t{i}": SHARDS[0] for i in range(100_002)}}, "more than 100,000 tensors")
    yield inspect("index: a gigabyte", together(shards, sparse(b"{", 1 << 30, INDEX)), "too large", path=INDEX)


def cases():
    for group in (whole, headers, places, others, indices):
        yield from group()
