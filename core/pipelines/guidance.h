#pragma once

#include "core/models/unet_2d_condition.h"
#include "core/request/generation_request.h"

namespace likeness {

// Whether the request is guided at all (arXiv 2207.12598), and whether it is at one of so many
// steps. Resolved requests only.
bool is_guided(const GenerationRequest& request);
bool is_guided(const GenerationRequest& request, int step, int steps);
// Whether a reference acts at one of so many steps.
bool acts(const ReferenceImage& reference, int step, int steps);
// Tells which references act at none of the steps from `first` to before `end`, and whether none of
// those is guided though the request is. Ranges are shares of all steps, `steps`, those too that a
// picture made from another leaves out.
std::vector<Message> idle_ranges(const GenerationRequest& request, int first, int end, int steps);
// Whether a step reads both halves.
bool is_guided(const AttentionContext& context);

// What the conditional half of a guided batch reads by itself, where a step is not guided; what has
// one half only stays as it is.
AttentionContext conditional_half(const AttentionContext& both);
AddedConditions conditional_half(const AddedConditions& both);
// The other half, whose influence nobody records.
AttentionContext unconditional_half(const AttentionContext& both);
AddedConditions unconditional_half(const AddedConditions& both);

// What several pictures read that share the text and differ in nothing but the strengths and
// contents of their references, for one call of the UNet.
AttentionContext joined(const std::vector<std::shared_ptr<const AttentionContext>>& contexts);

} // namespace likeness
