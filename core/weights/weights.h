#pragma once

#include "core/base/message.h"
#include "core/tensor/tensor.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace likeness {

using TensorMap = std::map<std::string, Tensor>;

// Where a network's tensors come from: a file, several shards, memory, or a random draw for
// training.
class WeightSource {
public:
    virtual ~WeightSource() = default;

    // The shape of that tensor, nullopt where there is none. A source that makes tensors up has
    // every name: it returns an empty optional from shape() and is asked through make().
    virtual std::optional<std::vector<int64_t>> shape(const std::string& name) const = 0;

    // The tensor itself, in the dtype it lies in, on the CPU. Called only for names whose shape is
    // known to fit.
    virtual Tensor take(const std::string& name) = 0;

    // The same; what takes long is done in pieces with `between` called between them. What that
    // throws ends it.
    virtual Tensor take_in_pieces(const std::string& name,
                                  const std::function<void()>& /*between*/) {
        return take(name);
    }

    // Called between pieces of what is done with a tensor of this source (checking, converting,
    // packing it); what it throws ends that. Whoever wants to hear of it wraps the source.
    virtual void between_pieces() {}

    // For sources that draw initial values: makes and keeps a tensor of that shape. Others return
    // an undefined tensor.
    virtual Tensor make(const std::string& name, const std::vector<int64_t>& shape);

    // All names it holds, to tell what nobody asked for.
    virtual std::vector<std::string> names() const = 0;
};

// Tensors in memory: tests, fixtures, merged weights.
class MapSource : public WeightSource {
public:
    explicit MapSource(TensorMap tensors) : tensors_(std::move(tensors)) {}

    std::optional<std::vector<int64_t>> shape(const std::string& name) const override;

    Tensor take(const std::string& name) override { return tensors_.at(name); }

    std::vector<std::string> names() const override;

private:
    TensorMap tensors_;
};

enum class Gradient { no, yes };

// How tensors are wanted.
struct WeightOptions {
    at::ScalarType dtype = at::kFloat;
    at::Device device = at::kCPU;
    // For networks that only run: layers may keep their weights in a kernel's order and give the
    // published one up. What trains, or is read by others, is not packed.
    bool pack = false;
    // Packed layers can hand a gradient back to what they read, which takes their memory twice.
    Gradient gradient = Gradient::no;
    // Parts that are used once in a while (an encoder's layers, the VAE's encoder) are read from
    // the source each time they run, and not kept.
    bool stream = false;
};

// Draws initial values and keeps them: these are a training run's parameters (requires_grad, in
// `wanted`'s numbers on its device; kernels channels last on a GPU). Values given at construction
// (a checkpoint, another network) are used where name and shape fit. Matrices and kernels: uniform
// +-1/sqrt(fan_in); norms: 1 and 0; biases: 0; embeddings: normal, deviation 0.02; the resampler's
// `latents`: normal, deviation 1/sqrt(dim). Deterministic in the seed and the name; drawn on the
// CPU.
class ParameterSource : public WeightSource {
public:
    explicit ParameterSource(std::uint64_t seed, TensorMap initial = {}, WeightOptions wanted = {});

    std::optional<std::vector<int64_t>> shape(const std::string&) const override {
        return std::nullopt;
    }

    Tensor take(const std::string& name) override { return parameters_.at(name); }

    Tensor make(const std::string& name, const std::vector<int64_t>& shape) override;
    std::vector<std::string> names() const override;

    const TensorMap& parameters() const { return parameters_; }

private:
    std::uint64_t seed_;
    TensorMap initial_;
    TensorMap parameters_;
    WeightOptions wanted_;
};

// A name prefix over a source: `w / "attn2"`. Every shape is checked where it is used. What is
// missing or does not fit is collected, not thrown at once, and finish() tells all of it; until
// then such a tensor reads as zeros.
class Weights {
public:
    Weights(std::shared_ptr<WeightSource> source, WeightOptions options);

    Weights operator/(std::string_view name) const;

    // The tensor `prefix.name` with exactly that shape, in the wanted dtype on the wanted device. A
    // source that makes its tensors up (ParameterSource) gives the parameter itself, as it keeps
    // it.
    Tensor get(std::string_view name, const std::vector<int64_t>& shape) const;

    // The shape it has in the source; nullopt where it is absent. For networks that are told from
    // their tensors.
    std::optional<std::vector<int64_t>> shape(std::string_view name) const;

    std::string full_name(std::string_view name) const;

    const WeightOptions& options() const { return options_; }

    // The same tensors, which are checked by name and shape and read as zeros: no value is read.
    Weights only_checked() const;

    // The same names in another source, for what is read later.
    Weights from(std::shared_ptr<WeightSource> source) const;

    // Throws as finish() does for what was asked for; what is left over is no matter of it.
    void check(std::string_view component) const;

    // Throws Error{model_incomplete} or {model_mismatch} naming `component` and every missing,
    // mis-shaped, non-finite and unexpected tensor (the first eight of each, and how many more).
    // `ignored` are exact names that may be left over.
    void finish(std::string_view component, const std::set<std::string>& ignored = {}) const;

private:
    struct Report {
        std::vector<Message> missing, misshaped, nonfinite;
        std::set<std::string> used;
    };

    void throw_problems(std::string_view component, const std::vector<Message>& unexpected) const;

    std::shared_ptr<WeightSource> source_;
    std::shared_ptr<Report> report_;
    std::string prefix_;
    WeightOptions options_;
    bool only_checked_ = false;
};

} // namespace likeness
