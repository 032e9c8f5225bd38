#include "core/runner/kept_adapters.h"

#include "core/base/error.h"
#include "core/request/weights_file.h"

#include <set>
#include <utility>

namespace likeness {

namespace {

namespace fs = std::filesystem;

void name_adapters(const GenerationRequest& request, std::set<std::string>& names) {
    for (const ReferenceImage& reference : request.references) {
        names.insert(reference.ip_adapter == request.ip_adapter ? "" : reference.ip_adapter);
    }
    if (request.branch) {
        name_adapters(request.branch->of, names);
    }
}

fs::path file_of_encoder(const fs::path& image_encoder) {
    return fs::is_directory(image_encoder) ? weights_file(image_encoder, "model") : image_encoder;
}

// The request's image encoder is its adapter's; one that a reference names may need another.
std::shared_ptr<const LoadedAdapter> load(const SdModel& model, const AdapterKey& key,
                                          bool of_request, const LoadedAdapters& loaded,
                                          const Progress& progress) {
    try {
        return load_adapter(model, key.file, key.image_encoder, progress, loaded);
    } catch (const Error& error) {
        if (of_request || key.image_encoder.empty() || error.code != ErrorCode::model_mismatch) {
            throw;
        }
    }
    return load_adapter(model, key.file, {}, progress, loaded);
}

} // namespace

AdapterKeys adapter_keys(const GenerationRequest& request, const ModelFolder& folder) {
    std::set<std::string> names;
    name_adapters(request, names);
    AdapterKeys keys;
    for (const std::string& name : names) {
        const fs::path file = find_adapter(folder, name.empty() ? request.ip_adapter : name);
        keys[name] = {file.string(), request.image_encoder, stamp_of(file)};
    }
    return keys;
}

void KeptAdapters::use(const AdapterKeys& keys, SdPipeline& pipeline, const Progress& progress) {
    const auto look = [&](const fs::path& file) {
        if (seen_.is_replaced(file)) {
            pipeline.forget_steps();
        }
    };
    std::map<AdapterKey, Kept> still;
    LoadedAdapters loaded;
    for (const auto& [name, key] : keys) {
        look(key.file);
        const auto known = kept_.find(key);
        if (known != kept_.end() &&
            stamp_of(known->second.encoder_file) == known->second.encoder_stamp) {
            still.insert(*known);
            loaded.push_back(known->second.adapter);
        }
    }
    kept_ = std::move(still);
    SdPipeline::OwnAdapters own;
    std::shared_ptr<const LoadedAdapter> of_request;
    for (const auto& [name, key] : keys) {
        if (!kept_.contains(key)) {
            Kept kept{.adapter = load(pipeline.model(), key, name.empty(), loaded, progress)};
            kept.encoder_file = file_of_encoder(kept.adapter->image_encoder);
            kept.encoder_stamp = stamp_of(kept.encoder_file);
            loaded.push_back(kept.adapter);
            kept_.emplace(key, std::move(kept));
        }
        const Kept& kept = kept_.at(key);
        look(kept.encoder_file);
        (name.empty() ? of_request : own[name]) = kept.adapter;
    }
    pipeline.use_adapter(of_request ? of_request : own.begin()->second);
    pipeline.use_own_adapters(std::move(own));
}

} // namespace likeness
