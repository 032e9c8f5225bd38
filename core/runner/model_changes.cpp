#include "core/runner/model_changes.h"

#include <algorithm>
#include <utility>

namespace likeness {

ModelChanges::Wanted ModelChanges::wanted(const GenerationRequest& request) {
    Wanted wanted{.loras = request.loras, .words = request.textual_inversions};
    std::erase_if(wanted.loras, [](const Lora& lora) { return lora.scale == 0 || lora.muted; });
    std::erase_if(wanted.words, [](const TextualInversion& word) { return word.muted; });
    for (const Lora& lora : wanted.loras) {
        wanted.stamps.push_back(stamp_of(lora.path));
    }
    for (const TextualInversion& word : wanted.words) {
        wanted.stamps.push_back(stamp_of(word.path));
    }
    return wanted;
}

void ModelChanges::reset(std::shared_ptr<const SdModel> base) {
    base_ = std::move(base);
    made_ = base_;
    made_of_ = {};
    notices_.clear();
}

bool ModelChanges::current(const GenerationRequest& request) const {
    return made_ != nullptr && wanted(request) == made_of_;
}

std::shared_ptr<const SdModel> ModelChanges::changed(const GenerationRequest& request,
                                                     const Progress& progress) {
    Wanted wanted = ModelChanges::wanted(request);
    if (made_ != nullptr && wanted == made_of_) {
        return made_;
    }
    made_.reset(); // its tensors make room for the next one's
    notices_.clear();
    std::vector<ActiveLora> loras;
    std::map<std::string, Kept> used;
    for (std::size_t i = 0; i < wanted.loras.size(); ++i) {
        const Lora& lora = wanted.loras[i];
        progress.check();
        auto kept = files_.find(lora.path);
        if (kept == files_.end() || kept->second.stamp != wanted.stamps[i]) {
            kept = files_.insert_or_assign(lora.path, Kept{wanted.stamps[i], load_lora(lora.path)})
                       .first;
        }
        used.insert(*kept);
        loras.push_back(
            {.file = kept->second.file, .scale = lora.scale, .block_scales = lora.block_scales});
    }
    files_ = std::move(used);
    std::shared_ptr<const SdModel> model = base_;
    if (!loras.empty()) {
        ChangedModel merged = apply_loras(base_, loras, progress);
        model = std::move(merged.model);
        notices_ = std::move(merged.notices);
    }
    if (!wanted.words.empty()) {
        std::vector<LearnedWord> words;
        for (const TextualInversion& word : wanted.words) {
            words.push_back(load_textual_inversion(word.path, word.token));
        }
        model = apply_words(model, words);
    }
    made_ = std::move(model);
    made_of_ = std::move(wanted);
    return made_;
}

} // namespace likeness
