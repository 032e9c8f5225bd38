#include "core/base/error.h"
#include "core/request/comparison.h"
#include "core/request/json.h"
#include "core/request/json_text.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

namespace likeness {

namespace {

using Json = nlohmann::json;

[[noreturn]] void refuse(const Message& why) {
    throw Error(ErrorCode::bad_request, message("The comparison could not be read: {}.", why));
}

void only(const Json& object, const Message& name, std::span<const std::string_view> known) {
    if (!object.is_object()) {
        refuse(message("{} is not an object", name));
    }
    for (const auto& [key, value] : object.items()) {
        if (std::ranges::find(known, key) == known.end()) {
            refuse(message(
                "{} has the unknown key {}", name,
                Json(key.substr(0, 60)).dump(-1, ' ', true, Json::error_handler_t::replace)));
        }
    }
}

// Whole numbers are read as numbers where the field has fractions: "1" is 1.0 there.
ComparisonValue read_value(const Json& json, ComparisonField field, const std::string& name) {
    switch (field) {
    case ComparisonField::master_scale:
    case ComparisonField::ip_adapter_scale:
    case ComparisonField::lora_scale:
    case ComparisonField::guidance_scale:
        if (json.is_number()) {
            return json.get<double>();
        }
        refuse(message("{} holds something that is not a number", name));
    case ComparisonField::reference:
    case ComparisonField::seed:
    case ComparisonField::num_inference_steps:
        if (json.is_number_unsigned()) {
            return json.get<std::uint64_t>();
        }
        refuse(message("{} holds something that is not a whole number from 0", name));
    case ComparisonField::ip_adapter:
    case ComparisonField::model:
    case ComparisonField::scheduler:
        break;
    }
    if (!json.is_string()) {
        refuse(message("{} holds something that is not text", name));
    }
    return json.get<std::string>();
}

ComparisonAxis read_axis(const Json& json, const std::string& name) {
    constexpr std::string_view kKeys[] = {"field", "reference", "lora", "values"};
    only(json, verbatim(name), kKeys);
    ComparisonAxis axis;
    const auto field = json.find("field");
    if (field == json.end() || !field->is_string()) {
        refuse(message("{} has no field", name));
    }
    const auto known = comparison_field_from_string(field->get_ref<const std::string&>());
    if (!known) {
        refuse(message("{} varies a field that is not known", name));
    }
    axis.field = *known;
    if (const auto reference = json.find("reference"); reference != json.end()) {
        if (!reference->is_number_unsigned() ||
            reference->get<std::uint64_t>() >= kMaxComparisonCells) {
            refuse(message("{}.reference is not a small whole number", name));
        }
        axis.reference = reference->get<int>();
    }
    if (const auto lora = json.find("lora"); lora != json.end()) {
        if (!lora->is_string()) {
            refuse(message("{}.lora is not text", name));
        }
        axis.lora = lora->get<std::string>();
    }
    const auto values = json.find("values");
    if (values == json.end() || !values->is_array()) {
        refuse(message("{} has no list of values", name));
    }
    if (values->size() > kMaxComparisonCells) {
        refuse(
            message("{} has {} values; the most is {}", name, values->size(), kMaxComparisonCells));
    }
    for (const Json& value : *values) {
        axis.values.push_back(read_value(value, axis.field, name + ".values"));
    }
    return axis;
}

std::vector<ComparisonAxis> read_axes(const Json& json) {
    const auto axes = json.find("axes");
    if (axes == json.end() || !axes->is_array() || axes->size() > 2) {
        refuse(message("it has no list of one or two axes"));
    }
    std::vector<ComparisonAxis> read;
    for (std::size_t i = 0; i < axes->size(); ++i) {
        read.push_back(read_axis((*axes)[i], fmt::format("axes[{}]", i)));
    }
    return read;
}

nlohmann::ordered_json write_axes(const std::vector<ComparisonAxis>& axes) {
    auto json = nlohmann::ordered_json::array();
    for (const ComparisonAxis& axis : axes) {
        nlohmann::ordered_json item;
        item["field"] = to_string(axis.field);
        if (axis.field == ComparisonField::ip_adapter_scale) {
            item["reference"] = axis.reference;
        }
        if (axis.field == ComparisonField::lora_scale) {
            item["lora"] = axis.lora;
        }
        item["values"] = nlohmann::ordered_json::array();
        for (const ComparisonValue& value : axis.values) {
            std::visit([&](const auto& plain) { item["values"].push_back(plain); }, value);
        }
        json.push_back(std::move(item));
    }
    return json;
}

std::string text_of(const nlohmann::ordered_json& json) {
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

PaneRecord read_pane(const Json& json, const std::string& name) {
    constexpr std::string_view kKeys[] = {"file", "failure"};
    only(json, verbatim(name), kKeys);
    const auto word = [&](const char* key) {
        const auto found = json.find(key);
        if (found != json.end() && !found->is_string()) {
            refuse(message("{}.{} is not text", name, key));
        }
        return found == json.end() ? std::string() : found->get<std::string>();
    };
    return {.file = word("file"), .failure = word("failure")};
}

} // namespace

std::string to_json(const ComparisonSpec& spec) {
    nlohmann::ordered_json json;
    json["base"] = nlohmann::ordered_json::parse(to_json(spec.base));
    json["axes"] = write_axes(spec.axes);
    return text_of(json);
}

ComparisonSpec comparison_from_json(std::string_view text) {
    const Json json = parse_json_text(text);
    constexpr std::string_view kKeys[] = {"base", "axes"};
    only(json, message("it"), kKeys);
    ComparisonSpec spec;
    if (const auto base = json.find("base"); base != json.end()) {
        spec.base = request_from_json(base->dump());
    }
    spec.axes = read_axes(json);
    return spec;
}

std::string to_json(const ComparisonRecord& record) {
    nlohmann::ordered_json json;
    json["axes"] = write_axes(record.axes);
    json["panes"] = nlohmann::ordered_json::array();
    for (const PaneRecord& pane : record.panes) {
        auto item = nlohmann::ordered_json::object();
        if (!pane.file.empty()) {
            item["file"] = pane.file;
        }
        if (!pane.failure.empty()) {
            item["failure"] = pane.failure;
        }
        json["panes"].push_back(std::move(item));
    }
    return text_of(json);
}

ComparisonRecord comparison_record_from_json(std::string_view text) {
    const Json json = parse_json_text(text);
    constexpr std::string_view kKeys[] = {"axes", "panes"};
    only(json, message("it"), kKeys);
    ComparisonRecord record{.axes = read_axes(json)};
    const ComparisonSpec shape{.axes = record.axes};
    const std::size_t cells = column_count(shape) * row_count(shape);
    const auto panes = json.find("panes");
    if (panes == json.end() || !panes->is_array() || panes->size() != cells) {
        refuse(message("its panes are not the {} that its axes have", cells));
    }
    for (std::size_t i = 0; i < panes->size(); ++i) {
        record.panes.push_back(read_pane((*panes)[i], fmt::format("panes[{}]", i)));
    }
    return record;
}

} // namespace likeness
