#pragma once

#include "core/checkpoint/safetensors_header.h"
#include "core/inspect/inspect.h"

#include <filesystem>
#include <optional>
#include <string>

namespace likeness {

// nullopt where the file is none.
std::optional<LoraReport> inspect_lora(const SafetensorsHeader& header);
std::optional<WordReport> inspect_word(const SafetensorsHeader& header,
                                       const std::filesystem::path& path);

// The same for people, one line: "a LoRA (rank 16, 192 layers of the UNet, 72 of the text
// encoder)".
std::string words_of(const LoraReport& lora);

} // namespace likeness
