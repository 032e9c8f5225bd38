#pragma once

#include "core/pipelines/sd_pipeline.h"
#include "core/tensor/device.h"

#include <filesystem>
#include <optional>
#include <string>

namespace likeness {

// The second model of a picture with a refiner. Kept between jobs until it is released.
class RefinerModel {
public:
    // The refiner that the request names, before anything long is loaded. Throws Error{bad_request}
    // where base or refiner is not of the SDXL family, and what model_of() throws.
    static ModelFolder folder_of(const GenerationRequest& request, const ModelFolder& base);

    // Its pipeline, loaded where it is not yet; with large encoders that are read when they run
    // where that is wanted.
    SdPipeline& open(const ModelFolder& folder, const Placement& placement, bool stream,
                     const PipelineOptions& options, const Progress& progress);

    // Lets go of it.
    void release();

private:
    std::filesystem::path path_{};
    std::filesystem::path vae_{}; // a given one's
    Placement placement_{};
    std::optional<SdPipeline> pipeline_{};
};

} // namespace likeness
