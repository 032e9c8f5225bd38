#pragma once

#include "core/weights/weights.h"

#include <string>
#include <vector>

namespace likeness {

struct AdamWOptions {
    double beta1 = 0.9;
    double beta2 = 0.99;
    double eps = 1e-8;
    double weight_decay = 0.01; // on matrices and kernels only, not on norms and biases
    double clip_norm = 1.0;     // the gradient's overall length is cut to this; 0: never
};

// AdamW (arXiv 1711.05101) over named tensors that require gradients, changed in place.
class AdamW {
public:
    AdamW(const TensorMap& parameters, AdamWOptions options);

    // Takes the gradients that backward() left, clips them, changes the parameters and clears the
    // gradients. Returns the gradient's length before the cut. A parameter without a gradient stays
    // as it is.
    double step(double learning_rate);

    // The moments and step counts, `exp_avg/<name>`, `exp_avg_sq/<name>`, `step/<name>`; and back.
    // Throws CheckFailed when a name is missing or a shape differs.
    TensorMap state() const;
    void load_state(const TensorMap& state);

private:
    struct Slot {
        std::string name{};
        Tensor parameter{}, exp_avg{}, exp_avg_sq{}, step{};
    };

    void update(const std::vector<Slot*>& slots, double learning_rate, double weight_decay);

    AdamWOptions options_;
    std::vector<Slot> slots_;
};

} // namespace likeness
