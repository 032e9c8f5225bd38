#include "core/request/validate_input.h"

#include "core/request/limits.h"
#include "core/request/resolve.h"

#include <cmath>
#include <string>

namespace likeness {

namespace {

void check(std::vector<Problem>& problems, const std::string& field, double value,
           const Limit& row) {
    if (!std::isfinite(value)) {
        problems.push_back(
            {field, message("is not a number; it goes from {} to {}", row.minimum, row.maximum)});
    } else if (value < row.minimum || value > row.maximum) {
        problems.push_back(
            {field, message("is {}; it goes from {} to {}", value, row.minimum, row.maximum)});
    }
}

void check_guidance_range(std::vector<Problem>& problems, const GenerationRequest& request) {
    check(problems, "guidance_range", request.guidance_start, limit("guidance_start"));
    check(problems, "guidance_range", request.guidance_end, limit("guidance_end"));
    if (request.guidance_start >= request.guidance_end) {
        problems.push_back(
            {"guidance_range",
             message("begins at {}, not before its end at {}; no step would be guided",
                     request.guidance_start, request.guidance_end)});
    }
}

void check_strength(std::vector<Problem>& problems, const GenerationRequest& request,
                    const ModelTraits& traits) {
    const std::size_t before = problems.size();
    check(problems, "strength", *request.strength, limit("strength"));
    const int steps = request.num_inference_steps.value_or(traits.default_num_inference_steps);
    if (problems.size() == before && steps > 0 && first_step(*request.strength, steps) >= steps) {
        problems.push_back(
            {"strength", message("is {}; of {} steps none would be left. It takes {} or more, or "
                                 "more steps",
                                 *request.strength, steps, std::ceil(100.0 / steps) / 100)});
    }
}

void check_mask(std::vector<Problem>& problems, const InputImage& input) {
    for (const int side : input.pad) {
        check(problems, "image.pad", side, limit("pad"));
    }
    check(problems, "image.mask_grow", input.mask_grow, limit("mask_grow"));
    check(problems, "image.mask_feather", input.mask_feather, limit("mask_feather"));
    if (!input.is_masked() && (input.mask_grow != 0 || input.mask_feather != 0)) {
        problems.push_back({input.mask_grow != 0 ? "image.mask_grow" : "image.mask_feather",
                            message("is given, but there is no mask and no new canvas")});
    }
}

void check_refiner(std::vector<Problem>& problems, const GenerationRequest& request,
                   const ModelTraits& traits) {
    if (!request.refiner.is_given()) {
        return;
    }
    check(problems, "refiner.switch_at", request.refiner.switch_at, limit("refiner_switch_at"));
    if (traits.refiner) {
        problems.push_back({"refiner", message("is given, but the model is an SDXL refiner itself; "
                                               "choose an SDXL base model")});
    } else if (!traits.family.empty() && traits.family != "sdxl") {
        problems.push_back({"refiner", message("is given, but the model is not of the SDXL family; "
                                               "leave it out, or choose an SDXL model")});
    }
    if (request.input.is_masked()) {
        problems.push_back({"refiner", message("is given together with a mask or new canvas, which "
                                               "it does not know; leave out one of them")});
    }
    if (request.branch) {
        problems.push_back({"refiner", message("is given together with a branch; leave out one of "
                                               "them")});
    }
}

} // namespace

std::vector<Problem> validate_input(const GenerationRequest& request, const ModelTraits& traits) {
    std::vector<Problem> problems;
    check_guidance_range(problems, request);
    const InputImage& input = request.input;
    if (!input.is_given()) {
        if (input.is_masked()) {
            problems.push_back(
                {"image", message("is missing; a mask or new canvas needs a picture below it")});
        } else if (request.strength) {
            problems.push_back({"strength", message("is {}, but there is no picture to begin from",
                                                    *request.strength)});
        }
    }
    if (request.strength) {
        check_strength(problems, request, traits);
    }
    check_mask(problems, input);
    check_refiner(problems, request, traits);
    if (traits.refiner && !input.is_given()) {
        problems.push_back({"image", message("is missing; this is an SDXL refiner, which goes on "
                                             "from a picture and makes none from text alone. Give "
                                             "a picture, or choose an SDXL base model and name "
                                             "this one as its refiner")});
    }
    if (traits.inpainting && !(input.is_given() && input.is_masked())) {
        problems.push_back({input.is_given() ? "image.mask_path" : "image",
                            message("is missing; this is an inpainting model, which cannot make "
                                    "pictures from text alone. Give a picture and a mask, or "
                                    "choose the plain model")});
    }
    return problems;
}

} // namespace likeness
