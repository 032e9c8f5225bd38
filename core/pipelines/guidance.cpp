#include "core/pipelines/guidance.h"

#include <algorithm>

namespace likeness {

namespace {

KeyValue conditional(const KeyValue& both) {
    return both.key.defined()
               ? KeyValue{.key = both.key.slice(0, 1), .value = both.value.slice(0, 1)}
               : both;
}

} // namespace

bool is_guided(const GenerationRequest& request) {
    return *request.guidance_scale > 1.0;
}

bool is_guided(const GenerationRequest& request, int step, int steps) {
    const double share = static_cast<double>(step) / steps;
    return is_guided(request) && share >= request.guidance_start && share < request.guidance_end;
}

bool is_guided(const AttentionContext& context) {
    return context.text.front().key.size(0) == 2;
}

AttentionContext conditional_half(const AttentionContext& both) {
    AttentionContext half = both;
    std::ranges::transform(both.text, half.text.begin(), conditional);
    for (ReferenceKeyValues& reference : half.references) {
        std::ranges::transform(reference.layers, reference.layers.begin(), conditional);
    }
    return half;
}

AddedConditions conditional_half(const AddedConditions& both) {
    return both.text_embeds.defined() && both.text_embeds.size(0) == 2
               ? AddedConditions{.text_embeds = both.text_embeds.slice(0, 1),
                                 .time_ids = both.time_ids.slice(0, 1)}
               : both;
}

} // namespace likeness
