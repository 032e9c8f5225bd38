#pragma once

#include "core/adapters/lora_file.h"
#include "core/runner/inspect.h"

#include <filesystem>
#include <optional>
#include <string>

namespace likeness {

// nullopt where the file is none.
std::optional<LoraReport> inspect_lora(const SafetensorsFile& file);
std::optional<WordReport> inspect_word(const SafetensorsFile& file,
                                       const std::filesystem::path& path);

// The same for people, one line: "a LoRA (rank 16, 192 layers of the UNet, 72 of the text
// encoder)".
std::string words_of(const LoraReport& lora);

} // namespace likeness
