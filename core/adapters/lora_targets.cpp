#include "core/adapters/lora_targets.h"

#include <algorithm>
#include <utility>

namespace likeness {

namespace {

std::string underscored(std::string name) {
    std::ranges::replace(name, '.', '_');
    return name;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

// What older versions of the libraries put around and into a dotted name.
std::string plain(std::string name) {
    for (const char* wrapping : {"base_model.model.", "model.diffusion_model."}) {
        replace_all(name, wrapping, "");
    }
    if (const auto at = name.find(".processor."); at != std::string::npos) {
        name.replace(at, 11, ".");
        if (name.ends_with(".to_out")) {
            name += ".0";
        }
    }
    if (name.find(".self_attn.to_") != std::string::npos) {
        for (const char* which : {"q", "k", "v", "out"}) {
            replace_all(name, std::string(".self_attn.to_") + which,
                        std::string(".self_attn.") + which + "_proj");
        }
    }
    return name;
}

} // namespace

const char* to_string(LoraComponent component) {
    switch (component) {
    case LoraComponent::unet:
        return "unet";
    case LoraComponent::text_encoder:
        return "text_encoder";
    case LoraComponent::text_encoder_2:
        return "text_encoder_2";
    }
    return "";
}

LoraTargets::LoraTargets(UNet2DCondition& unet, ClipText& text, ClipText* text_2) {
    for (NamedLayer& layer : named_layers(unet)) {
        const std::string name = layer.name, ldm = layer.ldm_name;
        add({.component = LoraComponent::unet, .layer = std::move(layer)},
            {name, "unet." + name, "lora_unet_" + underscored(name), "lycoris_" + underscored(name),
             "diffusion_model." + ldm, ldm, "lora_unet_" + underscored(ldm),
             "lycoris_" + underscored(ldm)});
    }
    const auto add_text = [this](ClipText& tower, LoraComponent component,
                                 const std::vector<std::string>& dotted,
                                 const std::vector<std::string>& mangled) {
        for (NamedLayer& layer : named_layers(tower)) {
            std::vector<std::string> spellings;
            std::vector<std::string> names{layer.name};
            if (layer.name.starts_with("text_model.")) { // transformers 5 leaves it out
                names.push_back(layer.name.substr(11));
            }
            for (const std::string& name : names) {
                for (const std::string& prefix : dotted) {
                    spellings.push_back(prefix + name);
                }
                for (const std::string& prefix : mangled) {
                    spellings.push_back(prefix + underscored(name));
                }
            }
            add({.component = component, .layer = std::move(layer)}, spellings);
        }
    };
    add_text(text, LoraComponent::text_encoder, {"text_encoder.", ""}, {"lora_te_", "lora_te1_"});
    if (text_2 != nullptr) {
        add_text(*text_2, LoraComponent::text_encoder_2, {"text_encoder_2."}, {"lora_te2_"});
    }
}

std::size_t LoraTargets::find(const std::string& module) const {
    const auto found = by_spelling_.find(plain(module));
    return found == by_spelling_.end() ? kNone : found->second;
}

void LoraTargets::add(LoraTarget target, const std::vector<std::string>& spellings) {
    for (const std::string& spelling : spellings) {
        by_spelling_.emplace(spelling, targets_.size());
    }
    targets_.push_back(std::move(target));
}

} // namespace likeness
