#include "core/base/error.h"
#include "core/pipelines/stages.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros_like.h>

namespace likeness {

namespace {

struct EncodedText {
    Tensor embeds{}; // [1, T, D]
    Tensor pooled{}; // [1, D2] or undefined
    Tensor input_ids{};
    TokenizedPrompt tokens{};
};

EncodedText run_tower(const TextTower& tower, const std::string& text, const WeightOptions& options,
                      bool sdxl, int clip_skip) {
    EncodedText out;
    out.tokens = tower.tokenizer.encode(text);
    out.input_ids = at::tensor(out.tokens.ids, at::kLong).unsqueeze(0);
    const ClipTextOutput output = tower.encoder(out.input_ids.to(options.device));
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
    out.pooled = output.text_embeds;
    return out;
}

// One prompt through one tower (SD 1.5) or both (SDXL: widths joined, the second gives the pooled
// vector).
EncodedText encode(const SdModel& model, const std::string& text, int clip_skip) {
    EncodedText out =
        run_tower(model.text, text, model.options, model.text_2.has_value(), clip_skip);
    if (model.text_2) {
        const EncodedText second = run_tower(*model.text_2, text, model.options, true, clip_skip);
        out.embeds = at::cat({out.embeds, second.embeds}, -1);
        out.pooled = second.pooled;
    }
    return out;
}

} // namespace

Conditioning encode_prompt(const SdModel& model, const PromptRequest& request, TensorDump dump) {
    const EncodedText positive = encode(model, request.prompt, request.clip_skip);
    Conditioning out{.prompt_embeds = positive.embeds, .pooled_prompt_embeds = positive.pooled};
    if (positive.tokens.cut_count > 0) {
        const TokenizedPrompt& tokens = positive.tokens;
        out.notices.push_back(
            message("The prompt has {} tokens; the model reads {}, the last {} are not used.",
                    tokens.token_count, tokens.token_count - tokens.cut_count, tokens.cut_count));
    }
    if (dump != nullptr) {
        (*dump)["input_ids"] = positive.input_ids;
        (*dump)["prompt_embeds"] = positive.embeds;
        if (positive.pooled.defined()) {
            (*dump)["pooled_prompt_embeds"] = positive.pooled;
        }
    }
    if (request.guided) {
        // The negative prompt is always encoded without skipping, as diffusers does.
        EncodedText negative = encode(model, request.negative_prompt.value_or(""), 0);
        if (model.text_2 && !request.negative_prompt && model.folder.force_zeros_for_empty_prompt) {
            negative.embeds = at::zeros_like(positive.embeds);
            negative.pooled = at::zeros_like(positive.pooled);
        }
        if (negative.tokens.cut_count > 0) {
            const TokenizedPrompt& tokens = negative.tokens;
            out.notices.push_back(message(
                "The negative prompt has {} tokens; the model reads {}, the last {} are not used.",
                tokens.token_count, tokens.token_count - tokens.cut_count, tokens.cut_count));
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
