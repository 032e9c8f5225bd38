#include "core/request/resolve.h"

#include <utility>

namespace likeness {

bool operator==(const BranchPtr& a, const BranchPtr& b) {
    return a.get() == b.get() || (a && b && *a.get() == *b.get());
}

GenerationRequest resolve(GenerationRequest request, const ModelTraits& traits) {
    if (request.branch) { // the latents of both must be of one kind
        Branch branch{.of = resolve(request.branch->of, traits), .step = request.branch->step};
        const auto as_in = [](auto& own, const auto& of) { own = own ? own : of; };
        as_in(request.width, branch.of.width);
        as_in(request.height, branch.of.height);
        as_in(request.num_inference_steps, branch.of.num_inference_steps);
        as_in(request.scheduler, branch.of.scheduler);
        request.branch = std::make_shared<const Branch>(std::move(branch));
    }
    request.width = request.width.value_or(traits.default_width);
    request.height = request.height.value_or(traits.default_height);
    request.num_inference_steps =
        request.num_inference_steps.value_or(traits.default_num_inference_steps);
    request.guidance_scale = request.guidance_scale.value_or(traits.default_guidance_scale);
    request.scheduler = request.scheduler.value_or(traits.default_scheduler);
    return request;
}

GenerationRequest with_references(GenerationRequest request, const ReferenceChange& change) {
    std::size_t number = 0;
    for (ReferenceImage& reference : request.references) {
        change(reference, message("Reference {}", ++number));
    }
    if (request.branch) {
        const auto change_there = [&](ReferenceImage& reference, const Message& name) {
            change(reference, message("{} of the picture that it branches from", name));
        };
        request.branch = std::make_shared<const Branch>(Branch{
            .of = with_references(request.branch->of, change_there), .step = request.branch->step});
    }
    return request;
}

GenerationRequest without_pixels(GenerationRequest request) {
    return with_references(std::move(request), [](ReferenceImage& reference, const Message&) {
        reference.image.reset();
        reference.mask.reset();
        reference.view.look_mask.reset();
    });
}

} // namespace likeness
