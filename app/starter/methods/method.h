#pragma once

#include "app/starter/bench/studio.h"
#include "core/request/training_request.h"

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

// The comparison of the ways to get one product into pictures: gates G8 and G9 of the design.
namespace likeness::starter::methods {

// What was trained for a picture.
enum class Learned { nothing, lora, dreambooth, dreambooth_no_prior, style };

// A row of the table.
struct Method {
    std::string name{};
    Learned subject = Learned::nothing;          // of the product's pictures
    bool styled = false;                         // with the LoRA of a style, which knows no product
    const bench::AdapterName* adapter = nullptr; // reads the product's pictures; null: none does
    double scale = 0;                            // of each picture

    bool is_trained() const { return subject != Learned::nothing; }
};

// All of them, text only first.
const std::vector<Method>& all_methods();

// "text_only,lora" -> those; empty: all. Throws Error{bad_request} naming the words there are. Text
// only is always among them: the others are measured against it.
std::vector<Method> methods_from(const std::string& words);

// The word that stands for the product in prompts of models that have learned it.
inline constexpr const char* kIdentifier = "sks";

// "a mug on the beach" -> "a sks mug on the beach".
std::string with_identifier(const std::string& prompt);

// "a mug": what every product of that shape is.
std::string class_prompt(synth::Shape shape);

// How a run trains; what is 0 or empty is as the model proposes it to whoever trains on it.
struct Lessons {
    std::int64_t steps = 400;
    double learning_rate = 0;
    int class_images = 0;               // of prior preservation
    bool told_places = false;           // captions name the place of each picture
    std::optional<bool> text_encoder{}; // whether DreamBooth trains it too
    std::uint64_t seed = 1;
    int threads = 0;
    std::string device{};
};

// Asks for what is learned of a product's pictures; `out` stays empty.
TrainingRequest subject_lesson(Learned learned, const std::filesystem::path& model,
                               const bench::Product& product, std::span<const ImagePtr> pictures,
                               const Lessons& lessons);

// The style whose LoRA goes with an image prompt, and the lesson in it: pictures of other products
// whose captions do not tell it.
inline constexpr synth::Style kStyle = synth::Style::pencil;
TrainingRequest style_lesson(const std::filesystem::path& model, int size, const Lessons& lessons);

} // namespace likeness::starter::methods
