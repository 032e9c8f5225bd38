"""Writes the golden fixtures of the networks: what diffusers and transformers compute at tiny configs.

  make_network_fixtures.py [FOLDER]        (default: this folder)

One safetensors file each: `weights.<published name>` (float16; the networks computed with just these values),
`input.<name>`, `output.<name>`; metadata: `config` (JSON), `seed`, `versions`. Outputs are float32 on one thread.
"""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "oracle"))

import diffusers
import torch
import transformers
from diffusers import AutoencoderKL, AutoencoderTiny, UNet2DConditionModel
from diffusers.models.attention import BasicTransformerBlock
from diffusers.models.attention_processor import IPAdapterAttnProcessor2_0
from diffusers.models.embeddings import (ImageProjection, IPAdapterFullImageProjection, IPAdapterPlusImageProjection,
                                         MultiIPAdapterImageProjection, get_timestep_embedding)
from diffusers.models.resnet import ResnetBlock2D
import random_models
from random_models import cross_attention_layers, original_projection_names, published_names
from safetensors.torch import save_file
from transformers import (CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPVisionConfig,
                          CLIPVisionModelWithProjection)

VERSIONS = f"torch {torch.__version__}, diffusers {diffusers.__version__}, transformers {transformers.__version__}"


def rounded(tensor):
    return tensor.half().to(tensor.dtype)


def perturb(module, seed):
    random_models.perturb(module, seed)
    for parameter in module.parameters():
        parameter.copy_(rounded(parameter))
    return module


class Writer:
    def __init__(self, folder):
        self.folder = Path(folder)

    def __call__(self, name, *, seed, config, weights, inputs, outputs):
        tensors = {f"weights.{k}": t.half() for k, t in weights.items()}
        tensors |= {f"input.{k}": t for k, t in inputs.items()}
        tensors |= {f"output.{k}": t for k, t in outputs.items()}
        tensors = {k: t.detach().clone().contiguous() for k, t in tensors.items()}
        path = self.folder / f"network_{name}.safetensors"
        save_file(tensors, path, metadata=dict(config=json.dumps(config), seed=str(seed), versions=VERSIONS))
        print(f"{path.name}: {len(weights)} weights, {path.stat().st_size / 1000:.0f} kB")


def noise(seed, *shape):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def config_of(module):
    if isinstance(module, (UNet2DConditionModel, AutoencoderKL)):
        return json.loads(module.to_json_string())
    return module.config.to_dict() | dict(architectures=[type(module).__name__])  # as save_pretrained writes it


def clip_text(write):
    shared = dict(vocab_size=50, hidden_size=24, intermediate_size=36, num_hidden_layers=3, num_attention_heads=4)
    ids = torch.randint(0, 48, (2, 77), generator=torch.Generator().manual_seed(1))
    ids[0, 9:], ids[1, 40:] = 49, 49  # the end token, largest of all, fills the rest
    model = perturb(CLIPTextModel(CLIPTextConfig(**shared, hidden_act="quick_gelu", eos_token_id=49)), 2)
    out = model(ids, output_hidden_states=True)
    states = {f"hidden_states.{i}": t for i, t in enumerate(out.hidden_states)}
    write("clip_text", seed=2, config=config_of(model), weights=published_names(model), inputs=dict(input_ids=ids),
          outputs=dict(last_hidden_state=out.last_hidden_state, pooled=out.pooler_output, **states))
    for kind, eos, pad in (("first", 47, 0), ("largest", 2, 0)):  # an explicit end token; the old "largest id" way
        ids = torch.randint(3, 46, (2, 77), generator=torch.Generator().manual_seed(3))
        ids[0, 12], ids[1, 76] = (47, 47) if kind == "first" else (49, 49)
        ids[0, 13:] = pad
        model = perturb(CLIPTextModelWithProjection(CLIPTextConfig(
            **shared, hidden_act="gelu", projection_dim=20, eos_token_id=eos)), 4)
        out = model(ids, output_hidden_states=True)
        write(f"clip_text_projection_{kind}", seed=4, config=config_of(model), weights=published_names(model),
              inputs=dict(input_ids=ids), outputs=dict(
                  text_embeds=out.text_embeds, last_hidden_state=out.last_hidden_state, penultimate=out.hidden_states[-2]))


def clip_vision(write):
    for act in ("gelu", "quick_gelu"):
        model = perturb(CLIPVisionModelWithProjection(CLIPVisionConfig(
            hidden_size=24, intermediate_size=36, num_hidden_layers=3, num_attention_heads=3, image_size=24, patch_size=8,
            projection_dim=12, hidden_act=act)), 5)
        pixels = noise(6, 2, 3, 24, 24)
        out = model(pixels, output_hidden_states=True)
        write(f"clip_vision_{act}", seed=5, config=config_of(model), weights=published_names(model),
              inputs=dict(pixel_values=pixels),
              outputs=dict(image_embeds=out.image_embeds, penultimate_states=out.hidden_states[-2]))


def resnet_block(write):
    for name, in_channels, skip_channels in (("plain", 16, 0), ("shortcut", 24, 8)):
        config = dict(in_channels=in_channels, out_channels=16, temb_channels=12, groups=4, eps=1e-5)
        block = perturb(ResnetBlock2D(**config), 7)
        x, temb = noise(8, 2, in_channels, 5, 6), noise(9, 2, 12)
        inputs = dict(x=x[:, : in_channels - skip_channels], temb=temb)
        if skip_channels:  # an up block's resnet reads the hidden states joined with the skip
            inputs["skip"] = x[:, in_channels - skip_channels :]
        write(f"resnet_{name}", seed=7, config=config, weights=published_names(block), inputs=inputs,
              outputs=dict(y=block(x, temb)))


def transformer_block(write):
    dim, cross, heads, tokens = 24, 20, 3, 4
    block = perturb(BasicTransformerBlock(dim, heads, dim // heads, cross_attention_dim=cross, activation_fn="geglu"), 10)
    weights = published_names(block)
    processor = IPAdapterAttnProcessor2_0(dim, cross, num_tokens=[tokens], scale=0.7)
    generator = torch.Generator().manual_seed(11)
    for part in ("to_k_ip", "to_v_ip"):
        weight = rounded(random_models.draw(part, (dim, cross), generator))
        getattr(processor, part)[0].weight.data = weight
        weights[part + ".weight"] = weight
    block.attn2.set_processor(processor)
    x, text = noise(12, 2, 12, dim), noise(13, 2, 77, cross)
    references = noise(14, 2, 2, tokens, cross)  # batch, references, tokens, width
    mask = (noise(15, 1, 2, 24, 32) > 0).float()  # one for each reference; 12 queries are 3 x 4

    def run(scale, **kwargs):
        processor.scale = [scale]
        return block(x, encoder_hidden_states=(text, [references]), cross_attention_kwargs=kwargs)

    outputs = dict(text_only=run(0.0), joined=run(0.7),
                   masked=run([0.7, 0.4], ip_adapter_masks=[mask]))
    write("transformer_block", seed=10, config=dict(dim=dim, context_dim=cross, heads=heads, scale=0.7,
                                                    masked_scales=[0.7, 0.4]),
          weights=weights, inputs=dict(x=x, text=text, references=references, mask=mask), outputs=outputs)


def attach(unet, adapter, projection, scale):
    """Puts an adapter's tensors on a UNet by diffusers' own classes."""
    state = {"image_proj": {"latents": torch.zeros(1, 1, 1)},
             "ip_adapter": {k.removeprefix("ip_adapter."): t for k, t in adapter.items() if k.startswith("ip_adapter.")}}
    unet.set_attn_processor(unet._convert_ip_adapter_attn_to_diffusers([state], low_cpu_mem_usage=False))
    unet.encoder_hid_proj = MultiIPAdapterImageProjection([projection])
    unet.config.encoder_hid_dim_type = "ip_image_proj"
    for processor in unet.attn_processors.values():
        if isinstance(processor, IPAdapterAttnProcessor2_0):
            processor.scale = [scale]


def unet(write):
    shared = dict(sample_size=8, norm_num_groups=4, cross_attention_dim=12)
    kinds = {
        "sd": dict(shared, block_out_channels=[8, 16, 16], layers_per_block=1, attention_head_dim=2,
                   down_block_types=["CrossAttnDownBlock2D", "DownBlock2D", "CrossAttnDownBlock2D"],
                   up_block_types=["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"]),
        "sdxl": dict(shared, block_out_channels=[8, 16], layers_per_block=[1, 2], attention_head_dim=[2, 4],
                     transformer_layers_per_block=[1, 2], use_linear_projection=True,
                     down_block_types=["DownBlock2D", "CrossAttnDownBlock2D"],
                     up_block_types=["CrossAttnUpBlock2D", "UpBlock2D"], addition_embed_type="text_time",
                     addition_time_embed_dim=8, projection_class_embeddings_input_dim=6 * 8 + 10),
    }
    for name, config in kinds.items():
        model = perturb(UNet2DConditionModel(**config), 20)
        weights, published = published_names(model), config_of(model)
        projection = perturb(ImageProjection(image_embed_dim=6, cross_attention_dim=12, num_image_text_embeds=3), 21)
        adapter = {k: rounded(t) for k, t in random_models.make_adapter(model, projection, 22).items()}
        inputs = dict(sample=noise(23, 2, 4, 8, 8), odd_sample=noise(24, 2, 4, 7, 10), timestep=torch.tensor([631.0]),
                      encoder_hidden_states=noise(25, 2, 77, 12), image_embeds=noise(26, 2, 2, 6))
        added = {}
        if name == "sdxl":
            inputs |= dict(text_embeds=noise(27, 2, 10),
                           time_ids=torch.tensor([[64, 96, 0, 8, 48, 80], [50, 60, 1, 2, 30, 40]]).float())
            added = dict(text_embeds=inputs["text_embeds"], time_ids=inputs["time_ids"])

        def run(sample, **extra):
            return model(sample, inputs["timestep"][0], inputs["encoder_hidden_states"],
                         added_cond_kwargs=added | extra).sample

        outputs = dict(text_only=run(inputs["sample"]), odd=run(inputs["odd_sample"]))
        layers = cross_attention_layers(model)
        attach(model, adapter, projection, 0.8)
        outputs |= dict(with_references=run(inputs["sample"], image_embeds=[inputs["image_embeds"]]),
                        ip_tokens=projection(inputs["image_embeds"].flatten(0, 1)).unflatten(0, (2, 2)))
        published |= dict(test_scale=0.8, test_cross_attentions=[path for path, _ in layers])
        write(f"unet_{name}", seed=20, config=published, weights=weights | adapter, inputs=inputs, outputs=outputs)


def autoencoder(write):
    kinds = {
        "attention": dict(block_out_channels=[8, 16], layers_per_block=1, norm_num_groups=4, latent_channels=4),
        "plain": dict(block_out_channels=[8, 8, 16], layers_per_block=1, norm_num_groups=4, latent_channels=4,
                      mid_block_add_attention=False, scaling_factor=0.13025, latents_mean=[0.1, -0.2, 0.3, 0.05],
                      latents_std=[0.9, 1.1, 1.3, 0.8]),
        "no_quant": dict(block_out_channels=[8], layers_per_block=2, norm_num_groups=2, latent_channels=3,
                         use_quant_conv=False, use_post_quant_conv=False, scaling_factor=1.0),
    }
    for name, config in kinds.items():
        levels = len(config["block_out_channels"])
        model = perturb(AutoencoderKL(down_block_types=["DownEncoderBlock2D"] * levels,
                                      up_block_types=["UpDecoderBlock2D"] * levels, **config), 30)
        pixels, latents = noise(31, 1, 3, 16, 24), noise(32, 2, config["latent_channels"], 4, 6)
        posterior = model.encode(pixels).latent_dist
        z = latents / model.config.scaling_factor
        if model.config.latents_mean is not None:  # as StableDiffusionXLPipeline does it
            mean, std = (torch.tensor(v).view(1, -1, 1, 1) for v in (model.config.latents_mean, model.config.latents_std))
            z = latents * std / model.config.scaling_factor + mean
        write(f"autoencoder_kl_{name}", seed=30, config=config_of(model), weights=published_names(model),
              inputs=dict(pixels=pixels, latents=latents),
              outputs=dict(mean=posterior.mean, logvar=posterior.logvar, pixels=model.decode(z).sample))


def projections(write):
    for tokens in (1, 4):
        module = perturb(ImageProjection(image_embed_dim=10, cross_attention_dim=12, num_image_text_embeds=tokens), 40)
        embeds = noise(41, 3, 10)
        write(f"image_projection_{tokens}", seed=40,
              config=dict(embed_dim=10, num_tokens=tokens, cross_attention_dim=12),
              weights=original_projection_names(module), inputs=dict(image_embeds=embeds), outputs=dict(ip_tokens=module(embeds)))
    for depth, heads, queries in ((1, 2, 3), (2, 1, 5)):
        module = perturb(IPAdapterPlusImageProjection(embed_dims=10, output_dims=12, hidden_dims=16, depth=depth, dim_head=64,
                                                      heads=heads, num_queries=queries), 42)
        features = noise(43, 2, 9, 10)
        write(f"resampler_{depth}", seed=42,
              config=dict(embed_dim=10, dim=16, depth=depth, heads=heads, num_queries=queries, ff_mult=4, output_dim=12),
              weights=original_projection_names(module), inputs=dict(features=features), outputs=dict(ip_tokens=module(features)))


def full_projection(write):
    module = perturb(IPAdapterFullImageProjection(image_embed_dim=10, cross_attention_dim=12), 44)
    features = noise(45, 2, 9, 10)
    write("full_image_projection", seed=44, config=dict(embed_dim=10, cross_attention_dim=12), weights=original_projection_names(module),
          inputs=dict(features=features), outputs=dict(ip_tokens=module(features)))


def autoencoder_tiny(write):
    config = dict(encoder_block_out_channels=(8, 8, 8), decoder_block_out_channels=(8, 8, 8), num_encoder_blocks=(1, 1, 1),
                  num_decoder_blocks=(2, 1, 1), latent_channels=4)
    module = perturb(AutoencoderTiny(**config), 46)
    latents = 3 * noise(47, 2, 4, 5, 6)
    decoder = {key: t for key, t in module.state_dict().items() if key.startswith("decoder.")}
    write("autoencoder_tiny", seed=46, config=config, weights=decoder, inputs=dict(latents=latents),
          outputs=dict(pixels=module.decode(latents).sample))


def timestep_embedding(write):
    scalars = torch.tensor([0.0, 1.0, 17.5, 999.0])
    write("timestep_embedding", seed=0, config={}, weights={}, inputs=dict(scalars=scalars), outputs=dict(
        cos_first=get_timestep_embedding(scalars, 320, flip_sin_to_cos=True, downscale_freq_shift=0),
        sin_first=get_timestep_embedding(scalars, 10, flip_sin_to_cos=False, downscale_freq_shift=1)))


def main():
    torch.set_num_threads(1)
    write = Writer(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
    with torch.no_grad():
        for make in (clip_text, clip_vision, resnet_block, transformer_block, unet, autoencoder, projections, full_projection,
                     autoencoder_tiny, timestep_embedding):
            make(write)


if __name__ == "__main__":
    main()
