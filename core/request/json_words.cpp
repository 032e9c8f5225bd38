#include "core/request/json.h"
#include "core/request/named.h"

#include <array>

namespace likeness {

const char* to_string(PromptSyntax syntax) {
    return syntax == PromptSyntax::plain ? "plain" : "weighted";
}

std::optional<PromptSyntax> syntax_from_string(std::string_view name) {
    return named(name, std::array{PromptSyntax::weighted, PromptSyntax::plain});
}

const char* to_string(CombineMode mode) {
    return mode == CombineMode::average ? "average" : "join";
}

std::optional<CombineMode> combine_from_string(std::string_view name) {
    return named(name, std::array{CombineMode::join, CombineMode::average});
}

const char* to_string(InputFit fit) {
    return fit == InputFit::crop ? "crop" : "resize";
}

std::optional<InputFit> input_fit_from_string(std::string_view name) {
    return named(name, std::array{InputFit::resize, InputFit::crop});
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
    return named(name, std::array{EncoderFit::crop, EncoderFit::squash, EncoderFit::pad});
}

} // namespace likeness
