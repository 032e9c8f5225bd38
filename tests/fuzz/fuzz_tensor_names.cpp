#include "core/checkpoint/adapter_file.h"
#include "core/checkpoint/model_file.h"
#include "core/checkpoint/taesd_file.h"
#include "tests/fuzz/fuzz.h"

#include <charconv>

namespace {

using namespace likeness;

// A line for each tensor: its name and its sizes, "model.diffusion_model.x 320 4 3 3".
SafetensorsHeader header_of(std::string_view lines) {
    SafetensorsHeader header;
    while (!lines.empty() && header.tensors.size() < 1'000) {
        const std::size_t end = std::min(lines.find('\n'), lines.size());
        std::string_view line = lines.substr(0, end);
        lines.remove_prefix(std::min(end + 1, lines.size()));
        const std::string name(line.substr(0, line.find(' ')));
        line.remove_prefix(name.size());
        TensorEntry entry{.name = name, .dtype = "F16"};
        while (!line.empty() && entry.shape.size() < 8) {
            line.remove_prefix(1);
            std::int64_t value = 0;
            std::from_chars(line.data(), line.data() + line.size(), value);
            entry.shape.push_back(std::clamp<std::int64_t>(value, 0, std::int64_t{1} << 48));
            line.remove_prefix(std::min(line.find(' '), line.size()));
        }
        if (!name.empty()) {
            header.tensors.emplace(name, std::move(entry));
        }
    }
    return header;
}

// Every place is a tensor of the file.
void check(const SafetensorsHeader& header, const TensorPlaces& places) {
    for (const auto& [name, place] : places) {
        fuzz::expect(header.tensors.contains(place.name) && place.part >= 0 &&
                     place.part < place.parts);
    }
}

} // namespace

// What a file is, told from the names and shapes of its tensors.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const SafetensorsHeader header = header_of(fuzz::text_of(bytes, size));
    fuzz::values_or_refusal([&] {
        for (const auto& [name, part] :
             read_model_file("/nowhere/m.safetensors", header).components) {
            check(header, part.places);
        }
    });
    fuzz::values_or_refusal([&] {
        if (const auto vae = read_vae_file("v.safetensors", header, ModelFamily::sd15)) {
            check(header, vae->places);
        }
    });
    fuzz::values_or_refusal([&] {
        if (const auto encoder = read_image_encoder_file(header)) {
            check(header, encoder->places);
        }
    });
    const TensorPlaces adapter = adapter_places(header);
    check(header, adapter);
    adapter_facts(adapter);
    check(header, taesd_decoder_places(header));
    is_taesd_encoder(header);
    return 0;
}
