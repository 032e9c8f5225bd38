#pragma once

#include <filesystem>
#include <string>

namespace likeness {

// The weights of a component's folder: `base.safetensors`, else a variant of it (fp16 before
// others), each possibly in shards behind an index, in its present or its older spelling. Throws
// Error{model_incomplete}, or {file_refused} where only a pickle is there.
std::filesystem::path weights_file(const std::filesystem::path& folder, const std::string& base);

// "fp16" of "model.fp16.safetensors" or of an index that is spelled so; empty where there is none.
std::string variant_of(const std::filesystem::path& file);

} // namespace likeness
