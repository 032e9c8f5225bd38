#include "core/request/resolve.h"

namespace likeness {

GenerationRequest resolve(GenerationRequest request, const ModelTraits& traits) {
    request.width = request.width.value_or(traits.default_width);
    request.height = request.height.value_or(traits.default_height);
    request.num_inference_steps =
        request.num_inference_steps.value_or(traits.default_num_inference_steps);
    request.guidance_scale = request.guidance_scale.value_or(traits.default_guidance_scale);
    request.scheduler = request.scheduler.value_or(traits.default_scheduler);
    return request;
}

GenerationRequest without_pixels(GenerationRequest request) {
    for (ReferenceImage& reference : request.references) {
        reference.image.reset();
        reference.mask.reset();
        reference.view.look_mask.reset();
    }
    return request;
}

} // namespace likeness
