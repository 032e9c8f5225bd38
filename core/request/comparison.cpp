#include "core/request/comparison.h"

#include "core/base/check.h"
#include "core/request/json.h"
#include "core/request/limits.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <set>

#include <fmt/format.h>

namespace likeness {

namespace {

enum class Kind { number, whole, word };

constexpr std::pair<ComparisonField, const char*> kNames[] = {
    {ComparisonField::master_scale, "master_scale"},
    {ComparisonField::ip_adapter_scale, "ip_adapter_scale"},
    {ComparisonField::reference, "reference"},
    {ComparisonField::lora_scale, "lora_scale"},
    {ComparisonField::ip_adapter, "ip_adapter"},
    {ComparisonField::model, "model"},
    {ComparisonField::seed, "seed"},
    {ComparisonField::guidance_scale, "guidance_scale"},
    {ComparisonField::num_inference_steps, "num_inference_steps"},
    {ComparisonField::scheduler, "scheduler"}};

Kind kind_of(ComparisonField field) {
    switch (field) {
    case ComparisonField::master_scale:
    case ComparisonField::ip_adapter_scale:
    case ComparisonField::lora_scale:
    case ComparisonField::guidance_scale:
        return Kind::number;
    case ComparisonField::reference:
    case ComparisonField::seed:
    case ComparisonField::num_inference_steps:
        return Kind::whole;
    case ComparisonField::ip_adapter:
    case ComparisonField::model:
    case ComparisonField::scheduler:
        return Kind::word;
    }
    return Kind::word;
}

// A file of weights or a folder as captions call it.
std::string name_of(const std::string& path) {
    const std::filesystem::path file(path);
    const std::string ending = file.extension().string();
    const bool is_weights = ending == ".safetensors" || ending == ".ckpt" || ending == ".pt" ||
                            ending == ".pth" || ending == ".bin";
    return (is_weights ? file.stem() : file.filename()).string();
}

auto lora_of(const ComparisonAxis& axis, auto& request) {
    return std::ranges::find(request.loras, axis.lora, &Lora::path);
}

bool has_kind(const ComparisonValue& value, Kind kind) {
    return value.index() == static_cast<std::size_t>(kind);
}

Message words_of(Kind kind) {
    return kind == Kind::number  ? message("numbers")
           : kind == Kind::whole ? message("whole numbers")
                                 : message("words");
}

// What is wrong with an axis by itself; requests can be made of it when there is nothing.
void check_axis(const ComparisonSpec& spec, std::size_t number, std::vector<Problem>& problems) {
    const ComparisonAxis& axis = spec.axes[number];
    const std::string field = fmt::format("axes[{}]", number);
    const Kind kind = kind_of(axis.field);
    const std::size_t references = spec.base.references.size();
    if (axis.values.empty()) {
        problems.push_back({field + ".values", message("is empty; give at least one")});
    }
    std::set<ComparisonValue> seen;
    for (const ComparisonValue& value : axis.values) {
        if (!has_kind(value, kind)) {
            problems.push_back(
                {field + ".values", message("holds {}; {} takes {}", caption(axis, value),
                                            to_string(axis.field), words_of(kind))});
            continue;
        }
        if (!seen.insert(value).second) {
            problems.push_back(
                {field + ".values", message("holds {} twice", caption(axis, value))});
        }
        const auto* whole = std::get_if<std::uint64_t>(&value);
        if (axis.field == ComparisonField::reference && *whole >= references) {
            problems.push_back({field + ".values", message("names reference {}; there are {}",
                                                           *whole + 1, references)});
        }
        const auto* word = std::get_if<std::string>(&value);
        if (axis.field == ComparisonField::scheduler && !scheduler_from_string(*word)) {
            problems.push_back(
                {field + ".values",
                 message("holds \"{}\", expected {}", word->substr(0, 60), scheduler_words())});
        }
    }
    const bool one_reference = axis.field == ComparisonField::ip_adapter_scale;
    const auto index = static_cast<std::size_t>(std::max(axis.reference, 0));
    if (one_reference && (axis.reference < 0 || index >= references)) {
        problems.push_back({field + ".reference",
                            message("is {}; there are {} references", axis.reference, references)});
    }
    if (axis.field == ComparisonField::lora_scale &&
        lora_of(axis, spec.base) == spec.base.loras.end()) {
        problems.push_back({field + ".lora", message("is {}, which the request does not use",
                                                     name_of(axis.lora).substr(0, 60))});
    }
    if (axis.field == ComparisonField::master_scale && references == 0) {
        problems.push_back(
            {field + ".field", message("is the references' strength, and there are none")});
    }
}

} // namespace

const char* to_string(ComparisonField field) {
    const auto* row =
        std::ranges::find(kNames, field, &std::pair<ComparisonField, const char*>::first);
    return row == std::end(kNames) ? "" : row->second;
}

std::optional<ComparisonField> comparison_field_from_string(std::string_view name) {
    for (const auto& [field, text] : kNames) {
        if (name == text) {
            return field;
        }
    }
    return std::nullopt;
}

std::size_t column_count(const ComparisonSpec& spec) {
    return spec.axes.empty() ? 0 : spec.axes[0].values.size();
}

std::size_t row_count(const ComparisonSpec& spec) {
    return spec.axes.size() < 2 ? spec.axes.size() : spec.axes[1].values.size();
}

GenerationRequest with_value(GenerationRequest request, const ComparisonAxis& axis,
                             const ComparisonValue& value) {
    LIKENESS_CHECK(has_kind(value, kind_of(axis.field)), to_string(axis.field));
    const auto reference = [&](std::size_t index) -> ReferenceImage& {
        LIKENESS_CHECK(index < request.references.size(), "reference ", index);
        return request.references[index];
    };
    request.num_images = 1;
    switch (axis.field) {
    case ComparisonField::master_scale:
        request.master_scale = std::get<double>(value);
        break;
    case ComparisonField::ip_adapter_scale:
        reference(static_cast<std::size_t>(axis.reference)).ip_adapter_scale =
            std::get<double>(value);
        break;
    case ComparisonField::reference:
        request.references = {reference(std::get<std::uint64_t>(value))};
        break;
    case ComparisonField::lora_scale: {
        const auto lora = lora_of(axis, request);
        LIKENESS_CHECK(lora != request.loras.end(), "lora ", axis.lora);
        lora->scale = std::get<double>(value);
        break;
    }
    case ComparisonField::ip_adapter:
        request.ip_adapter = std::get<std::string>(value);
        break;
    case ComparisonField::model:
        request.model = std::get<std::string>(value);
        break;
    case ComparisonField::seed:
        request.seed = std::get<std::uint64_t>(value);
        break;
    case ComparisonField::guidance_scale:
        request.guidance_scale = std::get<double>(value);
        break;
    case ComparisonField::num_inference_steps:
        request.num_inference_steps = static_cast<int>(std::min<std::uint64_t>(
            std::get<std::uint64_t>(value), std::numeric_limits<int>::max()));
        break;
    case ComparisonField::scheduler:
        request.scheduler = scheduler_from_string(std::get<std::string>(value));
        break;
    }
    return request;
}

std::vector<GenerationRequest> expand(const ComparisonSpec& spec) {
    std::vector<GenerationRequest> requests;
    const std::size_t columns = column_count(spec);
    // A reference chosen alone is taken last: another axis may speak of its place in the tray.
    const bool first_is_choice =
        !spec.axes.empty() && spec.axes[0].field == ComparisonField::reference;
    for (std::size_t cell = 0; cell < columns * row_count(spec); ++cell) {
        const ComparisonAxis& across = spec.axes[0];
        const ComparisonValue& column = across.values[cell % columns];
        GenerationRequest request = spec.base;
        if (!first_is_choice) {
            request = with_value(std::move(request), across, column);
        }
        if (spec.axes.size() == 2) {
            request =
                with_value(std::move(request), spec.axes[1], spec.axes[1].values[cell / columns]);
        }
        if (first_is_choice) {
            request = with_value(std::move(request), across, column);
        }
        requests.push_back(std::move(request));
    }
    return requests;
}

Message caption(const ComparisonAxis& axis, const ComparisonValue& value) {
    if (const auto* number = std::get_if<double>(&value)) {
        const std::string shown = fmt::format("{:.4g}", *number);
        return axis.field == ComparisonField::lora_scale
                   ? verbatim(fmt::format("LoRA {} {}", name_of(axis.lora), shown))
                   : verbatim(shown);
    }
    if (const auto* whole = std::get_if<std::uint64_t>(&value)) {
        return axis.field == ComparisonField::reference ? message("reference {}", *whole + 1)
                                                        : part_of(*whole);
    }
    const std::string& word = std::get<std::string>(value);
    if (axis.field == ComparisonField::ip_adapter) {
        return word.empty() ? message("the model's own") : verbatim(name_of(word));
    }
    return verbatim(axis.field == ComparisonField::model ? name_of(word) : word);
}

Message caption(const ComparisonSpec& spec, std::size_t cell) {
    const std::size_t columns = column_count(spec);
    if (columns == 0 || cell >= columns * row_count(spec)) {
        return {};
    }
    const Message first = caption(spec.axes[0], spec.axes[0].values[cell % columns]);
    if (spec.axes.size() < 2) {
        return first;
    }
    const Message second = caption(spec.axes[1], spec.axes[1].values[cell / columns]);
    return joined(std::vector{first, second}, ", ");
}

std::vector<double> ladder_values(double from, double to, double step) {
    std::vector<double> values;
    if (!std::isfinite(from) || !std::isfinite(to) || !(step > 0) || !std::isfinite(step)) {
        return values;
    }
    constexpr double kRounding = 1e9;
    constexpr double kSlack = 1e-6; // of a step: 0.2 six times is 1.2
    for (std::size_t i = 0; i <= kMaxComparisonCells; ++i) {
        const double value = from + static_cast<double>(i) * step;
        if (value > to + kSlack * step) {
            break;
        }
        values.push_back(std::round(value * kRounding) / kRounding);
    }
    return values;
}

std::vector<ComparisonValue> ladder_axis_values(ComparisonField field, double from, double to,
                                                double step) {
    const Kind kind = kind_of(field);
    std::vector<ComparisonValue> values;
    if (kind == Kind::word) {
        return values;
    }
    for (const double value : ladder_values(from, to, step)) {
        if (kind == Kind::number) {
            values.emplace_back(value);
        } else if (value >= 0 && value < 1e15) {
            const auto whole = static_cast<std::uint64_t>(std::llround(value));
            if (values.empty() || std::get<std::uint64_t>(values.back()) != whole) {
                values.emplace_back(whole);
            }
        }
    }
    return values;
}

std::optional<ComparisonValue> value_between(const ComparisonValue& a, const ComparisonValue& b) {
    if (const auto* first = std::get_if<double>(&a)) {
        const auto* second = std::get_if<double>(&b);
        if (second == nullptr || *first == *second) {
            return std::nullopt;
        }
        constexpr double kRounding = 1e6;
        const double middle = std::round((*first + *second) / 2 * kRounding) / kRounding;
        const bool inside =
            middle > std::min(*first, *second) && middle < std::max(*first, *second);
        return inside ? std::optional<ComparisonValue>(middle) : std::nullopt;
    }
    if (const auto* first = std::get_if<std::uint64_t>(&a)) {
        const auto* second = std::get_if<std::uint64_t>(&b);
        if (second == nullptr) {
            return std::nullopt;
        }
        const auto [low, high] = std::minmax(*first, *second);
        return high - low >= 2 ? std::optional<ComparisonValue>(low + (high - low) / 2)
                               : std::nullopt;
    }
    return std::nullopt;
}

std::vector<Problem> validate(const ComparisonSpec& spec, const ModelTraits& traits) {
    std::vector<Problem> problems;
    if (spec.axes.empty() || spec.axes.size() > 2) {
        problems.push_back(
            {"axes", message("has {}; a comparison has one or two", spec.axes.size())});
        return problems;
    }
    for (std::size_t i = 0; i < spec.axes.size(); ++i) {
        check_axis(spec, i, problems);
    }
    if (spec.axes.size() == 2 && spec.axes[0].field == spec.axes[1].field &&
        spec.axes[0].reference == spec.axes[1].reference &&
        spec.axes[0].lora == spec.axes[1].lora) {
        problems.push_back({"axes[1].field", message("is {}, which the other axis varies too",
                                                     to_string(spec.axes[1].field))});
    }
    const std::size_t columns = column_count(spec);
    const std::size_t rows = row_count(spec);
    if (columns > kMaxComparisonCells || rows > kMaxComparisonCells ||
        columns * rows > kMaxComparisonCells) {
        problems.push_back({"axes", message("make more than {} pictures", kMaxComparisonCells)});
    }
    if (!problems.empty()) {
        return problems;
    }
    // What is known is known of the base's model: another one is checked by who runs it.
    const ModelTraits unknown{.vae_factor = 1, .has_ip_adapter = true};
    for (const GenerationRequest& request : expand(spec)) {
        for (Problem& problem :
             validate(request, request.model == spec.base.model ? traits : unknown)) {
            if (std::ranges::find(problems, problem) == problems.end()) {
                problems.push_back(std::move(problem));
            }
        }
    }
    return problems;
}

} // namespace likeness
