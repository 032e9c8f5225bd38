"""Damaged and hostile model folders: configs with absurd numbers, components that are missing or something else, tokenizers,
schedulers and the vocabulary of single files."""
import gzip
import json
import struct

from hostile_files import (ABSENT, Case, as_folder, content, edit, floats, generate, inspect, link, model, nested, pipe, put,
                           remove, retensor, sparse, together)
from program import write_tensors

WIDE = {"layers_per_block": 64, "transformer_layers_per_block": 256}


def inspected(name, *changes, says=(), status=3):
    return Case(f"model: {name}", model(*changes), ("models", "inspect", "model"), tuple(says), status)


def made(name, *changes, says=(), words=(), status=3, of="tiny_sd"):
    return generate(f"made: {name}", model(*changes, of=of), *says, words=words, status=status)


def numbers():
    """Numbers of configs, one absurd at a time."""
    unet = [("layers_per_block", value) for value in (10**9, -1, 0, "two", 1.5, [1], [1] * 17, [1, -1], {"a": 1}, True)]
    unet += [("block_out_channels", value) for value in ([], [8], [8] * 17, "8", [0, 16], [-8, 16], [8, 10**18], [8, 15], [7, 7], [[8], [16]])]
    unet += [("attention_head_dim", value) for value in (0, 3, -2, "x", [2, 2, 2], 10**12)]
    unet += [("norm_num_groups", value) for value in (0, 3, -4, 10**9)]
    unet += [("down_block_types", value) for value in ([], ["X", "Y"], ["DownBlock2D"], [1, 2], "DownBlock2D", ["DownBlock2D"] * 100)]
    unet += [("up_block_types", value) for value in (["X", "Y"], ["UpBlock2D"] * 3, [None, None])]
    unet += [("transformer_layers_per_block", value) for value in (0, 10**9, [[1], [2]], -1)]
    unet += [("cross_attention_dim", value) for value in (0, -1, 10**9, "16", [16, 16], 1e300)]
    unet += [("in_channels", 0), ("in_channels", 10**9), ("out_channels", -1), ("sample_size", 10**9), ("sample_size", -8),
             ("norm_eps", -1), ("norm_eps", "x"), ("addition_embed_type", "text_time"), ("addition_embed_type", 5),
             ("mid_block_type", "Nothing"), ("act_fn", "mish"), ("conv_in_kernel", 5), ("use_linear_projection", "no")]
    for field, value in unet:
        text = str(value)[:30]
        yield inspected(f"unet {field} {text}", edit("unet/config.json", **{field: value}), says=("was not opened" if "embed" in field else "unet",))
    vae = [("block_out_channels", [8] * 9), ("block_out_channels", []), ("block_out_channels", "x"), ("scaling_factor", 0),
           ("scaling_factor", "x"), ("scaling_factor", 1e300), ("latent_channels", 0), ("latent_channels", 10**9),
           ("layers_per_block", 10**9), ("norm_num_groups", 0), ("latents_mean", [1, 2]), ("act_fn", "relu6"), ("in_channels", -3),
           ("use_quant_conv", 1), ("out_channels", 65)]
    for field, value in vae:
        yield inspected(f"vae {field} {value}", edit("vae/config.json", **{field: value}), says=("vae",))
    text_encoder = [("hidden_size", 0), ("hidden_size", 10**9), ("num_hidden_layers", 10**9), ("num_hidden_layers", 256), ("num_hidden_layers", -1),
                    ("num_attention_heads", 0), ("num_attention_heads", 3), ("vocab_size", 1), ("vocab_size", 10**12), ("vocab_size", "many"),
                    ("max_position_embeddings", 1), ("hidden_act", "mish"), ("architectures", []), ("layer_norm_eps", 7), ("intermediate_size", 1e9)]
    for field, value in text_encoder:
        yield inspected(f"text_encoder {field} {value}", edit("text_encoder/config.json", **{field: value}), says=("text_encoder",))
    vision = [("image_size", 10**9), ("image_size", 0), ("patch_size", 0), ("patch_size", 25), ("num_attention_heads", 3),
              ("hidden_size", 2**14), ("num_hidden_layers", 256), ("projection_dim", -1), ("num_channels", 4), ("hidden_act", 3)]
    for field, value in vision:
        yield inspected(f"image_encoder {field} {value}", edit("image_encoder/config.json", **{field: value}), says=("image_encoder",))
    yield inspected("a UNet of a quarter of a million blocks", edit("unet/config.json", block_out_channels=[8] * 16,
                    down_block_types=["CrossAttnDownBlock2D"] * 16, up_block_types=["CrossAttnUpBlock2D"] * 16, **WIDE), says=("unet",))
    yield made("a UNet of a quarter of a million blocks", edit("unet/config.json", block_out_channels=[8] * 16,
               down_block_types=["CrossAttnDownBlock2D"] * 16, up_block_types=["CrossAttnUpBlock2D"] * 16, **WIDE), says=("unet",))
    yield made("a UNet of the widest blocks", edit("unet/config.json", block_out_channels=[65536, 65536]), says=("unet",))
    yield made("a VAE of the widest blocks", edit("vae/config.json", block_out_channels=[65536] * 4), says=("vae",))
    yield made("a text encoder of the widest layers", edit("text_encoder/config.json", hidden_size=2**14, intermediate_size=2**16,
                                                          num_hidden_layers=256), says=("text_encoder",))
    yield made("a vocabulary of a billion", edit("text_encoder/config.json", vocab_size=10**9), says=("text_encoder",))
    for field, value in (("layers_per_block", 10**9), ("cross_attention_dim", "16"), ("attention_head_dim", 3), ("sample_size", -8)):
        yield made(f"unet {field} {value}", edit("unet/config.json", **{field: value}), says=("unet/config.json", field))


def components():
    """Parts that are missing or something else."""
    for part in ("unet", "vae", "text_encoder", "scheduler"):
        yield inspected(f"no {part} folder", remove(part), says=(part, "missing"))
    yield inspected("no tokenizer folder", remove("tokenizer"), says=("tokenizer",))
    for part, base in (("unet", "diffusion_pytorch_model"), ("vae", "diffusion_pytorch_model"), ("text_encoder", "model")):
        file = f"{part}/{base}.fp16.safetensors"
        yield inspected(f"no weights of {part}", remove(file), says=(part, "has no weights"))
        yield inspected(f"{part} is a Git LFS pointer", put(file, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n"), says=(part, "Git LFS"))
        yield inspected(f"{part} is a pipe", pipe(file), says=(part, "not a regular file"))
        yield inspected(f"{part} is a link to itself", link(file, f"{base}.fp16.safetensors"), says=(part,))
        yield made(f"{part} is cut", put(file, b"\x10" + b"\0" * 30), says=(part,))
        yield made(f"{part} with a NaN", retensor(file, lambda of: poison(of, float("nan"))), says=(part, "infinite or undefined"))
        yield made(f"{part} with an infinity", retensor(file, lambda of: poison(of, float("-inf"))), says=(part, "infinite or undefined"))
        yield made(f"{part} of whole numbers", retensor(file, integers), says=(part, "floating-point"))
    yield inspected("a thousand strangers in the UNet", retensor("unet/diffusion_pytorch_model.fp16.safetensors",
                    lambda of: of.update({f"stranger{i}": floats([1]) for i in range(1_000)})), says=("1000 not expected", "and 992 more"))
    yield inspected("a UNet of nothing", put("unet/diffusion_pytorch_model.fp16.safetensors", struct.pack("<Q", 2) + b"{}"), says=("missing",))
    yield inspected("the VAE as UNet", lambda folder: (folder / "unet/diffusion_pytorch_model.fp16.safetensors").write_bytes(
        (folder / "vae/diffusion_pytorch_model.fp16.safetensors").read_bytes()), says=("unet", "missing", "not expected"))
    yield inspected("shards that are not there", remove("unet/diffusion_pytorch_model.fp16.safetensors"),
                    put("unet/diffusion_pytorch_model.safetensors.index.json", json.dumps({"weight_map": {"a": "diffusion_pytorch_model-1.safetensors"}})),
                    says=("no such file",))
    yield inspected("an index that leaves the folder", remove("unet/diffusion_pytorch_model.fp16.safetensors"),
                    put("unet/diffusion_pytorch_model.safetensors.index.json", json.dumps({"weight_map": {"a": "../vae/x.safetensors"}})),
                    says=("not a plain",))
    for path in ("model_index.json", "unet/config.json", "vae/config.json", "text_encoder/config.json", "scheduler/scheduler_config.json",
                 "image_encoder/config.json", "tokenizer/vocab.json", "tokenizer/tokenizer_config.json", "likeness.json",
                 "feature_extractor/preprocessor_config.json"):
        for what, data in (("nested", '{"a":' + nested() + "}"), ("no UTF-8", b'{"a":"\xff"}'), ("a list", "[]"), ("cut", '{"a": [1, 2')):
            yield Case(f"{path} {what}", model(put(path, data)), ("generate", "--model", "model", *REFERENCE), (path.split("/")[-1],))
        yield Case(f"{path} is a pipe", model(pipe(path)), ("generate", "--model", "model", *REFERENCE), (path.split("/")[-1],))
    for path in ("unet/config.json", "tokenizer/vocab.json", "model_index.json"):
        yield inspected(f"{path} is a folder", as_folder(path), says=(path.split("/")[-1],))
        yield inspected(f"{path} is a link to itself", link(path, path.split("/")[-1]), says=(path.split("/")[0],))
        yield inspected(f"{path} is a device", link(path, "/dev/zero"), says=(path.split("/")[-1],))
        yield Case(f"{path} of a gigabyte", together(model(), sparse(b"{", 1 << 30, f"model/{path}")), ("models", "inspect", "model"), ("too large",))
    yield inspected("a config of sixteen megabytes of lists", put("unet/config.json", '{"a":[' + ",".join(["[]"] * 5_000_000) + "]}"), says=("config.json",))
    yield inspected("a config of a million numbers", put("unet/config.json", '{"a":[' + ",".join(["0"] * 1_000_000) + "]}"), says=("config.json",))
    yield inspected("no text encoder in the index", edit("model_index.json", text_encoder=[None, None]), says=("text_encoder",))
    yield inspected("a text encoder that is a number", edit("model_index.json", text_encoder=7), says=("text_encoder",))
    yield inspected("a text encoder that is an empty list", edit("model_index.json", text_encoder=[]), says=("text_encoder",))
    yield made("steps past every number", put("likeness.json", '{"default_num_inference_steps": 1e300, "default_guidance_scale": -1e300}'), status=0)
    yield made("means of a million numbers", edit("feature_extractor/preprocessor_config.json", image_mean=[0] * 1_000_000), words=REFERENCE, status=3, says=("preprocessor_config.json",))
    yield made("a deviation of zero", edit("feature_extractor/preprocessor_config.json", image_std=[0, 0, 0]), words=REFERENCE, says=("image_std",))
    yield made("means past every picture", edit("feature_extractor/preprocessor_config.json", image_mean=[1e300, 0, 0]), words=REFERENCE, says=("image_mean",))
    yield made("a text encoder of fewer words than the tokenizer", edit("text_encoder/config.json", vocab_size=500), says=("text_encoder",))
    yield made("an end token past the vocabulary", edit("text_encoder/config.json", eos_token_id=10**12), status=3, says=("eos_token_id",))


REFERENCE = ("--reference", "model/reference_0.png")


def poison(of, value):
    name = next(n for n, (dtype, shape, _) in of.items() if dtype == "F16" and len(shape) >= 2)
    dtype, shape, values = of[name]
    of[name] = (dtype, shape, struct.pack("<e", value) + values[2:])


def integers(of):
    name = next(n for n, (dtype, shape, _) in of.items() if dtype == "F16" and len(shape) >= 2)
    of[name] = ("I16", of[name][1], of[name][2])


def schedulers():
    path = "scheduler/scheduler_config.json"
    fields = [("num_train_timesteps", value) for value in (0, 1, -1, 10**12, 1e300, "1000", 2.5)]
    fields += [("beta_start", value) for value in (-1, 2, "x", [0.1])] + [("beta_end", 1e300), ("beta_schedule", "sigmoid"), ("beta_schedule", 3)]
    fields += [("trained_betas", value) for value in ([], [0.1], ["a", "b"], [0.1] * 100_001, [2, 2], {"a": 1})]
    fields += [("prediction_type", "flow"), ("timestep_spacing", "wild"), ("steps_offset", 10**9), ("steps_offset", -1), ("clip_sample", "yes"),
               ("sigma_min", -1), ("sigma_max", 0), ("disable_corrector", {"a": "b"}), ("disable_corrector", "all"), ("solver_order", 99),
               ("_class_name", 5), ("clip_sample_range", -1), ("lambda_min_clipped", "low"), ("use_karras_sigmas", "x")]
    for field, value in fields:
        yield made(f"scheduler {field} {str(value)[:30]}", edit(path, **{field: value}), says=("scheduler", field))
    yield made("scheduler two sigma schedules", edit(path, use_karras_sigmas=True, use_exponential_sigmas=True), says=("sigma",))
    yield made("scheduler betas that are NaN", put(path, '{"beta_start": NaN, "beta_end": Infinity, "trained_betas": [NaN, NaN]}'), says=("trained_betas",))
    yield made("scheduler betas of zero", edit(path, beta_start=0, beta_end=0), says=("beta",))
    yield made("scheduler betas of one", edit(path, beta_start=1, beta_end=1, beta_schedule="linear"), says=("beta",))
    yield made("scheduler one megabyte of a word", edit(path, beta_schedule="x" * 1_000_000), says=("beta_schedule",))


def vocabulary(**changes):
    """The tiny tokenizer's tokens with changes."""
    def change(folder):
        path = folder / "tokenizer/vocab.json"
        tokens = json.loads(path.read_text())
        for token, number in changes.items():
            if number is ABSENT:
                tokens.pop(token)
            else:
                tokens[token] = number
        path.write_text(json.dumps(tokens))
    return change


def tokenizers():
    vocab, merges, config = "tokenizer/vocab.json", "tokenizer/merges.txt", "tokenizer/tokenizer_config.json"
    special_map = "tokenizer/special_tokens_map.json"
    special = {"end": "<|endoftext|>", "start": "<|startoftext|>"}
    rows = [("no JSON", put(vocab, "tokens"), "not valid JSON"), ("empty", put(vocab, "{}"), "0 tokens"), ("a list", put(vocab, "[]"), "not a JSON object"),
            ("a key twice", put(vocab, '{"a":0,"a":1}'), 'key "a" twice'), ("two tokens of one id", vocabulary(a=1, b=1), "have the id 1"),
            ("an id past the vocabulary", vocabulary(a=10**6), "no id within"), ("a negative id", vocabulary(a=-1), "no id within"),
            ("an id that is a text", vocabulary(a="0"), "no id within"), ("an id with a fraction", vocabulary(a=0.5), "no id within"),
            ("an id of 2^64", vocabulary(a=2**64), "no id within"), ("an object in it", put(vocab, '{"a":{"b":0}}'), "nested"),
            ("no end token", vocabulary(**{special["end"]: ABSENT}), ""), ("no start token", vocabulary(**{special["start"]: ABSENT}), ""),
            ("nested", put(vocab, '{"a":' + nested() + "}"), "nested"), ("zero bytes", put(vocab, '{"a":0}\0'), "not valid JSON"),
            ("no UTF-8", put(vocab, b'{"\xff":0}'), "not valid JSON"), ("missing", remove(vocab), "vocab.json"),
            ("a token of a megabyte", vocabulary(**{"x" * 1_000_000: 10**6}), "no id within"),
            ("half a million tokens", put(vocab, json.dumps({f"t{i}": i for i in range(250_000)})), "has 250000 tokens"),
            ("half a million tokens and a short name", put(vocab, json.dumps({f"{i:x}": 0 for i in range(450_000)})), ""),
            ("three million tokens", put(vocab, "{" + ",".join(f'"{i}":0' for i in range(2_500_000)) + "}"), "")]
    rows += [("merges missing", remove(merges), "merges.txt"), ("a merge of three", put(merges, "a b c\n"), "line 1 is not a pair"),
             ("a merge of one", put(merges, "#version: 0.2\nabc\n"), "line 2 is not a pair"),
             ("a merge of strangers", put(merges, "q zzz\n"), "line 1 uses a token"), ("a merge twice", put(merges, "r e\nr e\n"), "line 2 repeats"),
             ("merges of one line of ten megabytes", put(merges, "x" * 10_000_000), ""), ("ten million merges", put(merges, "a b\n" * 10_000_000), ""),
             ("ten million lines of one letter", put(merges, "a\n" * 10_000_000), ""), ("merges that are no UTF-8", put(merges, b"\xff \xfe\n"), "line 1 uses a token"),
             ("merges that are zeros", put(merges, b"\0" * 100), "line 1 is not a pair"), ("merges that are a folder", as_folder(merges), "merges.txt"),
             ("merges that are a device", link(merges, "/dev/zero"), "merges.txt")]
    rows += [("a start token that is unknown", together(edit(config, bos_token="<nothing>"), remove(special_map)), "<nothing>"),
             ("an end token that is empty", together(edit(config, eos_token=""), remove(special_map)), "eos_token"),
             ("a pad token of a megabyte", together(edit(config, pad_token="x" * 1_000_000), remove(special_map)), "pad_token"),
             ("special tokens nested", put("tokenizer/special_tokens_map.json", nested()), "nested"),
             ("special tokens that are a list", put("tokenizer/special_tokens_map.json", "[]"), "special_tokens_map.json")]
    for name, change, says in rows:
        yield inspected(f"tokenizer {name}", change, says=("tokenizer", says))
    for name, value in (("negative", -1), ("huge", 1e300), ("a text", "long"), ("zero", 0)):
        yield made(f"tokenizer length {name}", edit(config, model_max_length=value), status=0)  # as where there is none

    def whole(**changes):
        def change(folder):
            tokens = json.loads((folder / vocab).read_text())
            lines = (folder / merges).read_text().split("\n")[1:]
            of = {"type": "BPE", "end_of_word_suffix": "</w>", "vocab": tokens, "merges": [line for line in lines if line]}
            (folder / "tokenizer/tokenizer.json").write_text(json.dumps({"model": of | changes}))
            (folder / vocab).unlink()
        return change

    rows = [("of another kind", dict(type="Unigram"), "no byte-pair vocabulary"), ("no vocabulary", dict(vocab=None), "lacks its vocabulary"),
            ("merges that are a text", dict(merges="a b"), "lacks its vocabulary"), ("merges of numbers", dict(merges=[[1, 2]]), "merge 1 is not a pair"),
            ("merges of three", dict(merges=[["a", "b", "c"]]), "merge 1 is not a pair"), ("a merge of strangers", dict(merges=[["q", "zzz"]]), "line 1"),
            ("no word end", dict(end_of_word_suffix=None), "no byte-pair vocabulary"), ("two tokens of one id", dict(vocab={"a": 0, "b": 0}), "the id 0")]
    for name, changes, says in rows:
        yield inspected(f"tokenizer.json {name}", whole(**changes), says=("tokenizer", says))


def cases():
    for group in (numbers, components, schedulers, tokenizers):
        yield from group()
