"""Writes what diffusers' image-to-image and inpainting pipelines make of the tiny models (make_pipeline_fixtures.py).

  make_input_fixtures.py [FOLDER]       (default: this folder)

tiny_sd_inpaint/unet/       a UNet of 9 channels for tiny_sd; tiny_sd/second_adapter.safetensors a plus adapter for it
tiny_sdxl_refiner/          a refiner's UNet and model_index.json; the rest is tiny_sdxl's
input.png, input_mask.png   what the requests begin from
input_<name>.safetensors    the tensors that `likeness generate --dump` names, but for the text's; metadata as there
"""
import json
import random
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "oracle"))

import compare
import make_pipeline_fixtures as pipeline
import random_models
import reference
import torch
from diffusers import UNet2DConditionModel
from reference import Reference, Refiner, Request
from safetensors.torch import save_file


def make_parts(root):
    """The UNet of 9 channels and the second adapter, over what lies there."""
    rng, plain = random.Random(5), root / "tiny_sd"
    config = json.loads((plain / "unet/config.json").read_text()) | dict(in_channels=9)
    unet = random_models.perturb(UNet2DConditionModel.from_config(config), 5000)
    random_models.write_component(unet, root / "tiny_sd_inpaint/unet", "fp16")
    vision = json.loads((plain / "image_encoder/config.json").read_text())
    projection = random_models.perturb(
        random_models.random_projection(rng, "plus", vision, unet.config.cross_attention_dim), 5001)
    tensors = random_models.make_adapter(unet, projection, 5002)
    save_file({name: t.half() for name, t in tensors.items()}, plain / "second_adapter.safetensors")
    make_refiner(root)
    compare.draw_picture(rng, root / "input.png", size=(48, 32))
    compare.draw_picture(rng, root / "input_mask.png", "L", (61, 40))


def make_refiner(root):
    """A UNet that reads text_encoder_2 alone and an aesthetic score."""
    folder, base = root / "tiny_sdxl_refiner", root / "tiny_sdxl"
    text = json.loads((base / "text_encoder_2/config.json").read_text())
    config = json.loads((base / "unet/config.json").read_text())
    config |= dict(cross_attention_dim=text["hidden_size"],
                   projection_class_embeddings_input_dim=text["projection_dim"] + 5 * config["addition_time_embed_dim"])
    random_models.write_component(random_models.perturb(UNet2DConditionModel.from_config(config), 6000), folder / "unet", "fp16")
    index = json.loads((base / "model_index.json").read_text())
    index |= dict(_class_name="StableDiffusionXLImg2ImgPipeline", text_encoder=[None, None], tokenizer=[None, None],
                  requires_aesthetics_score=True, force_zeros_for_empty_prompt=False)
    index.pop("image_encoder")
    (folder / "model_index.json").write_text(json.dumps(index, indent=1))


def requests(root):
    shared = dict(prompt="a red mug on the table", variant="fp16", width=48, height=32, num_inference_steps=4,
                  guidance_scale=5.0, seed=11, image=root / "input.png")
    for family in ("sd", "sdxl"):
        model = root / f"tiny_{family}"
        own = dict(shared, model=model, family=family, adapter=next((model / "ip_adapter").glob("*.safetensors")))
        references = [Reference(model / "reference_0.png", 0.7)]
        yield f"{family}_image", Request(**own, scheduler="euler", strength=0.75, references=references)
        yield f"{family}_mask", Request(**own, scheduler="ddim", strength=0.6, mask=root / "input_mask.png",
                                        guidance_range=(0.0, 0.5))
        if family == "sdxl":
            refiner = root / "tiny_sdxl_refiner"
            yield "refiner_image", Request(**own | dict(model=refiner, family="refiner"), scheduler="euler", strength=0.5)
            plain = own | dict(image=None, num_inference_steps=6)
            yield "sdxl_refined", Request(**plain, scheduler="euler_ancestral", references=references,
                                          refiner=Refiner(refiner, 0.5))
        if family == "sd":
            yield "sd_mask9", Request(**own | dict(model=root / "tiny_sd_inpaint"), scheduler="ddim", strength=1.0,
                                      mask=root / "input_mask.png")
            second = root / "tiny_sd/second_adapter.safetensors"
            two = [replace(references[0], path=model / f"reference_{i}.png", scale=s, adapter=a)
                   for i, (s, a) in enumerate([(0.7, None), (0.4, second), (0.4, second)])]
            yield "sd_two_adapters", Request(**own | dict(image=None), scheduler="ddim", references=two)
            masked = [replace(r, mask=model / "mask.png") for r in two]
            yield "sd_two_adapters_masked", Request(**own | dict(image=None), scheduler="ddim", references=masked)
            yield "sd_dictionary", Request(**own | dict(image=None), scheduler="ddim", references=references,
                                           block_scales={"down.block_0": 0.0, "mid": 0.5, "up.block_0": 0.0,
                                                         "up.block_0.attentions_1": 0.75})


def whole_inpaint(root, folder):
    """tiny_sd with the other UNet."""
    for part in (root / "tiny_sd").iterdir():
        if part.name != "unet":
            (folder / part.name).symlink_to(part)
    (folder / "unet").symlink_to(root / "tiny_sd_inpaint/unet")
    return folder


def whole_refiner(root, folder):
    """tiny_sdxl with the refiner's UNet and without the first text encoder."""
    for part in ("vae", "text_encoder_2", "tokenizer_2", "scheduler", "feature_extractor"):
        (folder / part).symlink_to(root / "tiny_sdxl" / part)
    for part in ("unet", "model_index.json"):
        (folder / part).symlink_to(root / "tiny_sdxl_refiner" / part)
    return folder


def main():
    torch.set_num_threads(1)
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent).resolve()
    make_parts(root)
    with tempfile.TemporaryDirectory() as temporary, tempfile.TemporaryDirectory() as other:
        inpaint, refiner = whole_inpaint(root, Path(temporary)), whole_refiner(root, Path(other))
        for name, request in requests(root):
            told = pipeline.to_json(request, root)
            if request.model.name == "tiny_sd_inpaint":
                request.model = inpaint
            if request.model.name == "tiny_sdxl_refiner":
                request.model = refiner
            if request.refiner:
                request.refiner.model = refiner
            tensors = {k: t.clone().contiguous() for k, t in reference.tensors_of(request).items()
                       if k.removeprefix("refiner.").split(".")[0] in ("latents", "noise_pred", "image", "ip_tokens")}
            path = root / f"input_{name}.safetensors"
            save_file(tensors, path, metadata=dict(request=told, versions=pipeline.VERSIONS, config="{}"))
            print(f"{path.name}: {len(tensors)} tensors, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
