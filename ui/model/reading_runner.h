#pragma once

#include "core/engine/engine.h"

namespace likeness {

// Runners that first read the pixels that a request names by path and does not bring: those of a
// job from an earlier sitting, or of a picture that a branch goes on from. Pixels that are still in
// use are not read again while their file stays as it is; a file that is not what the request was
// made with is told among the result's notices. Throws the Errors of load_image.
Engine::MakeRunner reading(Engine::MakeRunner make_runner);

} // namespace likeness
