#include "core/inspect/inspect.h"

#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/checkpoint/adapter_file.h"
#include "core/checkpoint/load_header.h"
#include "core/configs/network_shapes.h"
#include "core/inspect/inspect_file.h"
#include "core/inspect/inspect_network.h"
#include "core/request/model_folder.h"
#include "core/request/weights_file.h"
#include "core/text/clip_tokenizer.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

namespace likeness {

namespace fs = std::filesystem;

namespace {

// What a component's config describes, for the tensors of its file.
using Wanted = std::function<NetworkShapes(const TensorPlaces& places)>;

ComponentReport inspect_component(const fs::path& folder, const std::string& name,
                                  const std::string& base, const std::set<std::string>& ignored,
                                  const Wanted& wanted) {
    ComponentReport report{.name = name};
    try {
        const fs::path path = weights_file(folder / name, base);
        const TensorPlaces places = plain_places(load_header(path), "");
        report = summary(places);
        report.name = name;
        report.file = name + "/" + path.filename().string();
        report.variant = variant_of(path);
        report.problems = network_problems(places, ignored, wanted(places));
    } catch (const Error& error) {
        report.problems.emplace_back(error.what());
    }
    return report;
}

ModelReport inspect_folder(const fs::path& path) {
    const ModelFolder folder = read_model_folder(path);
    ModelReport report{.path = path.string(),
                       .kind = "model",
                       .family = to_string(folder.family),
                       .layout = "diffusers"};
    const std::set<std::string> text_extras{"text_model.embeddings.position_ids",
                                            "embeddings.position_ids"};
    const auto text = [&](const char* name, const nlohmann::json& config) {
        report.components.push_back(
            inspect_component(path, name, "model", text_extras, [&](const TensorPlaces& places) {
                return clip_text_shapes(ClipTextConfig::from_json(config), places);
            }));
    };
    const bool has_first = !folder.text_encoder.is_null(); // a refiner has the second alone
    const bool has_second = !folder.text_encoder_2.is_null();
    if (has_first) {
        text("text_encoder", folder.text_encoder);
    }
    if (has_second) {
        text("text_encoder_2", folder.text_encoder_2);
    }
    report.components.push_back(
        inspect_component(path, "unet", "diffusion_pytorch_model", {}, [&](const TensorPlaces&) {
            return unet_shapes(UNet2DConditionConfig::from_json(folder.unet));
        }));
    report.components.push_back(
        inspect_component(path, "vae", "diffusion_pytorch_model", {}, [&](const TensorPlaces&) {
            return autoencoder_kl_shapes(AutoencoderKLConfig::from_json(folder.vae));
        }));
    if (!folder.image_encoder.empty()) {
        report.components.push_back(
            inspect_component(path, "image_encoder", "model",
                              {"vision_model.embeddings.position_ids"}, [&](const TensorPlaces&) {
                                  return clip_vision_shapes(ClipVisionConfig::from_json(
                                      read_json_file(folder.image_encoder / "config.json")));
                              }));
    }
    for (const auto& [tokenizer, is_used] :
         {std::pair("tokenizer", has_first), std::pair("tokenizer_2", has_second)}) {
        if (is_used) {
            try {
                ClipTokenizer::load(path / tokenizer);
            } catch (const Error& error) {
                report.problems.push_back(fmt::format("{}: {}", tokenizer, error.what()));
            }
        }
    }
    for (const AdapterFile& adapter : folder.ip_adapters) {
        AdapterReport own;
        try {
            own = inspect_adapter(load_safetensors_header(adapter.path));
        } catch (const Error& error) {
            own.kind = "unknown";
            own.file.problems.emplace_back(error.what());
        }
        own.name = adapter.name;
        own.file.file = "ip_adapter/" + adapter.path.filename().string();
        const auto told = folder.unet.find("cross_attention_dim");
        const int64_t width = told != folder.unet.end() && told->is_number_integer()
                                  ? told->get<int64_t>()
                                  : 0; // what it is instead is the UNet's problem
        if (width > 0 && own.file.problems.empty() && own.cross_attention_dim != width) {
            own.file.problems.push_back(
                fmt::format("its layers read {} values a token, this model's UNet gives {}",
                            own.cross_attention_dim, width));
        }
        report.adapters.push_back(std::move(own));
    }
    report.words = fmt::format("a diffusers folder of the {} family", family_words(folder.family));
    return report;
}

} // namespace

bool ModelReport::sound() const {
    return problems.empty() &&
           std::ranges::all_of(components,
                               [](const ComponentReport& c) { return c.problems.empty(); }) &&
           std::ranges::all_of(adapters,
                               [](const AdapterReport& a) { return a.file.problems.empty(); });
}

ModelReport inspect_model(const fs::path& path) {
    return is_folder(path) ? inspect_folder(path) : inspect_file(path);
}

} // namespace likeness
