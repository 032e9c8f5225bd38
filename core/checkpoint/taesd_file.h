#pragma once

#include "core/checkpoint/tensor_places.h"

#include <filesystem>

namespace likeness {

// The decoder of a TAESD file (`taesd_decoder`, or diffusers' AutoencoderTiny with both halves)
// under diffusers' names, `decoder.layers.N.*`; empty where it has none.
TensorPlaces taesd_decoder_places(const SafetensorsHeader& header);

// Whether it is a TAESD encoder alone, which nothing here needs.
bool is_taesd_encoder(const SafetensorsHeader& header);

// A TAESD file or folder beside a model, for previews of its family: `taesdxl*` where `sdxl`, else
// `taesd*`. Empty where there is none.
std::filesystem::path find_taesd(const std::filesystem::path& folder, bool sdxl);

} // namespace likeness
