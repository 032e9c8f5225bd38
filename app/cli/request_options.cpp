#include "app/cli/request_options.h"

#include "core/request/limits.h"
#include "core/request/scheduler_kind.h"

#include <string>
#include <string_view>

#include <fmt/format.h>

namespace likeness::cli {

namespace {

constexpr const char* kModels = "the model's own";

// What SDXL is told of the picture's sizes.
void add_sizes(CLI::App& command) {
    for (const char* side : {"width", "height"}) {
        for (const char* which : {"original", "target"}) {
            const std::string field = fmt::format("{}_{}", which, side);
            add_value(command, fmt::format("{}-{}", which, side), "N",
                      fmt::format("What SDXL is told of the {} size", which) +
                          range_words(field, "the picture's"));
        }
    }
    for (const char* side : {"left", "top"}) {
        add_value(command, fmt::format("crop-{}", side), "N",
                  "What SDXL is told of the crop" + range_words(fmt::format("crop_{}", side)));
    }
}

} // namespace

void add_request_file(CLI::App& command) {
    add_value(command, "request", "FILE",
              "A whole request as JSON (-: standard input); options beside it override its fields");
}

void add_request_options(CLI::App& command) {
    const auto own = [](std::string_view field) { return range_words(field, kModels); };
    const std::string scale = range_words("ip_adapter_scale");
    const std::string references = fmt::format("repeatable, up to {}", kMaxReferences);
    add_value(command, "model", "NAME|PATH",
              "Installed model, diffusers folder or single file [default starter]");
    add_value(command, "prompt", "TEXT", "What the picture shows [default empty]");
    add_value(command, "negative-prompt", "TEXT", "What it should not show [default empty]");
    add_value(command, "reference", "PATH[:SCALE]",
              "An image prompt with its ip_adapter_scale, " + references + scale);
    add_value(command, "reference-mask", "PATH",
              "Where the --reference before it acts: white yes, black no [default everywhere]");
    add_value(command, "reference-range", "A:B",
              "Share of the steps in which the --reference before it acts [0..1; default 0:1]");
    add_value(command, "reference-fit", "crop|squash|pad",
              "How the --reference before it becomes the encoder's square [default crop]");
    add_value(command, "reference-crop", "L:T:W:H",
              "The part of the --reference before it that is looked at, in shares of its sides "
              "[0..1; default 0:0:1:1]");
    add_value(command, "reference-look-mask", "PATH",
              "What of the --reference before it is looked at: white yes, black no [default all]");
    add_value(command, "reference-block-scale", "BLOCK=V",
              "Factor for one block for the --reference before it, multiplied with --block-scale; "
              "repeatable" +
                  range_words("block_scale"));
    add_value(command, "reference-adapter", "NAME|PATH",
              "Adapter file of the --reference before it [default that of --ip-adapter]");
    add_value(command, "ip-adapter", "NAME|PATH", "Adapter file [default the model's own]");
    add_value(
        command, "image-encoder", "NAME|PATH",
        "Folder or file of the adapter's image encoder [default found beside it or in the model]");
    add_value(command, "vae", "NAME|PATH",
              "Another VAE: a file, or a folder with one [default the model's own]");
    add_value(command, "combine", "join|average",
              "All references attended together, or averaged [default join]");
    add_value(command, "master-scale", "V",
              "Multiplied onto every reference's scale" + range_words("master_scale"));
    add_value(command, "block-scale", "BLOCK=V",
              "Factor for one block: down.block_1, mid, up.block_0, up.block_0.attentions_1; "
              "repeatable" +
                  range_words("block_scale"));
    add_value(command, "lora", "NAME|PATH[:SCALE]",
              "Weights added onto the model's, repeatable; LoRA, LoHa, LoKr and DoRA files" +
                  range_words("lora_scale"));
    add_value(command, "lora-block-scale", "BLOCK=V",
              "Factor for one block for the --lora before it; repeatable" +
                  range_words("block_scale"));
    add_value(command, "textual-inversion", "NAME|PATH",
              "A learned word that the prompts may use, repeatable [default none]");
    add_value(command, "width", "N", "Pixels, a multiple of the VAE factor" + own("width"));
    add_value(command, "height", "N", "Pixels, a multiple of the VAE factor" + own("height"));
    add_value(command, "num-inference-steps", "N", "Denoising steps" + own("num_inference_steps"));
    add_value(command, "guidance-scale", "V",
              "How strictly the prompt is followed; 1 and less: no guidance" +
                  own("guidance_scale"));
    add_value(command, "guidance-rescale", "V",
              "Takes back the contrast that guidance adds" + range_words("guidance_rescale"));
    add_value(command, "guidance-range", "A:B",
              "Share of the steps that are guided; the others cost half [0..1; default 0:1]");
    add_value(command, "image", "PATH",
              "Picture to begin from; its size is the result's where none is given [default none]");
    add_value(command, "image-fit", "resize|crop",
              "How --image becomes the result's size: stretched, or its middle [default resize]");
    add_value(command, "image-pad", "L:T:R:B",
              "New canvas around --image in its pixels, made anew" + range_words("pad"));
    add_value(command, "mask", "PATH",
              "What of --image is made anew: white yes, black stays as it is [default all]");
    add_value(command, "mask-grow", "N",
              "Pixels by which the white of the mask grows" + range_words("mask_grow"));
    add_value(command, "mask-feather", "N",
              "Pixels to both sides of the mask's edge over which old and new are mixed" +
                  range_words("mask_feather"));
    add_value(command, "strength", "V",
              "Share of the steps that change --image" +
                  range_words("strength", "0.8; with a mask 1"));
    add_value(command, "refiner", "NAME|PATH[:SWITCH]",
              "SDXL refiner that takes over after that share of the way" +
                  range_words("refiner_switch_at"));
    add_value(command, "scheduler", "NAME",
              "The rule of each step: " + scheduler_words().text() + " [default the model's own]");
    add_value(command, "seed", "N", "Of the noise" + range_words("seed"));
    add_value(command, "num-images", "N", "Picture k has seed + k" + range_words("num_images"));
    add_value(command, "clip-skip", "N",
              "Layers of the text encoder left out at its end" + range_words("clip_skip"));
    add_value(command, "prompt-2", "TEXT", "For SDXL's second text encoder [default the prompt]");
    add_value(command, "negative-prompt-2", "TEXT", "The same for the negative prompt");
    add_value(command, "prompt-syntax", "weighted|plain",
              "(word:1.2), (word), [word], BREAK and more than 75 tokens, or the words as they "
              "stand [default weighted]");
    add_sizes(command);
    add_value(command, "device", "cpu|cuda|cuda:N", "[default best present]");
    add_value(command, "dtype", "float32|bfloat16|float16", "[default best for the device]");
    add_value(command, "threads", "N",
              "Of the processor" + range_words("threads", "0: as many as it has"));
}

} // namespace likeness::cli
