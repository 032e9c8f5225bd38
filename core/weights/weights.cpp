#include "core/weights/weights.h"

#include "core/base/check.h"
#include "core/base/error.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>

#include <fmt/format.h>

namespace likeness {

namespace {

// True where any value has an exponent of all ones (infinities and NaNs of IEEE formats). One pass,
// no branches, so that it runs at the speed of memory.
template <typename Bits>
bool any_all_ones_exponent(const void* data, int64_t count, Bits exponent) {
    constexpr int64_t kBlock = 4096;
    const auto* values = static_cast<const Bits*>(data);
    for (int64_t start = 0; start < count; start += kBlock) {
        const int64_t end = std::min(count, start + kBlock);
        Bits found = 0;
        for (int64_t i = start; i < end; ++i) {
            found =
                static_cast<Bits>(found | static_cast<Bits>((values[i] & exponent) == exponent));
        }
        if (found != 0) {
            return true;
        }
    }
    return false;
}

bool has_nonfinite(const Tensor& tensor) {
    if (tensor.numel() == 0) {
        return false;
    }
    const Tensor dense = tensor.detach().to(at::kCPU).contiguous();
    const void* data = dense.const_data_ptr();
    const int64_t count = dense.numel();
    switch (dense.scalar_type()) {
    case at::kFloat:
        return any_all_ones_exponent<std::uint32_t>(data, count, 0x7f800000U);
    case at::kHalf:
        return any_all_ones_exponent<std::uint16_t>(data, count, 0x7c00U);
    case at::kBFloat16:
        return any_all_ones_exponent<std::uint16_t>(data, count, 0x7f80U);
    case at::kDouble:
        return any_all_ones_exponent<std::uint64_t>(data, count, 0x7ff0000000000000ULL);
    case at::kFloat8_e5m2:
        return any_all_ones_exponent<std::uint8_t>(data, count, 0x7cU);
    case at::kFloat8_e4m3fn:
        return any_all_ones_exponent<std::uint8_t>(data, count, 0x7fU); // has no infinity
    default:
        return false;
    }
}

// Float32 and wider values may pass the largest float16 (65504) on the way.
bool may_overflow(at::ScalarType from, at::ScalarType to) {
    return to == at::kHalf && from != at::kHalf && from != at::kFloat8_e5m2 &&
           from != at::kFloat8_e4m3fn;
}

std::string to_text(at::IntArrayRef shape) {
    std::string text = "[";
    for (std::size_t i = 0; i < shape.size(); ++i) {
        text += fmt::format("{}{}", i == 0 ? "" : ", ", shape[i]);
    }
    return text + "]";
}

bool ends_with_part(std::string_view name, std::string_view part) {
    return name == part || (name.size() > part.size() && name.ends_with(part) &&
                            name[name.size() - part.size() - 1] == '.');
}

// FNV-1a, so that a tensor's draw depends on its name and not on the order in which a network asks.
std::uint64_t hash_of(std::string_view name, std::uint64_t seed) {
    std::uint64_t hash = 14695981039346656037ULL ^ (seed * 0x9e3779b97f4a7c15ULL);
    for (const char c : name) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    }
    return hash;
}

Tensor draw(const std::string& name, const std::vector<int64_t>& shape, std::uint64_t seed) {
    const auto options = at::TensorOptions().dtype(at::kFloat);
    const std::uint64_t hash = hash_of(name, seed);
    // The CPU generator takes the low 32 bits of its seed.
    at::Generator generator = at::detail::createCPUGenerator((hash ^ (hash >> 32)) & 0xffffffffULL);
    const bool is_table = shape.size() == 2 && name.ends_with("embedding.weight");
    if (is_table || ends_with_part(name, "class_embedding")) {
        return at::randn(shape, generator, options).mul_(0.02);
    }
    if (ends_with_part(name, "latents")) { // the resampler's queries, [1, num_queries, dim]
        return at::randn(shape, generator, options)
            .div_(std::sqrt(static_cast<double>(shape.back())));
    }
    if (shape.size() >= 2) {
        int64_t fan_in = 1;
        for (std::size_t i = 1; i < shape.size(); ++i) {
            fan_in *= shape[i];
        }
        const double bound = 1.0 / std::sqrt(static_cast<double>(std::max<int64_t>(fan_in, 1)));
        return at::empty(shape, options).uniform_(-bound, bound, generator);
    }
    return ends_with_part(name, "weight") ? at::ones(shape, options) : at::zeros(shape, options);
}

// "a, b, c and 12 more"
Message listed(const std::vector<Message>& items) {
    constexpr std::size_t kShown = 8;
    if (items.size() <= kShown) {
        return joined(items, ", ");
    }
    return message("{} and {} more", joined(std::span(items).first(kShown), ", "),
                   items.size() - kShown);
}

// A tensor that is asked for again is not told again.
void add(std::vector<Message>& list, Message item, bool asked_before) {
    if (!asked_before || std::ranges::find(list, item) == list.end()) {
        list.push_back(std::move(item));
    }
}

} // namespace

Tensor WeightSource::make(const std::string&, const std::vector<int64_t>&) {
    return {};
}

std::optional<std::vector<int64_t>> MapSource::shape(const std::string& name) const {
    const auto found = tensors_.find(name);
    return found == tensors_.end() ? std::nullopt : std::optional(found->second.sizes().vec());
}

std::vector<std::string> MapSource::names() const {
    std::vector<std::string> names;
    for (const auto& [name, tensor] : tensors_) {
        names.push_back(name);
    }
    return names;
}

ParameterSource::ParameterSource(std::uint64_t seed, TensorMap initial, WeightOptions wanted)
    : seed_(seed), initial_(std::move(initial)), wanted_(wanted) {}

Tensor ParameterSource::make(const std::string& name, const std::vector<int64_t>& shape) {
    if (const auto found = parameters_.find(name); found != parameters_.end()) {
        LIKENESS_CHECK(found->second.sizes() == at::IntArrayRef(shape), name,
                       " is asked for with two shapes: ", found->second.sizes(), " and ",
                       at::IntArrayRef(shape));
        return found->second;
    }
    const auto given = initial_.find(name);
    const bool fits = given != initial_.end() && given->second.sizes() == at::IntArrayRef(shape);
    const Tensor value =
        fits ? given->second.detach().to(at::kFloat).clone() : draw(name, shape, seed_);
    const bool kernel = shape.size() == 4 && wanted_.device.is_cuda();
    Tensor parameter =
        value.to(wanted_.device, wanted_.dtype)
            .contiguous(kernel ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous)
            .set_requires_grad(true);
    parameters_.emplace(name, parameter);
    return parameter;
}

std::vector<std::string> ParameterSource::names() const {
    std::vector<std::string> names;
    for (const auto& [name, tensor] : parameters_) {
        names.push_back(name);
    }
    return names;
}

Weights::Weights(std::shared_ptr<WeightSource> source, WeightOptions options)
    : source_(std::move(source)), report_(std::make_shared<Report>()), options_(options) {}

Weights Weights::operator/(std::string_view name) const {
    Weights below = *this;
    below.prefix_ = full_name(name);
    return below;
}

std::string Weights::full_name(std::string_view name) const {
    return prefix_.empty() ? std::string(name) : prefix_ + "." + std::string(name);
}

std::optional<std::vector<int64_t>> Weights::shape(std::string_view name) const {
    return source_->shape(full_name(name));
}

Tensor Weights::get(std::string_view name, const std::vector<int64_t>& shape) const {
    const std::string full = full_name(name);
    const auto nothing = [&] {
        return at::zeros({}, at::TensorOptions().dtype(options_.dtype).device(options_.device))
            .expand(shape);
    };
    const bool before = !report_->used.insert(full).second;
    const auto found = source_->shape(full);
    if (!found) {
        Tensor made = source_->make(full, shape);
        if (made.defined()) {
            return made;
        }
        add(report_->missing, verbatim(full), before);
        return nothing();
    }
    if (*found != shape) {
        add(report_->misshaped,
            message("{} ({} in the file, {} by the config)", full, to_text(*found), to_text(shape)),
            before);
        return nothing();
    }
    if (only_checked_) {
        return nothing();
    }
    const Tensor stored = source_->take(full);
    if (!stored.is_floating_point()) {
        add(report_->misshaped,
            message("{} (stored as {}, expected floating-point numbers)", full,
                    c10::toString(stored.scalar_type())),
            before);
        return nothing();
    }
    source_->between_pieces();
    if (has_nonfinite(stored)) {
        add(report_->nonfinite, verbatim(full), before);
        return nothing();
    }
    source_->between_pieces();
    Tensor wanted = stored.to(at::TensorOptions().dtype(options_.dtype).device(options_.device));
    if (may_overflow(stored.scalar_type(), options_.dtype) && has_nonfinite(wanted)) {
        add(report_->nonfinite, message("{} (past float16's 65504)", full), before);
        return nothing();
    }
    source_->between_pieces();
    return wanted;
}

Weights Weights::only_checked() const {
    Weights checked = *this;
    checked.only_checked_ = true;
    checked.options_.pack = false;
    return checked;
}

Weights Weights::from(std::shared_ptr<WeightSource> source) const {
    Weights other = *this;
    other.source_ = std::move(source);
    other.report_ = std::make_shared<Report>();
    return other;
}

void Weights::check(std::string_view component) const {
    throw_problems(component, {});
}

void Weights::finish(std::string_view component, const std::set<std::string>& ignored) const {
    std::vector<Message> unexpected;
    for (const std::string& name : source_->names()) {
        const bool ours = prefix_.empty() || name.starts_with(prefix_ + ".");
        if (ours && !report_->used.contains(name) && !ignored.contains(name)) {
            unexpected.push_back(verbatim(name));
        }
    }
    throw_problems(component, unexpected);
}

void Weights::throw_problems(std::string_view component,
                             const std::vector<Message>& unexpected) const {
    std::vector<Message> found;
    const auto tell = [&found](const Message& what, const std::vector<Message>& names) {
        if (!names.empty()) {
            found.push_back(message("{} {}: {}", names.size(), what, listed(names)));
        }
    };
    tell(message("missing"), report_->missing);
    tell(message("of another shape"), report_->misshaped);
    tell(message("with infinite or undefined values"), report_->nonfinite);
    tell(message("not expected"), unexpected);
    if (found.empty()) {
        return;
    }
    const Message detail = joined(found, "\n");
    const bool incomplete = !report_->missing.empty() && report_->misshaped.empty();
    throw Error(
        incomplete ? ErrorCode::model_incomplete : ErrorCode::model_mismatch,
        message("The model could not be opened: the tensors of its {} do not fit its config.\n{}",
                component, detail),
        detail.text());
}

} // namespace likeness
