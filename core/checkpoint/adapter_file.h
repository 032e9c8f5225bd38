#pragma once

#include "core/checkpoint/tensor_places.h"

#include <string>

namespace likeness {

// What an IP-Adapter's tensors say of it (checkpoints.md 8.2 and 8.3).
struct AdapterFacts {
    std::string kind{};        // "plain", "plus", "full", "faceid", "faceid_plus", "unknown"
    int64_t num_tokens = 0;    // per reference
    int64_t encoder_width = 0; // values it reads of the image encoder
    std::string encoder{};     // that gives them: "ViT-H/14"; empty where none published does
    int64_t cross_attention_dim = 0;
    std::size_t layers = 0;
    std::string base{}; // "sd15", "sd2", "sdxl"; empty where no published UNet has that width
};

bool is_adapter_file(const SafetensorsHeader& header);

// Its tensors as `image_proj.*` and `ip_adapter.*`; what training scripts write
// (`image_proj_model.*`, `adapter_modules.*`) too.
TensorPlaces adapter_places(const SafetensorsHeader& header);

AdapterFacts adapter_facts(const TensorPlaces& adapter);

// Why FaceID adapters are not used.
inline constexpr const char* kFaceIdReason =
    "it is a FaceID adapter: it reads the face embeddings of InsightFace, whose weights may be "
    "used "
    "for non-commercial research only, so this program does not use it";

} // namespace likeness
