#pragma once

#include <ATen/core/ivalue.h>

#include <utility>

namespace likeness {

inline constexpr const char* kKeptForBackward = "kept";

template <typename T>
struct KeptForBackward : torch::CustomClassHolder {
    explicit KeptForBackward(T one) : value(std::move(one)) {}

    T value;
};

// What backward() of a node of autograd's graph needs beside tensors with a gradient.
template <typename Context, typename T>
void keep(Context* context, T value) {
    context->saved_data[kKeptForBackward] =
        c10::IValue::make_capsule(c10::make_intrusive<KeptForBackward<T>>(std::move(value)));
}

template <typename T, typename Context>
const T& kept(Context* context) {
    return static_cast<const KeptForBackward<T>*>(
               context->saved_data[kKeptForBackward].toCapsule().get())
        ->value;
}

} // namespace likeness
