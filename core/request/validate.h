#pragma once

#include "core/base/message.h"
#include "core/request/generation_request.h"

#include <string>
#include <vector>

namespace likeness {

// Something in a request that cannot run, said beside its field.
struct Problem {
    std::string field{}; // JSON name, e.g. "references[2].ip_adapter_scale"
    Message message{};   // what is wrong with numbers, and what would do

    bool operator==(const Problem&) const = default;
};

// What is known of a model before it is loaded (its configs); sizes are checked against it where it
// is given.
struct ModelTraits {
    std::string family{};        // "sd15", "sd2", "sdxl", "sdxl_refiner"; empty: not known
    int cross_attention_dim = 0; // width of what its UNet reads of a text; 0: not known
    int vae_factor = 8;          // pixels per latent: 2^(levels - 1)
    int default_width = 512;
    int default_height = 512;
    int default_num_inference_steps = 20;
    double default_guidance_scale = 7.5;
    SchedulerKind default_scheduler = SchedulerKind::ddim;
    bool has_ip_adapter = false;
    bool inpainting = false;  // its UNet reads a mask and a masked picture too
    bool refiner = false;     // an SDXL refiner: it goes on from pictures and begins none
    ClipPreprocess encoder{}; // what the model's own image encoder makes of a reference
    // The attentions an adapter acts through, in the order they run: "down.block_1.attentions_0",
    // "mid", "up.block_0.attentions_0". Empty: not known.
    std::vector<std::string> attention_blocks{};

    bool operator==(const ModelTraits&) const = default;
};

// All problems at once, none when the request can run. Ranges come from limits.h; non-finite
// numbers are problems; a size that is no multiple of the VAE factor is told with the two nearest
// sizes that are.
std::vector<Problem> validate(const GenerationRequest& request, const ModelTraits& traits);

} // namespace likeness
