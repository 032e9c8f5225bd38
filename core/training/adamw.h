#pragma once

#include "core/weights/weights.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace likeness {

struct AdamWOptions {
    double beta1 = 0.9;
    double beta2 = 0.99;
    double eps = 1e-8;
    double weight_decay = 0.01; // on matrices and kernels only, not on norms and biases
    double clip_norm = 1.0;     // the gradient's overall length is cut to this; 0: never
    // The learning rate of a parameter, as a share of the step's; empty: all have the same.
    std::function<double(const std::string&)> rate_share{};
};

// AdamW (arXiv 1711.05101) over named tensors that require gradients, changed in place. Parameters
// in lower precision have float32 masters, which are what is updated and kept; the parameters
// follow them.
class AdamW {
public:
    AdamW(const TensorMap& parameters, AdamWOptions options);

    // Takes the gradients that backward() left, clips them, changes the parameters and clears the
    // gradients. Returns the gradient's length before the cut, a scalar on the parameters' device:
    // nothing here waits for a GPU. A parameter without a gradient stays as it is; on a CPU all do
    // where that length is no number. With a loss scale, of which the gradients are, all do so on a
    // GPU too, which is waited for.
    Tensor step(double learning_rate, std::optional<double> loss_scale = {});

    // The float32 values by name: the parameters themselves where they are float32.
    const TensorMap& masters() const { return masters_; }

    // Brings the parameters to the masters' values, after those were written to.
    void follow_masters();

    // The moments and step counts, `exp_avg/<name>`, `exp_avg_sq/<name>`, `step/<name>`; and back.
    // Throws CheckFailed when a name is missing or a shape differs.
    TensorMap state() const;
    void load_state(const TensorMap& state);

private:
    struct Slot {
        std::string name{};
        Tensor parameter{}, master{}, exp_avg{}, exp_avg_sq{}, step{};
        double rate_share = 1;
        Tensor gradient{}; // of this step, float32, laid out as the master; undefined: none came
    };

    // Takes every gradient off its parameter into its slot, and lists them.
    void gather(std::vector<Tensor>& gradients);
    // `shrink` is what the gradients are divided by, where they are too long.
    void update(const std::vector<Slot*>& slots, double learning_rate, double weight_decay,
                const std::optional<Tensor>& shrink);

    AdamWOptions options_;
    std::vector<Slot> slots_;
    TensorMap masters_;
};

} // namespace likeness
