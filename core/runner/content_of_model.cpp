#include "core/runner/content_of_model.h"

#include "core/base/hash.h"
#include "core/model_library/entry_cache.h"
#include "core/model_library/scan.h"

#include <fmt/format.h>

namespace likeness {

namespace {

namespace fs = std::filesystem;

} // namespace

std::set<fs::path> weight_files(const ModelFolder& folder) {
    std::set<fs::path> files;
    if (folder.given_vae) {
        files.insert(folder.given_vae->path);
    }
    if (folder.file) {
        files.insert(folder.path);
        return files;
    }
    for (const char* component : {"unet", "vae", "text_encoder", "text_encoder_2"}) {
        std::error_code ignored;
        for (const auto& entry : fs::directory_iterator(folder.path / component, ignored)) {
            const auto ending = entry.path().extension();
            if (ending == ".safetensors" || ending == ".bin") {
                files.insert(entry.path());
            }
        }
    }
    return files;
}

std::string content_of_model(const ModelFolder& folder, const std::vector<fs::path>& others,
                             const std::function<void()>& check) {
    std::set<fs::path> files = weight_files(folder);
    files.insert(others.begin(), others.end());
    EntryCache cache(EntryCache::default_file());
    std::string all;
    for (const fs::path& file : files) {
        // Where it lies says nothing: a model that was moved is the same.
        all += fmt::format("{} {}\n", file.filename().string(),
                           content_hash({.path = file, .content = file}, cache, check));
    }
    cache.save();
    return sha256(std::as_bytes(std::span(all)));
}

} // namespace likeness
