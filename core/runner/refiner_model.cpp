#include "core/runner/refiner_model.h"

#include "core/base/error.h"
#include "core/request/given_vae.h"
#include "core/tensor/kept_memory.h"

#include <utility>

namespace likeness {

namespace fs = std::filesystem;

namespace {

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

SdPipeline& RefinerModel::open(const ModelFolder& folder, const Placement& placement, bool stream,
                               const PipelineOptions& options, const Progress& progress) {
    const fs::path vae = folder.given_vae ? folder.given_vae->path : fs::path();
    const fs::path path = fs::canonical(folder.path);
    if (!pipeline_ || path != path_ || vae != vae_ || placement != placement_ ||
        (stream && !pipeline_->model().options.stream)) {
        release();
        auto model = load_model(
            folder,
            {.dtype = placement.dtype, .device = placement.device, .pack = true, .stream = stream},
            progress);
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

} // namespace likeness
