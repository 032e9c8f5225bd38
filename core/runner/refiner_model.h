#pragma once

#include "core/pipelines/sd_pipeline.h"
#include "core/tensor/device.h"

#include <filesystem>
#include <optional>
#include <string>

namespace likeness {

// The second model of a picture with a refiner. Kept between jobs where the memory holds both.
class RefinerModel {
public:
    // The refiner that the request names, before anything long is loaded. Throws Error{bad_request}
    // where base or refiner is not of the SDXL family, and what model_of() throws.
    static ModelFolder folder_of(const GenerationRequest& request, const ModelFolder& base);

    // Its pipeline, loaded where it is not yet.
    SdPipeline& open(const ModelFolder& folder, const Placement& placement,
                     const PipelineOptions& options, const Progress& progress);

    // Lets go of it.
    void release();

private:
    std::filesystem::path path_{};
    std::filesystem::path vae_{}; // a given one's
    Placement placement_{};
    std::optional<SdPipeline> pipeline_{};
};

// Whether the memory of that device holds both at once, as far as their files tell. On a GPU they
// always take turns.
bool fit_together(const ModelFolder& one, const ModelFolder& other, const Placement& placement);

} // namespace likeness
