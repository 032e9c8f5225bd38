"""LoRAs that the program trains on random tiny models: a case of compare.py, where diffusers opens the file as it opens any."""
import random
import subprocess

import random_models
from reference import Lora, Request


def draw_case(likeness, number, seed, folder, draw_picture):
    """Both spellings, attention and all layers, with and without the text encoder, of SD and SDXL; alpha beside rank in half."""
    rng = random.Random(f"{seed}/trained lora/{number}")
    form, targets = ["kohya", "diffusers"][number % 2], ["attention", "all"][number // 2 % 2]
    family, text = ["sd", "sdxl"][number // 4 % 2], rng.random() < 0.6
    config = random_models.random_scheduler_config(rng, rng.choice(["epsilon", "v_prediction"]), "ddim")
    model = random_models.make_model(folder / "model", family, "plain", rng.randrange(1 << 20), config)
    pictures = folder / "pictures"
    pictures.mkdir()
    for i in range(3):
        draw_picture(rng, pictures / f"{i}.png")
        if i:
            (pictures / f"{i}.txt").write_text(rng.choice(["a small mug", "sks mug on a table"]))
    path = folder / "trained.safetensors"
    command = [likeness, "train", "lora", pictures, "--model", model, "--out", path, "--instance-prompt", "a photo of sks mug",
               "--format", form, "--targets", targets, "--rank", rng.choice([1, 2, 4]), "--resolution", 64, "--max-train-steps", 5,
               "--train-batch-size", 2, "--learning-rate", 0.02, "--seed", rng.randrange(1 << 30), "--device", "cpu", "--dtype", "float32",
               "--threads", 1]
    command += ["--network-alpha", rng.choice([0.5, 3, 8])] * (number % 4 < 2) + ["--train-text-encoder"] * text
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        raise RuntimeError(f"exit {done.returncode}: {done.stderr.strip()[-600:]}")
    return Request(model=model, family=family, adapter=model / "ip_adapter/ip-adapter-plain.safetensors", scheduler="ddim",
                   prompt="a photo of sks mug", num_inference_steps=3, seed=rng.randrange(1 << 40),
                   loras=[Lora(path, rng.choice([1.0, 0.7, -0.5]), trained=" ".join([form, targets] + ["text"] * text))])
