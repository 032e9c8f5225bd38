#include "core/pipelines/measure.h"

#include "core/image/encoder_view.h"
#include "core/text/prompt_syntax.h"

#include <ATen/ops/tensor.h>

namespace likeness {

namespace {

// [1, D] each; 0 where one of them is zero.
double cosine(const Tensor& a, const Tensor& b) {
    const Tensor one = a.flatten().to(at::kDouble);
    const Tensor other = b.flatten().to(at::kDouble);
    const double norms = one.norm().item<double>() * other.norm().item<double>();
    return norms > 0 ? one.dot(other).item<double>() / norms : 0;
}

} // namespace

Tensor embed_image(const ImageTower& tower, const Image& image, const WeightOptions& options,
                   const EncoderView& view) {
    const int64_t side = tower.encoder.config.image_size;
    const std::vector<float> values =
        normalised(encoder_pixels(image, view, tower.preprocess), tower.preprocess);
    const Tensor pixels =
        at::tensor(values, at::kFloat).view({1, 3, side, side}).to(options.device, options.dtype);
    return tower.encoder(pixels).image_embeds.to(at::kCPU, at::kFloat).contiguous();
}

const TextTower* text_tower_of_space(const SdModel& model, const ImageTower& tower, Message& why) {
    const int64_t wanted = tower.encoder.config.projection_dim;
    const TextTower* towers[] = {model.text_2 ? &*model.text_2 : nullptr, &model.text};
    for (const TextTower* text : towers) {
        if (text != nullptr && text->encoder.text_projection) {
            if (text->encoder.config.projection_dim == wanted) {
                return text;
            }
            why = message("the text encoder's embeddings have {} values, the image encoder's "
                          "{}; they share no space",
                          text->encoder.config.projection_dim, wanted);
        }
    }
    if (why.empty()) {
        why = message("the model's text encoder has no projection into the image encoder's space");
    }
    return nullptr;
}

Result measure(const SdModel& model, const ImageTower& tower, const MeasureRequest& request,
               const Progress& progress) {
    Result result;
    Tensor prompt;
    if (const TextTower* text = text_tower_of_space(model, tower, result.no_agreement)) {
        progress.step({.stage = Stage::encode_prompt});
        const TokenizedPrompt tokens =
            text->tokenizer.encode(request.request.prompt_syntax == PromptSyntax::plain
                                       ? request.request.prompt
                                       : without_prompt_syntax(request.request.prompt));
        const Tensor ids = at::tensor(tokens.ids, at::kLong).unsqueeze(0).to(model.options.device);
        prompt = text->encoder(ids).text_embeds.to(at::kCPU, at::kFloat);
    }
    const int total = static_cast<int>(request.request.references.size() + request.images.size());
    int done = 0;
    const auto embed = [&](const Image& image, const EncoderView& view = {}) {
        progress.step({.stage = Stage::encode_references, .step = done++, .total = total});
        return embed_image(tower, image, model.options, view);
    };
    std::vector<Tensor> references;
    for (const ReferenceImage& reference : request.request.references) {
        if (reference.image) {
            references.push_back(embed(*reference.image, reference.view));
        }
    }
    for (const ImagePtr& image : request.images) {
        const Tensor embeds = embed(*image);
        Measurement& one = result.measurements.emplace_back();
        for (const Tensor& reference : references) {
            one.similarity.push_back(cosine(reference, embeds));
        }
        if (prompt.defined()) {
            one.agreement = cosine(prompt, embeds);
        }
    }
    return result;
}

} // namespace likeness
