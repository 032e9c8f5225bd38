#include "app/starter/methods/method.h"

#include "app/starter/options.h"
#include "core/base/error.h"
#include "core/request/proposed_training.h"

#include <algorithm>

#include <fmt/format.h>

namespace likeness::starter::methods {

namespace {

constexpr int kStylePictures = 12, kRank = 8;
constexpr std::uint64_t kStyleSubjects = 870'000'000; // ids that the bench uses nowhere

std::vector<Method> make_methods() {
    constexpr double kUsual = 0.6; // of a reference, when nothing is said
    const auto* const plain = &bench::kAdapters[0];
    const auto* const plus = &bench::kAdapters[1];
    return {
        {.name = "text_only"},
        {.name = "plain", .adapter = plain, .scale = kUsual},
        {.name = "plus", .adapter = plus, .scale = kUsual},
        {.name = "lora", .subject = Learned::lora},
        {.name = "dreambooth", .subject = Learned::dreambooth},
        {.name = "dreambooth_no_prior", .subject = Learned::dreambooth_no_prior},
        {.name = "lora_plus", .subject = Learned::lora, .adapter = plus, .scale = kUsual},
        {.name = "dreambooth_plus",
         .subject = Learned::dreambooth,
         .adapter = plus,
         .scale = kUsual},
        {.name = "style_plus", .styled = true, .adapter = plus, .scale = kUsual},
    };
}

TrainingRequest lesson(TrainingMethod method, const std::filesystem::path& model,
                       const Lessons& lessons) {
    auto request = proposed_training(method, model.string());
    request.max_train_steps = static_cast<int>(lessons.steps);
    request.rank = kRank;
    request.seed = lessons.seed;
    request.device = lessons.device;
    request.threads = lessons.threads;
    if (lessons.learning_rate > 0) {
        request.learning_rate = lessons.learning_rate;
    }
    return request;
}

} // namespace

const std::vector<Method>& all_methods() {
    static const std::vector<Method> methods = make_methods();
    return methods;
}

std::vector<Method> methods_from(const std::string& words) {
    const auto& all = all_methods();
    if (words.empty()) {
        return all;
    }
    std::vector<Method> methods{all.front()};
    for (const auto& word : split(words)) {
        const auto found =
            std::ranges::find_if(all, [&](const Method& method) { return method.name == word; });
        if (found == all.end()) {
            std::string names;
            for (const auto& method : all) {
                names += (names.empty() ? "" : ", ") + method.name;
            }
            throw Error(ErrorCode::bad_request,
                        message("There is no method \"{}\"; --methods takes of {}.", word, names));
        }
        if (found != all.begin()) {
            methods.push_back(*found);
        }
    }
    return methods;
}

std::string with_identifier(const std::string& prompt) {
    const auto noun = prompt.find(' ') + 1; // after the article
    return prompt.substr(0, noun) + kIdentifier + " " + prompt.substr(noun);
}

std::string class_prompt(synth::Shape shape) {
    return fmt::format("a {}", synth::to_string(shape));
}

TrainingRequest subject_lesson(Learned learned, const std::filesystem::path& model,
                               const bench::Product& product, std::span<const ImagePtr> pictures,
                               const Lessons& lessons) {
    const bool whole = learned != Learned::lora;
    auto request =
        lesson(whole ? TrainingMethod::dreambooth : TrainingMethod::lora, model, lessons);
    request.instance_prompt = with_identifier(class_prompt(product.subject.shape));
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        auto& picture = request.pictures.emplace_back(TrainingPicture{.image = pictures[i]});
        if (lessons.told_places) {
            picture.caption = with_identifier(synth::caption(product.subject, product.crowd.at(i),
                                                             0, synth::CaptionKind::shape_only));
        }
    }
    if (whole && lessons.text_encoder) {
        request.train_text_encoder = *lessons.text_encoder;
        if (!request.train_text_encoder) {
            request.text_encoder_learning_rate.reset();
        }
    }
    if (learned == Learned::dreambooth) {
        request.class_prompt = class_prompt(product.subject.shape);
        if (lessons.class_images > 0) {
            request.num_class_images = lessons.class_images;
        }
    }
    return request;
}

TrainingRequest style_lesson(const std::filesystem::path& model, int size, const Lessons& lessons) {
    auto request = lesson(TrainingMethod::lora, model, lessons);
    std::vector<Pictured> shown;
    for (int i = 0; i < kStylePictures; ++i) {
        const auto id = kStyleSubjects + static_cast<std::uint64_t>(i);
        const auto subject = synth::make_subject(id, synth::Split::train);
        auto scene = synth::make_scene(id, subject, synth::Split::train,
                                       synth::SceneMix{.occluder = 0.0, .styled = 0.0});
        request.pictures.push_back(
            {.caption = synth::caption(subject, scene, 0, synth::CaptionKind::shape_only)});
        scene.style = kStyle;
        shown.push_back({subject, scene});
    }
    const auto images = bench::render_all(shown, size);
    for (std::size_t i = 0; i < images.size(); ++i) {
        request.pictures[i].image = images[i];
    }
    return request;
}

} // namespace likeness::starter::methods
