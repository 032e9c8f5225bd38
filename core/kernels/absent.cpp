// Where the compiler or the processor's kind has no AVX-512: choice.cpp says that no kernel runs,
// and these are only there for the linker.

#include "core/base/check.h"
#include "core/kernels/attention_gradient.h"
#include "core/kernels/convolution.h"
#include "core/kernels/geglu.h"
#include "core/kernels/linear.h"
#include "core/kernels/low_rank.h"
#include "core/kernels/norm.h"

namespace likeness::kernels {

namespace {

[[noreturn]] void absent() {
    LIKENESS_CHECK(false, "a kernel was called that is not compiled in");
    __builtin_unreachable();
}

} // namespace

void group_norm(const GroupNormCall&) {
    absent();
}

void layer_norm(const LayerNormCall&) {
    absent();
}

void group_norm_gradient(const GroupNormCall&, const bf16*) {
    absent();
}

void layer_norm_gradient(const LayerNormCall&, const bf16*) {
    absent();
}

void geglu(const GegluCall&) {
    absent();
}

void geglu_gradient(const GegluCall&, const bf16*) {
    absent();
}

void pack_matrix(const MatrixView&, float, std::int64_t, bf16*) {
    absent();
}

void to_few(const ToFewCall&) {
    absent();
}

void over_rows(const OverRowsCall&) {
    absent();
}

void pack_linear(const bf16*, std::int64_t, std::int64_t, bf16*) {
    absent();
}

void unpack_linear(const bf16*, std::int64_t, std::int64_t, bf16*) {
    absent();
}

void linear(const LinearCall&) {
    absent();
}

void attention(const AttentionCall&) {
    absent();
}

void attention_gradient(const AttentionGradientCall&) {
    absent();
}

void pack_winograd(const bf16*, std::int64_t, std::int64_t, bf16*) {
    absent();
}

void winograd(const ConvolutionCall&) {
    absent();
}

void pack_to_few(const bf16*, std::int64_t, std::int64_t, bf16*) {
    absent();
}

void convolve_to_few(const ConvolutionCall&) {
    absent();
}

void patches(const PatchesCall&) {
    absent();
}

} // namespace likeness::kernels
