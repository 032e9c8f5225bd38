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

std::vector<Tensor> embed_images(const ImageTower& tower, const std::vector<SeenPicture>& pictures,
                                 const WeightOptions& options, const BetweenLayers& between) {
    const int64_t side = tower.encoder.config.image_size;
    std::vector<Tensor> inputs;
    for (const auto& [image, view] : pictures) {
        const std::vector<float> values =
            normalised(encoder_pixels(image, view, tower.preprocess), tower.preprocess);
        inputs.push_back(at::tensor(values, at::kFloat)
                             .view({1, 3, side, side})
                             .to(options.device, options.dtype));
    }
    std::vector<Tensor> embeds;
    for (const ClipVisionOutput& output : tower.encoder.of_all(inputs, between)) {
        embeds.push_back(output.image_embeds.to(at::kCPU, at::kFloat).contiguous());
    }
    return embeds;
}

Tensor embed_image(const ImageTower& tower, const Image& image, const WeightOptions& options,
                   const EncoderView& view) {
    return embed_images(tower, {{image, view}}, options).front();
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
    const EncoderView whole;
    std::vector<SeenPicture> pictures;
    for (const ReferenceImage& reference : request.request.references) {
        if (reference.image) {
            pictures.push_back({*reference.image, reference.view});
        }
    }
    const std::size_t references = pictures.size();
    for (const ImagePtr& image : request.images) {
        pictures.push_back({*image, whole});
    }
    progress.step({.stage = Stage::encode_references, .total = static_cast<int>(pictures.size())});
    const std::vector<Tensor> embeds =
        embed_images(tower, pictures, model.options, [&progress] { progress.check(); });
    for (std::size_t i = references; i < embeds.size(); ++i) {
        Measurement& one = result.measurements.emplace_back();
        for (std::size_t r = 0; r < references; ++r) {
            one.similarity.push_back(cosine(embeds[r], embeds[i]));
        }
        if (prompt.defined()) {
            one.agreement = cosine(prompt, embeds[i]);
        }
    }
    return result;
}

} // namespace likeness
