#include "core/inspect/inspect_file.h"

#include "core/base/error.h"
#include "core/checkpoint/adapter_file.h"
#include "core/checkpoint/load_header.h"
#include "core/checkpoint/model_file.h"
#include "core/checkpoint/taesd_file.h"
#include "core/configs/network_shapes.h"
#include "core/inspect/inspect_lora.h"
#include "core/inspect/inspect_network.h"
#include "core/inspect/licence.h"
#include "core/pickle/conversion.h"
#include "core/request/weights_file.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace likeness {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostTaesdLayers = 256;
constexpr int kMostTaesdDoublings = 4; // of the size; published ones double it three times

// What a component's network reads.
NetworkShapes shapes_of(const std::string& component, const FileComponent& part) {
    const nlohmann::json& config = part.config;
    if (component == "unet") {
        return unet_shapes(UNet2DConditionConfig::from_json(config));
    }
    if (component == "vae") {
        return autoencoder_kl_shapes(AutoencoderKLConfig::from_json(config));
    }
    if (component == "image_encoder") {
        return clip_vision_shapes(ClipVisionConfig::from_json(config));
    }
    return clip_text_shapes(ClipTextConfig::from_json(config), part.places);
}

// Compares a part of a file with the network that its config describes.
ComponentReport inspect_part(const std::string& name, const FileComponent& part) {
    ComponentReport report = summary(part.places);
    report.name = name;
    try {
        report.problems = network_problems(part.places, {}, shapes_of(name, part));
    } catch (const Error& error) {
        report.problems.emplace_back(error.what());
    }
    return report;
}

std::string channel_words(int64_t in_channels) {
    switch (in_channels) {
    case 4:
        return "";
    case 8:
        return ", instruct-pix2pix (8 channels)";
    case 9:
        return ", inpainting (9 channels)";
    default:
        return fmt::format(", {} channels", in_channels);
    }
}

void inspect_model_file(ModelReport& report, const SafetensorsHeader& header) {
    report.kind = "checkpoint";
    report.layout = "single_file";
    report.words = "a single-file checkpoint of the Stable Diffusion line";
    ModelFile file;
    try {
        file = read_model_file(report.path, header);
    } catch (const Error& error) {
        report.problems.emplace_back(error.what());
        return;
    }
    const FileComponent& unet = file.components.at("unet");
    const bool v = file.scheduler.at("prediction_type") == "v_prediction";
    report.family = to_string(file.family);
    report.words = fmt::format(
        "a single-file checkpoint of the {} family{}{}{}", family_words(file.family),
        channel_words(unet.config.at("in_channels").get<int64_t>()), v ? ", predicts v" : "",
        file.scheduler.contains("rescale_betas_zero_snr") ? ", zero terminal SNR" : "");
    for (const char* name : {"text_encoder", "text_encoder_2", "unet", "vae"}) {
        const auto found = file.components.find(name);
        if (found != file.components.end()) {
            report.components.push_back(inspect_part(name, found->second));
        }
    }
    if (!file.components.contains("vae")) {
        report.notes.emplace_back("it brings no VAE: one is named beside it with --vae");
    }
    if (file.family == ModelFamily::sdxl_refiner) {
        report.notes.emplace_back(
            "a refiner goes on from a picture: --image, or --refiner of an SDXL base model");
    }
    if (!file.unknown.empty()) {
        const auto shown = std::min<std::size_t>(8, file.unknown.size());
        report.notes.push_back(
            fmt::format("{} tensors are not used: {}{}", file.unknown.size(),
                        fmt::join(file.unknown.begin(),
                                  file.unknown.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
                        file.unknown.size() > shown ? ", ..." : ""));
    }
}

void inspect_adapter_file(ModelReport& report, const SafetensorsHeader& header) {
    report.kind = "ip_adapter";
    AdapterReport adapter = inspect_adapter(header);
    const fs::path path(report.path);
    adapter.name = path.stem().string();
    adapter.file.file = path.filename().string();
    report.family = adapter.base;
    report.words = fmt::format("an IP-Adapter ({}, {} tokens)", adapter.kind, adapter.num_tokens);
    if (!adapter.encoder.empty() && adapter.file.problems.empty()) {
        const bool big = adapter.encoder == "ViT-bigG/14";
        report.notes.push_back(fmt::format(
            "it reads the {} of CLIP {} ({})",
            adapter.kind == "plain" ? "image embedding" : "hidden states", adapter.encoder,
            big ? "sdxl_models/image_encoder" : "models/image_encoder"));
    }
    report.adapters.push_back(std::move(adapter));
}

// A TAESD is told from its own shapes: every layer is a convolution or a block of three.
std::vector<std::string> taesd_problems(const TensorPlaces& places) {
    NetworkShapes wanted;
    const auto convolution = [&wanted](const std::string& name, int64_t in, int64_t out) {
        wanted[name + ".weight"] = {out, in, 3, 3};
        wanted[name + ".bias"] = {out};
    };
    bool ends_in_convolution = false, fits = true;
    int64_t channels = 0; // what the layer before gives
    int gaps = 0, doublings = 0;
    for (std::size_t i = 0; i < kMostTaesdLayers; ++i) {
        const std::string layer = fmt::format("decoder.layers.{}", i);
        const auto kernel = [&](const char* name) -> std::vector<int64_t> {
            const auto found = places.find(layer + name);
            return found != places.end() && found->second.shape.size() == 4
                       ? found->second.shape
                       : std::vector<int64_t>();
        };
        if (const auto shape = kernel(".weight"); !shape.empty()) {
            convolution(layer, shape[1], shape[0]);
            if (!places.contains(layer + ".bias")) {
                wanted.erase(layer + ".bias");
            }
            ends_in_convolution = true;
            fits = fits && (channels == 0 || channels == shape[1]);
            channels = shape[0];
            doublings += std::exchange(gaps, 0);
        } else if (const auto block = kernel(".conv.0.weight"); !block.empty()) {
            convolution(layer + ".conv.0", block[1], block[0]);
            convolution(layer + ".conv.2", block[0], block[0]);
            convolution(layer + ".conv.4", block[0], block[0]);
            if (block[0] != block[1]) {
                wanted[layer + ".skip.weight"] = {block[0], block[1], 1, 1};
            }
            ends_in_convolution = false;
            fits = fits && channels == block[1];
            channels = block[0];
            doublings += std::exchange(gaps, 0);
        } else if (i != 1) { // that one has no tensors of its own
            ++gaps;
        }
    }
    auto problems = network_problems(places, {}, wanted);
    if (!ends_in_convolution || !fits || channels != 3 || doublings > kMostTaesdDoublings) {
        problems.emplace_back("its tensors are no TAESD decoder");
    }
    return problems;
}

// A file of one network or of something else that is not a whole model.
void inspect_other(ModelReport& report, const SafetensorsHeader& header, ComponentReport whole) {
    if (const auto taesd = taesd_decoder_places(header); !taesd.empty()) {
        report.kind = "taesd";
        report.words = "a tiny VAE for previews (TAESD), its decoder";
        whole.problems = taesd_problems(taesd);
        report.notes.emplace_back("beside a model and named taesd... (taesdxl... for SDXL) it "
                                  "draws the previews");
    } else if (is_taesd_encoder(header)) {
        report.kind = "taesd";
        report.words = "a tiny VAE for previews (TAESD), its encoder";
        report.notes.emplace_back("previews need the decoder, taesd_decoder.safetensors");
    } else if (const auto vae = read_vae_file(report.path, header, ModelFamily::sd15)) {
        report.kind = "component";
        report.words = "a VAE";
        const ComponentReport part = inspect_part(
            "vae", {.places = vae->places,
                    .config = config_beside(report.path, vae->config, "block_out_channels")});
        whole.name = "vae";
        whole.problems = part.problems;
        report.notes.emplace_back("use it with --vae");
    } else if (const auto encoder = read_image_encoder_file(header)) {
        report.kind = "component";
        report.hidden_size = encoder->config.at("hidden_size").get<int64_t>();
        report.words =
            fmt::format("a CLIP image encoder, {} layers of {} values",
                        encoder->config.at("num_hidden_layers").get<int64_t>(), report.hidden_size);
        const ComponentReport part =
            inspect_part("image_encoder",
                         {.places = encoder->places,
                          .config = config_beside(report.path, encoder->config, "hidden_size")});
        whole.name = "image_encoder";
        whole.problems = part.problems;
        report.notes.emplace_back("use it with --image-encoder");
    } else {
        const std::pair<const char*, const char*> parts[] = {{"down_blocks.", "UNet"},
                                                             {"text_model.", "CLIP text encoder"}};
        const auto part = std::ranges::find_if(
            parts, [&](const auto& candidate) { return header.any_starts(candidate.first); });
        if (part != std::end(parts)) {
            report.kind = "component";
            report.words = fmt::format("a component of a diffusers folder: a {}", part->second);
            report.notes.emplace_back("choose the folder of the whole model");
        } else {
            report.notes.emplace_back("its tensors are of no kind this program knows");
        }
    }
    report.components.push_back(std::move(whole));
}

} // namespace

AdapterReport inspect_adapter(const SafetensorsHeader& header) {
    const TensorPlaces places = adapter_places(header);
    const AdapterFacts facts = adapter_facts(places);
    AdapterReport report{.kind = facts.kind,
                         .num_tokens = facts.num_tokens,
                         .encoder_width = facts.encoder_width,
                         .encoder = facts.encoder,
                         .cross_attention_dim = facts.cross_attention_dim,
                         .layers = facts.layers,
                         .base = facts.base,
                         .file = summary(places)};
    if (facts.kind.starts_with("faceid")) {
        report.file.problems.emplace_back(kFaceIdReason);
    } else if (facts.kind == "unknown") {
        report.file.problems.emplace_back(
            "its image projection is of a kind this program does not read (plain, plus and full "
            "are)");
    }
    if (facts.layers == 0) {
        report.file.problems.emplace_back("it has no ip_adapter.1.to_k_ip.weight");
    }
    std::vector<std::string> kinds;
    for (const char* name : {"proj.weight", "proj.3.weight", "latents"}) {
        if (places.contains(std::string("image_proj.") + name)) {
            kinds.emplace_back(name);
        }
    }
    if (kinds.size() > 1) {
        report.file.problems.push_back(fmt::format(
            "its image projection is of several kinds at once ({})", fmt::join(kinds, ", ")));
    } else if (report.file.problems.empty() &&
               (facts.num_tokens < 1 || facts.encoder_width < 1 || facts.cross_attention_dim < 1)) {
        report.file.problems.emplace_back("its image projection or its layers are of no size");
    }
    return report;
}

ModelReport inspect_file(const fs::path& path) {
    const SafetensorsHeader header = load_header(path);
    ModelReport report{.path = path.string(),
                       .kind = "tensors",
                       .words = "a safetensors file",
                       .licence = licence_of_notes(header.metadata)};
    if (is_pickle_file(path)) {
        report.words = "an old pickle of tensors";
        report.notes.emplace_back(
            "it is a pickle: converted, none of it run, when it is first used "
            "(or by `likeness models convert`)");
    }
    if (is_adapter_file(header)) {
        inspect_adapter_file(report, header);
        return report;
    }
    ComponentReport whole = summary(plain_places(header, ""));
    whole.file = path.filename().string();
    whole.variant = variant_of(path);
    if ((report.lora = inspect_lora(header))) {
        report.kind = "lora";
        report.family = report.lora->base;
        report.words = words_of(*report.lora);
        if (const auto& strangers = report.lora->strangers; !strangers.empty()) {
            report.problems.push_back(fmt::format(
                "{} of its tensors are of a kind this program does not read: {}{}",
                strangers.size(), strangers.front(), strangers.size() > 1 ? " and others" : ""));
        }
        report.components.push_back(std::move(whole));
    } else if (is_model_file(header)) {
        inspect_model_file(report, header);
        report.components.push_back(std::move(whole));
    } else if ((report.word = inspect_word(header, path))) {
        report.kind = "textual_inversion";
        report.family = report.word->base;
        report.words = fmt::format("a textual inversion: {} in prompts, {} vectors of {} values",
                                   report.word->token, report.word->vectors,
                                   fmt::join(report.word->widths, " and "));
        report.components.push_back(std::move(whole));
    } else {
        inspect_other(report, header, std::move(whole));
    }
    return report;
}

} // namespace likeness
