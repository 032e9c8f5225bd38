#include "core/pipelines/guidance.h"

#include <ATen/ops/cat.h>

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

AttentionContext joined(const std::vector<std::shared_ptr<const AttentionContext>>& contexts) {
    AttentionContext all = *contexts.front();
    all.pictures = static_cast<int64_t>(contexts.size());
    const int64_t halves = all.text.front().key.size(0);
    for (std::size_t r = 0; r < all.references.size(); ++r) {
        auto& layers = all.references[r].layers;
        for (std::size_t layer = 0; layer < layers.size(); ++layer) {
            if (!layers[layer].key.defined()) {
                continue;
            }
            std::vector<Tensor> keys, values;
            for (int64_t half = 0; half < halves; ++half) {
                for (const auto& context : contexts) {
                    const KeyValue& one = context->references[r].layers[layer];
                    keys.push_back(one.key.slice(0, half, half + 1));
                    values.push_back(one.value.slice(0, half, half + 1));
                }
            }
            layers[layer] = {.key = at::cat(keys), .value = at::cat(values)};
        }
    }
    return all;
}

AddedConditions conditional_half(const AddedConditions& both) {
    return both.text_embeds.defined() && both.text_embeds.size(0) == 2
               ? AddedConditions{.text_embeds = both.text_embeds.slice(0, 1),
                                 .time_ids = both.time_ids.slice(0, 1)}
               : both;
}

} // namespace likeness
