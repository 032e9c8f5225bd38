#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

namespace likeness {

// The weights of a component's folder: `base.safetensors`, else a variant of it (fp16 before
// others), each possibly in shards behind an index, in its present or its older spelling; else a
// pickle of PyTorch's (`base.bin`, `pytorch_model.bin`). Throws Error{model_incomplete}.
std::filesystem::path weights_file(const std::filesystem::path& folder, const std::string& base);

// "fp16" of "model.fp16.safetensors" or of an index that is spelled so; empty where there is none.
std::string variant_of(const std::filesystem::path& file);

// The config.json beside a file of weights where it is of the same network, which `field` tells;
// else what the file's own shapes say.
nlohmann::json config_beside(const std::filesystem::path& file, const nlohmann::json& by_shapes,
                             const char* field);

} // namespace likeness
