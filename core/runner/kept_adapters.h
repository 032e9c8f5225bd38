#pragma once

#include "core/pipelines/sd_pipeline.h"
#include "core/runner/file_stamp.h"

#include <compare>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

namespace likeness {

// What an adapter is known by: another file under the same path is another one.
struct AdapterKey {
    std::string file{}, image_encoder{};
    FileStamp stamp{};

    auto operator<=>(const AdapterKey&) const = default;
};

// By the name that references give them; empty: the request's own.
using AdapterKeys = std::map<std::string, AdapterKey>;

// Those that its references and those of the pictures it branches from name. Throws what
// find_adapter() throws.
AdapterKeys adapter_keys(const GenerationRequest& request, const ModelFolder& folder);

// The adapters of the last request, kept for the next that names them.
class KeptAdapters {
public:
    // Gives those, one at least, to the pipeline; loads what is not loaded yet and lets go of what
    // is not asked for any more. Where another adapter or image encoder lies under its path than
    // was used before, kept steps count no more. Throws what load_adapter() throws.
    void use(const AdapterKeys& keys, SdPipeline& pipeline, const Progress& progress);

    // Lets go of all.
    void clear() { kept_.clear(); }

private:
    struct Kept {
        std::shared_ptr<const LoadedAdapter> adapter{};
        std::filesystem::path encoder_file{};
        FileStamp encoder_stamp{};
    };

    std::map<AdapterKey, Kept> kept_;
    SeenFiles seen_;
};

} // namespace likeness
