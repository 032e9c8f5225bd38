"""Writes what diffusers makes of one training step of DreamBooth and of an image-prompt adapter: loss and gradients.

  make_training_step_fixtures.py [FOLDER]       (default: this folder)

The models are tiny_sd and tiny_sdxl of this folder. What the step draws is drawn here as core/training/draws.cpp draws it, so that
the program's own step can be compared as a whole.

training_step_<case>.safetensors   metadata: `model`, `prompts` (JSON), `seed`, `draw`, `versions`; tensors: `mean.<i>` (latents of
                                   the samples), [`features.<i>`, `features.nothing`], `loss`, `gradient/<parameter>`
"""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "oracle"))

import random_models

import diffusers
import torch
import transformers
from diffusers import DDPMScheduler, UNet2DConditionModel
from safetensors.torch import load_file, save_file
from torch.nn.functional import mse_loss
from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

HERE = Path(__file__).resolve().parent
MASK = (1 << 64) - 1
TIME_IDS = [32, 32, 0, 0, 32, 32]
NOISE_OFFSET, PRIOR_WEIGHT = 0.1, 0.7


def step_seed(seed, step):
    z = (seed * 0xd1342543de82ef95 + (step + 1) * 0x9e3779b97f4a7c15) & MASK
    z = ((z ^ (z >> 30)) * 0xbf58476d1ce4e5b9) & MASK
    z = ((z ^ (z >> 27)) * 0x94d049bb133111eb) & MASK
    return z ^ (z >> 31)


class Draws:
    def __init__(self, seed, draw):
        self.seed, self.count = step_seed(seed, draw), 0
        self.generator = torch.Generator().manual_seed(self.seed)

    def next(self):
        self.count += 1
        return step_seed(self.seed, self.count - 1)

    def below(self, count):
        return self.next() % count

    def share(self):
        return (self.next() >> 11) * 2.0 ** -53

    def noise(self, *shape):
        return torch.randn(shape, generator=self.generator)


class Model:
    def __init__(self, name):
        folder = HERE / name
        kinds = dict(variant="fp16", torch_dtype=torch.float32)
        self.unet = UNet2DConditionModel.from_pretrained(folder / "unet", **kinds)
        self.tokenizers = [CLIPTokenizer.from_pretrained(folder / "tokenizer")]
        self.encoders = [CLIPTextModel.from_pretrained(folder / "text_encoder", **kinds)]
        self.sdxl = (folder / "text_encoder_2").exists()
        if self.sdxl:
            self.tokenizers.append(CLIPTokenizer.from_pretrained(folder / "tokenizer_2"))
            self.encoders.append(CLIPTextModelWithProjection.from_pretrained(folder / "text_encoder_2", **kinds))
        self.scheduler = DDPMScheduler.from_pretrained(folder / "scheduler")
        for module in (self.unet, *self.encoders):
            module.requires_grad_(False)
            module.eval()

    def read(self, prompts):
        """As train_dreambooth.py and its SDXL sister read them."""
        states, pooled = [], None
        for tokenizer, encoder in zip(self.tokenizers, self.encoders):
            ids = tokenizer(prompts, padding="max_length", max_length=77, truncation=True, return_tensors="pt").input_ids
            out = encoder(ids, output_hidden_states=True)
            states.append(out.hidden_states[-2] if self.sdxl else out.last_hidden_state)
            pooled = out[0] if self.sdxl else None
        return torch.cat(states, -1), pooled

    def noisy(self, draws, means, noise_offset):
        """(noisy latents, target, timesteps) of these means of a posterior without deviation."""
        clean = torch.cat(means)
        draws.noise(*clean.shape)
        noise = draws.noise(*clean.shape)
        timesteps = torch.tensor([draws.below(1000) for _ in means])
        if noise_offset:
            noise = noise + noise_offset * draws.noise(clean.shape[0], clean.shape[1], 1, 1)
        velocity = self.scheduler.config.prediction_type == "v_prediction"
        target = self.scheduler.get_velocity(clean, noise, timesteps) if velocity else noise
        return self.scheduler.add_noise(clean, noise, timesteps), target, timesteps

    def added(self, pooled):
        return dict(text_embeds=pooled, time_ids=torch.tensor([TIME_IDS] * len(pooled), dtype=torch.float32)) if self.sdxl else {}


def gradients(prefix, named):
    return {f"gradient/{prefix}{name}": p.grad.clone() for name, p in named if p.grad is not None}


def dreambooth(model_name):
    """UNet and text encoders, with prior preservation: one picture and one of its class."""
    model, prompts, seed, draw = Model(model_name), ["a red mug", "a mug"], 9, 4
    generator = torch.Generator().manual_seed(21)
    means = [torch.randn((1, 4, 8, 8), generator=generator) for _ in prompts]
    for module in (model.unet, *model.encoders):
        module.requires_grad_(True)
    draws = Draws(seed, draw)
    draws.below(1), draws.below(1)  # which picture, and which of the class
    noisy, target, timesteps = model.noisy(draws, means, NOISE_OFFSET)
    states, pooled = model.read(prompts)
    out = model.unet(noisy, timesteps, states, added_cond_kwargs=model.added(pooled) or None).sample
    # As train_dreambooth.py has it.
    prediction, prediction_prior = torch.chunk(out, 2)
    target, target_prior = torch.chunk(target, 2)
    loss = mse_loss(prediction.float(), target.float()) + PRIOR_WEIGHT * mse_loss(prediction_prior.float(), target_prior.float())
    loss.backward()
    tensors = {f"mean.{i}": mean for i, mean in enumerate(means)} | dict(loss=loss.detach().reshape(1))
    tensors |= gradients("unet.", model.unet.named_parameters())
    for name, encoder in zip(("text_encoder", "text_encoder_2"), model.encoders):
        named = [(n if n.startswith(("text_model.", "text_projection")) else "text_model." + n, p) for n, p in encoder.named_parameters()]
        tensors |= gradients(f"{name}.", named)
    return tensors, dict(model=model_name, prompts=json.dumps(prompts), seed=str(seed), draw=str(draw))


def ip_adapter(model_name, wanted):
    """An adapter's projection, keys and values; the reference of a picture is the other one. `wanted`: (text, image) dropped."""
    model, prompts, seed = Model(model_name), ["a red mug"], 9
    file = load_file(next((HERE / model_name / "ip_adapter").glob("*.safetensors")))
    projector = {k.removeprefix("image_proj."): t.float() for k, t in file.items() if k.startswith("image_proj.")}
    layers = {k.removeprefix("ip_adapter."): t.float() for k, t in file.items() if k.startswith("ip_adapter.")}
    plus = "latents" in projector
    model.unet._load_ip_adapter_weights([dict(image_proj=projector, ip_adapter=layers)], low_cpu_mem_usage=False)
    projection = model.unet.encoder_hid_proj.image_projection_layers[0]
    sites = [path for path, _ in random_models.cross_attention_layers(model.unet)]
    processors = [model.unet.attn_processors[f"{path}.processor"] for path in sites]
    for module in (projection, *processors):
        module.requires_grad_(True)
    generator = torch.Generator().manual_seed(22)
    width = projector["proj_in.weight" if plus else "proj.weight"].shape[1]
    shape = (1, 5, width) if plus else (1, width)
    features = [torch.randn(shape, generator=generator) for _ in range(2)]
    nothing = torch.randn(shape, generator=generator) if plus else torch.zeros(shape)
    means = [torch.randn((1, 4, 8, 8), generator=generator)]
    for draw in range(1000):
        draws = Draws(seed, draw)
        draws.below(1)  # which picture
        noisy, target, timesteps = model.noisy(draws, means, 0)
        draws.below(1)  # which other one is its reference
        chance = draws.share()
        if (chance < 0.10, 0.05 <= chance < 0.15) == wanted:  # text, both, image: checkpoints.md 8.10
            break
    no_text, no_image = wanted
    states, pooled = model.read([""] if no_text else prompts)
    seen = nothing if no_image else features[1]
    added = model.added(pooled) | dict(image_embeds=[seen[:, None]])
    out = model.unet(noisy, timesteps, states, added_cond_kwargs=added).sample
    loss = mse_loss(out.float(), target.float())
    loss.backward()
    tensors = dict(loss=loss.detach().reshape(1)) | {"mean.0": means[0]} | {"features.nothing": nothing}
    tensors |= {f"features.{i}": t for i, t in enumerate(features)}
    for module in (projection, *processors):  # a zero embedding gives some of them none
        for p in module.parameters():
            p.data = torch.zeros_like(p) if p.grad is None else p.grad
    for name, t in random_models.original_projection_names(projection).items():
        tensors[f"gradient/image_proj.{name}"] = t
    for i, processor in enumerate(processors):
        for kind, parts in (("k", processor.to_k_ip), ("v", processor.to_v_ip)):
            tensors[f"gradient/ip_adapter.{2 * i + 1}.to_{kind}_ip.weight"] = parts[0].weight.data
    return tensors, dict(model=model_name, prompts=json.dumps(prompts), seed=str(seed), draw=str(draw))


CASES = {
    "dreambooth": lambda: dreambooth("tiny_sd"),
    "dreambooth_sdxl": lambda: dreambooth("tiny_sdxl"),
    "ip_adapter": lambda: ip_adapter("tiny_sd", (False, False)),
    "ip_adapter_no_text": lambda: ip_adapter("tiny_sd", (True, False)),
    "ip_adapter_nothing": lambda: ip_adapter("tiny_sdxl", (True, True)),
    "ip_adapter_sdxl": lambda: ip_adapter("tiny_sdxl", (False, False)),
}


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    versions = f"torch {torch.__version__}, diffusers {diffusers.__version__}, transformers {transformers.__version__}"
    for name, case in CASES.items():
        tensors, metadata = case()
        save_file({key: t.detach().contiguous() for key, t in tensors.items()}, folder / f"training_step_{name}.safetensors",
                  metadata | dict(versions=versions))


if __name__ == "__main__":
    main()
