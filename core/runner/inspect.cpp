#include "core/runner/inspect.h"

#include "core/base/error.h"
#include "core/models/autoencoder_kl.h"
#include "core/models/clip_text.h"
#include "core/models/clip_vision.h"
#include "core/models/unet_2d_condition.h"
#include "core/pipelines/sd_model.h"
#include "core/request/model_folder.h"
#include "core/runner/inspect_lora.h"
#include "core/weights/safetensors.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <functional>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace likeness {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kNamed = 8; // tensors named in one problem

using Shape = std::vector<int64_t>;

// The shape without ones at its end: old files keep a Linear as a 1 x 1 kernel.
Shape without_last_ones(Shape shape) {
    while (!shape.empty() && shape.back() == 1) {
        shape.pop_back();
    }
    return shape;
}

// Notes what a network asks for and compares it with a file's header. The network is built of
// tensors that have a shape and no memory.
class HeaderSource : public WeightSource {
public:
    explicit HeaderSource(const std::map<std::string, TensorEntry>& entries) : entries_(entries) {}

    // Only for tensors whose presence a network asks after; everything else goes through make().
    std::optional<Shape> shape(const std::string& name) const override {
        const auto found = entries_.find(name);
        return name == "text_projection.weight" && found != entries_.end()
                   ? std::optional(found->second.shape)
                   : std::nullopt;
    }

    Tensor take(const std::string& name) override {
        return at::zeros(entries_.at(name).shape, at::kFloat);
    }

    Tensor make(const std::string& name, const Shape& wanted) override {
        used_.insert(name);
        const auto found = entries_.find(name);
        if (found == entries_.end()) {
            missing_.insert(name);
        } else if (without_last_ones(found->second.shape) != without_last_ones(wanted)) {
            misshaped_.insert(fmt::format("{} ([{}] in the file, [{}] by the config)", name,
                                          fmt::join(found->second.shape, ", "),
                                          fmt::join(wanted, ", ")));
        } else if (found->second.dtype.find('F') == std::string::npos) {
            misshaped_.insert(fmt::format("{} (stored as {}, expected floating-point numbers)",
                                          name, found->second.dtype));
        }
        return at::empty(wanted, at::TensorOptions().dtype(at::kFloat).device(at::kMeta));
    }

    std::vector<std::string> names() const override { return {}; }

    std::vector<std::string> problems(const std::set<std::string>& ignored) const {
        std::set<std::string> unexpected;
        for (const auto& [name, entry] : entries_) {
            if (!used_.contains(name) && !ignored.contains(name)) {
                unexpected.insert(name);
            }
        }
        std::vector<std::string> out;
        const auto tell = [&out](const char* what, const std::set<std::string>& names) {
            if (names.empty()) {
                return;
            }
            const std::vector<std::string> all(names.begin(), names.end());
            const std::size_t shown = std::min(kNamed, all.size());
            out.push_back(fmt::format(
                "{} {}: {}{}", all.size(), what,
                fmt::join(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
                all.size() > shown ? fmt::format(" and {} more", all.size() - shown) : ""));
        };
        tell("missing", missing_);
        tell("of another shape", misshaped_);
        tell("not expected", unexpected);
        return out;
    }

private:
    const std::map<std::string, TensorEntry>& entries_;
    std::set<std::string> used_{"text_projection.weight"}, missing_, misshaped_;
};

ComponentReport summary(const SafetensorsFile& file) {
    ComponentReport report;
    for (const auto& [name, entry] : file.entries()) {
        std::uint64_t count = 1;
        for (const int64_t size : entry.shape) {
            count *= static_cast<std::uint64_t>(size);
        }
        ++report.tensors;
        ++report.dtypes[entry.dtype];
        report.parameters += count;
        report.bytes += entry.end - entry.begin;
    }
    return report;
}

std::string variant_of(const fs::path& file) {
    return file.filename().string().find(".fp16.") != std::string::npos ? "fp16" : "";
}

// Builds the network of a component over the header of its weights.
using Build = std::function<void(const Weights& weights)>;

ComponentReport inspect_component(const fs::path& folder, const std::string& name,
                                  const std::string& base, const std::set<std::string>& ignored,
                                  const Build& build) {
    ComponentReport report{.name = name};
    try {
        const fs::path path = weights_file(folder / name, base);
        const auto file = SafetensorsFile::open(path);
        report = summary(*file);
        report.name = name;
        report.file = name + "/" + path.filename().string();
        report.variant = variant_of(path);
        const auto source = std::make_shared<HeaderSource>(file->entries());
        build(Weights(source, WeightOptions{}));
        report.problems = source->problems(ignored);
    } catch (const Error& error) {
        report.problems.emplace_back(error.what());
    }
    return report;
}

AdapterReport inspect_adapter(const SafetensorsFile& file) {
    AdapterReport report{.kind = "unknown", .file = summary(file)};
    const auto& entries = file.entries();
    const auto size = [&entries](const char* name, std::size_t index) -> int64_t {
        const auto found = entries.find(name);
        return found != entries.end() && index < found->second.shape.size()
                   ? found->second.shape[index]
                   : 0;
    };
    while (entries.contains(fmt::format("ip_adapter.{}.to_k_ip.weight", 2 * report.layers + 1))) {
        ++report.layers;
    }
    report.cross_attention_dim = size("ip_adapter.1.to_k_ip.weight", 1);
    if (size("image_proj.proj.weight", 0) > 0 && size("image_proj.norm.weight", 0) > 0) {
        report.kind = "plain";
        report.num_tokens = size("image_proj.proj.weight", 0) / size("image_proj.norm.weight", 0);
        report.encoder_width = size("image_proj.proj.weight", 1);
    } else if (size("image_proj.latents", 1) > 0 && size("image_proj.proj_in.weight", 1) > 0) {
        report.kind = "plus";
        report.num_tokens = size("image_proj.latents", 1);
        report.encoder_width = size("image_proj.proj_in.weight", 1);
    } else {
        report.file.problems.emplace_back(
            "its image projection is of a kind this program does not read (plain and plus are; "
            "FaceID and full are not)");
    }
    if (report.layers == 0) {
        report.file.problems.emplace_back("it has no ip_adapter.1.to_k_ip.weight");
    }
    if (report.cross_attention_dim == 768 && report.layers == 16) {
        report.base = "sd15";
    } else if (report.cross_attention_dim == 2048 && report.layers == 70) {
        report.base = "sdxl";
    }
    return report;
}

ModelReport inspect_folder(const fs::path& path) {
    const ModelFolder folder = read_model_folder(path);
    ModelReport report{.path = path.string(),
                       .kind = "model",
                       .family = to_string(folder.family),
                       .layout = "diffusers"};
    const std::set<std::string> text_extras{"text_model.embeddings.position_ids"};
    const auto text = [&](const char* name, const nlohmann::json& config) {
        report.components.push_back(
            inspect_component(path, name, "model", text_extras, [&](const Weights& w) {
                ClipText(w, ClipTextConfig::from_json(config));
            }));
    };
    text("text_encoder", folder.text_encoder);
    if (folder.family == ModelFamily::sdxl) {
        text("text_encoder_2", folder.text_encoder_2);
    }
    report.components.push_back(
        inspect_component(path, "unet", "diffusion_pytorch_model", {}, [&](const Weights& w) {
            UNet2DCondition(w, UNet2DConditionConfig::from_json(folder.unet));
        }));
    report.components.push_back(
        inspect_component(path, "vae", "diffusion_pytorch_model", {}, [&](const Weights& w) {
            AutoencoderKL(w, AutoencoderKLConfig::from_json(folder.vae));
        }));
    if (!folder.image_encoder.empty()) {
        report.components.push_back(
            inspect_component(path, "image_encoder", "model",
                              {"vision_model.embeddings.position_ids"}, [&](const Weights& w) {
                                  ClipVision(w, ClipVisionConfig::from_json(read_json_file(
                                                    folder.image_encoder / "config.json")));
                              }));
    }
    for (const char* tokenizer : {"tokenizer", "tokenizer_2"}) {
        if (tokenizer == std::string("tokenizer") || folder.family == ModelFamily::sdxl) {
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
            own = inspect_adapter(*SafetensorsFile::open(adapter.path));
        } catch (const Error& error) {
            own.kind = "unknown";
            own.file.problems.emplace_back(error.what());
        }
        own.name = adapter.name;
        own.file.file = "ip_adapter/" + adapter.path.filename().string();
        const auto width = folder.unet.value("cross_attention_dim", int64_t{0});
        if (own.file.problems.empty() && own.cross_attention_dim != width) {
            own.file.problems.push_back(
                fmt::format("its layers read {} values a token, this model's UNet gives {}",
                            own.cross_attention_dim, width));
        }
        report.adapters.push_back(std::move(own));
    }
    report.words = fmt::format("a diffusers folder of the {} family",
                               folder.family == ModelFamily::sdxl ? "SDXL" : "SD 1.5");
    return report;
}

// What a single file of tensors is, told from their names.
ModelReport inspect_file(const fs::path& path) {
    const auto file = SafetensorsFile::open(path);
    ModelReport report{.path = path.string(), .kind = "tensors", .words = "a safetensors file"};
    ComponentReport whole = summary(*file);
    whole.file = path.filename().string();
    whole.variant = variant_of(path);
    const auto& entries = file->entries();
    const auto any_starts = [&entries](const std::string& start) {
        const auto found = entries.lower_bound(start);
        return found != entries.end() && found->first.starts_with(start);
    };
    if (any_starts("ip_adapter.") || any_starts("image_proj.")) {
        report.kind = "ip_adapter";
        report.adapters.push_back(inspect_adapter(*file));
        AdapterReport& adapter = report.adapters.back();
        adapter.name = path.stem().string();
        adapter.file.file = whole.file;
        report.family = adapter.base;
        report.words =
            fmt::format("an IP-Adapter ({}, {} tokens)", adapter.kind, adapter.num_tokens);
        return report;
    }
    if ((report.lora = inspect_lora(*file))) {
        report.kind = "lora";
        report.family = report.lora->base;
        report.words = words_of(*report.lora);
        if (const auto& strangers = report.lora->strangers; !strangers.empty()) {
            report.problems.push_back(fmt::format(
                "{} of its tensors are of a kind this program does not read: {}{}",
                strangers.size(), strangers.front(), strangers.size() > 1 ? " and others" : ""));
        }
    } else if ((report.word = inspect_word(*file, path))) {
        report.kind = "textual_inversion";
        report.family = report.word->base;
        report.words = fmt::format("a textual inversion: {} in prompts, {} vectors of {} values",
                                   report.word->token, report.word->vectors,
                                   fmt::join(report.word->widths, " and "));
    } else if (any_starts("model.diffusion_model.")) {
        report.kind = "checkpoint";
        report.layout = "single_file";
        report.family = any_starts("conditioner.embedders.1.") ? "sdxl" : "sd15";
        report.words = "a single-file checkpoint of the Stable Diffusion line";
        report.notes.emplace_back("this version opens diffusers folders, not single files");
    } else {
        const std::pair<const char*, const char*> parts[] = {
            {"down_blocks.", "UNet"},
            {"decoder.", "VAE"},
            {"vision_model.", "CLIP image encoder"},
            {"text_model.", "CLIP text encoder"}};
        const auto part = std::ranges::find_if(
            parts, [&](const auto& candidate) { return any_starts(candidate.first); });
        if (part != std::end(parts)) {
            report.kind = "component";
            report.words = fmt::format("a component of a diffusers folder: a {}", part->second);
            report.notes.emplace_back("choose the folder of the whole model");
        } else {
            report.notes.emplace_back("its tensors are of no kind this program knows");
        }
    }
    report.components.push_back(std::move(whole));
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
    return fs::is_directory(path) ? inspect_folder(path) : inspect_file(path);
}

} // namespace likeness
