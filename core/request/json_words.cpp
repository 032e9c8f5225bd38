#include "core/request/json.h"

namespace likeness {

const char* to_string(PromptSyntax syntax) {
    return syntax == PromptSyntax::plain ? "plain" : "weighted";
}

std::optional<PromptSyntax> syntax_from_string(std::string_view name) {
    for (const PromptSyntax syntax : {PromptSyntax::weighted, PromptSyntax::plain}) {
        if (name == to_string(syntax)) {
            return syntax;
        }
    }
    return std::nullopt;
}

const char* to_string(CombineMode mode) {
    switch (mode) {
    case CombineMode::join:
        return "join";
    case CombineMode::average:
        return "average";
    }
    return "join";
}

std::optional<CombineMode> combine_from_string(std::string_view name) {
    for (const CombineMode mode : {CombineMode::join, CombineMode::average}) {
        if (name == to_string(mode)) {
            return mode;
        }
    }
    return std::nullopt;
}

const char* to_string(InputFit fit) {
    return fit == InputFit::crop ? "crop" : "resize";
}

std::optional<InputFit> input_fit_from_string(std::string_view name) {
    for (const InputFit fit : {InputFit::resize, InputFit::crop}) {
        if (name == to_string(fit)) {
            return fit;
        }
    }
    return std::nullopt;
}

const char* to_string(EncoderFit fit) {
    switch (fit) {
    case EncoderFit::crop:
        return "crop";
    case EncoderFit::squash:
        return "squash";
    case EncoderFit::pad:
        return "pad";
    }
    return "crop";
}

std::optional<EncoderFit> fit_from_string(std::string_view name) {
    for (const EncoderFit fit : {EncoderFit::crop, EncoderFit::squash, EncoderFit::pad}) {
        if (name == to_string(fit)) {
            return fit;
        }
    }
    return std::nullopt;
}

} // namespace likeness
