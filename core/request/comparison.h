#pragma once

#include "core/request/generation_request.h"
#include "core/request/validate.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace likeness {

// The fields of a request that a comparison can vary, spelled as the request's JSON spells them.
enum class ComparisonField {
    master_scale,
    ip_adapter_scale, // of one reference
    reference,        // which one acts, alone; counted from 0
    lora_scale,       // of one LoRA
    ip_adapter,
    model,
    seed,
    guidance_scale,
    num_inference_steps,
    scheduler,
};

// Numbers with a fraction, whole numbers (seed, num_inference_steps, reference) and words
// (ip_adapter, model, scheduler).
using ComparisonValue = std::variant<double, std::uint64_t, std::string>;

struct ComparisonAxis {
    ComparisonField field = ComparisonField::master_scale;
    int reference = 0;  // whose ip_adapter_scale; 0 for the other fields
    std::string lora{}; // whose lora_scale: its path; empty for the other fields
    std::vector<ComparisonValue> values{};

    bool operator==(const ComparisonAxis&) const = default;
};

// Requests that differ in one or two fields only. One axis is a ladder; of two the first runs
// across, the second down.
struct ComparisonSpec {
    GenerationRequest base{};
    std::vector<ComparisonAxis> axes{};

    bool operator==(const ComparisonSpec&) const = default;
};

inline constexpr std::size_t kMaxComparisonCells = 64;

// What became of one picture of a comparison.
struct PaneRecord {
    std::string file{};    // its name in the library; empty: it was not made
    std::string failure{}; // why it was not made, for the screen; empty: it was not tried

    bool operator==(const PaneRecord&) const = default;
};

// A comparison's way so far, as it is kept on disk beside its base: one pane a cell.
struct ComparisonRecord {
    std::vector<ComparisonAxis> axes{};
    std::vector<PaneRecord> panes{};

    bool operator==(const ComparisonRecord&) const = default;
};

const char* to_string(ComparisonField field);
std::optional<ComparisonField> comparison_field_from_string(std::string_view name);

// Cells across and down.
std::size_t column_count(const ComparisonSpec& spec);
std::size_t row_count(const ComparisonSpec& spec);

// The base with that axis set to that value: one picture. Throws CheckFailed on a value of another
// kind than the field's and on a reference that is not there (validate tells both).
GenerationRequest with_value(GenerationRequest request, const ComparisonAxis& axis,
                             const ComparisonValue& value);

// One request a cell, row after row; they differ in the axes' fields alone, so they share the seed
// unless the seed is an axis.
std::vector<GenerationRequest> expand(const ComparisonSpec& spec);

// What differs in that cell, and nothing else: "0.4", "0.4, euler", "LoRA film 0.4".
Message caption(const ComparisonSpec& spec, std::size_t cell);
Message caption(const ComparisonAxis& axis, const ComparisonValue& value);

// `from`, `from + step`, ... up to `to`, each rounded so that 0.2 three times is 0.6; at most
// one more than kMaxComparisonCells, so that too many are refused rather than cut. Empty where the
// step is not above zero or the end lies before the start.
std::vector<double> ladder_values(double from, double to, double step);

// The same as values of that field: whole numbers where it has whole numbers; none for words.
std::vector<ComparisonValue> ladder_axis_values(ComparisonField field, double from, double to,
                                                double step);

// The value halfway between two neighbours of an axis, where there is one.
std::optional<ComparisonValue> value_between(const ComparisonValue& a, const ComparisonValue& b);

// All problems at once: no axis or more than two, a field twice, no values or one twice, values of
// the wrong kind, a reference or a LoRA that is not there, more than kMaxComparisonCells cells, and
// what validate() says about the requests it makes.
std::vector<Problem> validate(const ComparisonSpec& spec, const ModelTraits& traits);

// {"base": request, "axes": [{"field", "reference"?, "lora"?, "values"}]}. spec -> JSON -> spec ->
// JSON is the same text; an unknown key or a wrong type throws Error{bad_request}.
std::string to_json(const ComparisonSpec& spec);
ComparisonSpec comparison_from_json(std::string_view text);

// {"axes": [...], "panes": [{"file"?, "failure"?}]}, in the same way; another count of panes than
// the axes have cells is refused too.
std::string to_json(const ComparisonRecord& record);
ComparisonRecord comparison_record_from_json(std::string_view text);

} // namespace likeness
