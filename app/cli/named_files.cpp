#include "app/cli/named_files.h"

#include "app/cli/interrupt.h"
#include "core/base/read_file.h"
#include "core/base/wording.h"
#include "core/model_library/find_named.h"
#include "core/model_library/model_folders.h"

#include <algorithm>

#include <fmt/format.h>

namespace likeness::cli {

namespace {

namespace fs = std::filesystem;

std::optional<fs::path> find(const std::string& name, std::optional<ModelKind> kind) {
    const auto folders = all_model_folders();
    return find_named(name, kind, folders, check_interrupted);
}

// A path in place of `name` where something of that kind is called so.
void take_path(std::string& name, ModelKind kind, Problems& problems) {
    std::error_code ignored;
    if (name.empty() || fs::exists(name, ignored)) {
        return;
    }
    try {
        if (const auto path = find(name, kind)) {
            name = path->string();
        }
    } catch (const Error& error) {
        problems.add(error);
    }
}

bool is_installed(const std::string& model) {
    try {
        find_model(model);
        return true;
    } catch (const Error&) {
        return false;
    }
}

} // namespace

fs::path find_installed(const std::string& name_or_path) {
    try {
        return find_model(name_or_path);
    } catch (const Error& error) {
        const auto found =
            error.code == ErrorCode::file_missing ? find(name_or_path, std::nullopt) : std::nullopt;
        if (!found) {
            throw;
        }
        return *found;
    }
}

void find_named_files(GenerationRequest& request, Problems& problems) {
    if (!request.model.empty() && !is_installed(request.model)) {
        take_path(request.model, ModelKind::model, problems);
    }
    find_named_vae(request.vae, problems);
    for (Lora& lora : request.loras) {
        take_path(lora.path, ModelKind::lora, problems);
    }
    for (TextualInversion& word : request.textual_inversions) {
        take_path(word.path, ModelKind::textual_inversion, problems);
    }
}

void find_named_vae(std::string& vae, Problems& problems) {
    take_path(vae, ModelKind::vae, problems);
}

void find_named_adapter(std::string& adapter, const ModelFolder& model, Problems& problems) {
    if (std::ranges::find(model.ip_adapters, adapter, &AdapterFile::name) ==
        model.ip_adapters.end()) {
        take_path(adapter, ModelKind::ip_adapter, problems);
    }
}

void find_named_adapters(GenerationRequest& request, const ModelFolder& model, Problems& problems) {
    find_named_adapter(request.ip_adapter, model, problems);
    take_path(request.image_encoder, ModelKind::image_encoder, problems);
    for (ReferenceImage& reference : request.references) {
        find_named_adapter(reference.ip_adapter, model, problems);
    }
}

void look_for(const std::string& path, Problems& problems) {
    if (!path.empty() && !is_there(path)) {
        problems.add(fmt::format("There is no file {}.", in_quotes(path)), ErrorCode::file_missing);
    }
}

} // namespace likeness::cli
