#pragma once

#include "core/checkpoint/model_file.h"
#include "core/request/validate.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace likeness {

// An adapter file that came with a model.
struct AdapterFile {
    std::string name{}; // the file's stem
    std::filesystem::path path{};
};

// A component's tensors where they lie elsewhere than in the model.
struct GivenComponent {
    std::filesystem::path path{};
    std::shared_ptr<const TensorPlaces> places{}; // null: under their own names
};

// What is known of a model before any tensor is read: of a diffusers folder from its JSON files, of
// a single file from its header.
struct ModelFolder {
    std::filesystem::path path{};
    std::string name{};                      // the folder's name, or the file's without its ending
    std::shared_ptr<const ModelFile> file{}; // a single file; null: a folder
    ModelFamily family = ModelFamily::sd15;
    ModelTraits traits{};
    bool force_zeros_for_empty_prompt = true;
    nlohmann::json unet{}, vae{}, text_encoder{}, text_encoder_2{}, scheduler{};
    std::optional<GivenComponent> given_vae{}; // instead of the model's own
    std::vector<AdapterFile> ip_adapters{};    // `ip_adapter/*.safetensors` (or .bin), by name
    std::filesystem::path image_encoder{};     // folder, or empty
    std::filesystem::path feature_extractor{}; // preprocessor_config.json, or empty
    std::string default_ip_adapter{};          // name; empty: the model has none
    // Settings that its trainings begin with, by the names of training_json.h.
    nlohmann::json default_lora_training = nlohmann::json::object();
    nlohmann::json default_dreambooth_training = nlohmann::json::object();
};

// Reads model_index.json, the components' configs and, where there is one, `likeness.json`
// (defaults of this program's own: default_num_inference_steps, default_guidance_scale,
// default_ip_adapter, default_lora_training, default_dreambooth_training); or the header of a
// single file. Throws Error: file_missing, not_a_checkpoint (no model; says what it is instead),
// model_incomplete (a component is missing, named), model_mismatch (a family this program does not
// know).
ModelFolder read_model_folder(const std::filesystem::path& path);

// Gives the model a VAE of that config.
void set_vae(ModelFolder& folder, nlohmann::json config);

// A JSON file of at most 2 MiB, 200,000 values and 64 levels. Throws Error{file_damaged} with the
// place where it breaks.
nlohmann::json read_json_file(const std::filesystem::path& path);

// The same of a file that must hold an object.
nlohmann::json read_json_object(const std::filesystem::path& path);

// The same of a file's text; `path` is for messages.
nlohmann::json parse_json_file(std::string_view text, const std::filesystem::path& path);

// The folder `resources` of this installation: the environment's LIKENESS_RESOURCES, beside the
// program, or the source tree.
std::filesystem::path resource_folder();

// The person's own models: $XDG_DATA_HOME/likeness/models, there or not; empty without a home.
std::filesystem::path user_model_folder();

// CLIP's public vocabulary, bpe_simple_vocab_16e6.txt.gz: single files come without a tokenizer.
// `resources/vocabulary`, or where installer/run.sh puts it: $LIKENESS_CACHE, else
// ~/.cache/likeness. Throws Error{file_missing} that says how to get it.
std::filesystem::path vocabulary_file();

// What prompts are padded with by the tokenizer of a single file's text encoder: the one of SDXL's
// second and SD 2's by "!", every other by its end token.
const char* pad_token(ModelFamily family, const std::string& component);

// Where a model of that name or path lies: an existing folder or file, `resources/NAME`, or NAME
// (or NAME.safetensors, NAME.ckpt) in the user's model folder ($XDG_DATA_HOME/likeness/models).
// Throws Error{file_missing} that names where was looked.
std::filesystem::path find_model(const std::string& name_or_path);

// The family of the model of that name or path; nullopt: none is there that can be opened.
std::optional<std::string> family_of_model(const std::string& name_or_path);

// The models find_model() knows by name: those of the resources and of the user.
std::vector<std::filesystem::path> installed_models();

} // namespace likeness
