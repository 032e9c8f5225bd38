"""How much memory a run takes: told before it begins, spared where it is short, and survived where it runs out."""
import resource
import subprocess
from pathlib import Path

from program import COMMAND, GOLDEN, CommandLineTest, events, main, write_png, write_tensors
from test_single_files import TINY_TEXT, TINY_UNETS, TINY_VAE, ldm_names, published, write_vocabulary

REFERENCE = GOLDEN / "tiny_sd/reference_0.png"
STARTER = Path(__file__).resolve().parents[3] / "resources" / "starter"


def limit_to(address_space):
    """As `ulimit -v` does."""
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))


class TestMemory(CommandLineTest):
    def told(self, *words, **options):
        """The plan of a run and what it took."""
        found = events(self.run_program("generate", "--prompt", "a red mug", "--device", "cpu", "--json", "--out", "a.png",
                                        "--force", *words, **options).stdout)
        plans = [event for event in found if event["event"] == "plan"]
        self.assertEqual(len(plans), 1)
        return plans[0], found[-1]["peak_memory_bytes"]

    def test_the_peak_is_foretold(self):
        steps = ["--num-inference-steps", "2"]
        references = [word for _ in range(4) for word in ("--reference", REFERENCE)]
        cases = {"starter": ["--model", STARTER, *steps],
                 "starter, four references, larger": ["--model", STARTER, "--width", "320", "--height", "320", *references, *steps],
                 "tiny SDXL": ["--model", GOLDEN / "tiny_sdxl", "--width", "512", "--height", "512", *steps],
                 "several from a picture": ["--model", STARTER, "--image", REFERENCE, "--width", "256", "--height", "256",
                                            "--num-images", "3", "--out", "p-{index}.png", *steps]}
        for name, words in cases.items():
            with self.subTest(name):
                plan, peak = self.told(*words)
                self.assertLess(abs(plan["predicted_peak_bytes"] / peak - 1), 0.15,
                                f"{plan['predicted_peak_bytes']} foretold, {peak} taken")

    def write_sdxl(self, name, family, channels):
        """A single file of an SDXL model or refiner, of random numbers."""
        refiner = family == "sdxl_refiner"
        unet = dict(TINY_UNETS["sdxl"], block_out_channels=channels, cross_attention_dim=64 if refiner else 128,
                    added=64 + (5 if refiner else 6) * 256)
        tables = {"unet": published.unet_table(unet), "vae": published.vae_table(TINY_VAE),
                  "text_encoder": published.clip_text_table(TINY_TEXT),
                  "text_encoder_2": published.clip_text_table(dict(TINY_TEXT, projection=64))}
        if refiner:
            del tables["text_encoder"]
        tensors = {part: published.random_values(table, seed) for seed, (part, table) in enumerate(tables.items())}
        write_tensors(self.folder / name, ldm_names.single_file(tensors, {"unet": unet, "vae": TINY_VAE}, family, ldm_names.ByteOps))

    def test_a_refiner_is_foretold(self):
        write_vocabulary(self.folder / "cache")
        self.write_sdxl("base.safetensors", "sdxl", [256, 512])
        self.write_sdxl("refiner.safetensors", "sdxl_refiner", [256, 448])
        words = ["--model", "base.safetensors", "--refiner", "refiner.safetensors:0.5", "--width", "64", "--height", "64",
                 "--num-inference-steps", "4", "--dtype", "float32"]
        peaks = {}
        for choice in ("keep", "low"):
            plan, peaks[choice] = self.told(*words, "--memory", choice, environment={"LIKENESS_CACHE": str(self.folder / "cache")})
            self.assertEqual("take_turns" in plan["steps"], choice == "low")
            self.assertLess(abs(plan["predicted_peak_bytes"] / peaks[choice] - 1), 0.15, f"{plan} foretold, {peaks[choice]} taken")
        self.assertLess(peaks["low"], 0.8 * peaks["keep"])

    def test_choices_are_told_and_change_no_picture(self):
        pictures = {}
        for choice, steps in (("keep", []), ("auto", []), ("low", ["two_passes"])):
            done = self.generate("--prompt", "a red mug", "--reference", REFERENCE, "--memory", choice, "--out", f"{choice}.tif", "--json")
            plan = next(event for event in events(done.stdout) if event["event"] == "plan")
            self.assertEqual(plan["steps"], steps)
            self.assertRegex(done.stderr, r"memory: about \d+\.\d GB of \d+\.\d GB")
            pictures[choice] = self.bytes_of(f"{choice}.tif")
        self.assertIn("two passes", done.stderr)
        self.assertEqual(pictures["keep"], pictures["auto"])
        self.assertIn("--memory is \"lots\"", self.generate("--memory", "lots", status=2).stderr)

    def test_large_pictures_are_kept_small(self):
        """A training takes the memory of one picture from a camera, not of all of them."""
        large = self.folder / "large"
        large.mkdir()
        peaks = []
        for count in (2, 12):
            for i in range(count):
                write_png(large / f"{i}.png", 4000, 3000, (9 * i, 200 - 9 * i, 90))
            done = self.run_program("train", "lora", large, "--model", self.model, "--resolution", "64", "--instance-prompt", "a mug",
                                    "--max-train-steps", "1", "--learning-rate", "0.05", "--device", "cpu", "--out", "a.safetensors",
                                    "--force", "--json")
            peaks.append(events(done.stdout)[-1]["peak_memory_bytes"])
        self.assertLess(peaks[1] - peaks[0], 2 * 4000 * 3000 * 3, "ten more are no two more")

    def least_address_space(self):
        """What the program and its libraries take before it does anything: below it no main() is reached."""
        low, high = 128 << 20, 8 << 30
        while high - low > 8 << 20:
            middle = (low + high) // 2
            done = subprocess.run([*COMMAND, "--version"], capture_output=True, preexec_fn=limit_to(middle))
            low, high = (low, middle) if done.returncode == 0 else (middle, high)
        return high

    def test_where_address_space_ends(self):
        """A picture, or words and exit 4; never a crash and no partial file."""
        least, endings = self.least_address_space(), set()
        for more in (16, 64, 128, 192, 256, 320, 400, 800):
            bytes_ = least + (more << 20)
            done = subprocess.run([*COMMAND, "generate", "--model", str(STARTER), "--prompt", "a red mug", "--num-inference-steps", "2",
                                   "--threads", "2", "--reference", str(REFERENCE), "--width", "512", "--height", "512", "--out",
                                   "a.png", "--force"], cwd=self.folder, capture_output=True, text=True, timeout=300,
                                  preexec_fn=limit_to(bytes_))
            self.assertIn(done.returncode, (0, 4), f"{more} MB more than {least}: {done.stderr}")
            if done.returncode == 4:
                self.assertIn("memory", done.stderr)
                self.assertNotIn("frame #", done.stderr)
            self.assertEqual(self.parts(), [])
            endings.add(done.returncode)
        self.assertEqual(endings, {0, 4})

    def test_what_cannot_fit_is_not_begun(self):
        bytes_ = self.least_address_space() + (600 << 20)
        done = self.run_program("generate", "--model", STARTER, "--width", "4096", "--height", "4096", "--threads", "1", status=4,
                                before=limit_to(bytes_))
        self.assertIn("The picture was not begun", done.stderr)
        self.assertRegex(done.stderr, r"needs about \d+\.\d GB of memory, and \d+\.\d GB are there")


if __name__ == "__main__":
    main()
