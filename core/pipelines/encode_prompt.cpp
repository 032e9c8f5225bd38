#include "core/base/error.h"
#include "core/pipelines/stages.h"
#include "core/pipelines/weigh_tokens.h"
#include "core/text/prompt_pieces.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>

namespace likeness {

namespace {

// What one text encoder reads.
struct TowerText {
    const TextTower& tower;
    PromptPieces positive{};
    PromptPieces negative{};
};

struct EncodedText {
    Tensor embeds{}; // [1, T, D]
    Tensor pooled{}; // [1, D2] or undefined
    Tensor input_ids{};
};

PromptPieces read(const TextTower& tower, const std::string& text, PromptSyntax syntax) {
    return syntax == PromptSyntax::plain ? plain_prompt(tower.tokenizer, text)
                                         : prompt_pieces(tower.tokenizer, text);
}

// The texts of every tower, each of the same number of pieces.
std::vector<TowerText> read_all(const SdModel& model, const PromptRequest& request) {
    const auto second = [](const std::string& own, const std::string& first) {
        return own.empty() ? first : own;
    };
    const std::string negative = request.negative_prompt.value_or("");
    const auto text_of = [&](const TextTower& tower, const std::string& wanted,
                             const std::string& unwanted) {
        return TowerText{tower, read(tower, wanted, request.syntax),
                         read(tower, unwanted, request.syntax)};
    };
    std::vector<TowerText> texts;
    texts.push_back(text_of(model.text, request.prompt, negative));
    if (model.text_2) {
        texts.push_back(text_of(*model.text_2, second(request.prompt_2, request.prompt),
                                second(request.negative_prompt_2, negative)));
    }
    std::size_t count = 1;
    for (const TowerText& text : texts) {
        count = std::max(
            {count, text.positive.pieces.size(), request.guided ? text.negative.pieces.size() : 1});
    }
    for (TowerText& text : texts) {
        extend_to(text.positive, count, text.tower.tokenizer);
        extend_to(text.negative, count, text.tower.tokenizer);
    }
    return texts;
}

Tensor weights_of(const PromptPieces& prompt) {
    std::vector<Tensor> rows;
    for (const PromptPiece& piece : prompt.pieces) {
        rows.push_back(at::tensor(piece.weights));
    }
    return at::stack(rows);
}

EncodedText run_tower(const TextTower& tower, const PromptPieces& prompt,
                      const WeightOptions& options, bool sdxl, int clip_skip,
                      const BetweenLayers& between) {
    std::vector<Tensor> rows;
    for (const PromptPiece& piece : prompt.pieces) {
        rows.push_back(at::tensor(piece.ids, at::kLong));
    }
    EncodedText out{.input_ids = at::stack(rows)};
    const ClipTextOutput output = tower.encoder(out.input_ids.to(options.device), between);
    const auto layers = static_cast<int>(output.hidden_states.size());
    // SDXL reads the last but one layer, without the final norm; each skipped layer goes one
    // further back.
    const int back = sdxl ? clip_skip + 2 : clip_skip + 1;
    if (back > layers) {
        throw Error(
            ErrorCode::bad_request,
            message("clip_skip is {}, this text encoder has {} layers; at most {} can be skipped.",
                    clip_skip, layers - 1, layers - (sdxl ? 2 : 1)));
    }
    const Tensor& state = output.hidden_states[static_cast<std::size_t>(layers - back)];
    if (sdxl) {
        out.embeds = state;
    } else {
        out.embeds =
            clip_skip == 0 ? output.last_hidden_state : tower.encoder.final_layer_norm(state);
    }
    if (prompt.is_weighted) {
        out.embeds = weigh_tokens(out.embeds, weights_of(prompt).to(options.device));
    }
    out.embeds = out.embeds.reshape({1, -1, out.embeds.size(-1)});
    out.input_ids = out.input_ids.reshape({1, -1});
    if (output.text_embeds.defined()) { // of the first piece, whatever its weights
        out.pooled = output.text_embeds.slice(0, 0, 1);
    }
    return out;
}

// One prompt through one tower (SD 1.5) or both (SDXL: widths joined, the second gives the pooled
// vector).
EncodedText encode(const SdModel& model, const std::vector<TowerText>& texts,
                   PromptPieces TowerText::*prompt, int clip_skip, const BetweenLayers& between) {
    const bool sdxl = model.is_sdxl();
    EncodedText out =
        run_tower(model.text, texts.front().*prompt, model.options, sdxl, clip_skip, between);
    if (model.text_2) {
        const EncodedText second =
            run_tower(*model.text_2, texts.back().*prompt, model.options, sdxl, clip_skip, between);
        out.embeds = at::cat({out.embeds, second.embeds}, -1);
        out.pooled = second.pooled;
    }
    return out;
}

void tell_cut(const PromptPieces& prompt, const Message& name, std::vector<Message>& notices) {
    if (prompt.cut_count > 0) {
        notices.push_back(message("{} has {} tokens; the model reads {}, the last {} are not used.",
                                  name, prompt.token_count, prompt.token_count - prompt.cut_count,
                                  prompt.cut_count));
    }
}

std::vector<Message> notices_of(const SdModel& model, const PromptRequest& request,
                                const std::vector<TowerText>& texts) {
    std::vector<Message> notices;
    tell_cut(texts.front().positive, message("The prompt"), notices);
    if (!request.prompt_2.empty() && model.text_2) {
        tell_cut(texts.back().positive, message("The second prompt"), notices);
    }
    if (request.guided) {
        tell_cut(texts.front().negative, message("The negative prompt"), notices);
        if (!request.negative_prompt_2.empty() && model.text_2) {
            tell_cut(texts.back().negative, message("The second negative prompt"), notices);
        }
    }
    if (!model.text_2 && !(request.prompt_2.empty() && request.negative_prompt_2.empty())) {
        notices.push_back(message("The second prompts are not used: this model has one text "
                                  "encoder; SDXL models have two."));
    }
    return notices;
}

} // namespace

Conditioning encode_prompt(const SdModel& model, const PromptRequest& request, TensorDump dump,
                           const BetweenLayers& between) {
    const std::vector<TowerText> texts = read_all(model, request);
    const EncodedText positive =
        encode(model, texts, &TowerText::positive, request.clip_skip, between);
    Conditioning out{.prompt_embeds = positive.embeds,
                     .pooled_prompt_embeds = positive.pooled,
                     .notices = notices_of(model, request, texts)};
    if (dump != nullptr) {
        (*dump)["input_ids"] = positive.input_ids;
        (*dump)["prompt_embeds"] = positive.embeds;
        if (positive.pooled.defined()) {
            (*dump)["pooled_prompt_embeds"] = positive.pooled;
        }
    }
    if (request.guided) {
        // The negative prompt is always encoded without skipping, as diffusers does.
        EncodedText negative = encode(model, texts, &TowerText::negative, 0, between);
        if (model.is_sdxl() && !request.negative_prompt && request.negative_prompt_2.empty() &&
            model.folder.force_zeros_for_empty_prompt) {
            negative.embeds = at::zeros_like(positive.embeds);
            negative.pooled = at::zeros_like(positive.pooled);
        }
        if (dump != nullptr) {
            (*dump)["negative_input_ids"] = negative.input_ids;
            (*dump)["negative_prompt_embeds"] = negative.embeds;
        }
        out.prompt_embeds = at::cat({negative.embeds, positive.embeds});
        if (positive.pooled.defined()) {
            out.pooled_prompt_embeds = at::cat({negative.pooled, positive.pooled});
        }
    }
    out.text = model.unet.text_key_values(out.prompt_embeds);
    return out;
}

} // namespace likeness
