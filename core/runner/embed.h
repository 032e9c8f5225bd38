#pragma once

#include "core/image/image.h"
#include "core/request/progress.h"

#include <filesystem>
#include <string>
#include <vector>

namespace likeness {

struct EmbedRequest {
    std::filesystem::path model{}; // a diffusers folder; its image encoder is used
    std::string image_encoder{};   // folder; empty: the model's own
    std::string device{}, dtype{};
    int threads = 0;
};

// The images' CLIP embeddings [images][projection_dim], not normalised. Throws Error: the model's,
// and model_incomplete where it has no image encoder.
std::vector<std::vector<float>> embed_images(const EmbedRequest& request,
                                             const std::vector<ImagePtr>& images,
                                             const Progress& progress);

// The cosine between two embeddings, -1..1; 0 where one of them is zero.
double cosine_similarity(const std::vector<float>& a, const std::vector<float>& b);

} // namespace likeness
