#include "core/checkpoint/taesd_file.h"

#include "core/base/read_file.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace likeness {

namespace {

namespace fs = std::filesystem;

int64_t inputs_of(const SafetensorsHeader& header, const char* name) {
    const auto found = header.tensors.find(name);
    return found != header.tensors.end() && found->second.shape.size() == 4 ? found->second.shape[1]
                                                                            : 0;
}

} // namespace

TensorPlaces taesd_decoder_places(const SafetensorsHeader& header) {
    if (header.tensors.contains("decoder.layers.0.weight")) {
        TensorPlaces places = plain_places(header, "");
        std::erase_if(places,
                      [](const auto& item) { return item.first.starts_with("encoder.layers."); });
        return places;
    }
    TensorPlaces places;
    // In the author's files the clamp counts as layer 0.
    if (inputs_of(header, "1.weight") == 0 || !header.tensors.contains("3.conv.0.weight")) {
        return places;
    }
    for (const auto& [name, entry] : header.tensors) {
        int number = 0;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
        const bool numbered = error == std::errc() && number > 0 && number < 1'000;
        places.emplace(numbered
                           ? fmt::format("decoder.layers.{}{}", number - 1,
                                         name.substr(static_cast<std::size_t>(end - name.data())))
                           : name,
                       TensorPlace{.name = name, .dtype = entry.dtype, .shape = entry.shape});
    }
    return places;
}

bool is_taesd_encoder(const SafetensorsHeader& header) {
    return inputs_of(header, "0.weight") == 3 && header.tensors.contains("1.conv.0.weight");
}

fs::path find_taesd(const fs::path& folder, bool sdxl) {
    std::vector<fs::path> found;
    for (const fs::path& path : files_in(folder)) {
        const std::string name = path.filename().string();
        if (!name.starts_with("taesd") || name.starts_with("taesdxl") != sdxl ||
            name.find("encoder") != std::string::npos) {
            continue;
        }
        for (const char* ending : {".safetensors", ".pth", ".pt", ".bin"}) {
            if (path.extension() == ending) {
                found.push_back(path);
            } else if (is_there(path / (std::string("diffusion_pytorch_model") + ending))) {
                found.push_back(path / (std::string("diffusion_pytorch_model") + ending));
            }
        }
    }
    // A pickle where there is nothing else.
    const auto rank = [](const fs::path& path) {
        return std::pair(path.extension() != ".safetensors", path);
    };
    return found.empty() ? fs::path() : *std::ranges::min_element(found, {}, rank);
}

} // namespace likeness
