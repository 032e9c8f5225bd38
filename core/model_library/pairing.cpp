#include "core/model_library/pairing.h"

#include "core/base/wording.h"
#include "core/checkpoint/model_file.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace likeness {

namespace fs = std::filesystem;

namespace {

// How many folders from the top two paths share.
std::size_t shared_folders(const fs::path& a, const fs::path& b) {
    const auto [left, right] = std::ranges::mismatch(a, b);
    return static_cast<std::size_t>(std::distance(a.begin(), left));
}

const LibraryEntry* nearest_encoder(const LibraryEntry& adapter,
                                    std::span<const LibraryEntry> all) {
    const LibraryEntry* best = nullptr;
    for (const LibraryEntry& entry : all) {
        if (entry.kind != ModelKind::image_encoder || entry.encoder != adapter.encoder ||
            !entry.problem.empty()) {
            continue;
        }
        if (best == nullptr ||
            shared_folders(entry.path, adapter.path) > shared_folders(best->path, adapter.path)) {
            best = &entry;
        }
    }
    return best;
}

Message for_family(const std::string& family) {
    const std::string name = family_name(family);
    return name.empty() ? Message{} : message("for {}", name);
}

Message also(const Message& first, const Message& second) {
    return first.empty() ? second : message("{}; {}", first, second);
}

} // namespace

std::string family_name(const std::string& family) {
    for (const ModelFamily known :
         {ModelFamily::sd15, ModelFamily::sd2, ModelFamily::sdxl, ModelFamily::sdxl_refiner}) {
        if (family == to_string(known)) {
            return family_words(known);
        }
    }
    return {};
}

Pairing pairing_of(const LibraryEntry& entry, std::span<const LibraryEntry> all) {
    switch (entry.kind) {
    case ModelKind::ip_adapter: {
        const Message family = for_family(entry.family);
        if (entry.encoder.empty()) {
            return {.words = family};
        }
        if (const LibraryEntry* encoder = nearest_encoder(entry, all)) {
            return {.words = also(family, message("needs {}: found at {}", entry.encoder,
                                                  in_quotes(encoder->path.string()))),
                    .encoder = encoder->path};
        }
        const bool brought = std::ranges::any_of(all, [&](const LibraryEntry& other) {
            return other.kind == ModelKind::model && other.encoder == entry.encoder;
        });
        return {.words = also(
                    family, brought ? message("needs {}, which a model here brings", entry.encoder)
                                    : message("needs {}, which was not found", entry.encoder))};
    }
    case ModelKind::image_encoder:
        return {.words = entry.encoder.empty()
                             ? Message{}
                             : message("for adapters that read {}", entry.encoder)};
    case ModelKind::vae:
    case ModelKind::taesd:
        if (entry.family == "sdxl") {
            return {.words = for_family("sdxl")};
        }
        return {.words = entry.family.empty() ? message("for SD 1.5 and SD 2, or SDXL: its file "
                                                        "does not tell")
                                              : message("for SD 1.5 and SD 2")};
    case ModelKind::lora:
    case ModelKind::textual_inversion:
        return {.words = for_family(entry.family)};
    case ModelKind::model:
    case ModelKind::pickle:
    case ModelKind::other:
        return {};
    }
    return {};
}

std::vector<const LibraryEntry*> same_content(const LibraryEntry& entry,
                                              std::span<const LibraryEntry> all) {
    std::vector<const LibraryEntry*> same;
    for (const LibraryEntry& other : all) {
        if (!entry.sha256.empty() && other.sha256 == entry.sha256 && other.path != entry.path) {
            same.push_back(&other);
        }
    }
    return same;
}

} // namespace likeness
