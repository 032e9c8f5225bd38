#include "core/pipelines/shared_steps.h"

#include "core/pipelines/guidance.h"

namespace likeness {

namespace {

GenerationRequest without_references(const GenerationRequest& request) {
    GenerationRequest rest = request;
    rest.references.clear();
    rest.master_scale = 1;
    return rest;
}

// Those that act at one of so many steps, each with its whole strength.
std::vector<ReferenceImage> acting(const GenerationRequest& request, int step, int steps) {
    std::vector<ReferenceImage> found;
    for (ReferenceImage reference : request.references) {
        reference.ip_adapter_scale *= request.master_scale;
        if (acts(reference, step, steps) && reference.ip_adapter_scale != 0) {
            reference.range_start = 0;
            reference.range_end = 1;
            found.push_back(std::move(reference));
        }
    }
    return found;
}

// With a mark for whether each reference acts at all: what decides how the attention is laid out.
GenerationRequest without_strengths(const GenerationRequest& request) {
    GenerationRequest rest = request;
    for (ReferenceImage& reference : rest.references) {
        const bool acts = reference.ip_adapter_scale * request.master_scale != 0;
        reference.ip_adapter_scale = acts ? 1 : 0;
    }
    rest.master_scale = 1;
    rest.seed = 0;
    return rest;
}

} // namespace

int common_steps(const GenerationRequest& a, const GenerationRequest& b, int steps) {
    if (without_references(a) != without_references(b)) {
        return 0;
    }
    int common = 0;
    while (common < steps) {
        if (acting(a, common, steps) != acting(b, common, steps)) {
            break;
        }
        ++common;
    }
    return common;
}

bool go_together(const GenerationRequest& a, const GenerationRequest& b) {
    return a.num_images == 1 && !a.branch && !a.input.is_given() && !a.refiner.is_given() &&
           without_strengths(a) == without_strengths(b);
}

} // namespace likeness
