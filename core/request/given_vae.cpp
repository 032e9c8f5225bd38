#include "core/request/given_vae.h"

#include "core/base/error.h"
#include "core/request/weights_file.h"

namespace likeness {

namespace fs = std::filesystem;

ModelFolder with_vae(ModelFolder model, const fs::path& vae) {
    std::error_code ignored;
    if (!fs::exists(vae, ignored)) {
        throw Error(ErrorCode::file_missing,
                    message("There is no VAE at {}. Check the path.", vae.string()));
    }
    if (fs::is_directory(vae, ignored)) {
        const fs::path folder =
            fs::exists(vae / "vae" / "config.json", ignored) ? vae / "vae" : vae;
        if (!fs::exists(folder / "config.json", ignored)) {
            throw Error(ErrorCode::not_a_checkpoint,
                        message("{} holds no VAE: config.json is not there. Choose the folder vae/ "
                                "of a model, or a file.",
                                vae.string()));
        }
        set_vae(model, read_json_file(folder / "config.json"));
        model.given_vae = {.path = weights_file(folder, "diffusion_pytorch_model")};
        return model;
    }
    auto found = read_vae_file(vae, load_safetensors_header(vae), model.family);
    if (!found) {
        throw Error(
            ErrorCode::not_a_checkpoint,
            message("{} holds no VAE. `likeness models inspect` tells what it is.", vae.string()));
    }
    set_vae(model, config_beside(vae, found->config, "block_out_channels"));
    model.given_vae = {.path = vae,
                       .places = std::make_shared<const TensorPlaces>(std::move(found->places))};
    return model;
}

ModelFolder model_of(const GenerationRequest& request) {
    ModelFolder model = read_model_folder(find_model(request.model));
    return request.vae.empty() ? model : with_vae(std::move(model), request.vae);
}

} // namespace likeness
