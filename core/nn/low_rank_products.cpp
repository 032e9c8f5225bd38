#include "core/nn/low_rank_products.h"

#include "core/kernels/low_rank.h"
#include "core/nn/kernel_tensors.h"

namespace likeness {

namespace {

constexpr int64_t kFewBlock = 16; // as kernels::to_few() reads it

} // namespace

Tensor packed_matrix(const Tensor& matrix, Turned turned, double factor, int64_t block) {
    const int64_t rows = matrix.size(0), columns = matrix.size(1);
    const kernels::MatrixView view =
        turned == Turned::yes ? kernels::MatrixView{floats(matrix), columns, rows, 1, columns}
                              : kernels::MatrixView{floats(matrix), rows, columns, columns, 1};
    const int64_t blocks = (view.n + block - 1) / block;
    Tensor made = at::empty({blocks, (view.k + 1) / 2, block, 2}, at::kBFloat16);
    kernels::pack_matrix(view, static_cast<float>(factor), block, room(made));
    return made;
}

Tensor packed_to_few(const Tensor& matrix, Turned turned, double factor) {
    return packed_matrix(matrix, turned, factor, kFewBlock);
}

void to_few(const Tensor& x, const Tensor& packed, const Tensor& y) {
    kernels::to_few({.x = bits(x),
                     .rows = x.numel() / x.size(-1),
                     .in = x.size(-1),
                     .packed = bits(packed),
                     .kept = y.size(-1),
                     .y = room(y)});
}

Tensor to_few(const Tensor& x, const Tensor& packed, int64_t columns) {
    Tensor y = empty_rows(x, few_columns(columns));
    to_few(x, packed, y);
    return y;
}

Tensor over_rows(const Tensor& few, int64_t n, const Tensor& x, double factor, Turned turned) {
    const int64_t in = x.size(-1);
    const bool plain = turned == Turned::no;
    Tensor y = at::empty(plain ? at::IntArrayRef({n, in}) : at::IntArrayRef({in, n}), at::kFloat);
    kernels::over_rows({.few = bits(few),
                        .few_stride = few.size(-1),
                        .n = n,
                        .x = bits(x),
                        .rows = x.numel() / in,
                        .in = in,
                        .factor = static_cast<float>(factor),
                        .y = y.mutable_data_ptr<float>(),
                        .i_stride = plain ? in : 1,
                        .j_stride = plain ? 1 : n});
    return y;
}

} // namespace likeness
