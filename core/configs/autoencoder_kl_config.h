#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace likeness {

// diffusers' AutoencoderKL config; the fields' names are config.json's.
struct AutoencoderKLConfig {
    int64_t in_channels = 3;
    int64_t out_channels = 3;
    int64_t latent_channels = 4;
    std::vector<int64_t> block_out_channels{64};
    int64_t layers_per_block = 1;
    int64_t norm_num_groups = 32;
    int64_t sample_size = 32;
    double scaling_factor = 0.18215;
    double shift_factor = 0;
    std::vector<double> latents_mean{}, latents_std{};
    bool force_upcast = true;
    bool use_quant_conv = true;
    bool use_post_quant_conv = true;
    bool mid_block_add_attention = true;
    std::string act_fn = "silu";

    static AutoencoderKLConfig from_json(const nlohmann::json& config);
    nlohmann::json to_json() const;

    // Pixels per latent, 2^(levels - 1).
    int64_t factor() const { return int64_t{1} << (block_out_channels.size() - 1); }
};

} // namespace likeness
