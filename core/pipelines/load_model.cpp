#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/checkpoint/adapter_file.h"
#include "core/checkpoint/shard_index.h"
#include "core/pickle/conversion.h"
#include "core/pipelines/preview.h"
#include "core/pipelines/sd_model.h"
#include "core/pipelines/stages.h"
#include "core/request/encoder_config.h"
#include "core/request/memory_plan.h"
#include "core/request/weights_file.h"
#include "core/weights/placed_source.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace likeness {

namespace fs = std::filesystem;

namespace {

// Between two tensors news of how far loading is, and between their pieces the wish to stop.
class WatchedSource : public WeightSource {
public:
    WatchedSource(std::shared_ptr<WeightSource> source, const Progress& progress)
        : source_(std::move(source)), progress_(progress),
          total_(static_cast<int>(source_->names().size())) {}

    std::optional<std::vector<int64_t>> shape(const std::string& name) const override {
        return source_->shape(name);
    }

    Tensor take(const std::string& name) override {
        progress_.check();
        ++taken_;
        if (taken_ % 32 == 0 || taken_ == total_) {
            progress_.step({.stage = Stage::load, .step = taken_, .total = total_});
        }
        return source_->take_in_pieces(name, [this] { between_pieces(); });
    }

    void between_pieces() override { progress_.check(); }

    std::vector<std::string> names() const override { return source_->names(); }

private:
    std::shared_ptr<WeightSource> source_;
    const Progress& progress_;
    int total_;
    int taken_ = 0;
};

// An open file of tensors, or several by their index. Pickles are converted here, where it can be
// stopped.
std::shared_ptr<SafetensorsFile> open_tensors(const fs::path& file, const Progress& progress) {
    const auto converted = [&](const fs::path& path) {
        return is_pickle_file(path) ? converted_pickle(path, [&] { progress.check(); }) : path;
    };
    if (file.extension() == ".json" &&
        file.filename().string().find(".bin.") != std::string::npos) {
        std::set<std::string> shards;
        for (const auto& [name, shard] : load_shard_index(file)) {
            shards.insert(shard);
        }
        for (const std::string& shard : shards) {
            converted(file.parent_path() / shard);
        }
    }
    return SafetensorsFile::open(converted(file));
}

// The options for that component: it is streamed where that is wanted and worth it.
WeightOptions options_for(const WeightSource& source, WeightOptions options) {
    std::uint64_t values = 0;
    for (const std::string& name : source.names()) {
        const auto shape = source.shape(name).value_or(std::vector<int64_t>{});
        values += static_cast<std::uint64_t>(
            std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>()));
    }
    options.stream = options.stream && values * c10::elementSize(options.dtype) >= kWorthStreaming;
    return options;
}

Weights open_places(const fs::path& file, const TensorPlaces& places, const WeightOptions& options,
                    const Progress& progress) {
    auto source = std::make_shared<PlacedSource>(open_tensors(file, progress), places);
    return Weights(std::make_shared<WatchedSource>(std::move(source), progress), options);
}

// A component's tensors: the file in its folder, or its part of a single file.
std::shared_ptr<WeightSource> component_source(const ModelFolder& folder,
                                               const std::string& component,
                                               const std::string& base, const Progress& progress) {
    if (component == "vae" && folder.given_vae) {
        const GivenComponent& given = *folder.given_vae;
        auto file = open_tensors(given.path, progress);
        return given.places ? std::make_shared<PlacedSource>(std::move(file), *given.places)
                            : std::shared_ptr<WeightSource>(std::move(file));
    }
    if (!folder.file) {
        return open_tensors(weights_file(folder.path / component, base), progress);
    }
    const auto found = folder.file->components.find(component);
    return std::make_shared<PlacedSource>(
        open_tensors(folder.path, progress),
        found == folder.file->components.end() ? TensorPlaces{} : found->second.places);
}

// That component, told of and stopped between its tensors; its source stays in `sources`.
Weights open_component(const ModelFolder& folder, const std::string& component,
                       const std::string& base, const WeightOptions& options,
                       const Progress& progress, WeightSources& sources) {
    const auto& source = sources[component] = component_source(folder, component, base, progress);
    return Weights(std::make_shared<WatchedSource>(source, progress),
                   options_for(*source, options));
}

// Buffers that old files carry along.
const std::set<std::string> kIgnoredText{"text_model.embeddings.position_ids",
                                         "embeddings.position_ids"};
const std::set<std::string> kIgnoredVision{"vision_model.embeddings.position_ids"};

TextTower load_text(const ModelFolder& folder, const std::string& suffix,
                    const nlohmann::json& json, const WeightOptions& options,
                    const Progress& progress, WeightSources& sources) {
    const std::string component = "text_encoder" + suffix;
    const Weights weights = open_component(folder, component, "model", options, progress, sources);
    TextTower tower{.tokenizer = load_tokenizer(folder, suffix),
                    .encoder = ClipText(weights, ClipTextConfig::from_json(json))};
    weights.finish(component, kIgnoredText);
    tower.encoder.encoder.read_from(sources.at(component)); // without news of a load
    // The vocabulary of single files is CLIP's, whole.
    const bool cut = folder.file && tower.tokenizer.vocab_size() < tower.encoder.config.vocab_size;
    if (cut || tower.tokenizer.vocab_size() > tower.encoder.config.vocab_size) {
        throw Error(
            ErrorCode::model_mismatch,
            message("The tokenizer{} knows {} tokens, {} only {}. They do not belong together.",
                    suffix, tower.tokenizer.vocab_size(), component,
                    tower.encoder.config.vocab_size));
    }
    return tower;
}

template <typename Network, typename Config>
Network load_network(const ModelFolder& folder, const std::string& component, const Config& config,
                     const WeightOptions& options, const Progress& progress,
                     WeightSources& sources) {
    const Weights weights =
        open_component(folder, component, "diffusion_pytorch_model", options, progress, sources);
    Network network(weights, config);
    weights.finish(component);
    return network;
}

// StableDiffusionPipeline corrects two fields of every scheduler it is given, so that old files
// sample as they were trained: steps_offset 1, and no clipping of what is not a picture. SDXL's
// pipeline takes the file as it is.
SchedulerConfig scheduler_config(const ModelFolder& folder) {
    SchedulerConfig config = SchedulerConfig::from_json(folder.scheduler);
    if (folder.family == ModelFamily::sd15 || folder.family == ModelFamily::sd2) {
        config.steps_offset = 1;
        config.clip_sample = false;
    }
    return config;
}

// SDXL's published VAE overflows in float16; one that bears it says force_upcast false.
WeightOptions vae_options(const ModelFolder& folder, WeightOptions options) {
    const bool sdxl =
        folder.family == ModelFamily::sdxl || folder.family == ModelFamily::sdxl_refiner;
    const bool upcast = sdxl && AutoencoderKLConfig::from_json(folder.vae).force_upcast;
    if (upcast && options.dtype == at::kHalf) {
        options.dtype = at::kFloat;
    }
    return options;
}

// What can be told before the long load.
void check_whole(const ModelFolder& folder) {
    if (folder.vae.is_null()) {
        throw Error(ErrorCode::model_incomplete,
                    message("The model {} was not opened: its file holds no VAE (no "
                            "first_stage_model tensors). Name one with --vae (\"vae\" in a "
                            "request): a VAE file for {}, or the folder vae/ of a model.",
                            folder.name, family_words(folder.family)));
    }
}

void check_fit(const SdModel& model) {
    const int64_t latent = model.vae.config.latent_channels;
    // An inpainting UNet reads a mask and the latents of the masked picture too.
    const int64_t read = model.folder.traits.inpainting ? 2 * latent + 1 : latent;
    if (model.unet.config.in_channels != read || model.unet.config.out_channels != latent) {
        throw Error(ErrorCode::model_mismatch,
                    message("The UNet reads {} channels and gives {}, the VAE has {} latent "
                            "channels. They do not belong together.",
                            model.unet.config.in_channels, model.unet.config.out_channels, latent));
    }
    const int64_t width = model.text.encoder.config.hidden_size +
                          (model.text_2 ? model.text_2->encoder.config.hidden_size : 0);
    if (model.unet.config.cross_attention_dim != width) {
        throw Error(ErrorCode::model_mismatch,
                    message("The UNet's cross-attention reads {} values a token, the text "
                            "encoder gives {}. They do not "
                            "belong together.",
                            model.unet.config.cross_attention_dim, width));
    }
    if (model.is_sdxl() && !model.last_text().encoder.text_projection) {
        throw Error(
            ErrorCode::model_incomplete,
            message("The component text_encoder_2 has no text_projection, which SDXL needs for its "
                    "pooled prompt."));
    }
    if (model.is_sdxl() && !reads_aesthetic_score(model) &&
        model.unet.config.projection_class_embeddings_input_dim !=
            model.last_text().encoder.config.projection_dim +
                6 * model.unet.config.addition_time_embed_dim) {
        throw Error(ErrorCode::model_mismatch,
                    message("unet/config.json: projection_class_embeddings_input_dim is {}, "
                            "but text_encoder_2 gives {} "
                            "values and six time ids of {}. They do not belong together.",
                            model.unet.config.projection_class_embeddings_input_dim,
                            model.last_text().encoder.config.projection_dim,
                            model.unet.config.addition_time_embed_dim));
    }
}

bool holds_image_encoder(const fs::path& file) {
    try {
        return read_image_encoder_file(load_safetensors_header(file)).has_value();
    } catch (const Error&) {
        return false; // another file that is damaged is no matter of this adapter
    }
}

// An image encoder's config and tensors: of its folder, or of a file that holds one.
struct EncoderFiles {
    ClipVisionConfig config{};
    fs::path path{};
    std::optional<TensorPlaces> places{}; // empty: under their own names
};

EncoderFiles encoder_files(const fs::path& path) {
    if (is_folder(path)) {
        return {.config = ClipVisionConfig::from_json(read_json_file(path / "config.json")),
                .path = path};
    }
    auto found = read_image_encoder_file(load_safetensors_header(path));
    if (!found) {
        throw Error(ErrorCode::not_a_checkpoint,
                    message("{} holds no CLIP image encoder. `likeness models inspect` tells what "
                            "it is.",
                            path.string()));
    }
    return {.config =
                ClipVisionConfig::from_json(config_beside(path, found->config, "hidden_size")),
            .path = path,
            .places = std::move(found->places)};
}

// Folders or files an image encoder may lie in, best guess first.
std::vector<fs::path> encoder_candidates(const ModelFolder& folder, const fs::path& adapter,
                                         const std::string& given) {
    if (!given.empty()) {
        return {given};
    }
    std::vector<fs::path> candidates;
    if (!folder.image_encoder.empty()) {
        candidates.push_back(folder.image_encoder);
    }
    const fs::path beside = fs::absolute(adapter).parent_path();
    // As h94/IP-Adapter is laid out: models/image_encoder, sdxl_models/image_encoder.
    for (const fs::path& path : {beside / "image_encoder", beside.parent_path() / "image_encoder",
                                 beside.parent_path() / "models" / "image_encoder",
                                 beside.parent_path() / "sdxl_models" / "image_encoder"}) {
        if (is_there(path / "config.json")) {
            candidates.push_back(path);
        }
    }
    // As ComfyUI's folders are: ipadapter/ and clip_vision/ side by side.
    for (const fs::path& other : {beside, beside.parent_path() / "clip_vision"}) {
        std::vector<fs::path> files;
        for (const fs::path& file : files_in(other)) {
            if (file.extension() == ".safetensors" && holds_image_encoder(file)) {
                files.push_back(file);
            }
        }
        std::ranges::sort(files);
        std::ranges::move(files, std::back_inserter(candidates));
    }
    return candidates;
}

} // namespace

bool reads_aesthetic_score(const SdModel& model) {
    return model.is_sdxl() && model.unet.config.projection_class_embeddings_input_dim ==
                                  model.last_text().encoder.config.projection_dim +
                                      5 * model.unet.config.addition_time_embed_dim;
}

std::shared_ptr<const ImageTower> load_image_tower(const fs::path& path,
                                                   const fs::path& preprocessor_config,
                                                   const WeightOptions& options,
                                                   const Progress& progress) {
    const EncoderFiles files = encoder_files(path);
    std::shared_ptr<WeightSource> source =
        open_tensors(files.places ? path : weights_file(path, "model"), progress);
    if (files.places) {
        source = std::make_shared<PlacedSource>(std::static_pointer_cast<SafetensorsFile>(source),
                                                *files.places);
    }
    const Weights weights(std::make_shared<WatchedSource>(source, progress),
                          options_for(*source, options));
    auto tower = std::make_shared<ImageTower>(
        ImageTower{.encoder = ClipVision(weights, files.config),
                   .preprocess = preprocess_for(static_cast<int>(files.config.image_size),
                                                preprocessor_config)});
    weights.finish("image_encoder", kIgnoredVision);
    tower->encoder.encoder.read_from(source); // without news of a load
    return tower;
}

ClipTokenizer load_tokenizer(const ModelFolder& folder, const std::string& suffix) {
    if (!folder.file) {
        return ClipTokenizer::load(folder.path / ("tokenizer" + suffix));
    }
    return ClipTokenizer::load_merges(vocabulary_file(),
                                      pad_token(folder.family, "text_encoder" + suffix));
}

std::shared_ptr<const SdModel> load_model(const ModelFolder& folder, const WeightOptions& options,
                                          const Progress& progress) {
    progress.step({.stage = Stage::load});
    check_whole(folder);
    WeightSources sources;
    const bool refiner = folder.family == ModelFamily::sdxl_refiner;
    auto model = std::make_shared<SdModel>(SdModel{
        .folder = folder,
        .options = options,
        .scheduler_config = scheduler_config(folder),
        .text = refiner ? load_text(folder, "_2", folder.text_encoder_2, options, progress, sources)
                        : load_text(folder, "", folder.text_encoder, options, progress, sources),
        .text_2 = folder.family == ModelFamily::sdxl
                      ? std::optional(load_text(folder, "_2", folder.text_encoder_2, options,
                                                progress, sources))
                      : std::nullopt,
        .unet = load_network<UNet2DCondition>(folder, "unet",
                                              UNet2DConditionConfig::from_json(folder.unet),
                                              options, progress, sources),
        .vae =
            load_network<AutoencoderKL>(folder, "vae", AutoencoderKLConfig::from_json(folder.vae),
                                        vae_options(folder, options), progress, sources)});
    check_fit(*model);
    if (refiner) { // under the name of the tower that it has
        sources["text_encoder"] = sources.at("text_encoder_2");
    }
    model->sources = std::move(sources);
    model->preview_decoder =
        load_preview_decoder(folder, model->vae.config.latent_channels, options);
    return model;
}

fs::path likely_image_encoder(const ModelFolder& folder, const fs::path& adapter,
                              const std::string& image_encoder) {
    const auto candidates = encoder_candidates(folder, adapter, image_encoder);
    return candidates.empty() ? fs::path() : candidates.front();
}

AutoencoderKL whole_vae(const SdModel& model) {
    AutoencoderKL vae = model.vae;
    if (!vae.encoder) {
        WeightOptions options = vae_options(model.folder, model.options);
        options.stream = false;
        const Weights weights(model.sources.at("vae"), options);
        vae.encoder.emplace(weights / "encoder", vae.config);
        weights.check("vae");
    }
    return vae;
}

fs::path find_adapter(const ModelFolder& folder, const std::string& ip_adapter) {
    const std::string& wanted = ip_adapter.empty() ? folder.default_ip_adapter : ip_adapter;
    const auto own = std::ranges::find(folder.ip_adapters, wanted, &AdapterFile::name);
    if (own != folder.ip_adapters.end()) {
        return own->path;
    }
    if (!ip_adapter.empty() && is_there(ip_adapter)) {
        return ip_adapter;
    }
    std::vector<std::string> names;
    std::ranges::transform(folder.ip_adapters, std::back_inserter(names), &AdapterFile::name);
    throw Error(ErrorCode::file_missing,
                names.empty()
                    ? message("The references were not used: {} and the model {} "
                              "brings no adapter of its own. Choose an "
                              "adapter file.",
                              ip_adapter.empty() ? message("no adapter was named")
                                                 : message("there is no file {}", ip_adapter),
                              folder.name)
                    : message("There is no adapter \"{}\". The model {} has: {}.", ip_adapter,
                              folder.name, fmt::join(names, ", ")));
}

std::shared_ptr<const LoadedAdapter>
load_adapter(const SdModel& model, const std::string& ip_adapter, const std::string& image_encoder,
             const Progress& progress, const LoadedAdapters& loaded) {
    const fs::path path = find_adapter(model.folder, ip_adapter);
    const auto candidates = encoder_candidates(model.folder, path, image_encoder);
    if (candidates.empty()) {
        throw Error(ErrorCode::file_missing,
                    message("The adapter {} needs an image encoder, and none lies in the model "
                            "or beside the file. Put "
                            "the folder image_encoder there, or name it.",
                            path.string()));
    }
    const TensorPlaces places = adapter_places(load_safetensors_header(path));
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        try {
            const Weights weights = open_places(path, places, model.options, progress);
            // The config first: an encoder that does not fit is not worth its load.
            IpAdapter adapter(weights, model.unet, encoder_files(candidates[i]).config);
            // Means and deviations are the encoder's; the model's own extractor is only asked for
            // its own encoder.
            const bool own = candidates[i] == model.folder.image_encoder;
            weights.finish("ip_adapter");
            const auto known = std::ranges::find_if(
                loaded, [&](const auto& other) { return other->image_encoder == candidates[i]; });
            return std::make_shared<LoadedAdapter>(LoadedAdapter{
                .name = path.stem().string(),
                .path = path,
                .image_encoder = candidates[i],
                .image_tower =
                    known != loaded.end()
                        ? (*known)->image_tower
                        : load_image_tower(candidates[i],
                                           own ? model.folder.feature_extractor : fs::path(),
                                           model.options, progress),
                .adapter = std::move(adapter)});
        } catch (const Error& error) {
            if (error.code != ErrorCode::model_mismatch || i + 1 == candidates.size()) {
                throw;
            }
        }
    }
    return nullptr;
}

} // namespace likeness
