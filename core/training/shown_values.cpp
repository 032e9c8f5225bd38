#include "core/training/shown_values.h"

#include <ATen/core/grad_mode.h>

namespace likeness {

namespace {

void copy_into(const TensorMap& parameters, const TensorMap& values) {
    const at::NoGradGuard no_grad;
    for (const auto& [name, parameter] : parameters) {
        parameter.copy_(values.at(name));
    }
}

} // namespace

ShownValues::ShownValues(const TensorMap& parameters, const TensorMap& values)
    : parameters_(parameters) {
    for (const auto& [name, parameter] : parameters) {
        former_[name] = parameter.detach().clone();
    }
    copy_into(parameters, values);
}

ShownValues::~ShownValues() {
    copy_into(parameters_, former_);
}

} // namespace likeness
