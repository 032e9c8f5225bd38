"""The reference's side of a comparison: diffusers' own pipeline over a model folder, and every tensor on its way.

`tensors_of(request)` runs one request as `likeness generate` would be asked to, and names what it finds as `--dump` does.
"""
import inspect
import logging
import warnings
from dataclasses import dataclass, field, replace
from pathlib import Path

import random_models  # sets the libraries' environment before they are imported

import diffusers
import numpy as np
import prompts
import schedulers
import torch
import torch.nn.functional as F
import transformers
from diffusers.image_processor import IPAdapterMaskProcessor
from diffusers.models.attention_processor import IPAdapterAttnProcessor2_0
from diffusers.utils.peft_utils import set_weights_and_activate_adapters
from diffusers.models.embeddings import (ImageProjection, IPAdapterFullImageProjection, IPAdapterPlusImageProjection,
                                         MultiIPAdapterImageProjection)
from PIL import Image
from safetensors.torch import load_file
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

warnings.filterwarnings("ignore", category=FutureWarning)
warnings.filterwarnings("ignore", message=".*aspect ratio of the mask")
diffusers.utils.logging.set_verbosity_error()
diffusers.utils.logging.disable_progress_bar()
transformers.utils.logging.disable_progress_bar()
logging.getLogger("transformers").setLevel(logging.ERROR)

# Pipelines by (family, what the request begins from).
PIPELINES = {("sd", ""): diffusers.StableDiffusionPipeline,
             ("sd", "image"): diffusers.StableDiffusionImg2ImgPipeline,
             ("sd", "mask"): diffusers.StableDiffusionInpaintPipeline,
             ("sdxl", ""): diffusers.StableDiffusionXLPipeline,
             ("sdxl", "image"): diffusers.StableDiffusionXLImg2ImgPipeline,
             ("sdxl", "mask"): diffusers.StableDiffusionXLInpaintPipeline,
             ("refiner", "image"): diffusers.StableDiffusionXLImg2ImgPipeline}


@dataclass
class Reference:
    path: Path
    scale: float
    mask: Path | None = None
    range: tuple[float, float] = (0.0, 1.0)  # share of the steps in which it acts
    adapter: Path | None = None  # its own; None: the request's

    def acts(self, step, steps):
        return self.range[0] <= step / steps < self.range[1]


@dataclass
class Lora:
    path: Path
    scale: float
    block_scales: dict[str, float] = field(default_factory=dict)  # of blocks with attention
    peft: dict | None = None  # what random_models.make_peft_lora wrote the file of: diffusers has no loader for it
    trained: str = ""  # by the program, and how; opened as a person opens any, with what its metadata says


@dataclass
class Refiner:
    model: Path
    switch_at: float


@dataclass
class Request:
    model: Path
    family: str
    adapter: Path
    prompt: str
    scheduler: str
    negative_prompt: str | None = None
    references: list[Reference] = field(default_factory=list)
    block_scales: dict[str, float] = field(default_factory=dict)
    loras: list[Lora] = field(default_factory=list)
    textual_inversions: list[Path] = field(default_factory=list)
    combine: str = "join"
    width: int = 32
    height: int = 32
    num_inference_steps: int = 4
    guidance_scale: float = 3.0
    guidance_rescale: float = 0.0
    clip_skip: int = 0
    seed: int = 0
    num_images: int = 1
    variant: str | None = None
    prompt_2: str = ""
    negative_prompt_2: str = ""
    segments: dict[str, list] | None = None  # by prompt's name, of prompts.py: the texts are read with weights
    sizes: dict[str, int] = field(default_factory=dict)
    image: Path | None = None
    mask: Path | None = None
    strength: float = 0.8
    guidance_range: tuple[float, float] = (0.0, 1.0)
    pad: tuple[int, int, int, int] = (0, 0, 0, 0)  # new canvas at the left, top, right and bottom
    refiner: Refiner | None = None
    dtype: str = "float32"  # of the program; the reference is always in float32

    @property
    def is_sdxl(self):
        return self.family in ("sdxl", "refiner")

    @property
    def begins_from(self):
        return "mask" if self.mask or any(self.pad) else "image" if self.image else ""

    @property
    def adapters(self):
        """The references of each adapter file, by file."""
        groups = {}
        for reference in self.references:
            groups.setdefault(reference.adapter or self.adapter, []).append(reference)
        return dict(sorted(groups.items()))

    def is_guided(self, step, steps):
        return self.guidance_range[0] <= step / steps < self.guidance_range[1]

    @property
    def needs_rule(self):
        """Whether diffusers has no option for it and ReferenceRule must stand in."""
        masks = {r.mask is not None for r in self.references}
        scales = {r.scale for r in self.references if r.mask is None}
        timed = any(r.range != (0.0, 1.0) for r in self.references)
        if len(self.adapters) > 1 and not timed and self.combine == "join":  # each has its own scale
            groups = [{r.scale for r in group} for group in self.adapters.values()]
            return len(masks) > 1 or (masks == {False} and any(len(group) > 1 for group in groups))
        return len(masks) > 1 or len(scales) > 1 or timed or self.combine == "average"


class ReferenceRule(IPAdapterAttnProcessor2_0):
    """The program's rule where diffusers has none: references without a mask are attended in one softmax, the values of
    reference i times its scale, those of scale 0 left out; each masked reference on its own, as in diffusers. `average`:
    those without a mask become one, their tokens the mean weighted by the scales, its scale the mean of the scales."""

    def __init__(self, processor, references, average):
        super().__init__(processor.hidden_size, processor.cross_attention_dim, num_tokens=processor.num_tokens)
        self.load_state_dict(processor.state_dict())
        self.masks = [mask for _, mask in references]
        self.scales = [reference.scale for reference, _ in references]
        self.average = average

    def __call__(self, attn, hidden_states, encoder_hidden_states=None, attention_mask=None, temb=None, **_):
        text, (tokens,) = encoder_hidden_states  # tokens [B, references, T, C]

        def heads(x):
            return x.unflatten(-1, (attn.heads, -1)).transpose(1, 2)

        def merged(x):
            return x.transpose(1, 2).flatten(2)

        query = heads(attn.to_q(hidden_states))
        out = merged(F.scaled_dot_product_attention(query, heads(attn.to_k(text)), heads(attn.to_v(text))))
        acting = [i for i, scale in enumerate(self.scales) if scale != 0]
        groups = [[i for i in acting if self.masks[i] is None]] + [[i] for i in acting if self.masks[i] is not None]
        for group in filter(None, groups):
            if self.average and self.masks[group[0]] is None:
                total = sum(self.scales[i] for i in group)
                mean = sum(self.scales[i] / total * tokens[:, i] for i in group)
                key, value = self.to_k_ip[0](mean), total / len(group) * self.to_v_ip[0](mean)
            else:
                key = torch.cat([self.to_k_ip[0](tokens[:, i]) for i in group], 1)
                value = torch.cat([self.scales[i] * self.to_v_ip[0](tokens[:, i]) for i in group], 1)
            image = merged(F.scaled_dot_product_attention(query, heads(key), heads(value)))
            mask = self.masks[group[0]]
            if mask is not None:
                image = image * IPAdapterMaskProcessor.downsample(mask, image.shape[0], image.shape[1], image.shape[2])
            out = out + image
        return attn.to_out[1](attn.to_out[0](out))


def projection_of(tensors):
    """diffusers' projection module for an adapter's `image_proj.*`, of any number of tokens, layers, heads and queries."""
    tensors = {k.removeprefix("image_proj."): t.float() for k, t in tensors.items() if k.startswith("image_proj.")}
    if "proj.3.weight" in tensors:
        module = IPAdapterFullImageProjection(image_embed_dim=tensors["proj.0.weight"].shape[1],
                                              cross_attention_dim=tensors["proj.2.weight"].shape[0])
        module.load_state_dict({f"{part}.{kind}": tensors[f"{name}.{kind}"]
                                for part, name in random_models.FULL_NAMES.items() for kind in ("weight", "bias")})
        return module.eval()
    if "proj.weight" in tensors:
        width = tensors["norm.weight"].shape[0]
        module = ImageProjection(image_embed_dim=tensors["proj.weight"].shape[1], cross_attention_dim=width,
                                 num_image_text_embeds=tensors["proj.weight"].shape[0] // width)
    else:
        depth = sum(k.endswith(".0.to_q.weight") for k in tensors)
        module = IPAdapterPlusImageProjection(
            embed_dims=tensors["proj_in.weight"].shape[1], output_dims=tensors["proj_out.weight"].shape[0],
            hidden_dims=tensors["latents"].shape[2], depth=depth, dim_head=64,
            heads=tensors["layers.0.0.to_q.weight"].shape[0] // 64, num_queries=tensors["latents"].shape[1])
    ours = random_models.original_projection_names(module)
    assert set(ours) == set(tensors), sorted(set(ours) ^ set(tensors))
    state = {}
    for name in module.state_dict():  # the same renaming, read backwards
        part = name.replace(".attn.to_v.", ".attn.to_k.")
        for new, old in random_models.PROJECTION_NAMES:
            if new in part:
                part = part.replace(new, old)
                break
        tensor = tensors[part]
        if ".attn.to_k." in name or ".attn.to_v." in name:
            tensor = tensor.chunk(2)[".attn.to_v." in name]
        state[name] = tensor
    module.load_state_dict(state)
    return module.eval()


def attach_adapters(pipe, paths):
    """pipe.load_ip_adapter, but for projectors that it cannot represent and in float32 whatever the file's dtype."""
    unet, projections, states = pipe.unet, [], []
    for path in paths:
        tensors = load_file(path)
        layers = {k.removeprefix("ip_adapter."): t.float() for k, t in tensors.items() if k.startswith("ip_adapter.")}
        projection = projection_of(tensors)
        image_proj = {k.removeprefix("image_proj."): t.float() for k, t in tensors.items() if k.startswith("image_proj.")}
        try:  # where diffusers' own loader has a place for it, it must agree
            own = unet._convert_ip_adapter_image_proj_to_diffusers(dict(image_proj), low_cpu_mem_usage=False).eval()
        except (RuntimeError, KeyError):
            own = None
        if own is not None and {k: t.shape for k, t in own.state_dict().items()} == {
                k: t.shape for k, t in projection.state_dict().items()}:
            assert all(torch.equal(t, projection.state_dict()[k]) for k, t in own.state_dict().items())
            projection = own
        projections.append(projection)
        states.append(dict(image_proj=image_proj, ip_adapter=layers))
    unet.set_attn_processor(unet._convert_ip_adapter_attn_to_diffusers(states, low_cpu_mem_usage=False))
    unet.encoder_hid_proj = MultiIPAdapterImageProjection(projections)
    unet.config.encoder_hid_dim_type = "ip_image_proj"
    return projections


def load(request, **parts):
    """The request's pipeline; `parts` are components that it does not load."""
    kind = PIPELINES[request.family, request.begins_from]
    pipe = kind.from_pretrained(request.model, variant=request.variant, dtype=torch.float32, local_files_only=True, **parts)
    pipe.set_progress_bar_config(disable=True)
    if pipe.text_encoder is not None and not hasattr(pipe.text_encoder, "text_model"):  # diffusers' clip_skip asks transformers 5 by the older name
        object.__setattr__(pipe.text_encoder, "text_model", pipe.text_encoder)
    # The config as the pipeline holds it: StableDiffusionPipeline corrects steps_offset and clip_sample when it is made.
    pipe.scheduler = schedulers.made_of(request.scheduler, pipe.scheduler.config)
    if request.references:
        pipe.feature_extractor = CLIPImageProcessorPil.from_pretrained(request.model / "feature_extractor")
    return pipe


def apply_loras(pipe, loras):
    """load_lora_weights and set_adapters: the runtime form, so that merging is compared with not merging."""
    convert = pipe.lora_state_dict

    def without_text_model(*args, **kwargs):  # transformers 5 drops this prefix in memory; diffusers' converter keeps it
        def plain(tensors):
            return tensors and {k.replace("text_encoder.text_model.", "text_encoder."): t for k, t in tensors.items()}

        found = convert(*args, **kwargs)
        return tuple(map(plain, found)) if isinstance(found, tuple) else plain(found)

    for lora in filter(lambda lora: lora.peft, loras):
        random_models.inject_peft(pipe.unet, lora.peft, load_file(lora.path), lora.scale)
    loras = [lora for lora in loras if not lora.peft]
    if not loras:
        return
    pipe.lora_state_dict = without_text_model
    for i, lora in enumerate(loras):
        # Of Stable Diffusion diffusers reads peft's own names only with its prefix.
        tensors = {k.replace("base_model.model.", "unet."): t for k, t in load_file(lora.path).items()}
        count = sum(k.endswith(("lora_down.weight", "lora_A.weight")) for k in tensors)
        if lora.trained:
            pipe.load_lora_weights(lora.path.parent, weight_name=lora.path.name, adapter_name=f"lora_{i}", local_files_only=True)
        else:
            pipe.load_lora_weights(tensors, adapter_name=f"lora_{i}")
        parts = (getattr(pipe, name, None) for name in ("unet", "text_encoder", "text_encoder_2"))
        taken = sum(k.endswith(f"lora_A.lora_{i}.weight") for part in filter(None, parts) for k in part.state_dict())
        assert taken == count, f"diffusers took {taken} of {count} layers of {lora.path.name}"

    names = [f"lora_{i}" for i in range(len(loras))]
    if not isinstance(pipe.unet.config.layers_per_block, int):  # set_adapters fails on a list of them
        for part in filter(None, map(lambda name: getattr(pipe, name, None), ("unet", "text_encoder", "text_encoder_2"))):
            set_weights_and_activate_adapters(part, names, [lora.scale for lora in loras])
        return

    def weight(lora):
        if not lora.block_scales:
            return lora.scale
        unet = {"down": {}, "mid": lora.scale, "up": {}}
        for side, blocks in (("down", pipe.unet.down_blocks), ("up", pipe.unet.up_blocks)):
            for i, block in enumerate(blocks):
                if hasattr(block, "attentions"):
                    unet[side][f"block_{i}"] = lora.scale * lora.block_scales.get(f"{side}.block_{i}", 1.0)
        unet["mid"] *= lora.block_scales.get("mid", 1.0)
        texts = {name: lora.scale for name in ("text_encoder", "text_encoder_2") if getattr(pipe, name, None) is not None}
        return {"unet": unet, **texts}

    pipe.set_adapters(names, [weight(lora) for lora in loras])


def apply_words(pipe, paths):
    for path in paths:
        tensors = load_file(path)
        if "clip_l" in tensors:
            for key, encoder, tokenizer in (("clip_l", pipe.text_encoder, pipe.tokenizer),
                                            ("clip_g", pipe.text_encoder_2, pipe.tokenizer_2)):
                pipe.load_textual_inversion(tensors[key], token=path.stem, text_encoder=encoder, tokenizer=tokenizer)
        else:
            name, tensor = next(iter(tensors.items()))
            pipe.load_textual_inversion(tensor, token=path.stem if name == "emb_params" else name)


def adapter_processors(unet):
    return {name: p for name, p in unet.attn_processors.items() if isinstance(p, IPAdapterAttnProcessor2_0)}


def scale_dictionary(unet, factor, scale):
    """diffusers' dictionary for set_ip_adapter_scale with every block in it; None where it has no way to say it."""
    layers = unet.config.layers_per_block
    if not isinstance(layers, int) or unet.mid_block is None:
        return None
    sides = {"down": (unet.down_blocks, layers), "up": (unet.up_blocks, layers + 1)}
    out = {"mid": scale * factor("mid_block.attentions.0.x")}
    for side, (blocks, count) in sides.items():
        out[side] = {f"block_{i}": [scale * factor(f"{side}_blocks.{i}.attentions.{j}.x") for j in range(count)]
                     for i, block in enumerate(blocks) if hasattr(block, "attentions")}
    return out


def set_references(pipe, request):
    """Scales and masks on the UNet's processors. Returns (arguments of the call, what to do before step i)."""
    masks = [None if r.mask is None else IPAdapterMaskProcessor().preprocess(
        Image.open(r.mask), height=request.height, width=request.width) for r in request.references]

    def factor(name):  # "down_blocks.1.attentions.0..." is "down.block_1.attentions_0" and in "down.block_1"
        side, number, _, attention, *_ = name.split(".")
        block = "mid" if side == "mid_block" else f"{side.removesuffix('_blocks')}.block_{number}"
        names = [f"{block}.attentions_{attention}", block]
        return next((request.block_scales[n] for n in names if n in request.block_scales), 1.0)

    if not request.needs_rule:
        arguments = {}
        groups = [[request.references.index(r) for r in group] for group in request.adapters.values()]
        if masks[0] is not None:
            arguments["cross_attention_kwargs"] = dict(
                ip_adapter_masks=[torch.cat([masks[i][0][None] for i in group], 1) for group in groups])
        for name, processor in adapter_processors(pipe.unet).items():
            scales = [[request.references[i].scale * factor(name) for i in group] for group in groups]
            processor.scale = [own if masks[0] is not None else own[0] for own in scales]
        if masks[0] is None:  # the same by diffusers' own dictionaries
            ours = {name: list(p.scale) for name, p in adapter_processors(pipe.unet).items()}
            dictionaries = [scale_dictionary(pipe.unet, factor, request.references[group[0]].scale) for group in groups]
            if None not in dictionaries:
                pipe.set_ip_adapter_scale(dictionaries)
                theirs = {name: list(p.scale) for name, p in adapter_processors(pipe.unet).items()}
                assert ours == theirs, (ours, theirs)
        return arguments, lambda step: None

    rules = {}
    processors = dict(pipe.unet.attn_processors)
    for name, processor in adapter_processors(pipe.unet).items():
        flat = [None if m is None else m[0] for m in masks]  # [1, H, W]
        processors[name] = rules[name] = ReferenceRule(
            processor, list(zip(request.references, flat)), request.combine == "average")
    pipe.unet.set_attn_processor(processors)

    def before_step(step):
        calls = len(pipe.scheduler.timesteps) if step else 1  # PNDM makes more of them than there are steps
        for name, rule in rules.items():
            rule.scales = [r.scale * factor(name) if r.acts(step, calls) else 0.0
                           for r in request.references]

    return {}, before_step


def text_tensors(pipe, request):
    guided = request.guidance_scale > 1
    if request.segments is not None:
        zero = request.is_sdxl and request.negative_prompt is None and pipe.config.force_zeros_for_empty_prompt
        of = request.segments
        out = prompts.embeds(pipe, request.family, of["prompt"], of["negative_prompt"] if guided else [], of.get("prompt_2"),
                             of.get("negative_prompt_2") if guided else [], request.clip_skip, zero and guided)
        return out if guided else {k: t for k, t in out.items() if not k.startswith("negative")}
    tokenizer = pipe.tokenizer or pipe.tokenizer_2
    ids = lambda text: tokenizer(pipe.maybe_convert_prompt(text, tokenizer), padding="max_length", max_length=77, truncation=True).input_ids
    out = dict(input_ids=torch.tensor(ids(request.prompt)))
    if guided:
        out["negative_input_ids"] = torch.tensor(ids(request.negative_prompt or ""))
    arguments = dict(prompt=request.prompt, device="cpu", num_images_per_prompt=1, do_classifier_free_guidance=guided,
                     negative_prompt=request.negative_prompt, clip_skip=request.clip_skip or None)
    if request.is_sdxl:
        arguments |= dict(prompt_2=request.prompt_2 or None, negative_prompt_2=request.negative_prompt_2 or None)
    found = pipe.encode_prompt(**arguments)
    out["prompt_embeds"] = found[0]
    if guided:
        out["negative_prompt_embeds"] = found[1]
    if request.is_sdxl:
        out["pooled_prompt_embeds"] = found[2]
    return out


def reference_tensors(pipe, projections, request):
    out = {}
    by_adapter = dict(zip(request.adapters, projections))
    for i, reference in enumerate(request.references):
        projection = by_adapter[reference.adapter or request.adapter]
        hidden = not isinstance(projection, ImageProjection)
        pixels = pipe.feature_extractor(Image.open(reference.path), return_tensors="pt").pixel_values
        embeds, _ = pipe.encode_image(pixels, "cpu", 1, hidden)
        out |= {f"pixel_values.{i}": pixels, f"image_embeds.{i}": embeds, f"ip_tokens.{i}": projection(embeds)}
    return out


@torch.no_grad()
def tensors_of(request, nudge=0.0):
    """Everything `--dump` names, from diffusers; `image` [num_images, 3, H, W] in 0..1. With a nudge, each prediction of the
    (base) model is off by up to that share of its largest value, as rounding might have it."""
    pipe = load(request)
    rounding = torch.Generator("cpu").manual_seed(0)
    apply_words(pipe, request.textual_inversions)
    if request.loras:
        apply_loras(pipe, request.loras)
    out = text_tensors(pipe, request)
    takes = inspect.signature(pipe.__call__).parameters
    arguments, before_step = {}, lambda step: None
    if "guidance_rescale" in takes:
        arguments["guidance_rescale"] = request.guidance_rescale
    begins_at = 0
    if request.image:
        # As get_timesteps has it; the size is the picture's where a pipeline does not take one.
        begins_at = request.num_inference_steps - min(int(request.num_inference_steps * request.strength),
                                                      request.num_inference_steps)
        begins_at *= pipe.scheduler.order
        arguments |= dict(image=Image.open(request.image).convert("RGB"), strength=request.strength)
        if request.begins_from == "mask":
            arguments["image"], arguments["mask_image"] = canvas(request)
        else:
            arguments["image"] = arguments["image"].resize((request.width, request.height), Image.LANCZOS)
    if "width" in takes:
        arguments |= dict(width=request.width, height=request.height)
    if request.references:
        projections = attach_adapters(pipe, list(request.adapters))
        out |= reference_tensors(pipe, projections, request)
        extra, before_step = set_references(pipe, request)
        arguments |= extra | dict(ip_adapter_image=[[Image.open(r.path) for r in group]
                                                    for group in request.adapters.values()])

    def generators():
        return [torch.Generator("cpu").manual_seed(request.seed + k) for k in range(request.num_images)]

    step = pipe.scheduler.step

    def recording_step(noise_pred, t, latents, **kwargs):
        if "latents.initial" not in out:
            out["latents.initial"] = latents.clone()
        if nudge:
            noise_pred = noise_pred + nudge * noise_pred.abs().max() * (2 * torch.rand(noise_pred.shape, generator=rounding) - 1)
        out[f"noise_pred.{begins_at + sum(k.startswith('noise_pred') for k in out)}"] = noise_pred.clone()
        return step(noise_pred, t, latents, **kwargs)

    def after_step(_, i, t, tensors):
        out[f"latents.{begins_at + i}"] = tensors["latents"].clone()
        before_step(begins_at + i + 1)
        return tensors

    # Bound by name so that diffusers' inspection of step()'s signature still finds eta and generator.
    if request.segments is not None:
        text = {k: t for k, t in out.items() if k.endswith("embeds") and "prompt" in k}
    else:
        text = dict(prompt=request.prompt, negative_prompt=request.negative_prompt)
        if request.is_sdxl:
            text |= dict(prompt_2=request.prompt_2 or None, negative_prompt_2=request.negative_prompt_2 or None)
    if request.sizes:
        sizes = dict(original_height=request.height, original_width=request.width, crop_top=0, crop_left=0,
                     target_height=request.height, target_width=request.width) | request.sizes
        text |= dict(original_size=(sizes["original_height"], sizes["original_width"]),
                     crops_coords_top_left=(sizes["crop_top"], sizes["crop_left"]),
                     target_size=(sizes["target_height"], sizes["target_width"]))
    recording_step.__signature__ = inspect.signature(step)
    pipe.scheduler.step = recording_step
    before_step(begins_at)
    at = [begins_at]

    def conditional_alone(_, __, output):  # where a step is not guided, both halves are the conditional one
        sample = output[0]
        if request.guidance_scale > 1 and not request.is_guided(at[0], len(pipe.scheduler.timesteps)):
            sample = torch.cat([sample.chunk(2)[1]] * 2)
        at[0] += 1
        return (sample,)

    pipe.unet.register_forward_hook(conditional_alone)
    noise = generators()
    if request.refiner:
        arguments["denoising_end"] = request.refiner.switch_at
    image = pipe(**text, num_inference_steps=request.num_inference_steps,
                 guidance_scale=request.guidance_scale, clip_skip=request.clip_skip or None,
                 num_images_per_prompt=request.num_images, generator=noise,
                 output_type="latent" if request.refiner else "np",
                 callback_on_step_end=after_step, **arguments).images
    out.pop("negative_pooled_prompt_embeds", None)  # which --dump does not name
    out["timesteps"] = pipe.scheduler.timesteps.double()
    if request.refiner:
        return out | refined(request, image, noise)
    out["image"] = torch.from_numpy(image).permute(0, 3, 1, 2)
    return out


def refined(request, latents, noise):
    """What the refiner makes of the base model's latents, under the names that --dump has for it."""
    own = replace(request, model=request.refiner.model, family="refiner", references=[], image=Path("latents"), loras=[],
                  textual_inversions=[], block_scales={}, refiner=None, prompt_2="", negative_prompt_2="")
    pipe = load(own)
    out = text_tensors(pipe, own)
    begins_at = []
    step = pipe.scheduler.step

    def recording_step(noise_pred, t, sample, **kwargs):
        if not begins_at:
            out["latents.initial"] = sample.clone()
            begins_at.append(pipe.scheduler.timesteps.tolist().index(t))
            if schedulers.SCHEDULERS[own.scheduler][0].order == 2:
                begins_at[0] = pipe.scheduler.begin_index
        at = begins_at[0] + sum(k.startswith("noise_pred") for k in out)
        out[f"noise_pred.{at}"] = noise_pred.clone()
        return step(noise_pred, t, sample, **kwargs)

    def after_step(_, i, t, tensors):
        out[f"latents.{begins_at[0] + i}"] = tensors["latents"].clone()
        return tensors

    recording_step.__signature__ = inspect.signature(step)
    pipe.scheduler.step = recording_step
    if own.segments is not None:
        text = {k: t for k, t in out.items() if k.endswith("embeds") and "prompt" in k}
    else:
        text = dict(prompt=own.prompt, negative_prompt=own.negative_prompt)
    image = pipe(**text, image=latents, num_inference_steps=own.num_inference_steps, guidance_scale=own.guidance_scale,
                 clip_skip=own.clip_skip or None, denoising_start=request.refiner.switch_at, generator=noise,
                 num_images_per_prompt=own.num_images, output_type="np", callback_on_step_end=after_step).images
    out.pop("negative_pooled_prompt_embeds", None)
    out["timesteps"] = pipe.scheduler.timesteps.double()
    out["image"] = torch.from_numpy(image).permute(0, 3, 1, 2)
    return {f"refiner.{name}": t for name, t in out.items()}


def canvas(request):
    """The picture to begin from and its mask, both with the new canvas around them: edges go on, all of it is made anew."""
    picture = Image.open(request.image).convert("RGB")
    mask = Image.open(request.mask) if request.mask else None
    if not any(request.pad):
        return picture, mask
    left, top, right, bottom = request.pad
    wide = np.pad(np.asarray(picture), ((top, bottom), (left, right), (0, 0)), mode="edge")
    inner = np.zeros(picture.size[::-1], dtype=np.uint8)
    if mask is not None:
        inner = np.asarray(mask.convert("L").resize(picture.size, Image.LANCZOS))
    white = np.pad(inner, ((top, bottom), (left, right)), constant_values=255)
    return Image.fromarray(wide), Image.fromarray(white)


def pasted(request, image):
    """What a mask keeps is the input's, pixel for pixel. image [n, 3, H, W] in 0..1."""
    if request.begins_from != "mask":
        return image
    size = (request.width, request.height)
    picture, mask = canvas(request)
    kept = np.asarray(picture.resize(size, Image.LANCZOS), dtype=np.float32) / 255
    anew = np.asarray(mask.resize(size, Image.LANCZOS).convert("L")) >= 127.5
    return torch.where(torch.from_numpy(anew), image, torch.from_numpy(kept).permute(2, 0, 1))
