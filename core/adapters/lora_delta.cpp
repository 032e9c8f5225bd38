#include "core/adapters/lora_delta.h"

#include <ATen/ops/addmm.h>
#include <ATen/ops/kron.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/mm.h>

#include <algorithm>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace likeness {

namespace {

// A layer's weight as rows and columns: a kernel's [out, in, k, k] is [out, in * k * k].
struct Matrix {
    int64_t out = 0, in = 1, kernel = 1;

    explicit Matrix(const std::vector<int64_t>& weight) : out(weight.at(0)) {
        if (weight.size() > 1) {
            in = weight[1];
            kernel = c10::multiply_integers(weight.begin() + 2, weight.end());
        }
    }

    explicit Matrix(const Tensor& weight) : Matrix(weight.sizes().vec()) {}

    int64_t columns() const { return in * kernel; }
};

// Whether the parts of one module are of sizes that multiply to the layer's.
class Fit {
public:
    Fit(const LoraModule& module, const std::vector<int64_t>& weight, const Tensor& bias)
        : module_(module), weight_(weight), bias_(bias), matrix_(weight) {}

    bool all() const {
        if (module_.has("bias") && !vector("bias", bias_)) {
            return false;
        }
        if (module_.has("diff_b") && !vector("diff_b", bias_)) {
            return false;
        }
        if (module_.has("magnitude") && count("magnitude") != matrix_.out) {
            return false;
        }
        if (module_.has("dora_scale") && count("dora_scale") != matrix_.out &&
            count("dora_scale") != matrix_.in) {
            return false;
        }
        switch (module_.kind) {
        case LoraKind::lora:
            return is_matrix() && lora();
        case LoraKind::loha:
            return is_matrix() && loha();
        case LoraKind::lokr:
            return is_matrix() && lokr();
        case LoraKind::full:
            return (!module_.has("diff") || same("diff")) && (!module_.has("set") || same("set"));
        }
        return false;
    }

private:
    using Shape = std::vector<int64_t>;

    const Shape& shape(std::string_view part) const {
        return module_.parts.find(part)->second.shape;
    }

    int64_t count(std::string_view part) const {
        if (std::ranges::find(shape(part), 0) != shape(part).end()) {
            return 0; // the other sizes may be anything
        }
        int64_t product = 1;
        for (const int64_t n : shape(part)) {
            product *= n; // of values that lie in the file
        }
        return product;
    }

    bool is_matrix() const { return weight_.size() > 1; }

    bool vector(std::string_view part, const Tensor& like) const {
        return like.defined() && count(part) == like.numel();
    }

    bool same(std::string_view part) const {
        return count(part) == c10::multiply_integers(weight_);
    }

    // [rows, columns], also with a kernel of ones or as the layer's kernel behind.
    bool is(std::string_view part, int64_t rows, int64_t columns) const {
        const Shape& s = shape(part);
        return rows > 0 && s.size() >= 2 && s.size() <= 4 && s[0] == rows &&
               count(part) / rows == columns && count(part) % rows == 0 && columns > 0;
    }

    // A core of [i, j, k, k] for two factors of those ranks.
    bool is_core(std::string_view part, int64_t i, int64_t j) const {
        const Shape& s = shape(part);
        return i > 0 && j > 0 && s.size() == 4 && s[0] == i && s[1] == j &&
               s[2] <= matrix_.kernel && s[3] <= matrix_.kernel && s[2] * s[3] == matrix_.kernel;
    }

    bool lora() const {
        const int64_t rank = module_.rank();
        if (!is("up", matrix_.out, rank)) {
            return false;
        }
        if (module_.has("mid")) {
            return is("down", rank, matrix_.in) && is_core("mid", rank, rank);
        }
        return is("down", rank, matrix_.columns());
    }

    bool loha() const {
        for (const std::string n : {"1", "2"}) {
            const std::string a = "w" + n + "_a", b = "w" + n + "_b", t = "t" + n;
            const int64_t rank = module_.size(b, 0);
            const bool fits =
                module_.has(t) ? is(a, module_.size(a, 0), matrix_.out) &&
                                     is(b, rank, matrix_.in) && is_core(t, module_.size(a, 0), rank)
                               : is(a, matrix_.out, rank) && is(b, rank, matrix_.columns());
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    // The Kronecker product's factors [a, b] and [c, d * kernel]: a c = out, b d = in.
    bool lokr() const {
        int64_t a = module_.size("w1", 0), b = module_.size("w1", 1);
        if (!module_.has("w1")) {
            const int64_t rank = module_.size("w1_b", 0);
            a = module_.size("w1_a", 0);
            b = module_.size("w1_b", 1);
            if (!is("w1_a", a, rank) || !is("w1_b", rank, b)) {
                return false;
            }
        } else if (!is("w1", a, b)) {
            return false;
        }
        if (a < 1 || b < 1 || matrix_.out % a != 0 || matrix_.in % b != 0) {
            return false;
        }
        const int64_t c = matrix_.out / a, d = matrix_.in / b;
        if (module_.has("w2")) {
            return is("w2", c, d * matrix_.kernel);
        }
        const int64_t rank = module_.size("w2_b", 0);
        if (module_.has("t2")) {
            const int64_t first = module_.size("w2_a", 0);
            return is("w2_a", first, c) && is("w2_b", rank, d) && is_core("t2", first, rank);
        }
        return is("w2_a", c, rank) && is("w2_b", rank, d * matrix_.kernel);
    }

    const LoraModule& module_;
    const std::vector<int64_t>& weight_;
    const Tensor& bias_;
    Matrix matrix_;
};

// One module's tensors as float32 matrices on the layer's device.
struct Reader {
    const LoraFile& file;
    const LoraModule& module;
    at::Device device;

    Tensor operator()(std::string_view part) const {
        const Tensor tensor = file.part(module, part).to(device, at::kFloat);
        return tensor.dim() < 2 ? tensor : tensor.reshape({tensor.size(0), -1});
    }

    // core [i, j, k, k], a [i, p], b [j, r] -> sum over i and j, [p, r * k * k]
    Tensor tucker(std::string_view core, const Tensor& a, const Tensor& b) const {
        const Tensor whole = file.part(module, core).to(device, at::kFloat);
        const int64_t i = whole.size(0), j = whole.size(1);
        const Tensor left = at::mm(a.t(), whole.reshape({i, -1})).view({a.size(1), j, -1});
        const Tensor both = at::matmul(left.transpose(1, 2), b); // [p, k k, r]
        return both.transpose(1, 2).reshape({a.size(1), -1});
    }

    Tensor loha_factor(const std::string& n) const {
        const Tensor a = (*this)("w" + n + "_a"), b = (*this)("w" + n + "_b");
        return module.has("t" + n) ? tucker("t" + n, a, b) : at::mm(a, b);
    }

    Tensor lokr() const {
        const Tensor w1 =
            module.has("w1") ? (*this)("w1") : at::mm((*this)("w1_a"), (*this)("w1_b"));
        if (module.has("w2")) {
            return at::kron(w1, (*this)("w2"));
        }
        const Tensor a = (*this)("w2_a"), b = (*this)("w2_b");
        return at::kron(w1, module.has("t2") ? tucker("t2", a, b) : at::mm(a, b));
    }

    // The difference without any scale, [out, in * k * k]; of a norm [channels, 1].
    Tensor delta() const {
        switch (module.kind) {
        case LoraKind::lora:
            return module.has("mid") ? tucker("mid", (*this)("up").t(), (*this)("down"))
                                     : at::mm((*this)("up"), (*this)("down"));
        case LoraKind::loha:
            return loha_factor("1") * loha_factor("2");
        case LoraKind::lokr:
            return lokr();
        case LoraKind::full:
            return file.part(module, "diff").to(device, at::kFloat);
        }
        return {};
    }
};

// DoRA's own length of each row, or of each column where it counts as many as the layer reads.
Tensor with_magnitude(const LoraModule& module, const Tensor& magnitude, const Tensor& weight,
                      const Matrix& matrix) {
    constexpr double kLeast = std::numeric_limits<float>::min(); // a row of zeros stays one
    const bool by_row =
        module.has("magnitude") || (magnitude.numel() == matrix.out &&
                                    (magnitude.dim() < 2 || magnitude.size(0) == matrix.out));
    if (by_row) {
        const Tensor length = weight.norm(2, at::IntArrayRef({1}), true).clamp_min(kLeast);
        return weight * (magnitude.view({-1, 1}) / length);
    }
    const Tensor kernels = weight.view({matrix.out, matrix.in, matrix.kernel});
    const Tensor length = kernels.norm(2, at::IntArrayRef({0, 2}), true).clamp_min(kLeast);
    return (kernels * (magnitude.view({1, -1, 1}) / length)).view_as(weight);
}

void add_piece(Tensor& sum, const Tensor& weight, const LoraPiece& piece) {
    const LoraModule& module = *piece.module;
    const Reader read{*piece.file, module, sum.device()};
    const double factor = piece.file->scale(module);
    if (module.has("set")) {
        const Tensor wanted = piece.file->part(module, "set").to(sum.device(), at::kFloat);
        sum.add_(wanted.reshape(sum.sizes()) - weight.to(at::kFloat).reshape(sum.sizes()),
                 piece.scale);
    } else if (module.is_dora()) {
        const Matrix matrix(weight);
        const Tensor base = weight.to(at::kFloat).reshape(sum.sizes());
        const Tensor moved = base + factor * read.delta().reshape(sum.sizes());
        const char* part = module.has("magnitude") ? "magnitude" : "dora_scale";
        const Tensor magnitude = piece.file->part(module, part).to(sum.device(), at::kFloat);
        sum.add_(with_magnitude(module, magnitude, moved, matrix) - base, piece.scale);
    } else if (module.kind == LoraKind::lora && !module.has("mid")) {
        sum.addmm_(read("up"), read("down"), 1, factor * piece.scale);
    } else if (module.kind != LoraKind::full || module.has("diff")) {
        sum.add_(read.delta().reshape(sum.sizes()), factor * piece.scale);
    }
}

bool touches_weight(const LoraPiece& piece) {
    return piece.module->kind != LoraKind::full || piece.module->has("diff") ||
           piece.module->has("set");
}

} // namespace

Message lora_misfit(const LoraModule& module, const std::vector<int64_t>& weight,
                    const Tensor& bias) {
    if (Fit(module, weight, bias).all()) {
        return {};
    }
    std::vector<std::string> shapes;
    for (const auto& [part, entry] : module.parts) {
        if (part != "alpha") {
            shapes.push_back(fmt::format("{} [{}]", part, fmt::join(entry.shape, ", ")));
        }
    }
    return message("{} ({}; the layer is [{}])", module.name, fmt::join(shapes, ", "),
                   fmt::join(weight, ", "));
}

Tensor merged_weight(const Tensor& weight, const std::vector<LoraPiece>& pieces) {
    if (std::ranges::none_of(pieces, touches_weight)) {
        return weight;
    }
    const auto rows = weight.size(0);
    // A copy even where the weight is float32 already.
    Tensor sum = weight.to(at::kFloat, false, true).contiguous().view({rows, -1});
    for (const LoraPiece& piece : pieces) {
        add_piece(sum, weight, piece);
    }
    return sum.view(weight.sizes()).to(weight.scalar_type());
}

Tensor merged_bias(const Tensor& bias, const std::vector<LoraPiece>& pieces) {
    Tensor sum;
    for (const LoraPiece& piece : pieces) {
        for (const char* part : {"bias", "diff_b"}) {
            if (piece.module->has(part)) {
                sum = sum.defined() ? sum : bias.to(at::kFloat, false, true);
                const double factor =
                    part == std::string_view("bias") ? piece.file->scale(*piece.module) : 1;
                sum.add_(piece.file->part(*piece.module, part)
                             .to(sum.device(), at::kFloat)
                             .reshape(sum.sizes()),
                         factor * piece.scale);
            }
        }
    }
    return sum.defined() ? sum.to(bias.scalar_type()) : sum;
}

} // namespace likeness
