// Stages export and samples: the run's averages as a folder in Stable Diffusion's layout, and
// pictures to try it with.

#include "app/starter/conditioning.h"
#include "app/starter/stage.h"
#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/imageio/save.h"
#include "core/models/autoencoder_kl.h"
#include "core/weights/safetensors.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>

#include <fmt/format.h>

namespace likeness::starter {

namespace {

namespace fs = std::filesystem;

// The stages of the adapters and their files.
constexpr std::pair<const char*, const char*> kAdapters[] = {
    {"ip", "ip_adapter/ip-adapter_starter.safetensors"},
    {"plus", "ip_adapter/ip-adapter-plus_starter.safetensors"},
};

void write_json(const fs::path& path, const nlohmann::json& json) {
    fs::create_directories(path.parent_path());
    write_file_atomically(path, json.dump(2) + "\n");
}

nlohmann::json preprocessor_config(std::int64_t side) {
    return {{"image_processor_type", "CLIPImageProcessor"},
            {"do_resize", true},
            {"size", {{"shortest_edge", side}}},
            {"resample", 3},
            {"do_center_crop", true},
            {"crop_size", {{"height", side}, {"width", side}}},
            {"do_rescale", true},
            {"rescale_factor", 1.0 / 255},
            {"do_normalize", true},
            {"image_mean", {0.48145466, 0.4578275, 0.40821073}},
            {"image_std", {0.26862954, 0.26130258, 0.27577711}},
            {"do_convert_rgb", true}};
}

nlohmann::json model_index() {
    return {{"_class_name", "StableDiffusionPipeline"},
            {"_diffusers_version", "0.42.1"},
            {"feature_extractor", {"transformers", "CLIPImageProcessor"}},
            {"image_encoder", {"transformers", "CLIPVisionModelWithProjection"}},
            {"requires_safety_checker", false},
            {"safety_checker", {nullptr, nullptr}},
            {"scheduler", {"diffusers", "DDIMScheduler"}},
            {"text_encoder", {"transformers", "CLIPTextModel"}},
            {"tokenizer", {"transformers", "CLIPTokenizer"}},
            {"unet", {"diffusers", "UNet2DConditionModel"}},
            {"vae", {"diffusers", "AutoencoderKL"}}};
}

} // namespace

// The inverse of export: from the files of `folder`, what the stages here begin with. Single
// precision again, so that training can go on.
void run_import(const Options& options) {
    read_profile(options);
    const auto& folder = options.folder;
    if (folder.empty()) {
        throw Error(ErrorCode::bad_request, message("--folder is missing: the finished model."));
    }
    const auto read = [&folder](const char* file) {
        TensorMap single;
        for (const auto& [name, tensor] : load_safetensors(folder / file)) {
            single[name] = tensor.to(at::kFloat);
        }
        return single;
    };
    auto both = with_prefix(read("unet/diffusion_pytorch_model.safetensors"), "unet.");
    both.merge(with_prefix(read("text_encoder/model.safetensors"), "text_encoder."));
    fs::create_directories(options.out / "imported");
    save_safetensors(imported_path(options, "unet"), both);
    save_safetensors(imported_path(options, "vae"),
                     read("vae/diffusion_pytorch_model.safetensors"));
    save_safetensors(imported_path(options, "encoders"),
                     with_prefix(read("image_encoder/model.safetensors"), "encoder."));
    for (const auto& [stage, file] : kAdapters) {
        if (fs::exists(folder / file)) {
            save_safetensors(imported_path(options, stage), read(file));
        }
    }
    fs::create_directories(options.out / "tokenizer");
    for (const auto& file : fs::directory_iterator(folder / "tokenizer")) {
        fs::copy_file(file.path(), options.out / "tokenizer" / file.path().filename(),
                      fs::copy_options::overwrite_existing);
    }
    log_line({{"stage", "import"}, {"folder", folder.string()}});
}

void run_export(const Options& options) {
    const auto profile = read_profile(options);
    const auto& folder = options.folder;
    if (folder.empty()) {
        throw Error(ErrorCode::bad_request, message("--folder is missing: where the model goes."));
    }
    const auto tokenizer = ClipTokenizer::load(options.out / "tokenizer");
    const auto both = stage_weights(options, "unet");
    const auto vision = stage_weights(options, "encoders");

    write_json(folder / "model_index.json", model_index());
    write_json(folder / "scheduler/scheduler_config.json", profile.at("scheduler"));
    write_json(folder / "vae/config.json", profile.at("vae"));
    write_json(folder / "unet/config.json", profile.at("unet"));
    write_json(folder / "text_encoder/config.json", text_encoder_config(profile, tokenizer));
    write_json(folder / "image_encoder/config.json", profile.at("image_encoder"));
    write_json(folder / "feature_extractor/preprocessor_config.json",
               preprocessor_config(profile.at("image_encoder").at("image_size")));
    nlohmann::json defaults; // by the names of model_folder.h
    for (const auto& [name, value] : profile.at("defaults").items()) {
        defaults["default_" + name] = value;
    }
    write_json(folder / "likeness.json", defaults);
    fs::create_directories(folder / "tokenizer");
    for (const auto& file : fs::directory_iterator(options.out / "tokenizer")) {
        fs::copy_file(file.path(), folder / "tokenizer" / file.path().filename(),
                      fs::copy_options::overwrite_existing);
    }
    write_half(folder / "vae/diffusion_pytorch_model.safetensors", finished_autoencoder(options));
    write_half(folder / "unet/diffusion_pytorch_model.safetensors", without_prefix(both, "unet."));
    write_half(folder / "text_encoder/model.safetensors", without_prefix(both, "text_encoder."));
    write_half(folder / "image_encoder/model.safetensors", without_prefix(vision, "encoder."));
    for (const auto& [stage, file] : kAdapters) {
        if (fs::exists(checkpoint_path(options, stage)) ||
            fs::exists(imported_path(options, stage))) {
            write_half(folder / file, stage_weights(options, stage));
        }
    }
    log_line({{"stage", "export"}, {"folder", folder.string()}});
}

void run_samples(const Options& options) {
    const auto profile = read_profile(options);
    constexpr std::uint64_t kFirstId = 900'000'000; // far from every training id
    constexpr std::uint64_t kIds = 10'000;          // looked through for a shape
    // One product each of shapes that differ much, of the ids from kFirstId on.
    constexpr synth::Shape kWanted[] = {
        synth::Shape::mug,    synth::Shape::teapot,   synth::Shape::bottle,
        synth::Shape::duck,   synth::Shape::robot,    synth::Shape::lamp,
        synth::Shape::rocket, synth::Shape::mushroom, synth::Shape::bag};

    // Of every product the same places in the same order, the quiet ones first; the last three are
    // drawn, for who wants a manner rather than a thing.
    struct View {
        synth::Place place;
        synth::Style style = synth::Style::photo;
    };

    constexpr View kViews[] = {{synth::Place::studio},
                               {synth::Place::table},
                               {synth::Place::grass},
                               {synth::Place::beach},
                               {synth::Place::snow},
                               {synth::Place::kitchen},
                               {synth::Place::city},
                               {synth::Place::paper, synth::Style::flat},
                               {synth::Place::forest, synth::Style::pencil},
                               {synth::Place::sunset, synth::Style::watercolour}};
    for (const auto shape : kWanted) {
        std::uint64_t id = kFirstId;
        auto subject = synth::make_subject(id, synth::Split::held_out);
        while (subject.shape != shape) {
            if (++id == kFirstId + kIds) { // without a badge some have no unseen combination
                throw Error(ErrorCode::bad_request,
                            message("there is no unseen {} to be shown", synth::to_string(shape)));
            }
            subject = synth::make_subject(id, synth::Split::held_out);
        }
        const auto folder = options.folder / "samples" / synth::to_string(shape);
        std::filesystem::create_directories(folder);
        for (std::size_t i = 0; i < std::size(kViews); ++i) {
            auto scene = synth::make_scene(id * std::size(kViews) + i, subject,
                                           synth::Split::held_out, {.occluder = 0, .styled = 0});
            scene.place = kViews[i].place;
            scene.style = kViews[i].style;
            save_image(folder / fmt::format("{}.png", i),
                       synth::render(subject, scene, profile.at("size")).rgb);
        }
    }
    log_line(
        {{"stage", "samples"}, {"subjects", std::size(kWanted)}, {"pictures", std::size(kViews)}});
}

} // namespace likeness::starter
