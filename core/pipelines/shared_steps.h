#pragma once

#include "core/request/generation_request.h"

namespace likeness {

// How many of the first `steps` calls of the model the two requests, each of one picture and
// resolved, have in common to the byte: all until a reference acts in one of them that does not act
// so in the other. 0 where they differ in anything but their references.
int common_steps(const GenerationRequest& a, const GenerationRequest& b, int steps);

// Whether one batch can make both: they differ in their seeds and in how strongly the same
// references act, as the rungs of a ladder and the pictures of one request do. Neither begins from
// another picture.
bool go_together(const GenerationRequest& a, const GenerationRequest& b);

} // namespace likeness
