#pragma once

#include "core/request/training_check.h"
#include "core/text/clip_tokenizer.h"

#include <optional>

namespace likeness {

// What is found where captions, or the prompt in place of one, have more tokens than the text
// encoder reads: what comes after those is not learned. nullopt: none has.
std::optional<TrainingFinding> check_caption_lengths(const TrainingRequest& request,
                                                     const ClipTokenizer& tokenizer);

} // namespace likeness
