#include "core/pipelines/apply_loras.h"

#include "core/adapters/lora_delta.h"
#include "core/adapters/lora_targets.h"
#include "core/base/error.h"
#include "core/base/wording.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/sum.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <span>

#include <fmt/format.h>

namespace likeness {

namespace {

constexpr std::size_t kNamed = 4; // layers named in one notice

// "a, b and 12 more"
Message listed(const std::vector<Message>& names) {
    const Message shown = joined(std::span(names).first(std::min(kNamed, names.size())), ", ");
    return names.size() > kNamed ? message("{} and {} more", shown, names.size() - kNamed) : shown;
}

// The names under which that layer's factor may stand, the most exact first: "up.block_1" of
// "up_blocks.1.resnets.0.conv1".
std::vector<std::string> blocks_of(const std::string& name) {
    if (name.starts_with("mid_block.")) {
        return {"mid"};
    }
    const std::string_view rest = name;
    const auto first = rest.find("_blocks.");
    if (first != 2 && first != 4) { // neither up nor down
        return {};
    }
    const std::string side(rest.substr(0, first));
    const auto end = rest.find('.', first + 8);
    const std::string block =
        fmt::format("{}.block_{}", side, rest.substr(first + 8, end - first - 8));
    constexpr std::string_view kAttentions = ".attentions.";
    if (end == rest.npos || !rest.substr(end).starts_with(kAttentions)) {
        return {block};
    }
    const auto number = end + kAttentions.size();
    return {fmt::format("{}.attentions_{}", block,
                        rest.substr(number, rest.find('.', number) - number)),
            block};
}

double block_factor(const LoraTarget& target, const std::map<std::string, double>& block_scales) {
    if (target.component == LoraComponent::unet && !block_scales.empty()) {
        for (const std::string& block : blocks_of(target.layer.name)) {
            if (const auto found = block_scales.find(block); found != block_scales.end()) {
                return found->second;
            }
        }
    }
    return 1;
}

void check_blocks(const LoraTargets& targets, const ActiveLora& lora) {
    std::set<std::string> known;
    for (const LoraTarget& target : targets.all()) {
        if (target.component == LoraComponent::unet) {
            std::ranges::copy(blocks_of(target.layer.name), std::inserter(known, known.end()));
        }
    }
    for (const auto& [block, scale] : lora.block_scales) {
        if (!known.contains(block)) {
            throw Error(ErrorCode::bad_request,
                        message("The LoRA {} was not used: this model's UNet has no block {}.",
                                in_quotes(lora.file->name), block));
        }
    }
}

// The base models told by their cross-attention.
Message family_of(int64_t cross_attention_dim) {
    switch (cross_attention_dim) {
    case 768:
        return message("SD 1.5");
    case 1024:
        return message("SD 2");
    case 2048:
        return message("SDXL");
    default:
        return message("another model");
    }
}

[[noreturn]] void refuse(const LoraFile& file, const Message& why) {
    throw Error(ErrorCode::model_mismatch,
                message("The LoRA {} was not used: {}", in_quotes(file.name), why));
}

void check_family(const LoraFile& file, const SdModel& model) {
    const int64_t wanted = file.layout.cross_attention_dim();
    const int64_t own = model.unet.config.cross_attention_dim;
    if (wanted != 0 && wanted != own) {
        refuse(file, message("it is made for {}: its cross-attention reads {} values a token, that "
                             "of the model {} reads {}. Choose a LoRA made for this model.",
                             family_of(wanted), wanted, model.folder.name, own));
    }
}

// What the files add to each of the model's layers.
class Plan {
public:
    Plan(const LoraTargets& targets, const SdModel& model)
        : targets_(targets), model_(model), pieces_(targets.all().size()) {}

    void add(const ActiveLora& lora) {
        const LoraFile& file = *lora.file;
        check_family(file, model_);
        check_blocks(targets_, lora);
        std::vector<Message> unknown, misfits;
        std::size_t used = 0;
        for (const LoraModule& module : file.layout.modules) {
            const std::size_t place = targets_.find(module.name);
            if (place == LoraTargets::kNone) {
                unknown.push_back(verbatim(module.name));
                continue;
            }
            const LoraTarget& target = targets_.all()[place];
            if (Message misfit = lora_misfit(module, target.layer.shape(), target.layer.bias());
                !misfit.empty()) {
                misfits.push_back(std::move(misfit));
                continue;
            }
            ++used;
            const double scale = lora.scale * block_factor(target, lora.block_scales);
            if (scale != 0) {
                pieces_[place].push_back({.file = &file, .module = &module, .scale = scale});
            }
        }
        if (used == 0) {
            refuse(file,
                   misfits.empty()
                       ? message("none of its {} layers is one of the model {} ({}). It is "
                                 "made for another kind of model.",
                                 file.layout.modules.size(), model_.folder.name, listed(unknown))
                       : message("its layers are of other sizes than the model {} has: {}. "
                                 "It is made for another model.",
                                 model_.folder.name, listed(misfits)));
        }
        std::vector<Message> strangers;
        std::ranges::transform(file.layout.strangers, std::back_inserter(strangers), verbatim);
        const std::string name = in_quotes(file.name);
        if (!unknown.empty()) {
            notices.push_back(message("The LoRA {} has {} layers that the model {} does not have; "
                                      "they are not used: {}.",
                                      name, unknown.size(), model_.folder.name, listed(unknown)));
        }
        if (!misfits.empty()) {
            notices.push_back(message("The LoRA {} has {} layers of other sizes than the model {} "
                                      "has; they are not used: {}.",
                                      name, misfits.size(), model_.folder.name, listed(misfits)));
        }
        if (!strangers.empty()) {
            notices.push_back(message("The LoRA {} has {} tensors of a kind that this program does "
                                      "not know; they are not used: {}.",
                                      name, strangers.size(), listed(strangers)));
        }
    }

    const std::vector<std::vector<LoraPiece>>& pieces() const { return pieces_; }

    std::vector<Message> notices{};

private:
    const LoraTargets& targets_;
    const SdModel& model_;
    std::vector<std::vector<LoraPiece>> pieces_;
};

// Throws where a sum of finite values is not.
Tensor checked(Tensor values, const std::vector<LoraPiece>& pieces) {
    if (!std::isfinite(values.sum(at::kFloat).item<double>()) &&
        !at::isfinite(values).all().item<bool>()) {
        refuse(*pieces.front().file,
               message("with the scale {} the values of {} grow past what {} holds. Lower its "
                       "scale.",
                       pieces.front().scale, pieces.front().module->name,
                       c10::toString(values.scalar_type())));
    }
    return values;
}

// A packed layer's weight as its file has it: some kernels' orders cannot be turned back.
Tensor published_weight(const SdModel& model, const LoraTarget& target) {
    if (target.layer.weight().defined()) {
        return target.layer.weight();
    }
    const auto& source = model.sources.at(to_string(target.component));
    std::string name = target.layer.name + ".weight";
    constexpr std::string_view kPrefix = "text_model."; // which some files leave out
    if (!source->shape(name) && name.starts_with(kPrefix)) {
        name.erase(0, kPrefix.size());
    }
    return source->take(name)
        .to(model.options.device, model.options.dtype)
        .view(target.layer.shape());
}

// An encoder that reads words of its own beside its vocabulary.
void add_words(TextTower& tower, const std::vector<const LearnedWord*>& words,
               const std::string& key, const WeightOptions& options) {
    std::vector<AddedWord> added;
    std::vector<Tensor> rows;
    int64_t next = tower.tokenizer.vocab_size();
    tower.encoder.added_tokens = AddedTokens{.first_id = next};
    for (const LearnedWord* word : words) {
        const Tensor& embedding = word->embeddings.at(key);
        AddedWord& one = added.emplace_back(AddedWord{.word = word->token});
        for (int64_t i = 0; i < embedding.size(0); ++i) {
            one.ids.push_back(next++);
        }
        rows.push_back(embedding);
    }
    tower.encoder.added_tokens->embeddings = at::cat(rows).to(options.device, options.dtype);
    tower.tokenizer = tower.tokenizer.with_words(std::move(added));
}

void check_word(const LearnedWord& word, const SdModel& model) {
    const auto refuse_word = [&](const Message& why) {
        throw Error(ErrorCode::model_mismatch, message("The textual inversion {} was not used: {}",
                                                       in_quotes(word.file), why));
    };
    const bool sdxl = model.text_2.has_value();
    if (sdxl != word.embeddings.contains("clip_g")) {
        refuse_word(sdxl ? message("it is made for a model with one text encoder, the model {} has "
                                   "two (SDXL). Choose one with clip_l and clip_g.",
                                   model.folder.name)
                         : message("it is made for SDXL, which has two text encoders; the model {} "
                                   "has one. Choose one made for SD 1.5.",
                                   model.folder.name));
    }
    const auto check_width = [&](const std::string& key, const TextTower& tower) {
        const auto found = word.embeddings.find(key);
        const int64_t own = tower.encoder.config.hidden_size;
        if (found == word.embeddings.end()) {
            refuse_word(message("it has no {}.", key));
        } else if (found->second.size(1) != own) {
            refuse_word(message("its vectors are {} wide, the text encoder of the model {} reads "
                                "{}. Choose one made for this model.",
                                found->second.size(1), model.folder.name, own));
        }
    };
    check_width(sdxl ? "clip_l" : "", model.text);
    if (sdxl) {
        check_width("clip_g", *model.text_2);
    }
}

} // namespace

ChangedModel apply_loras(const std::shared_ptr<const SdModel>& base,
                         const std::vector<ActiveLora>& loras, const Progress& progress) {
    auto model = std::make_shared<SdModel>(*base);
    model->text.encoder.encoder.hold();
    if (model->text_2) {
        model->text_2->encoder.encoder.hold();
    }
    const LoraTargets targets(model->unet, model->text.encoder,
                              model->text_2 ? &model->text_2->encoder : nullptr);
    Plan plan(targets, *base);
    for (const ActiveLora& lora : loras) {
        progress.check();
        plan.add(lora);
    }
    for (std::size_t i = 0; i < plan.pieces().size(); ++i) {
        const std::vector<LoraPiece>& pieces = plan.pieces()[i];
        if (pieces.empty()) {
            continue;
        }
        progress.check();
        const NamedLayer& layer = targets.all()[i].layer;
        const Tensor weight = published_weight(*base, targets.all()[i]);
        Tensor bias = merged_bias(layer.bias(), pieces);
        layer.set(checked(merged_weight(weight, pieces), pieces),
                  bias.defined() ? checked(std::move(bias), pieces) : bias);
    }
    join_projections(model->unet);
    return {.model = std::move(model), .notices = std::move(plan.notices)};
}

std::shared_ptr<const SdModel> apply_words(const std::shared_ptr<const SdModel>& base,
                                           const std::vector<LearnedWord>& words) {
    auto model = std::make_shared<SdModel>(*base);
    std::vector<const LearnedWord*> all;
    for (const LearnedWord& word : words) {
        check_word(word, *base);
        const auto same = [&](const LearnedWord* other) { return other->token == word.token; };
        if (std::ranges::any_of(all, same)) {
            throw Error(ErrorCode::bad_request,
                        message("Two textual inversions have the word {}. Give one of them "
                                "another.",
                                in_quotes(word.token)));
        }
        all.push_back(&word);
    }
    if (!all.empty()) {
        add_words(model->text, all, model->text_2 ? "clip_l" : "", model->options);
        if (model->text_2) {
            add_words(*model->text_2, all, "clip_g", model->options);
        }
    }
    return model;
}

} // namespace likeness
