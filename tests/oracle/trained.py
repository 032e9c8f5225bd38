"""LoRAs and models that the program trains on random tiny models: cases of compare.py, where diffusers opens what was made as
it opens any."""
import os
import random
import subprocess

import random_models
import single_files
from reference import Lora, Request


def train(likeness, method, rng, folder, model, out, draw_picture, words, environment=None):
    pictures = folder / "pictures"
    pictures.mkdir()
    for i in range(3):
        draw_picture(rng, pictures / f"{i}.png")
        if i:
            (pictures / f"{i}.txt").write_text(rng.choice(["a small mug", "sks mug on a table"]))
    command = [likeness, "train", method, pictures, "--model", model, "--out", out, "--instance-prompt", "a photo of sks mug",
               "--resolution", 32, "--train-batch-size", 2, "--learning-rate", 0.02, "--seed", rng.randrange(1 << 30),
               "--device", "cpu", "--dtype", "float32", "--threads", 1, *words]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=300,
                          env=os.environ | (environment or {}))
    if done.returncode != 0:
        raise RuntimeError(f"exit {done.returncode}: {done.stderr.strip()[-600:]}")


def draw_lora_case(likeness, number, seed, folder, draw_picture):
    """Both spellings, attention and all layers, with and without the text encoder, of SD and SDXL; alpha beside rank in half."""
    rng = random.Random(f"{seed}/trained lora/{number}")
    form, targets = ["kohya", "diffusers"][number % 2], ["attention", "all"][number // 2 % 2]
    family, text = ["sd", "sdxl"][number // 4 % 2], rng.random() < 0.6
    config = random_models.random_scheduler_config(rng, rng.choice(["epsilon", "v_prediction"]), "ddim")
    model = random_models.make_model(folder / "model", family, "plain", rng.randrange(1 << 20), config)
    path = folder / "trained.safetensors"
    words = ["--format", form, "--targets", targets, "--rank", rng.choice([1, 2, 4]), "--max-train-steps", 5]
    words += ["--network-alpha", rng.choice([0.5, 3, 8])] * (number % 4 < 2) + ["--train-text-encoder"] * text
    train(likeness, "lora", rng, folder, model, path, draw_picture, words)
    return Request(model=model, family=family, adapter=model / "ip_adapter/ip-adapter-plain.safetensors", scheduler="ddim",
                   prompt="a photo of sks mug", num_inference_steps=3, seed=rng.randrange(1 << 40),
                   loras=[Lora(path, rng.choice([1.0, 0.7, -0.5]), trained=" ".join([form, targets] + ["text"] * text))])


def draw_model_case(likeness, number, seed, folder, draw_picture):
    """DreamBooth of a single file of each family: the folder that it makes."""
    rng = random.Random(f"{seed}/trained model/{number}")
    case = ["sd15", "sd2-v", "sdxl"][number % 3]
    source = single_files.make_folder(folder / "source", case, rng.randrange(1 << 20))
    single_files.write_vocabulary(folder / "cache", source / "tokenizer")
    single_files.write_file(folder / f"{case}.safetensors", source, case)
    made = folder / f"trained {case}"
    words = ["--max-train-steps", 3] + ["--train-text-encoder"] * (rng.random() < 0.6)
    train(likeness, "dreambooth", rng, folder, folder / f"{case}.safetensors", made, draw_picture, words,
          {"LIKENESS_CACHE": str(folder / "cache")})
    return Request(model=made, family="sdxl" if case == "sdxl" else "sd", adapter=made, scheduler="ddim",
                   prompt="A red mug on the table, ünïcode", num_inference_steps=3, seed=rng.randrange(1 << 40))
