#include "core/request/resolve.h"

#include "core/base/wording.h"
#include "core/request/limits.h"

#include <algorithm>
#include <utility>

namespace likeness {

bool operator==(const BranchPtr& a, const BranchPtr& b) {
    return a.get() == b.get() || (a && b && *a.get() == *b.get());
}

namespace {

// A side of a picture of that length as the VAE can make it, `shrink` times as long.
int fitting_side(int pixels, double shrink, const char* field, int factor) {
    const Limit& row = limit(field);
    const int side = static_cast<int>(pixels * shrink) / factor * factor;
    const int least = (static_cast<int>(row.minimum) + factor - 1) / factor * factor;
    return std::max(side, least);
}

// A picture made from another one has that one's size, where the limits allow it.
void size_of_input(GenerationRequest& request, int factor) {
    const InputImage& input = request.input;
    if (!input.image || (request.width && request.height)) {
        return;
    }
    const int width = input.image->width + input.pad[0] + input.pad[2];
    const int height = input.image->height + input.pad[1] + input.pad[3];
    const double shrink =
        std::min({1.0, limit("width").maximum / width, limit("height").maximum / height});
    request.width = request.width.value_or(fitting_side(width, shrink, "width", factor));
    request.height = request.height.value_or(fitting_side(height, shrink, "height", factor));
}

} // namespace

int first_step(double strength, int num_inference_steps) {
    const int done =
        std::min(static_cast<int>(num_inference_steps * strength), num_inference_steps);
    return std::max(num_inference_steps - done, 0);
}

GenerationRequest single(const GenerationRequest& request, int index) {
    GenerationRequest one = request;
    (one.variations.empty() ? one.seed : one.variations.back().seed) +=
        static_cast<std::uint64_t>(index);
    one.num_images = 1;
    return one;
}

GenerationRequest without_muted(GenerationRequest request) {
    const auto is_muted = [](const auto& file) { return file.muted; };
    std::erase_if(request.loras, is_muted);
    std::erase_if(request.textual_inversions, is_muted);
    return request;
}

GenerationRequest resolve(GenerationRequest request, const ModelTraits& traits) {
    request = without_muted(std::move(request));
    if (request.branch) { // the latents of both must be of one kind
        Branch branch{.of = resolve(request.branch->of, traits), .step = request.branch->step};
        const auto as_in = [](auto& own, const auto& of) { own = own ? own : of; };
        as_in(request.width, branch.of.width);
        as_in(request.height, branch.of.height);
        as_in(request.num_inference_steps, branch.of.num_inference_steps);
        as_in(request.scheduler, branch.of.scheduler);
        request.branch = std::make_shared<const Branch>(std::move(branch));
    }
    size_of_input(request, traits.vae_factor);
    if (request.input.is_given()) { // diffusers' defaults for SD 1.5 and for SDXL's refiner
        request.strength = request.strength.value_or(request.input.is_masked() ? 1.0
                                                     : traits.refiner          ? 0.3
                                                                               : 0.8);
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

GenerationRequest with_inputs(GenerationRequest request, const InputChange& change) {
    if (request.input.is_given()) {
        change(request.input, message("The picture to begin from"));
    }
    if (request.branch) {
        const auto change_there = [&](InputImage& input, const Message&) {
            change(input, message("What the picture that it branches from begins from"));
        };
        request.branch = std::make_shared<const Branch>(Branch{
            .of = with_inputs(request.branch->of, change_there), .step = request.branch->step});
    }
    return request;
}

Message is_another_picture(const Message& name, const std::string& path) {
    return message("{} ({}) is another picture than the request was made with; the result will "
                   "differ.",
                   name, in_quotes(path));
}

GenerationRequest without_pixels(GenerationRequest request) {
    request = with_inputs(std::move(request), [](InputImage& input, const Message&) {
        input.image.reset();
        input.mask.reset();
    });
    return with_references(std::move(request), [](ReferenceImage& reference, const Message&) {
        reference.image.reset();
        reference.mask.reset();
        reference.view.look_mask.reset();
    });
}

} // namespace likeness
