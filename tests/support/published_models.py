"""The published networks as tables {name: shape}, under diffusers' names; and files of any size that hold them.

Written from the architectures' descriptions, with nothing but Python: what the program says of a file can be held against it.
"""
import json
import math
import random
import struct

DOWN, UP = "CrossAttnDownBlock2D", "CrossAttnUpBlock2D"
SD15_UNET = dict(block_out_channels=[320, 640, 1280, 1280], down_block_types=[DOWN, DOWN, DOWN, "DownBlock2D"],
                 up_block_types=["UpBlock2D", UP, UP, UP], layers_per_block=2, depth=[1, 1, 1, 1], cross_attention_dim=768,
                 linear=False, in_channels=4, added=0)
SD2_UNET = SD15_UNET | dict(cross_attention_dim=1024, linear=True)
SDXL_UNET = dict(block_out_channels=[320, 640, 1280], down_block_types=["DownBlock2D", DOWN, DOWN],
                 up_block_types=[UP, UP, "UpBlock2D"], layers_per_block=2, depth=[1, 2, 10], cross_attention_dim=2048,
                 linear=True, in_channels=4, added=2816)
REFINER_UNET = dict(block_out_channels=[384, 768, 1536, 1536], down_block_types=["DownBlock2D", DOWN, DOWN, "DownBlock2D"],
                    up_block_types=["UpBlock2D", UP, UP, "UpBlock2D"], layers_per_block=2, depth=[4, 4, 4, 4],
                    cross_attention_dim=1280, linear=True, in_channels=4, added=2560)
VAE = dict(block_out_channels=[128, 256, 512, 512], layers_per_block=2, latent_channels=4)
CLIP_L = dict(hidden=768, layers=12, intermediate=3072, vocabulary=49408, projection=0)
OPEN_CLIP_H = dict(hidden=1024, layers=23, intermediate=4096, vocabulary=49408, projection=0)  # the last layer is not read
OPEN_CLIP_G = dict(hidden=1280, layers=32, intermediate=5120, vocabulary=49408, projection=1280)
VIT_H = dict(hidden=1280, layers=32, intermediate=5120, projection=1024, patch=14, positions=257)
VIT_G = dict(hidden=1664, layers=48, intermediate=8192, projection=1280, patch=14, positions=257)


class Table(dict):
    def linear(self, name, out, into, bias=True):
        self[f"{name}.weight"] = [out, into]
        if bias:
            self[f"{name}.bias"] = [out]

    def conv(self, name, out, into, kernel=3, bias=True):
        self.linear(name, out, into, bias)
        self[f"{name}.weight"] = [out, into, kernel, kernel]

    def norm(self, name, width):
        self[f"{name}.weight"] = self[f"{name}.bias"] = [width]

    def resnet(self, name, into, out, time=0):
        self.norm(f"{name}.norm1", into)
        self.conv(f"{name}.conv1", out, into)
        if time:
            self.linear(f"{name}.time_emb_proj", out, time)
        self.norm(f"{name}.norm2", out)
        self.conv(f"{name}.conv2", out, out)
        if into != out:
            self.conv(f"{name}.conv_shortcut", out, into, 1)

    def transformer(self, name, width, depth, context, linear):
        self.norm(f"{name}.norm", width)
        for end in ("proj_in", "proj_out"):
            self.linear(f"{name}.{end}", width, width) if linear else self.conv(f"{name}.{end}", width, width, 1)
        for k in range(depth):
            block = f"{name}.transformer_blocks.{k}"
            for attention, read in (("attn1", width), ("attn2", context)):
                self.linear(f"{block}.{attention}.to_q", width, width, False)
                self.linear(f"{block}.{attention}.to_k", width, read, False)
                self.linear(f"{block}.{attention}.to_v", width, read, False)
                self.linear(f"{block}.{attention}.to_out.0", width, width)
            for number in (1, 2, 3):
                self.norm(f"{block}.norm{number}", width)
            self.linear(f"{block}.ff.net.0.proj", 8 * width, width)
            self.linear(f"{block}.ff.net.2", width, 4 * width)

    def clip_layers(self, name, c):
        for n in range(c["layers"]):
            layer = f"{name}.encoder.layers.{n}"
            self.norm(f"{layer}.layer_norm1", c["hidden"])
            self.norm(f"{layer}.layer_norm2", c["hidden"])
            for part in ("q_proj", "k_proj", "v_proj", "out_proj"):
                self.linear(f"{layer}.self_attn.{part}", c["hidden"], c["hidden"])
            self.linear(f"{layer}.mlp.fc1", c["intermediate"], c["hidden"])
            self.linear(f"{layer}.mlp.fc2", c["hidden"], c["intermediate"])


def unet_table(c):
    t, widths, n = Table(), c["block_out_channels"], c["layers_per_block"]
    time = 4 * widths[0]
    attention = [c["cross_attention_dim"], c["linear"]]
    t.conv("conv_in", widths[0], c["in_channels"])
    t.linear("time_embedding.linear_1", time, widths[0])
    t.linear("time_embedding.linear_2", time, time)
    if c["added"]:
        t.linear("add_embedding.linear_1", time, c["added"])
        t.linear("add_embedding.linear_2", time, time)
    skips, into = [widths[0]], widths[0]
    for b, (width, kind) in enumerate(zip(widths, c["down_block_types"])):
        for i in range(n):
            t.resnet(f"down_blocks.{b}.resnets.{i}", into, width, time)
            if kind == DOWN:
                t.transformer(f"down_blocks.{b}.attentions.{i}", width, c["depth"][b], *attention)
            into = width
            skips.append(width)
        if b + 1 < len(widths):
            t.conv(f"down_blocks.{b}.downsamplers.0.conv", width, width)
            skips.append(width)
    for i in (0, 1):
        t.resnet(f"mid_block.resnets.{i}", into, into, time)
    t.transformer("mid_block.attentions.0", into, c["depth"][-1], *attention)
    for b, (width, kind) in enumerate(zip(reversed(widths), c["up_block_types"])):
        for i in range(n + 1):
            t.resnet(f"up_blocks.{b}.resnets.{i}", into + skips.pop(), width, time)
            if kind == UP:
                t.transformer(f"up_blocks.{b}.attentions.{i}", width, c["depth"][len(widths) - 1 - b], *attention)
            into = width
        if b + 1 < len(widths):
            t.conv(f"up_blocks.{b}.upsamplers.0.conv", width, width)
    t.norm("conv_norm_out", widths[0])
    t.conv("conv_out", 4, widths[0])
    return t


def vae_table(c):
    t, widths, n, latent = Table(), c["block_out_channels"], c["layers_per_block"], c["latent_channels"]
    t.conv("quant_conv", 2 * latent, 2 * latent, 1)
    t.conv("post_quant_conv", latent, latent, 1)
    for side, order, layers in (("encoder", widths, n), ("decoder", widths[::-1], n + 1)):
        down = side == "encoder"
        into = order[0]
        t.conv(f"{side}.conv_in", into, 3 if down else latent)
        for b, width in enumerate(order):
            block = f"{side}.{'down' if down else 'up'}_blocks.{b}"
            for i in range(layers):
                t.resnet(f"{block}.resnets.{i}", into, width)
                into = width
            if b + 1 < len(order):
                t.conv(f"{block}.{'downsamplers' if down else 'upsamplers'}.0.conv", width, width)
        for i in (0, 1):
            t.resnet(f"{side}.mid_block.resnets.{i}", widths[-1], widths[-1])
        t.norm(f"{side}.mid_block.attentions.0.group_norm", widths[-1])
        for part in ("to_q", "to_k", "to_v", "to_out.0"):
            t.linear(f"{side}.mid_block.attentions.0.{part}", widths[-1], widths[-1])
        t.norm(f"{side}.conv_norm_out", order[-1])
        t.conv(f"{side}.conv_out", 2 * latent if down else 3, order[-1])
    return t


def clip_text_table(c):
    t = Table({"text_model.embeddings.token_embedding.weight": [c["vocabulary"], c["hidden"]],
               "text_model.embeddings.position_embedding.weight": [77, c["hidden"]]})
    t.clip_layers("text_model", c)
    t.norm("text_model.final_layer_norm", c["hidden"])
    if c["projection"]:
        t.linear("text_projection", c["projection"], c["hidden"], False)
    return t


def clip_vision_table(c):
    embeddings = "vision_model.embeddings"
    t = Table({f"{embeddings}.class_embedding": [c["hidden"]],
               f"{embeddings}.position_embedding.weight": [c["positions"], c["hidden"]]})
    t.conv(f"{embeddings}.patch_embedding", c["hidden"], 3, c["patch"], False)
    t.norm("vision_model.pre_layrnorm", c["hidden"])
    t.clip_layers("vision_model", c)
    t.norm("vision_model.post_layernorm", c["hidden"])
    t.linear("visual_projection", c["projection"], c["hidden"], False)
    return t


def adapter_table(kind, unet, encoder_width):
    """kind: plain | plus | full | faceid."""
    t, context = Table(), unet["cross_attention_dim"]
    if kind == "plain":
        t.linear("image_proj.proj", 4 * context, encoder_width)
        t.norm("image_proj.norm", context)
    elif kind == "full":
        t.linear("image_proj.proj.0", encoder_width, encoder_width)
        t.linear("image_proj.proj.2", context, encoder_width)
        t.norm("image_proj.proj.3", context)
    elif kind == "faceid":
        t.linear("image_proj.proj.0", 1024, 512)
        t.linear("image_proj.proj.2", 4 * context, 1024)
        t.norm("image_proj.norm", context)
    else:
        dim = 768 if context == 768 else 1280
        t["image_proj.latents"] = [1, 16, dim]
        t.linear("image_proj.proj_in", dim, encoder_width)
        t.linear("image_proj.proj_out", context, dim)
        t.norm("image_proj.norm_out", context)
        for i in range(4):
            layer = f"image_proj.layers.{i}"
            t.norm(f"{layer}.0.norm1", dim)
            t.norm(f"{layer}.0.norm2", dim)
            t.linear(f"{layer}.0.to_q", dim, dim, False)
            t.linear(f"{layer}.0.to_kv", 2 * dim, dim, False)
            t.linear(f"{layer}.0.to_out", dim, dim, False)
            t.norm(f"{layer}.1.0", dim)
            t.linear(f"{layer}.1.1", 4 * dim, dim, False)
            t.linear(f"{layer}.1.3", dim, 4 * dim, False)
    queries = [(name, shape) for name, shape in unet_table(unet).items() if name.endswith("attn2.to_q.weight")]
    queries.sort(key=lambda item: ("down", "up_b", "mid_").index(item[0][:4]))
    for i, (_, shape) in enumerate(queries):
        for kv in "kv":
            t[f"ip_adapter.{2 * i + 1}.to_{kv}_ip.weight"] = [shape[0], context]
    return t


def taesd_decoder_table(width=64):
    """As the author writes it: the clamp is layer 0, nearest enlargements have no tensors."""
    t = Table()
    t.conv("1", width, 4)
    for i in (3, 4, 5, 8, 9, 10, 13, 14, 15, 18):
        for part in (0, 2, 4):
            t.conv(f"{i}.conv.{part}", width, width)
    for i in (7, 12, 17):
        t.conv(f"{i}", width, width, bias=False)
    t.conv("19", 3, width)
    return t


def count(table):
    return sum(math.prod(shape) for shape in table.values())


def shapes_only(table, dtype="F16"):
    return {name: (dtype, shape, None) for name, shape in table.items()}


_BLOCK = 4096


def random_values(table, seed):
    """float16 tensors of those shapes that keep a signal about as large as it is: (dtype, shape, bytes)."""
    rng = random.Random(seed)
    plain = [rng.gauss(0, 1) for _ in range(_BLOCK)]
    blocks, out = {}, {}

    def block(scale, shift):
        key = scale, shift
        if key not in blocks:
            blocks[key] = struct.pack(f"<{_BLOCK}e", *(shift + scale * v for v in plain))
        return blocks[key]

    for name, shape in table.items():
        size, is_norm = math.prod(shape), "norm" in name and name.endswith("weight")
        fan_in = math.prod(shape[1:])
        scale = 0.2 if len(shape) == 1 else 0.5 if "embedding" in name and "time" not in name else 1 / math.sqrt(fan_in)
        start = 2 * rng.randrange(_BLOCK)
        data = block(scale, 1 if is_norm else 0)
        out[name] = ("F16", list(shape), (data * (2 + 2 * size // len(data)))[start:start + 2 * size])
    return out


def write_sparse(path, tensors):
    """A safetensors file with its header and, for values, a hole: any size in no time and no space."""
    header, offset = {}, 0
    for name, (dtype, shape, _) in tensors.items():
        end = offset + math.prod(shape) * {"F16": 2, "F32": 4}[dtype]
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + offset)
