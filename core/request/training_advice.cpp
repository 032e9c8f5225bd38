#include "core/request/training_advice.h"

#include "core/base/wording.h"
#include "core/request/proposed_training.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace likeness {

namespace {

// Pictures a method is worth its time with, steps for each of them, and how few and many steps make
// sense at all: fewer learn nothing that is seen, more learn the pictures by heart.
struct Needs {
    std::size_t fewest = 1; // pictures
    int steps_per_picture = 0;
    int fewest_steps = 0, usual_steps = 0, most_steps = 0;
    double unmeasured_minutes = 0; // from which it is thought to fit a machine not measured yet
};

constexpr Needs kImagePrompt{};
// Measured: `likeness train lora resources/starter/samples/mug --max-train-steps N
// --instance-prompt "a photo of sks mug"` learns ten pictures. Their likeness, 0.21 without it, is
// 0.54 after 100 steps, 0.62 after 200 (the fewest that are worth it), 0.71 after 400 and 0.72
// after 800: 40 a picture. Not measured: the most, which keep those 40 for its 50 pictures, and the
// minutes.
constexpr Needs kLora{.fewest = 10,
                      .steps_per_picture = 40,
                      .fewest_steps = 200,
                      .usual_steps = 400,
                      .most_steps = 2000,
                      .unmeasured_minutes = 30};
// The usual steps and the most class pictures are those of diffusers' example with prior
// preservation; half of the steps were enough for the starter's ten subjects of ten pictures
// (resources/starter/methods.json). Not measured: how many hundreds of pictures need, and the
// minutes.
constexpr Needs kDreamBooth{.fewest = 100,
                            .steps_per_picture = 8,
                            .fewest_steps = 400,
                            .usual_steps = 800,
                            .most_steps = 3000,
                            .unmeasured_minutes = 240};
constexpr int kFewestClassImages = 50, kMostClassImages = 200;

const Needs& needs(AdvisedMethod method) {
    switch (method) {
    case AdvisedMethod::image_prompt:
        return kImagePrompt;
    case AdvisedMethod::lora:
        return kLora;
    case AdvisedMethod::dreambooth:
        break;
    }
    return kDreamBooth;
}

int rank_for(KeptSame kept) {
    switch (kept) {
    case KeptSame::product:
        return 8;
    case KeptSame::face:
    case KeptSame::style:
        return 16;
    case KeptSame::everything:
        break;
    }
    return 32;
}

Message range_words(AdvisedMethod method) {
    switch (method) {
    case AdvisedMethod::image_prompt:
        return message("1 to 10 pictures, now");
    case AdvisedMethod::lora:
        return message("10 to 50 pictures, about an hour");
    case AdvisedMethod::dreambooth:
        break;
    }
    return message("100 or more pictures, a night");
}

Message gives_words(AdvisedMethod method, KeptSame kept) {
    constexpr MessageWords<0> kWords[kAdvisedMethods][4] = {
        {words("Faces come out alike, not the same."),
         words("Shape and colours come close; the pictures speak for themselves."),
         words("The look carries over at once; turn it up or down."),
         words("The whole impression carries over at once.")},
        {words("Learns the face by name, in any scene."),
         words("Learns the product by name: form, colours and large marks."),
         words("Learns the style from many pictures; it works on any subject."),
         words("Learns thing and look together in one small file.")},
        {words("The closest likeness of a face, from every side."),
         words("The closest likeness of a product, from every side."),
         words("The whole model takes on the style."),
         words("The closest to the pictures in everything.")}};
    return {.words =
                kWords[static_cast<std::size_t>(method)][static_cast<std::size_t>(kept)].text()};
}

Message will_not_words(AdvisedMethod method, KeptSame kept) {
    constexpr MessageWords<0> kWords[kAdvisedMethods][4] = {
        {words("It does not keep a face exact, and poses of the pictures come along."),
         words("It does not keep lettering, logos or fine details exact."),
         words("It does not tell the style from the things shown; those come along."),
         words("It does not keep details exact, and nothing of it has a name.")},
        {words("It does not know sides of the face that no picture shows."),
         words("It does not keep small lettering exact."),
         words("It does not keep a face or product; an image prompt beside it does."),
         words("It does not reach the likeness of a model trained whole.")},
        {words("It works with this model only, and cannot be turned down."),
         words("It works with this model only, and cannot be turned down."),
         words("It cannot be turned down, and every picture gets the style."),
         words("It works with this model only, and cannot be turned down.")}};
    return {.words =
                kWords[static_cast<std::size_t>(method)][static_cast<std::size_t>(kept)].text()};
}

// Steps that are worth it for the pictures, and of them as many as the time allows.
int steps_for(const Needs& need, std::size_t pictures, const std::optional<TrainingPace>& pace,
              double seconds) {
    const double wanted =
        need.steps_per_picture * static_cast<double>(std::max<std::size_t>(pictures, 1));
    int steps = static_cast<int>(std::clamp(wanted, static_cast<double>(need.usual_steps),
                                            static_cast<double>(need.most_steps)));
    if (pace && pace->seconds_per_step > 0) {
        const double fit = (seconds - pace->seconds_around) / pace->seconds_per_step;
        if (fit < steps && fit >= need.fewest_steps) {
            steps = static_cast<int>(fit) / 10 * 10;
        }
    }
    return steps;
}

Message seconds_words(double seconds) {
    return verbatim(seconds < 10 ? fmt::format("{:.2g} s", seconds)
                                 : fmt::format("{:.0f} s", seconds));
}

MethodAdvice look_at_image_prompt(const AdviceQuestion& question) {
    MethodAdvice advice{.method = AdvisedMethod::image_prompt,
                        .fits_pictures = question.pictures >= 1 && question.has_ip_adapter};
    advice.cost = question.seconds_per_picture > 0
                      ? message("nothing to train; a picture takes {} here",
                                seconds_words(question.seconds_per_picture))
                      : message("nothing to train");
    return advice;
}

MethodAdvice look_at_training(AdvisedMethod method, const AdviceQuestion& question) {
    const Needs& need = needs(method);
    const bool whole = method == AdvisedMethod::dreambooth;
    std::optional<TrainingPace> pace = whole ? question.dreambooth : question.lora;
    MethodAdvice advice{.method = method, .fits_pictures = question.pictures >= need.fewest};
    if (whole) {
        advice.num_class_images = std::clamp(
            2 * static_cast<int>(std::min<std::size_t>(question.pictures, kMostClassImages)),
            kFewestClassImages, kMostClassImages);
        if (pace) {
            pace->seconds_around += advice.num_class_images * question.seconds_per_picture;
        }
    } else {
        advice.rank = rank_for(question.kept);
    }
    advice.max_train_steps = steps_for(need, question.pictures, pace, 60 * question.minutes);
    advice.learning_rate =
        default_learning_rate({.method = whole ? TrainingMethod::dreambooth : TrainingMethod::lora,
                               .model = question.model});
    if (pace && pace->seconds_per_step > 0) {
        advice.seconds = pace->seconds_around + advice.max_train_steps * pace->seconds_per_step;
        advice.fits_time = advice.seconds <= 60 * question.minutes;
        advice.cost = whole
                          ? message("about {} here: {} steps of {}, {} class pictures first",
                                    duration_words(advice.seconds), advice.max_train_steps,
                                    seconds_words(pace->seconds_per_step), advice.num_class_images)
                          : message("about {} here: {} steps of {}", duration_words(advice.seconds),
                                    advice.max_train_steps, seconds_words(pace->seconds_per_step));
    } else {
        advice.fits_time = question.minutes >= need.unmeasured_minutes;
        advice.cost = message("{} steps; not measured on this machine yet", advice.max_train_steps);
    }
    return advice;
}

Message name_of(AdvisedMethod method) {
    switch (method) {
    case AdvisedMethod::image_prompt:
        return message("An image prompt");
    case AdvisedMethod::lora:
        return message("A LoRA");
    case AdvisedMethod::dreambooth:
        break;
    }
    return message("DreamBooth");
}

// "now", "15 min".
Message given_time(double minutes) {
    return minutes > 0 ? duration_words(60 * minutes) : message("no time");
}

Message too_slow(const MethodAdvice& advice, const AdviceQuestion& question) {
    if (advice.seconds > 0) {
        return message("It takes about {} here; you give {}.", duration_words(advice.seconds),
                       given_time(question.minutes));
    }
    return message("It takes {} or more on most machines; you give {}.",
                   duration_words(60 * needs(advice.method).unmeasured_minutes),
                   given_time(question.minutes));
}

Message picture_words(std::size_t count) {
    return count == 1 ? message("1 picture") : message("{} pictures", count);
}

Message too_few(const MethodAdvice& advice, const AdviceQuestion& question) {
    const std::size_t fewest = needs(advice.method).fewest;
    return message(
        "With {} it would learn the pictures and not the thing; {} more make it worth it.",
        picture_words(question.pictures), fewest - std::min(fewest, question.pictures));
}

Message why_words(const MethodAdvice& advice, const TrainingAdvice& all,
                  const AdviceQuestion& question) {
    if (advice.is_advised) {
        if (advice.method != AdvisedMethod::image_prompt) {
            return advice.fits_pictures
                       ? message("{} are enough, and {} is enough time.",
                                 picture_words(question.pictures), given_time(question.minutes))
                       : message(
                             "This model has no image-prompt adapter, so a LoRA is what remains "
                             "for {}.",
                             picture_words(question.pictures));
        }
        return all.first().method == AdvisedMethod::image_prompt
                   ? message("It needs no training and acts on the next picture.")
                   : message("Two or three of the best pictures beside it hold details, at a low "
                             "strength such as 0.4.");
    }
    if (advice.method == AdvisedMethod::image_prompt) {
        if (!question.has_ip_adapter) {
            return message("This model has no image-prompt adapter.");
        }
        return question.pictures == 0 ? message("It begins with one picture.")
                                      : message("What is learned is enough for a style; add a "
                                                "picture where a subject must stay the same.");
    }
    if (!advice.fits_pictures) {
        return too_few(advice, question);
    }
    if (!advice.fits_time) {
        return too_slow(advice, question);
    }
    return advice.method == AdvisedMethod::lora
               ? message("DreamBooth comes closer, and there are pictures and time for it.")
               : message("A LoRA carries a style as well, and can be turned down.");
}

Message title_of(const TrainingAdvice& advice) {
    const AdvisedMethod first = advice.first().method;
    const bool beside =
        first != AdvisedMethod::image_prompt && advice.of(AdvisedMethod::image_prompt).is_advised;
    return beside ? message("{}, with an image prompt beside it", name_of(first)) : name_of(first);
}

Message reason_of(const TrainingAdvice& advice, const AdviceQuestion& question) {
    const MethodAdvice& first = advice.first();
    if (question.pictures == 0) {
        return message("Drop pictures of the thing to begin: one is enough for an image prompt.");
    }
    if (first.method != AdvisedMethod::image_prompt) {
        return message("{} and {}: {}.", picture_words(question.pictures),
                       given_time(question.minutes), first.cost);
    }
    const MethodAdvice& lora = advice.of(AdvisedMethod::lora);
    if (!lora.fits_pictures) {
        return message("{}: a LoRA is worth it from {}.", picture_words(question.pictures),
                       kLora.fewest);
    }
    return message("{} would do for a LoRA. {}", picture_words(question.pictures),
                   too_slow(lora, question));
}

} // namespace

TrainingPace pace_of(const TrainingEstimate& estimate, const TrainingRequest& request) {
    return {.seconds_per_step = estimate.seconds_per_step,
            .seconds_around = std::max(
                0.0, estimate.seconds - request.max_train_steps * estimate.seconds_per_step -
                         estimate.class_pictures * estimate.seconds_per_picture)};
}

const MethodAdvice& TrainingAdvice::first() const {
    const auto found = std::find_if(methods.rbegin(), methods.rend(),
                                    [](const MethodAdvice& each) { return each.is_advised; });
    return found == methods.rend() ? methods.front() : *found;
}

TrainingAdvice advise(const AdviceQuestion& question) {
    TrainingAdvice advice;
    auto& [image_prompt, lora, dreambooth] = advice.methods;
    image_prompt = look_at_image_prompt(question);
    lora = look_at_training(AdvisedMethod::lora, question);
    dreambooth = look_at_training(AdvisedMethod::dreambooth, question);

    const auto fits = [](const MethodAdvice& each) { return each.fits_pictures && each.fits_time; };
    // A style is wanted in measure, which only a LoRA gives.
    dreambooth.is_advised = fits(dreambooth) && !(question.kept == KeptSame::style && fits(lora));
    const bool nothing_else = !question.has_ip_adapter && question.pictures > 0;
    lora.is_advised =
        (lora.fits_pictures || nothing_else) && lora.fits_time && !dreambooth.is_advised;
    const bool trained = lora.is_advised || dreambooth.is_advised;
    image_prompt.is_advised =
        image_prompt.fits_pictures && !(trained && question.kept == KeptSame::style);

    for (MethodAdvice& each : advice.methods) {
        each.range = range_words(each.method);
        each.gives = gives_words(each.method, question.kept);
        each.will_not = will_not_words(each.method, question.kept);
        each.why = why_words(each, advice, question);
    }
    advice.title = title_of(advice);
    advice.reason = reason_of(advice, question);
    return advice;
}

TrainingRequest with_advice(TrainingRequest request, const MethodAdvice& advice) {
    if (advice.method == AdvisedMethod::image_prompt) {
        return request;
    }
    const TrainingRequest before = request;
    request.method =
        advice.method == AdvisedMethod::lora ? TrainingMethod::lora : TrainingMethod::dreambooth;
    request = proposed_anew(before, request);
    request.max_train_steps = advice.max_train_steps;
    request.learning_rate = advice.learning_rate;
    if (advice.method == AdvisedMethod::lora) {
        request.rank = advice.rank;
    } else {
        request.num_class_images = advice.num_class_images;
    }
    return request;
}

} // namespace likeness
