#pragma once

#include "core/base/error.h"
#include "ui/model/known_files.h"

#include <string>

namespace likeness {

// What a file of weights is, by its name alone: "film-lora-xl.safetensors" is a LoRA for SDXL;
// one with "damaged" in it cannot be read.
inline FileFacts fakeLook(const std::string& path) {
    const std::string name = path.substr(path.find_last_of('/') + 1);
    const auto has = [&name](const char* part) { return name.find(part) != std::string::npos; };
    if (has("damaged")) {
        throw Error(ErrorCode::file_damaged, message("{} ends in the middle of its header.", name));
    }
    FileFacts facts{.family = has("refiner") ? "sdxl_refiner"
                              : has("xl")    ? "sdxl"
                                             : "sd15",
                    .cross_attention_dim = has("xl") ? 2048 : 768};
    if (has("lora")) {
        facts.kind = FileKind::lora;
        facts.triggers = {"film grain", "kodak <&> ektar",
                          "a very long trigger phrase, of many words"};
    } else if (has("word")) {
        facts.kind = FileKind::learned_word;
        facts.token = "<" + name.substr(0, name.find('.')) + ">";
    } else if (has("vae")) {
        facts.kind = FileKind::vae;
    } else if (has("adapter")) {
        facts.kind = FileKind::ip_adapter;
    } else if (has("model")) {
        facts.kind = FileKind::model;
    } else {
        facts.kind = FileKind::other;
    }
    return facts;
}

} // namespace likeness
