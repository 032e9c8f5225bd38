#pragma once

#include "core/adapters/ip_adapter.h"
#include "core/image/clip_preprocess.h"
#include "core/models/autoencoder_kl.h"
#include "core/models/clip_text.h"
#include "core/models/clip_vision.h"
#include "core/models/unet_2d_condition.h"
#include "core/request/model_folder.h"
#include "core/request/progress.h"
#include "core/schedulers/scheduler_config.h"
#include "core/text/clip_tokenizer.h"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace likeness {

// A text encoder with the tokenizer that belongs to it.
struct TextTower {
    ClipTokenizer tokenizer;
    ClipText encoder;
};

// An image encoder with the preprocessing it was trained with.
struct ImageTower {
    ClipVision encoder;
    ClipPreprocess preprocess{};
};

// An adapter file over one UNet, with the encoder whose output it reads.
struct LoadedAdapter {
    std::string name{};
    std::filesystem::path path{};
    std::filesystem::path image_encoder{}; // folder of image_tower
    std::shared_ptr<const ImageTower> image_tower{};
    IpAdapter adapter;
};

struct AutoencoderTiny;

// By component: "unet", "text_encoder", ...
using WeightSources = std::map<std::string, std::shared_ptr<WeightSource>>;

// A whole SD 1.5, SD 2.x or SDXL model, ready to run on one device in one dtype. Never changed once
// made.
struct SdModel {
    ModelFolder folder{};
    WeightOptions options{};
    SchedulerConfig scheduler_config{};
    TextTower text;                  // of SDXL's refiner text_encoder_2, the only one it has
    std::optional<TextTower> text_2; // SDXL's bigG
    UNet2DCondition unet;
    AutoencoderKL vae;
    std::shared_ptr<const AutoencoderTiny> preview_decoder{}; // a TAESD found beside it, or null
    // Components' tensors as the files have them: packed layers keep another order only.
    WeightSources sources{};

    // Whether the UNet reads a pooled prompt and sizes, and the last but one layer of its encoders.
    bool is_sdxl() const {
        return folder.family == ModelFamily::sdxl || folder.family == ModelFamily::sdxl_refiner;
    }

    // The one whose pooled prompt SDXL reads.
    const TextTower& last_text() const { return text_2 ? *text_2 : text; }
};

// The tokenizer of a model's text encoder; `suffix` "_2": of SDXL's second. Throws what
// ClipTokenizer::load throws.
ClipTokenizer load_tokenizer(const ModelFolder& folder, const std::string& suffix);

// Opens a diffusers folder or a single file. Every tensor is checked; what is missing, extra,
// mis-shaped or not finite is named with its component (Error{model_incomplete, model_mismatch,
// ...}). Reports Stage::load, checks for a stop between tensors.
std::shared_ptr<const SdModel> load_model(const ModelFolder& folder, const WeightOptions& options,
                                          const Progress& progress);

// The model's VAE with its encoder, which is read now where it is streamed.
AutoencoderKL whole_vae(const SdModel& model);

// The adapter a request names: a name among the model's own, a path, or empty for the model's
// default. The image encoder is `image_encoder` (a folder or file) where given, else the first that
// fits of the model's own and those beside the adapter file. An encoder that one of `loaded` has is
// not loaded again.
using LoadedAdapters = std::vector<std::shared_ptr<const LoadedAdapter>>;
std::shared_ptr<const LoadedAdapter>
load_adapter(const SdModel& model, const std::string& ip_adapter, const std::string& image_encoder,
             const Progress& progress, const LoadedAdapters& loaded = {});

// The image encoder that load_adapter() tries first; empty where there is none.
std::filesystem::path likely_image_encoder(const ModelFolder& folder,
                                           const std::filesystem::path& adapter,
                                           const std::string& image_encoder);

// The image encoder in a folder or file, with the preprocessing that `preprocessor_config` (a file,
// or empty: the encoder's own size and CLIP's means) describes.
std::shared_ptr<const ImageTower> load_image_tower(const std::filesystem::path& path,
                                                   const std::filesystem::path& preprocessor_config,
                                                   const WeightOptions& options,
                                                   const Progress& progress);

// Where that adapter lies. Throws Error{file_missing} naming the model's own ones.
std::filesystem::path find_adapter(const ModelFolder& folder, const std::string& ip_adapter);

} // namespace likeness
