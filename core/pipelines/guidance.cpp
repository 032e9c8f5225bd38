#include "core/pipelines/guidance.h"

#include <ATen/ops/cat.h>

#include <algorithm>

namespace likeness {

namespace {

enum class Half { unconditional, conditional };

Tensor half_of(const Tensor& both, Half half) {
    return half == Half::conditional ? both.slice(0, 1) : both.slice(0, 0, 1);
}

AttentionContext half_of(const AttentionContext& both, Half half) {
    const auto of = [half](const KeyValue& each) {
        return each.key.defined()
                   ? KeyValue{.key = half_of(each.key, half), .value = half_of(each.value, half)}
                   : each;
    };
    AttentionContext out = both;
    std::ranges::transform(both.text, out.text.begin(), of);
    for (ReferenceKeyValues& reference : out.references) {
        std::ranges::transform(reference.layers, reference.layers.begin(), of);
    }
    return out;
}

AddedConditions half_of(const AddedConditions& both, Half half) {
    return both.text_embeds.defined() && both.text_embeds.size(0) == 2
               ? AddedConditions{.text_embeds = half_of(both.text_embeds, half),
                                 .time_ids = half_of(both.time_ids, half)}
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

bool acts(const ReferenceImage& reference, int step, int steps) {
    const double share = static_cast<double>(step) / steps;
    return share >= reference.range_start && share < reference.range_end;
}

std::vector<Message> idle_ranges(const GenerationRequest& request, int first, int end, int steps) {
    const auto never = [&](const auto& at_step) {
        bool any = false;
        for (int step = first; step < end; ++step) {
            any = any || at_step(step);
        }
        return !any;
    };
    std::vector<Message> told;
    for (std::size_t r = 0; r < request.references.size(); ++r) {
        const ReferenceImage& reference = request.references[r];
        if (never([&](int step) { return acts(reference, step, steps); })) {
            told.push_back(message("Reference {} never acts: of {} steps, {} to {} are taken, and "
                                   "its range ({} to {}) holds none of them.",
                                   r + 1, steps, first + 1, end, reference.range_start,
                                   reference.range_end));
        }
    }
    if (is_guided(request) && never([&](int step) { return is_guided(request, step, steps); })) {
        told.push_back(message("No step is guided: of {} steps, {} to {} are taken, and the range "
                               "of guidance ({} to {}) holds none of them.",
                               steps, first + 1, end, request.guidance_start,
                               request.guidance_end));
    }
    return told;
}

bool is_guided(const AttentionContext& context) {
    return context.text.front().key.size(0) == 2;
}

AttentionContext conditional_half(const AttentionContext& both) {
    return half_of(both, Half::conditional);
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
    return half_of(both, Half::conditional);
}

AttentionContext unconditional_half(const AttentionContext& both) {
    AttentionContext half = half_of(both, Half::unconditional);
    half.influence.reset();
    return half;
}

AddedConditions unconditional_half(const AddedConditions& both) {
    return half_of(both, Half::unconditional);
}

} // namespace likeness
