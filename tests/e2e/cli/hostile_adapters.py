"""Damaged and hostile files that go with a model: LoRAs, textual inversions, IP-Adapters, preview decoders, VAEs, single-file
models and the vocabulary these need."""
import gzip
import json
import struct
import sys

from hostile_files import (Case, content, entry, floats, generate, inspect, model, nested, pipe, put, retensor,
                           safetensors, sparse, tensors, together)
from program import GOLDEN, SOURCE, read_tensors, write_tensors

sys.path.insert(0, str(SOURCE / "tests/support"))

import ldm_names
import published_models as published

TINY = GOLDEN / "tiny_sd"
LAYER = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k"  # [8, 16] in the tiny model
PICTURE = TINY / "reference_0.png"
NAN, INFINITE = float("nan"), float("inf")


def number(value, dtype="F32"):
    return (dtype, [], struct.pack({"F32": "<f", "F64": "<d", "I64": "<q"}[dtype], value))


def loras():
    def case(name, of, *says, status=3):
        return generate(f"LoRA: {name}", tensors("bad.safetensors", of), *says, words=("--lora", "bad.safetensors"), model=TINY, status=status)

    def lora(up=(8, 2), down=(2, 16), **more):
        return {f"{LAYER}.lora_up.weight": floats(up), f"{LAYER}.lora_down.weight": floats(down)} | {
            f"{LAYER}.{part}": of for part, of in more.items()}

    up, down = f"{LAYER}.lora_up.weight", f"{LAYER}.lora_down.weight"
    yield case("of no tensors", {}, "none of a LoRA")
    yield case("of other tensors", {"a": floats([2])}, "none of a LoRA", "(a)")
    yield case("an absurd rank", lora((8, 5_000), (5_000, 16)), "rank 5000", "the most is 4096")
    yield case("of rank 0", lora((8, 0), (0, 16)), "of other sizes", "[8, 0]")
    yield case("ranks that differ", lora((8, 2), (3, 16)), "of other sizes")
    yield case("too wide", lora((9, 2)), "of other sizes", "[9, 2]")
    yield case("for SDXL", lora((8, 2), (2, 2048)), "made for SDXL", "2048")
    yield case("of one dimension", lora((16,), (32,)), "other sizes")
    yield case("of eight dimensions", lora((8, 2, 1, 1, 1, 1, 1, 1)), "other sizes")
    yield case("sizes of zero and 2^48", lora((8, 0), (0, 2**48)), "281474976710656")
    yield case("no down half", {up: floats([8, 2])}, "none of a LoRA")
    yield case("no up half", {down: floats([2, 16])}, "none of a LoRA")
    yield case("an alpha that is NaN", lora(alpha=number(NAN)), "alpha", "not numbers")
    yield case("an alpha without end", lora(alpha=number(INFINITE, "F64")), "alpha", "infinite")
    yield case("an alpha of two numbers", lora(alpha=floats([2])), "no single number")
    yield case("an alpha of no number", lora(alpha=floats([0])), "no single number")
    yield case("an alpha past float32", lora(alpha=number(1e300, "F64")), "alpha")
    yield case("an alpha that makes it grow without end", lora(alpha=number(3e38)) | {up: floats([8, 2], 1e9)}, "times as strong")
    yield case("values that make it grow without end", {up: floats([8, 2], 3e38), down: floats([2, 16], 3e38)}, "grow past")
    yield case("an alpha of whole numbers", lora(alpha=number(2, "I64")), status=0)
    yield case("values that are NaN", {up: floats([8, 2], NAN), down: floats([2, 16])}, up, "not numbers")
    yield case("values without end", {up: floats([8, 2]), down: floats([2, 16], -INFINITE)}, down, "infinite")
    yield case("values of eight bits", {up: ("F8_E4M3", [8, 2], b"\x7f" * 16), down: floats([2, 16])}, up)
    yield case("a DoRA scale that is too long", lora(dora_scale=floats([7, 1])), "other sizes")
    yield case("a DoRA scale of nothing", lora(dora_scale=floats([0, 1])), "other sizes")
    yield case("a DoRA scale that is NaN", lora(dora_scale=floats([8, 1], NAN)), "dora_scale", "not numbers")
    yield case("a DoRA scale of zeros", lora(dora_scale=floats([8, 1], 0)), status=0)
    yield case("a middle of another rank", lora(**{"lora_mid.weight": floats([3, 3, 1, 1])}), "other sizes")
    yield case("LoHa without its second half", {f"{LAYER}.hada_w1_a": floats([8, 2]), f"{LAYER}.hada_w1_b": floats([2, 16])}, "none of a LoRA")
    yield case("LoHa of rank 0", {f"{LAYER}.hada_w{i}_{p}": floats([8, 0] if p == "a" else [0, 16]) for i in (1, 2) for p in "ab"}, "other sizes")
    yield case("LoHa with one core", {f"{LAYER}.hada_w{i}_{p}": floats([8, 2] if p == "a" else [2, 16]) for i in (1, 2) for p in "ab"}
               | {f"{LAYER}.hada_t1": floats([2, 2, 1, 1])}, "none of a LoRA")
    yield case("LoKr that does not divide", {f"{LAYER}.lokr_w1": floats([3, 4]), f"{LAYER}.lokr_w2": floats([2, 4])}, "other sizes")
    yield case("LoKr of zeros by zeros", {f"{LAYER}.lokr_w1": floats([0, 0]), f"{LAYER}.lokr_w2": floats([0, 0])}, "other sizes")
    yield case("LoKr with a core of four sides", {f"{LAYER}.lokr_w1": floats([2, 4]), f"{LAYER}.lokr_t2": floats([2, 2, 3, 3]),
                                                  f"{LAYER}.lokr_w2_a": floats([2, 4]), f"{LAYER}.lokr_w2_b": floats([2, 4])}, "other sizes")
    yield case("a difference of another shape", {f"{LAYER}.diff": floats([4, 4])}, "another model")
    yield case("a bias for a layer without one", lora(diff_b=floats([8])), "other sizes")
    yield case("for layers that are not there", {f"lora_unet_{i}_{side}.lora_{side}.weight": floats([2, 2]) for i in range(3) for side in ("up", "down")}, "")
    yield case("for thirty thousand layers that are not there", {f"lora_unet_{i}.lora_{side}.weight": floats([1, 1])
               for i in range(30_000) for side in ("up", "down")}, "60000 tensors", "20000")
    yield generate("LoRA: ranks told by a hostile note", content(safetensors(
        {"__metadata__": {"lora_adapter_metadata": nested(), "ss_tag_frequency": nested()}, up: entry(shape=[8, 2], offsets=[0, 64]),
         down: entry(shape=[2, 16], offsets=[64, 192])}, b"\0" * 192)), words=("--lora", "bad.safetensors"), model=TINY, status=0)
    yield generate("LoRA: a note with an alpha past every number", content(safetensors(
        {"__metadata__": {"lora_adapter_metadata": '{"lora_alpha": 1e308, "r": 1}'}, up: entry(shape=[8, 2], offsets=[0, 64]),
         down: entry(shape=[2, 16], offsets=[64, 192])}, struct.pack("<f", 1.0) * 48)), "times as strong", words=("--lora", "bad.safetensors"), model=TINY)
    yield generate("LoRA: a config beside that is a pipe", together(
        tensors("adapter_model.safetensors", lora()), pipe("adapter_config.json")), words=("--lora", "adapter_model.safetensors"), model=TINY, status=0)
    yield generate("LoRA: a config beside of two megabytes", together(
        tensors("adapter_model.safetensors", lora()), content(" " * 2_000_000, "adapter_config.json")), "too large",
        words=("--lora", "adapter_model.safetensors"), model=TINY)
    yield generate("LoRA: that is a model", lambda folder: None, "none of a LoRA", words=("--lora", TINY / "vae/diffusion_pytorch_model.fp16.safetensors"), model=TINY)
    yield generate("LoRA: that is a picture", lambda folder: None, "reference_0.png", words=("--lora", PICTURE), model=TINY)
    yield inspect("LoRA: inspected, of rank 0", tensors("bad.safetensors", lora((8, 0), (0, 16))), status=0)
    yield inspect("LoRA: inspected, of strangers", tensors("bad.safetensors", lora(odd=floats([1]))), "of a kind this program does not read", status=3)
    yield inspect("LoRA: inspected, with hostile notes", content(safetensors(
        {"__metadata__": {"ss_tag_frequency": json.dumps({"a": {"\x1b[31mred" * 1_000: 1e308, "b": "x"}}), "ss_sd_model_name": "\x1b]0;title\x07" * 100},
         up: entry(shape=[8, 2], offsets=[0, 64]), down: entry(shape=[2, 16], offsets=[64, 192])}, b"\0" * 192)), status=0)


def words():
    def case(name, of, *says, status=3):
        return generate(f"word: {name}", tensors("bad.safetensors", of), *says, words=("--textual-inversion", "bad.safetensors", "--prompt", "bad"),
                        model=TINY, status=status)

    yield case("no tensors", {}, "0 tensors")
    yield case("76 vectors", {"emb_params": floats([76, 16])}, "76 vectors", "75")
    yield case("no vectors", {"emb_params": floats([0, 16])}, "tensors")
    yield case("of another width", {"emb_params": floats([1, 17])}, "17")
    yield case("of three dimensions", {"emb_params": floats([1, 1, 16])}, "1 tensors")
    yield case("of whole numbers", {"emb_params": ("I64", [1, 16], b"\0" * 128)}, "1 tensors")
    yield case("values that are NaN", {"emb_params": floats([1, 16], NAN)}, "not numbers")
    yield case("values without end", {"word": floats([16], INFINITE)}, "infinite")
    yield case("three tensors", {"a": floats([1, 16]), "b": floats([1, 16]), "c": floats([1, 16])}, "3 tensors")
    yield case("a word of spaces", {"   ": floats([1, 16])}, "its word is empty")
    yield case("a width past every encoder", {"emb_params": floats([1, 20_000])}, "1 tensors")
    yield case("for SDXL", {"clip_l": floats([1, 16]), "clip_g": floats([1, 16])}, "")
    yield case("a million empty rows", {"emb_params": ("F32", [10**6, 0], b"")}, "1 tensors")


def adapters():
    plain = lambda: read_tensors(TINY / "ip_adapter/ip-adapter-plain.safetensors")

    def case(name, alter, *says, status=3):
        def make(folder):
            of = plain()
            alter(of)
            write_tensors(folder / "bad.safetensors", of)
        return generate(f"adapter: {name}", make, *says, model=TINY, status=status,
                        words=("--reference", PICTURE, "--ip-adapter", "bad.safetensors", "--image-encoder", TINY / "image_encoder"))

    def without(*starts):
        return lambda of: [of.pop(name) for name in list(of) if name.startswith(starts)]

    def with_these(**more):
        return lambda of: of.update({name.replace("__", "."): value for name, value in more.items()})

    def only(of_these):
        return lambda of: (of.clear(), of.update(of_these))

    yield case("no projection", without("image_proj."), "neither image_proj.proj.weight")
    yield case("no layers", without("ip_adapter."), "keys for 0 cross-attention layers, this UNet has 6")
    yield case("one layer missing", without("ip_adapter.11."), "keys for 5")
    yield case("one layer too many", with_these(ip_adapter__13__to_k_ip__weight=floats([8, 16])), "keys for 7")
    yield case("a projection that is two", with_these(image_proj__latents=floats([1, 16, 64])), "not expected", "latents")
    yield case("a stranger", with_these(image_proj__odd=floats([1])), "not expected", "odd")
    yield case("tokens of another width", with_these(image_proj__norm__weight=floats([15])), "15")
    yield case("a norm of nothing", with_these(image_proj__norm__weight=floats([0])), "wide")
    yield case("a norm of two dimensions", with_these(image_proj__norm__weight=floats([4, 4])), "has not 1 dimensions")
    yield case("a projection that does not divide", with_these(image_proj__proj__weight=floats([65, 12])), "65")
    yield case("a projection of one row", with_these(image_proj__proj__weight=floats([1, 12])), "wide")
    yield case("a million tokens of nothing", with_these(image_proj__proj__weight=("F32", [16 * 10**6, 0], b"")), "wide")
    yield case("for another encoder", with_these(image_proj__proj__weight=floats([64, 1024])), "1024", "ViT-H/14")
    yield case("values that are NaN", with_these(image_proj__norm__weight=floats([16], NAN)), "infinite or undefined")
    yield case("a layer that is NaN", with_these(ip_adapter__1__to_k_ip__weight=floats([8, 16], NAN)), "infinite or undefined")
    yield case("a layer of another size", with_these(ip_adapter__3__to_k_ip__weight=floats([9, 16])), "[9, 16]", "made for another base model")
    yield case("a layer of three dimensions", with_these(ip_adapter__3__to_k_ip__weight=floats([8, 16, 1])), "[8, 16, 1]")
    yield case("a layer of whole numbers", with_these(ip_adapter__1__to_v_ip__weight=("I16", [8, 16], b"\0" * 256)), "floating-point")
    yield case("FaceID", lambda of: (without("image_proj.")(of), of.update({f"image_proj.{n}": floats(s) for n, s in (
        ("proj.0.weight", [32, 512]), ("proj.0.bias", [32]), ("proj.2.weight", [64, 32]), ("proj.2.bias", [64]), ("norm.weight", [16]), ("norm.bias", [16]))})),
        "FaceID", "non-commercial")
    yield case("FaceID plus", lambda of: (without("image_proj.")(of), of.update({"image_proj.perceiver_resampler.proj_in.weight": floats([16, 12])})), "FaceID")
    for name, latents, more in (("latents of two dimensions", [4, 16], {}), ("latents of nothing", [1, 0, 16], {}), ("no proj_in", [1, 4, 16], {}),
                                ("heads that do not divide", [1, 4, 16], {"proj_in.weight": floats([16, 16]), "proj_out.weight": floats([16, 16]),
                                                                         "layers.0.0.to_q.weight": floats([63, 16]), "layers.0.1.1.weight": floats([64, 16])}),
                                ("no width", [1, 4, 0], {"proj_in.weight": floats([0, 16]), "proj_out.weight": floats([16, 0]),
                                                         "layers.0.0.to_q.weight": floats([64, 0]), "layers.0.1.1.weight": floats([0, 0])}),
                                ("half a layer", [1, 4, 16], {"proj_in.weight": floats([16, 16]), "proj_out.weight": floats([16, 16]),
                                                              "layers.0.0.to_q.weight": floats([64, 16]), "layers.0.1.1.weight": floats([64, 16])})):
        def alter(of, latents=latents, more=more):
            without("image_proj.")(of)
            of["image_proj.latents"] = floats(latents)
            of.update({f"image_proj.{key}": value for key, value in more.items()})
        yield case(f"plus, {name}", alter, "")
    yield case("full, of nothing", lambda of: (without("image_proj.")(of), of.update({"image_proj.proj.0.weight": floats([0, 0]), "image_proj.proj.3.weight": floats([16])})), "")
    yield case("one tensor", only({"ip_adapter.1.to_k_ip.weight": floats([8, 16])}), "neither")
    yield case("a hundred thousand layers", only({f"ip_adapter.{2 * i + 1}.to_k_ip.weight": floats([1, 1]) for i in range(20_000)}), "neither")
    yield inspect("adapter: inspected, mixed", tensors("bad.safetensors", lambda: plain() | {"image_proj.proj.3.weight": floats([16]), "image_proj.latents": floats([1, 4, 16])}), status=3)
    yield inspect("adapter: inspected, of nothing", tensors("bad.safetensors", {"ip_adapter.1.to_k_ip.weight": floats([0, 0]), "image_proj.norm.weight": floats([0]),
                                                                               "image_proj.proj.weight": floats([0, 0])}), status=3)
    yield inspect("adapter: inspected, FaceID", tensors("bad.safetensors", {"ip_adapter.1.to_k_ip.weight": floats([8, 16]), "image_proj.proj.0.weight": floats([1, 512]),
                                                                           "image_proj.proj.2.weight": floats([16, 1]), "image_proj.norm.weight": floats([16])}), "non-commercial")


def taesd():
    layers = {f"decoder.layers.{i}.{part}": floats(shape) for i, out, into in ((0, 8, 4), (2, 3, 8))
              for part, shape in (("weight", [out, into, 3, 3]), ("bias", [out]))}
    rows = [("of nothing", {"decoder.layers.0.weight": floats([0, 0, 3, 3])}), ("of huge dimensions", {"decoder.layers.0.weight": ("F32", [0, 2**48, 2**48], b"")}),
            ("layers that do not follow", layers | {"decoder.layers.2.weight": floats([3, 9, 3, 3])}),
            ("that gives four channels", layers | {"decoder.layers.2.weight": floats([4, 8, 3, 3]), "decoder.layers.2.bias": floats([4])}),
            ("that doubles two hundred times", layers | {"decoder.layers.210.weight": floats([3, 3, 3, 3]), "decoder.layers.210.bias": floats([3])}),
            ("a layer past every number", layers | {f"decoder.layers.{10**30}.weight": floats([3, 3, 3, 3])}),
            ("a negative layer", layers | {"decoder.layers.-1.weight": floats([3, 3, 3, 3])})]
    for name, of in rows:
        yield inspect(f"taesd: {name}", tensors("taesd_decoder.safetensors", of), "", path="taesd_decoder.safetensors")
    rows += [("that is NaN", layers | {"decoder.layers.0.weight": floats([8, 4, 3, 3], NAN)}), ("that is cut", None)]
    for name, of in rows:  # without it previews are coarser, nothing else
        beside = content(b"\x40" + b"\0" * 20, "model/taesd_decoder.safetensors") if of is None else tensors("model/taesd_decoder.safetensors", of)
        yield generate(f"taesd beside: {name}", together(model(), beside), words=("--preview-dir", "previews"), status=0)
    yield inspect("taesd: whole", tensors("taesd_decoder.safetensors", layers), path="taesd_decoder.safetensors", status=0)


def vaes():
    path = TINY / "vae/diffusion_pytorch_model.fp16.safetensors"

    def case(name, alter, *says, config=True, status=3):
        def make(folder):
            of = read_tensors(path)
            alter(of)
            (folder / "vae").mkdir()
            write_tensors(folder / "vae/bad.safetensors", of)
            if config:
                (folder / "vae/config.json").write_text((TINY / "vae/config.json").read_text())
        return generate(f"VAE: {name}", make, *says, words=("--vae", "vae/bad.safetensors"), model=TINY, status=status)

    def poisoned(of):
        dtype, shape, values = of["decoder.conv_in.weight"]
        of["decoder.conv_in.weight"] = (dtype, shape, struct.pack("<e", NAN) + values[2:])

    first = "encoder.down_blocks.0.resnets.0.conv1.weight"
    yield case("no decoder", lambda of: [of.pop(n) for n in list(of) if n.startswith("decoder.")], "holds no VAE")
    yield case("no encoder", lambda of: [of.pop(n) for n in list(of) if n.startswith("encoder.")], "")
    yield case("a NaN", poisoned, "infinite or undefined")
    yield case("a stranger", lambda of: of.update(odd=floats([1])), "odd")
    yield case("a first layer of nothing", lambda of: of.update({first: floats([0, 8, 3, 3])}), "", config=False)
    yield case("a first layer that is a text", lambda of: of.update({first: floats([1])}), "", config=False)
    yield case("a first layer of 2^48 channels", lambda of: of.update({first: ("F32", [2**48, 0, 3, 3], b"")}), "", config=False)
    yield case("latents of nothing", lambda of: of.update({"decoder.conv_in.weight": floats([8, 0, 3, 3])}), "", config=False)
    yield case("nine levels", lambda of: of.update({f"encoder.down_blocks.{i}.resnets.0.conv1.weight": floats([8, 8, 3, 3]) for i in range(9)}), "levels", config=False)
    yield case("two hundred and fifty levels", lambda of: of.update({f"encoder.down_blocks.{i}.resnets.0.conv1.weight": floats([8, 8, 3, 3]) for i in range(250)}), "levels", config=False)
    yield generate("VAE: that is a LoRA", lambda folder: None, "holds no VAE", words=("--vae", GOLDEN / "loras/kohya.safetensors"), model=TINY)
    yield generate("VAE: an empty folder", lambda folder: (folder / "v").mkdir(), "holds no VAE", words=("--vae", "v"), model=TINY)
    yield generate("VAE: a config that is a list", together(content("[]", "v/config.json"), tensors("v/diffusion_pytorch_model.safetensors", {"a": floats([1])})),
                   "", words=("--vae", "v"), model=TINY)
    yield generate("VAE: a pipe", pipe("v.safetensors"), "v.safetensors", words=("--vae", "v.safetensors"), model=TINY)


def single_files():
    unet = "model.diffusion_model."
    rows = [("one tensor", {f"{unet}x": floats([1])}), ("nothing in it", {f"{unet}input_blocks.0.0.weight": floats([0, 4, 3, 3]), "cond_stage_model.transformer.x": floats([1])}),
            ("two text encoders", {f"{unet}x": floats([1]), "cond_stage_model.x": floats([1]), "conditioner.embedders.1.model.x": floats([1])}),
            ("blocks past every number", {f"{unet}input_blocks.{10**30}.0.in_layers.0.weight": floats([1]), "cond_stage_model.transformer.x": floats([1])}),
            ("blocks that are negative", {f"{unet}input_blocks.-1.0.in_layers.0.weight": floats([1]), f"{unet}output_blocks.-99.1.weight": floats([1]), "cond_stage_model.x": floats([1])}),
            ("two thousand blocks", {f"{unet}input_blocks.{i}.0.in_layers.2.weight": floats([1, 1, 1, 1]) for i in range(2_000)} | {"cond_stage_model.x": floats([1])}),
            ("a first layer of 2^48 channels", {f"{unet}input_blocks.0.0.weight": ("F32", [2**48, 0, 3, 3], b""), f"{unet}input_blocks.1.0.in_layers.2.weight": ("F32", [2**48, 0, 3, 3], b""),
                                               "cond_stage_model.transformer.text_model.embeddings.token_embedding.weight": ("F32", [2**48, 0], b"")}),
            ("names that end early", {f"{unet}input_blocks": floats([1]), f"{unet}": floats([1]), f"{unet}input_blocks.": floats([1]), f"{unet}middle_block.": floats([1]),
                                      "first_stage_model.": floats([1]), "first_stage_model.decoder.up.": floats([1]), "cond_stage_model.": floats([1])}),
            ("a VAE whose levels are turned", {f"{unet}x": floats([1]), "cond_stage_model.x": floats([1])} | {
                f"first_stage_model.decoder.up.{i}.block.0.conv1.weight": floats([1, 1, 1, 1]) for i in (0, 5, 300)}),
            ("OpenCLIP without rows", {f"{unet}x": floats([1]), "conditioner.embedders.0.transformer.text_model.x": floats([1]),
                                       "conditioner.embedders.1.model.transformer.resblocks.0.attn.in_proj_weight": floats([1, 1]),
                                       "conditioner.embedders.1.model.text_projection": floats([1])})]
    for name, of in rows:
        yield inspect(f"single file: {name}", tensors("bad.safetensors", of), "problem: ")
        yield generate(f"single file: {name}", tensors("bad.safetensors", of), "bad.safetensors" if "one" in name else "", model="bad.safetensors")
    yield generate("single file: that is a LoRA", lambda folder: None, "holds no model of its own", model=GOLDEN / "loras/kohya.safetensors")
    yield generate("single file: that is a picture", lambda folder: None, "", model=PICTURE)
    yield generate("single file: that is empty", content(b""), "it is empty", model="bad.safetensors")


def vocabularies():
    """The vocabulary that models in a single file need, in a folder of resources of their own."""
    path = "resources/vocabulary/bpe_simple_vocab_16e6.txt.gz"
    bomb = gzip.compress(b"\0" * 200_000_000, 9, mtime=0)
    rows = [("a bomb", bomb), ("a bomb of lines", gzip.compress(b"\n" * 50_000_000, 9, mtime=0)), ("cut", gzip.compress(b"i n\nt h\n" * 10_000, mtime=0)[:50]), ("empty", b""),
            ("text that is not packed", b"#version\nq zzz\n"), ("a wrong checksum", gzip.compress(b"#version\ni n\n", mtime=0)[:-8] + b"\0" * 8),
            ("zeros", b"\0" * 1_000), ("merges of strangers", gzip.compress(b"#version\nq zzz\n", mtime=0)), ("a merge of one", gzip.compress(b"#version\nabc\n", mtime=0)),
            ("one line of twenty megabytes", gzip.compress(b"#version\n" + b"x" * 20_000_000, mtime=0)), ("no UTF-8", gzip.compress(b"#version\n\xff \xfe\n", mtime=0)),
            ("a gzip in a gzip", gzip.compress(gzip.compress(b"#version\n", mtime=0), mtime=0))]
    for name, data in rows:
        yield generate(f"vocabulary: {name}", together(tensors("m.safetensors", tiny_single_file), content(data, path)),
                       "bpe_simple_vocab_16e6", model="m.safetensors")


def tiny_single_file():
    unet = dict(published.SD15_UNET, block_out_channels=[32, 64], down_block_types=[published.DOWN, "DownBlock2D"],
                up_block_types=["UpBlock2D", published.UP], depth=[1, 1], layers_per_block=1, cross_attention_dim=64, in_channels=4)
    vae = dict(block_out_channels=[32, 64], layers_per_block=1, latent_channels=4)
    tables = {"unet": published.unet_table(unet), "vae": published.vae_table(vae),
              "text_encoder": published.clip_text_table(dict(hidden=64, layers=2, intermediate=64, vocabulary=600, projection=0))}
    values = {name: published.random_values(table, 0) for name, table in tables.items()}
    return ldm_names.single_file(values, {"unet": unet, "vae": vae}, "sd15", ldm_names.ByteOps)


def cases():
    for group in (loras, words, adapters, taesd, vaes, single_files, vocabularies):
        yield from group()
