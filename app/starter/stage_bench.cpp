// Stage bench: scores of a finished folder on unseen products, next to what the autoencoder alone
// allows and what text alone gives; written beside the weights with their hashes.

#include "app/starter/evaluators.h"
#include "app/starter/stage.h"
#include "core/base/atomic_file.h"
#include "core/base/hash.h"
#include "core/base/read_file.h"
#include "core/imageio/save.h"
#include "core/pipelines/sd_pipeline.h"
#include "core/request/resolve.h"
#include "core/tensor/image_tensor.h"
#include "core/weights/safetensors.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>

#include <cmath>
#include <map>

#include <fmt/format.h>

namespace likeness::starter {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kFirstId =
    800'000'000;                           // bench subjects: far from training's and the samples'
constexpr std::int64_t kSheetPictures = 8; // rows of the contact sheet

// One product of a combination that training never saw, in a scene to be made and another for the
// reference.
struct Case {
    Pictured target{};
    synth::Scene reference_scene{};
    std::uint64_t seed = 0;
};

Case make_case(std::uint64_t index) {
    const auto split = synth::Split::held_out;
    const synth::SceneMix clear{.occluder = 0.0, .styled = 0.0};
    Case made;
    made.target.subject = synth::make_subject(kFirstId + index, split);
    made.target.scene =
        synth::make_scene(2 * (kFirstId + index), made.target.subject, split, clear);
    made.reference_scene =
        synth::make_scene(2 * (kFirstId + index) + 1, made.target.subject, split, clear);
    made.seed = index;
    return made;
}

// Right and shown, by attribute; and the standard error of the share.
class Score {
public:
    void add(const AttributeHeads& heads, const Tensor& features, const Pictured& told) {
        const auto readings = heads.read(features);
        for (std::size_t a = 0; a < heads.attributes.size(); ++a) {
            const auto& attribute = heads.attributes[a];
            const double value = attribute.value(told);
            if (value >= 0) {
                auto& count = counts_[attribute.name];
                count.shown += 1;
                count.right += is_right(attribute, readings[a][0], value) ? 1 : 0;
            }
        }
    }

    // Of each attribute, and their mean over the named ones.
    nlohmann::json report(const std::vector<std::string>& names) const {
        nlohmann::json json;
        double sum = 0, variance = 0;
        for (const auto& name : names) {
            const auto& count = counts_.at(name);
            const double share = count.right / count.shown;
            json["attributes"][name] = rounded(share);
            sum += share;
            variance += share * (1 - share) / count.shown;
        }
        const auto n = static_cast<double>(names.size());
        json["mean"] = rounded(sum / n);
        json["standard_error"] = rounded(std::sqrt(variance) / n);
        return json;
    }

private:
    struct Count {
        double shown = 0, right = 0;
    };

    static double rounded(double x) { return std::round(x * 1000) / 1000; }

    std::map<std::string, Count> counts_;
};

const std::vector<std::string>& text_names() {
    static const std::vector<std::string> names{"shape", "hue",   "pattern",
                                                "decal", "place", "light"};
    return names;
}

const std::vector<std::string>& image_names() {
    static const std::vector<std::string> names{"shape",   "hue",   "second_hue",
                                                "pattern", "decal", "decal_colour"};
    return names;
}

nlohmann::json hashes(const fs::path& folder) {
    nlohmann::json json;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file() && entry.path().extension() == ".safetensors") {
            json[fs::relative(entry.path(), folder).generic_string()] =
                sha256(read_file(entry.path(), std::uint64_t{1} << 30));
        }
    }
    return json;
}

// A picture as the evaluator sees it.
Tensor seen(const Image& image) {
    return (image_to_tensor(image) * 2 - 1).contiguous(at::MemoryFormat::ChannelsLast);
}

void paste(Image& sheet, const Image& picture, std::int64_t column, std::int64_t row) {
    for (int y = 0; y < picture.height; ++y) {
        const auto from = static_cast<std::size_t>(y * picture.width * 3);
        const auto to = static_cast<std::size_t>(
            ((row * picture.height + y) * sheet.width + column * picture.width) * 3);
        std::copy_n(picture.bytes.begin() + static_cast<std::ptrdiff_t>(from), picture.width * 3,
                    sheet.bytes.begin() + static_cast<std::ptrdiff_t>(to));
    }
}

} // namespace

void run_bench(const Options& options) {
    const at::NoGradGuard no_grad;
    const auto profile = read_profile(options);
    const auto& folder = options.folder;
    const int size = profile.at("size");
    const std::int64_t count = options.count > 0 ? options.count : 100;
    const Progress progress;
    const auto model = load_model(read_model_folder(folder), {}, progress);
    SdPipeline pipeline(model);
    pipeline.use_adapter(load_adapter(*model, {}, {}, progress));
    const auto judge = options.evaluator.empty() ? options.out / "export/evaluator.safetensors"
                                                 : options.evaluator;
    const Evaluator evaluator(Weights(std::make_shared<MapSource>(load_safetensors(judge)), {}));

    // The columns of the contact sheet, and the rows of the table.
    const std::vector<std::string> rows{"reference",  "render", "oracle", "text_only",
                                        "shape_only", "ip_0.6", "ip_1.0"};
    std::map<std::string, Score> scores;
    Image sheet = make_image(size * static_cast<int>(rows.size()),
                             size * static_cast<int>(std::min(count, kSheetPictures)));
    double squared = 0, covered = 0, squared_all = 0, pixels = 0;
    for (std::int64_t i = 0; i < count; ++i) {
        const auto made = make_case(static_cast<std::uint64_t>(i));
        const auto& told = made.target;
        const auto reference = synth::render(told.subject, made.reference_scene, size);
        const auto truth = synth::render(told.subject, told.scene, size);

        const auto wanted = seen(truth.rgb);
        const auto back =
            model->vae.decode(model->vae.scale_latents(model->vae.encode(wanted).mean));
        Image grey = truth.mask;
        const auto mask = image_to_tensor([&grey] {
            Image colour = make_image(grey.width, grey.height);
            for (std::size_t p = 0; p < grey.bytes.size(); ++p) {
                std::fill_n(colour.bytes.begin() + static_cast<std::ptrdiff_t>(3 * p), 3,
                            grey.bytes[p]);
            }
            return colour;
        }());
        const auto error = (back.clamp(-1, 1) - wanted).square();
        squared += (error * mask).sum().item<double>();
        covered += mask.sum().item<double>();
        squared_all += error.sum().item<double>();
        pixels += static_cast<double>(error.numel());

        GenerationRequest request{.model = folder.string(), .seed = made.seed};
        request.dtype = "float32";
        request.device = "cpu";
        const auto generate = [&](const std::string& prompt, double scale) {
            auto asked = request;
            asked.prompt = prompt;
            if (scale > 0) {
                asked.references = {{.image = std::make_shared<const Image>(reference.rgb),
                                     .ip_adapter_scale = scale}};
            }
            return *pipeline.generate(resolve(asked, model->folder.traits), progress, nullptr)
                        .images.at(0)
                        .image;
        };
        const auto full =
            synth::caption(told.subject, told.scene, 0, synth::CaptionKind::explicit_all);
        const auto shape_only =
            synth::caption(told.subject, told.scene, 0, synth::CaptionKind::shape_only);
        std::map<std::string, Image> pictures{
            {"reference", reference.rgb},
            {"render", truth.rgb},
            {"oracle", tensor_to_image((back * 0.5 + 0.5).clamp(0, 1))},
            {"text_only", generate(full, 0.0)},
            {"shape_only", generate(shape_only, 0.0)},
            {"ip_0.6", generate(shape_only, 0.6)},
            {"ip_1.0", generate(shape_only, 1.0)},
        };
        for (std::size_t row = 0; row < rows.size(); ++row) {
            const auto& picture = pictures.at(rows[row]);
            if (row > 0) {
                scores[rows[row]].add(evaluator.heads, evaluator.features(seen(picture)), told);
            }
            if (i < kSheetPictures) {
                paste(sheet, picture, static_cast<std::int64_t>(row), i);
            }
        }
        if ((i + 1) % 10 == 0) {
            log_line({{"stage", "bench"}, {"done", i + 1}, {"of", count}});
        }
        if (stop_requested()) {
            return;
        }
    }
    const auto psnr = [](double error, double area) { return 10 * std::log10(4 * area / error); };
    nlohmann::json report{
        {"profile", profile.at("name")},
        {"command", fmt::format("likeness-starter bench --count {}", count)},
        {"pictures", count},
        {"num_inference_steps", model->folder.traits.default_num_inference_steps},
        {"guidance_scale", model->folder.traits.default_guidance_scale},
        {"vae", {{"psnr", psnr(squared_all, pixels)}, {"psnr_subject", psnr(squared, covered)}}},
        {"files", hashes(folder)}};
    for (const auto& row : rows) {
        if (row != "reference") {
            report["rows"][row] = {{"attr_t", scores[row].report(text_names())},
                                   {"attr_i", scores[row].report(image_names())}};
        }
    }
    write_file_atomically(folder / "bench.json", report.dump(2) + "\n");
    save_image(options.out / "bench_sheet.png", sheet);
    log_line(report);
}

} // namespace likeness::starter
