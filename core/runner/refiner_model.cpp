#include "core/runner/refiner_model.h"

#include "core/base/error.h"
#include "core/request/given_vae.h"
#include "core/runner/memory.h"
#include "core/tensor/kept_memory.h"

#include <utility>

namespace likeness {

namespace fs = std::filesystem;

namespace {

std::uint64_t bytes_of(const ModelFolder& folder) {
    std::error_code ignored;
    if (folder.file) {
        return fs::file_size(folder.path, ignored);
    }
    std::uint64_t bytes = 0;
    for (const char* component : {"unet", "vae", "text_encoder", "text_encoder_2"}) {
        for (const auto& entry : fs::directory_iterator(folder.path / component, ignored)) {
            bytes += entry.path().extension() == ".safetensors" ? entry.file_size(ignored) : 0;
        }
    }
    return bytes;
}

bool is_sdxl(const ModelFolder& folder) {
    return folder.family == ModelFamily::sdxl || folder.family == ModelFamily::sdxl_refiner;
}

} // namespace

ModelFolder RefinerModel::folder_of(const GenerationRequest& request, const ModelFolder& base) {
    GenerationRequest own = request;
    own.model = request.refiner.model;
    ModelFolder folder = model_of(own);
    using Named = std::pair<const ModelFolder*, Message>;
    for (const auto& [model, role] :
         {Named(&base, message("The model")), Named(&folder, message("The refiner"))}) {
        if (!is_sdxl(*model)) {
            throw Error(ErrorCode::bad_request,
                        message("{} {} is not of the SDXL family: a refiner takes over what an "
                                "SDXL model begins. Choose another, or leave the refiner out.",
                                role, model->name));
        }
    }
    if (folder.traits.inpainting || folder.traits.vae_factor != base.traits.vae_factor) {
        throw Error(ErrorCode::bad_request,
                    message("The refiner {} cannot take over from the model {}: its latents are of "
                            "another kind. Choose an SDXL refiner.",
                            folder.name, base.name));
    }
    return folder;
}

SdPipeline& RefinerModel::open(const ModelFolder& folder, const Placement& placement,
                               const PipelineOptions& options, const Progress& progress) {
    const fs::path vae = folder.given_vae ? folder.given_vae->path : fs::path();
    const fs::path path = fs::canonical(folder.path);
    if (!pipeline_ || path != path_ || vae != vae_ || placement != placement_) {
        release();
        auto model = load_model(
            folder, {.dtype = placement.dtype, .device = placement.device, .pack = true}, progress);
        release_kept_memory(); // of the files' sizes, which no layer asks for
        pipeline_.emplace(std::move(model), options);
        path_ = path;
        vae_ = vae;
        placement_ = placement;
    }
    return *pipeline_;
}

void RefinerModel::release() {
    pipeline_.reset();
    release_kept_memory();
}

bool fit_together(const ModelFolder& one, const ModelFolder& other, const Placement& placement) {
    constexpr double kOfMemory = 0.6; // the rest is for the steps and for other programs
    const double bytes = static_cast<double>(bytes_of(one) + bytes_of(other));
    return placement.device.is_cpu() &&
           bytes < kOfMemory * static_cast<double>(total_memory_bytes());
}

} // namespace likeness
