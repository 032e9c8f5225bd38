#include "core/request/training_fit.h"

namespace likeness {

namespace {

// The starter's thirty trainings of four pictures with its own settings (likeness-starter methods;
// resources/starter/methods.json) lie between -0.04 and 0.12; three pictures learned for long lie
// at 0.14 (`likeness train dreambooth`, samples/mug's first three, --max-train-steps 1200).
constexpr double kMostOverfit = 0.13;
// KEPT
constexpr double kMostSpread = 0.4;

} // namespace

TrainingFit fit_of(const TrainingRequest& request, const TrainingProof& proof) {
    // Without a class it is measured at the empty prompt, which turns into what was learned in any
    // case: a LoRA of ten pictures with the starter's own settings is at 0.6 to 1, one that fell
    // apart (`likeness train lora`, three pictures, --max-train-steps 600 --learning-rate 0.004
    // --lr-scheduler constant) at 0.8. It tells nothing there.
    return {.repeats = proof.overfit && *proof.overfit > kMostOverfit,
            .spreads = request.keeps_class() && proof.spread && *proof.spread > kMostSpread};
}

} // namespace likeness
