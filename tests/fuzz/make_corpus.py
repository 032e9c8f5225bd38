"""Writes the small files the fuzz targets begin from (tests/fuzz/corpus), out of the tests' own fixtures: python3 make_corpus.py"""
import base64
import gzip
import json
import struct
import sys
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parents[1]
GOLDEN = SOURCE / "tests" / "golden"
TINY = GOLDEN / "tiny_sd"
CORPUS = HERE / "corpus"
CUT = b"\n--\n"  # between the files that one input stands for

sys.path.insert(0, str(SOURCE / "tests/support"))
sys.path.insert(0, str(SOURCE / "tests/e2e/cli"))

import ldm_names
import published_models as published
from hostile_requests import chunk, png, riff, tiff


def put(target, name, data):
    path = CORPUS / target / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())


def compact(path):
    return json.dumps(json.loads((TINY / path).read_text()), separators=(",", ":")).encode()


def safetensors():
    def file(header, data):
        text = header.encode()
        return struct.pack("<Q", len(text)) + text + data

    put("safetensors", "two", file('{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},'
                                   '"b":{"dtype":"F16","shape":[1,2],"data_offsets":[8,12]}}', b"\0" * 12))
    put("safetensors", "none", file("{}", b""))
    put("safetensors", "pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n")
    put("shard_index", "two", '{"metadata":{"total_size":16},"weight_map":{"a":"m-1.safetensors","b":"m-2.safetensors"}}')
    put("shard_index", "pickles", '{"weight_map":{"a":"pytorch_model-00001-of-00002.bin"}}')
    put("shard_index", "above", '{"weight_map":{"a":"../m.safetensors"}}')


def zips():
    entry = b"archive/data.pkl"
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 0, zlib.crc32(b"."), 1, 1, len(entry), 0) + entry + b"."
    directory = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 0, 0, 0, zlib.crc32(b"."), 1, 1, len(entry), 0, 0, 0, 0, 0, 0) + entry
    put("zip", "one", local + directory + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, len(directory), len(local), 0))


def tensor_names():
    """Names and shapes of small models under their published names."""
    unet = dict(published.SD15_UNET, block_out_channels=[32, 64], down_block_types=[published.DOWN, "DownBlock2D"],
                up_block_types=["UpBlock2D", published.UP], depth=[1, 1], layers_per_block=1, cross_attention_dim=64)
    vae = dict(block_out_channels=[32, 64], layers_per_block=1, latent_channels=4)
    text = dict(hidden=64, layers=1, intermediate=64, vocabulary=600, projection=0)
    tables = {"unet": published.unet_table(unet), "vae": published.vae_table(vae), "text_encoder": published.clip_text_table(text)}
    values = {name: published.random_values(table, 0) for name, table in tables.items()}
    small = dict(hidden=32, layers=1, intermediate=32, projection=16, patch=4, positions=10)
    files = {"single_file": ldm_names.single_file(values, {"unet": unet, "vae": vae}, "sd15", ldm_names.ByteOps),
             "vae": ldm_names.vae_file(values["vae"], 2, ldm_names.ByteOps),
             "image_encoder": ldm_names.open_clip_vision(published.random_values(published.clip_vision_table(small), 0), ldm_names.ByteOps),
             "adapter": published.random_values(published.adapter_table("plain", unet, 16), 0),
             "plus": published.random_values(published.adapter_table("plus", unet, 16), 0),
             "taesd": published.random_values(published.taesd_decoder_table(8), 0)}
    for name, tensors in files.items():
        lines = [" ".join(map(str, [tensor, *shape])) for tensor, (_, shape, _) in tensors.items()]
        put("tensor_names", name, "\n".join(lines[:: 3 if name == "single_file" else 1]) + "\n")


def tokenizers():
    symbols = ["!", "a", "b", "c"]
    tokens = [*symbols, *(s + "</w>" for s in symbols), "ab", "abc</w>", "<|startoftext|>", "<|endoftext|>"]
    vocabulary = json.dumps({token: i for i, token in enumerate(tokens)}, separators=(",", ":"))
    merges = "#version: 0.2\na b\nab c</w>\n"
    config = json.dumps(dict(bos_token={"content": "<|startoftext|>", "normalized": True}, eos_token="<|endoftext|>", unk_token="<|endoftext|>",
                             pad_token="!", model_max_length=8))
    prompt = "abc! a<|endoftext|> cab"
    put("tokenizer", "classic", CUT.join(part.encode() for part in (vocabulary, merges, config, "{}", prompt)))
    whole = json.dumps({"model": {"type": "BPE", "end_of_word_suffix": "</w>", "vocab": json.loads(vocabulary), "merges": [["a", "b"], "ab c</w>"]}})
    put("tokenizer", "whole", CUT.join(part.encode() for part in ("", whole, config, "{}", prompt)))
    put("vocabulary", "packed", gzip.compress(b"a heading\na b\nab c</w>\n", mtime=0))
    put("vocabulary", "plain", b"a heading\nt h\nth e</w>\n")
    put("prompt", "marks", "a (red:1.3) [mug] ((blue)) BREAK \\(x\\) [[a:b]] (open")


def configs():
    for part in ("unet", "vae", "text_encoder", "image_encoder"):
        put("config", part, compact(f"{part}/config.json"))
    put("config", "infinities", '{"norm_eps":-Infinity,"latents_mean":[NaN,1e300],"block_out_channels":[1e9,-1]}')
    parts = [compact(path) for path in ("model_index.json", "unet/config.json", "vae/config.json", "text_encoder/config.json",
                                        "scheduler/scheduler_config.json", "image_encoder/config.json",
                                        "feature_extractor/preprocessor_config.json")]
    put("model_folder", "sd", CUT.join([*parts, b'{"default_num_inference_steps":12,"default_guidance_scale":3}']))
    put("scheduler", "ddim", compact("scheduler/scheduler_config.json"))
    put("scheduler", "many", json.dumps(dict(
        _class_name="DPMSolverMultistepScheduler", trained_betas=[0.1, 0.2], use_karras_sigmas=True, solver_order=2, solver_type="heun",
        lambda_min_clipped=-5, disable_corrector=[0, 3], sigma_min=0.1, final_sigmas_type="sigma_min", timestep_spacing="trailing")))


def requests():
    request = dict(model="starter", prompt="a mug", width=512, seed=7, num_inference_steps=20, scheduler="euler", guidance_range=[0, 0.5],
                   references=[dict(path="a.png", ip_adapter_scale=0.5, range=[0, 1], block_scales={"mid": 0.5})],
                   loras=[dict(path="l.safetensors", scale=0.7)], textual_inversions=[dict(path="w.pt", token="w")])
    put("request", "full", json.dumps(request))
    put("request", "branch", json.dumps(dict(branch=dict(step=3, of=dict(prompt="a")), variation=dict(seed=1, strength=0.5), strength=0.4)))
    put("foreign", "parameters", "a (red:1.2) mug <lora:film:0.8>\nNegative prompt: blurry\nSteps: 20, Sampler: DPM++ 2M Karras, CFG scale: 7, "
                                 "Seed: 12, Size: 512x768, Model hash: abc, Model: photo, Clip skip: 2, Lora hashes: \"film: 123\"")
    graph = {"3": {"class_type": "KSampler", "inputs": dict(seed=1, steps=20, cfg=7, sampler_name="euler", scheduler="karras", denoise=1,
                                                           model=["4", 0], positive=["6", 0], negative=["7", 0], latent_image=["5", 0])},
             "4": {"class_type": "CheckpointLoaderSimple", "inputs": dict(ckpt_name="photo.safetensors")},
             "5": {"class_type": "EmptyLatentImage", "inputs": dict(width=512, height=512, batch_size=1)},
             "6": {"class_type": "CLIPTextEncode", "inputs": dict(text="a mug", clip=["4", 1])},
             "7": {"class_type": "CLIPTextEncode", "inputs": dict(text="", clip=["4", 1])},
             "9": {"class_type": "SaveImage", "inputs": dict(images=["8", 0])},
             "8": {"class_type": "VAEDecode", "inputs": dict(samples=["3", 0], vae=["4", 2])}}
    put("foreign", "prompt", json.dumps(graph))
    put("foreign", "workflow", json.dumps(dict(
        nodes=[dict(id=3, type="KSampler", inputs=[dict(name="positive", link=1)], widgets_values=[1, "fixed", 20, 7, "euler", "normal", 1]),
               dict(id=6, type="CLIPTextEncode", outputs=[dict(links=[1])], widgets_values=["a mug"])], links=[[1, 6, 0, 3, 1, "CONDITIONING"]])))
    record = dict(version=1, created=1764000000000, width=512, height=512, stars=3, albums=["a"], request=request)
    put("library", "sidecar", json.dumps(record))
    project = dict(version=1, request=request, cards=[dict(name="a", role="subject", contents={}, muted=False, solo=False)], seed_locked=True, live=False)
    put("library", "project", json.dumps(project))
    header = json.dumps(dict(project=project, contents={})).encode()
    put("library", "project_file", b"likeness" + struct.pack("<Q", len(header)) + header)


def pictures():
    put("picture", "png", png(chunk(b"tEXt", b'likeness\0{"seed":1}'), chunk(b"iTXt", b"parameters\0\0\0\0\0a mug")))
    put("picture", "jpeg", b"\xff\xd8\xff\xfe\0\x20likeness 1/1\n{\"seed\": 1234567}" + b"\xff\xd9")
    put("picture", "webp", riff((b"VP8X", b"\x04\0\0\0\x07\0\0\x07\0\0", None), (b"ICCP", b"profile", None), (b"XMP ", b"<x:xmpmeta>{}</x:xmpmeta>", None)))
    put("picture", "tiff", tiff([(270, 2, 15, 26)], b'likeness {"a":1}'))
    put("picture", "exr", b"\x76\x2f\x31\x01\x02\0\0\0likeness\0string\0\2\0\0\0{}channels\0chlist\0\1\0\0\0\0\0")
    put("picture", "bmp", (SOURCE / "tests/data/images/rgb.bmp").read_bytes()[:300])
    put("picture", "gif", (SOURCE / "tests/data/images/animated.gif").read_bytes()[:400])
    put("picture", "heif", base64.b64decode("AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljAAAAAAAAAEhtZXRhAAAAAAAAADxpcHJwAAAANGlwY28AAAAUaXNwZQAAAAAAAABAAAAAQA=="))


for group in (safetensors, zips, tensor_names, tokenizers, configs, requests, pictures):
    group()
print(sum(1 for path in CORPUS.rglob("*") if path.is_file()), "files,", sum(path.stat().st_size for path in CORPUS.rglob("*") if path.is_file()), "bytes")
