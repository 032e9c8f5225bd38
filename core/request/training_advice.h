#pragma once

#include "core/base/message.h"
#include "core/request/training_check.h"
#include "core/request/training_request.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>

namespace likeness {

// What has to be the same in every picture that is made.
enum class KeptSame { face, product, style, everything };

// The ways to pictures of one's own thing, from the quickest to the closest.
enum class AdvisedMethod { image_prompt, lora, dreambooth };

inline constexpr std::size_t kAdvisedMethods = 3;

// How quickly this machine trains, measured by trial steps.
struct TrainingPace {
    double seconds_per_step = 0;
    double seconds_around = 0; // loading, encoding and proof; class pictures apart

    bool operator==(const TrainingPace&) const = default;
};

// The pace that an estimate of that request tells.
TrainingPace pace_of(const TrainingEstimate& estimate, const TrainingRequest& request);

struct AdviceQuestion {
    std::size_t pictures = 0;
    double minutes = 60; // that the person gives; 0: now
    KeptSame kept = KeptSame::product;
    std::string model = "starter";
    bool has_ip_adapter = true;     // the model has one, so that pictures can act by themselves
    double seconds_per_picture = 0; // that the model makes here; 0: not measured
    std::optional<TrainingPace> lora{}, dreambooth{}; // empty: not measured here

    bool operator==(const AdviceQuestion&) const = default;
};

// What is advised for one method, whether or not it is the one to take.
struct MethodAdvice {
    AdvisedMethod method = AdvisedMethod::image_prompt;
    bool is_advised = false;   // to act; more than one may
    bool fits_pictures = true; // there are enough
    bool fits_time = true;
    Message range{};    // "10 to 50 pictures, about an hour"
    Message cost{};     // "about 4 min here: 400 steps of 0.53 s"
    Message gives{};    // what it does for what must stay the same
    Message will_not{}; // what it will not do
    Message why{};      // why it is advised, or why not, with numbers

    // Suggested settings; of a training only.
    double seconds = 0; // all of it here; 0: not measured
    int max_train_steps = 0;
    int rank = 0;             // LoRA
    double learning_rate = 0; // as default_learning_rate() has it
    int num_class_images = 0; // DreamBooth, with a class prompt

    bool operator==(const MethodAdvice&) const = default;
};

struct TrainingAdvice {
    Message title{};  // "A LoRA, with an image prompt beside it"
    Message reason{}; // in one sentence with numbers
    std::array<MethodAdvice, kAdvisedMethods> methods{};

    const MethodAdvice& of(AdvisedMethod method) const {
        return methods[static_cast<std::size_t>(method)];
    }

    // The one that the button begins: the closest of those advised.
    const MethodAdvice& first() const;

    bool operator==(const TrainingAdvice&) const = default;
};

// Which way to take for that many pictures in that time, what it costs here, and what it will not
// do. A pure function of the question.
TrainingAdvice advise(const AdviceQuestion& question);

// The request with the suggested settings of a training, and those that the model proposes for it.
TrainingRequest with_advice(TrainingRequest request, const MethodAdvice& advice);

} // namespace likeness
