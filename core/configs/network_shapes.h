#pragma once

#include "core/configs/autoencoder_kl_config.h"
#include "core/configs/clip_config.h"
#include "core/configs/unet_config.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace likeness {

// The tensors that a network reads and their shapes, under diffusers' and transformers' names: what
// its constructor in core/models asks for, told from the config alone. A config that describes more
// than 100,000 tensors is an Error{model_mismatch}.
using NetworkShapes = std::map<std::string, std::vector<int64_t>>;

NetworkShapes unet_shapes(const UNet2DConditionConfig& config);
NetworkShapes autoencoder_kl_shapes(const AutoencoderKLConfig& config);
// The projection is in it where the config says so.
NetworkShapes clip_text_shapes(const ClipTextConfig& config);
NetworkShapes clip_vision_shapes(const ClipVisionConfig& config);

} // namespace likeness
