#include "core/request/training_fit.h"

namespace likeness {

namespace {

// The starter's thirty trainings of four pictures with its own settings (likeness-starter methods;
// resources/starter/methods.json) lie between -0.04 and 0.12; three pictures learned for long lie
// at 0.14 (`likeness train dreambooth`, samples/mug's first three, --max-train-steps 1200).
constexpr double kMostOverfit = 0.13;
// A mug learned from three pictures (400 steps of DreamBooth, a class prompt, 20 class pictures)
// with the starter's own prior loss weight: 0.17, without (--prior-loss-weight 0): 0.54. Drift
// hardly tells them apart (0.56 and 0.69): the class's pictures change in both.
constexpr double kMostSpread = 0.4;

} // namespace

TrainingFit fit_of(const TrainingRequest& request, const TrainingProof& proof) {
    // Without a class it is measured at the empty prompt, which turns into what was learned in any
    // case: it tells nothing there.
    return {.repeats = proof.overfit && *proof.overfit > kMostOverfit,
            .spreads = request.keeps_class() && proof.spread && *proof.spread > kMostSpread};
}

} // namespace likeness
