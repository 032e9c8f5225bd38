#include "ui/model/edit_state.h"

#include "ui/model/edit_history.h"
#include "ui/model/known_files.h"

#include <algorithm>
#include <optional>

namespace likeness {

namespace {

constexpr int kLongestName = 40; // of a card, in a menu

QString shortName(const ReferenceCard& card) {
    QString name = card.name.simplified();
    if (name.size() > kLongestName) {
        name = name.left(kLongestName - 1) + QChar(0x2026);
    }
    return name;
}

// Whether what differs between two values is these fields alone.
template <typename Value, typename... Fields>
bool onlyDiffersIn(const Value& before, Value after, Fields... fields) {
    ((after.*fields = before.*fields), ...);
    return after == before;
}

const ReferenceCard* findCard(const std::vector<ReferenceCard>& cards, quint64 id) {
    const auto found = std::ranges::find(cards, id, &ReferenceCard::id);
    return found == cards.end() ? nullptr : &*found;
}

std::optional<EditName> nameOfMembership(const std::vector<ReferenceCard>& before,
                                         const std::vector<ReferenceCard>& after) {
    const auto missing = [](const std::vector<ReferenceCard>& from,
                            const std::vector<ReferenceCard>& in) {
        std::vector<const ReferenceCard*> result;
        for (const ReferenceCard& card : from) {
            if (!findCard(in, card.id)) {
                result.push_back(&card);
            }
        }
        return result;
    };
    const auto added = missing(after, before);
    const auto removed = missing(before, after);
    if (!added.empty() && !removed.empty()) {
        return EditName{EditHistory::tr("Replace references")};
    }
    if (added.size() == 1) {
        return EditName{EditHistory::tr("Add %1").arg(shortName(*added.front()))};
    }
    if (added.size() > 1) {
        return EditName{EditHistory::tr("Add %1 references").arg(added.size())};
    }
    if (removed.size() == 1) {
        return EditName{EditHistory::tr("Remove %1").arg(shortName(*removed.front()))};
    }
    if (removed.size() > 1) {
        return EditName{EditHistory::tr("Remove %1 references").arg(removed.size())};
    }
    if (!std::ranges::equal(before, after, {}, &ReferenceCard::id, &ReferenceCard::id)) {
        return EditName{EditHistory::tr("Reorder references")};
    }
    return std::nullopt;
}

EditName nameOfCard(const ReferenceCard& before, const ReferenceCard& after) {
    const QString name = shortName(after);
    const QString id = QString::number(after.id);
    if (onlyDiffersIn(before, after, &ReferenceCard::ip_adapter_scale)) {
        return {EditHistory::tr("Strength of %1").arg(name), "strength " + id};
    }
    if (onlyDiffersIn(before, after, &ReferenceCard::range_start, &ReferenceCard::range_end)) {
        return {EditHistory::tr("Range of %1").arg(name), "range " + id};
    }
    if (onlyDiffersIn(before, after, &ReferenceCard::muted)) {
        const QString words =
            after.muted ? EditHistory::tr("Mute %1") : EditHistory::tr("Unmute %1");
        return {words.arg(name)};
    }
    if (before.role != after.role) {
        return {EditHistory::tr("Role of %1").arg(name)};
    }
    if (onlyDiffersIn(before, after, &ReferenceCard::ip_adapter)) {
        return {EditHistory::tr("Adapter of %1").arg(name)};
    }
    if (onlyDiffersIn(before, after, &ReferenceCard::block_scales)) {
        return {EditHistory::tr("Blocks of %1").arg(name), "blocks " + id};
    }
    if (onlyDiffersIn(before, after, &ReferenceCard::mask, &ReferenceCard::mask_path) ||
        before.view.look_mask != after.view.look_mask) {
        return {EditHistory::tr("Mask of %1").arg(name)};
    }
    if (onlyDiffersIn(before, after, &ReferenceCard::view)) {
        return {EditHistory::tr("What is looked at of %1").arg(name), "view " + id};
    }
    return {EditHistory::tr("Settings of %1").arg(name), "card " + id};
}

std::optional<EditName> nameOfCards(const std::vector<ReferenceCard>& before,
                                    const std::vector<ReferenceCard>& after) {
    if (const auto name = nameOfMembership(before, after)) {
        return name;
    }
    std::vector<std::size_t> changed;
    for (std::size_t i = 0; i < after.size(); ++i) {
        if (before[i] != after[i]) {
            changed.push_back(i);
        }
    }
    if (changed.empty()) {
        return std::nullopt;
    }
    const bool is_solo = std::ranges::all_of(changed, [&](std::size_t i) {
        return onlyDiffersIn(before[i], after[i], &ReferenceCard::solo);
    });
    if (is_solo) {
        const auto alone = std::ranges::find(after, true, &ReferenceCard::solo);
        return alone == after.end() ? EditName{EditHistory::tr("End solo")}
                                    : EditName{EditHistory::tr("Solo %1").arg(shortName(*alone))};
    }
    if (changed.size() == 1) {
        return nameOfCard(before[changed.front()], after[changed.front()]);
    }
    return EditName{EditHistory::tr("Settings of references"), QStringLiteral("cards")};
}

// The fields of a request that have a name of their own; what is not here is "Settings".
template <typename Field>
std::optional<EditName> nameIfOnly(const GenerationRequest& before, const GenerationRequest& after,
                                   Field field, const char* name) {
    if (onlyDiffersIn(before, after, field)) {
        return EditName{EditHistory::tr(name), QLatin1String(name)};
    }
    return std::nullopt;
}

// Two lists of files that differ in one added, removed or moved. nullopt: otherwise.
template <typename Item>
std::optional<EditName> nameOfFiles(const std::vector<Item>& before,
                                    const std::vector<Item>& after) {
    const auto has = [](const std::vector<Item>& list, const Item& item) {
        return std::ranges::find(list, item.path, &Item::path) != list.end();
    };
    std::vector<const Item*> changed;
    for (const Item& item : after.size() > before.size() ? after : before) {
        if (!has(after.size() > before.size() ? before : after, item)) {
            changed.push_back(&item);
        }
    }
    const auto count = static_cast<int>(changed.size());
    if (after.size() != before.size() && count > 0) {
        const bool added = after.size() > before.size();
        if (count > 1) {
            return EditName{added ? EditHistory::tr("Add %1 files").arg(count)
                                  : EditHistory::tr("Remove %1 files").arg(count)};
        }
        const QString name = nameOfWeights(changed.front()->path).left(kLongestName);
        return EditName{added ? EditHistory::tr("Add %1").arg(name)
                              : EditHistory::tr("Remove %1").arg(name)};
    }
    if (after.size() == before.size() && count == 0 &&
        !std::ranges::equal(before, after, {}, &Item::path, &Item::path)) {
        return EditName{EditHistory::tr("Reorder LoRAs")};
    }
    return std::nullopt;
}

// Of a LoRA or a learned word.
template <typename File>
EditName nameOfMute(const File& file) {
    const QString words = file.muted ? EditHistory::tr("Mute %1") : EditHistory::tr("Unmute %1");
    return {words.arg(nameOfWeights(file.path).left(kLongestName))};
}

std::optional<EditName> nameOfLora(const Lora& before, const Lora& after, std::size_t row) {
    const QString name = nameOfWeights(after.path).left(kLongestName);
    const QString place = QString::number(row);
    if (onlyDiffersIn(before, after, &Lora::scale)) {
        return EditName{EditHistory::tr("Strength of %1").arg(name), "lora strength " + place};
    }
    if (onlyDiffersIn(before, after, &Lora::block_scales)) {
        return EditName{EditHistory::tr("Blocks of %1").arg(name), "lora blocks " + place};
    }
    if (onlyDiffersIn(before, after, &Lora::muted)) {
        return nameOfMute(after);
    }
    return std::nullopt;
}

// Of what is added to the model; nullopt where other fields differ too.
std::optional<EditName> nameOfAdditions(const GenerationRequest& before,
                                        const GenerationRequest& after) {
    using Request = GenerationRequest;
    if (onlyDiffersIn(before, after, &Request::loras)) {
        if (const auto name = nameOfFiles(before.loras, after.loras)) {
            return name;
        }
        if (before.loras.size() == after.loras.size()) {
            for (std::size_t i = 0; i < after.loras.size(); ++i) {
                if (before.loras[i] != after.loras[i]) {
                    return nameOfLora(before.loras[i], after.loras[i], i);
                }
            }
        }
        return std::nullopt;
    }
    if (onlyDiffersIn(before, after, &Request::textual_inversions)) {
        if (const auto name = nameOfFiles(before.textual_inversions, after.textual_inversions)) {
            return name;
        }
        const auto& words = after.textual_inversions;
        for (std::size_t i = 0; i < words.size() && i < before.textual_inversions.size(); ++i) {
            if (before.textual_inversions[i].muted != words[i].muted) {
                return nameOfMute(words[i]);
            }
        }
        return EditName{EditHistory::tr("Learned word"), "learned word"};
    }
    if (onlyDiffersIn(before, after, &Request::refiner)) {
        return before.refiner.model != after.refiner.model
                   ? EditName{EditHistory::tr("Refiner")}
                   : EditName{EditHistory::tr("Share of the refiner"), "refiner share"};
    }
    if (onlyDiffersIn(before, after, &Request::loras, &Request::textual_inversions, &Request::vae,
                      &Request::ip_adapter, &Request::image_encoder)) {
        return before.vae != after.vae ? EditName{EditHistory::tr("VAE")}
                                       : EditName{EditHistory::tr("Adapter")};
    }
    return std::nullopt;
}

std::optional<EditName> nameOfRequest(const GenerationRequest& before,
                                      const GenerationRequest& after) {
    using Request = GenerationRequest;
    if (before == after) {
        return std::nullopt;
    }
    if (before.model != after.model) {
        return EditName{EditHistory::tr("Open another model")};
    }
    if (const std::optional<EditName> name = nameOfAdditions(before, after)) {
        return name;
    }
    const std::optional<EditName> names[] = {
        nameIfOnly(before, after, &Request::prompt,
                   QT_TRANSLATE_NOOP("likeness::EditHistory", "Prompt")),
        nameIfOnly(before, after, &Request::negative_prompt,
                   QT_TRANSLATE_NOOP("likeness::EditHistory", "Negative prompt")),
        nameIfOnly(before, after, &Request::master_scale,
                   QT_TRANSLATE_NOOP("likeness::EditHistory", "Master strength")),
        nameIfOnly(before, after, &Request::num_inference_steps,
                   QT_TRANSLATE_NOOP("likeness::EditHistory", "Steps")),
        nameIfOnly(before, after, &Request::guidance_scale,
                   QT_TRANSLATE_NOOP("likeness::EditHistory", "Guidance")),
        nameIfOnly(before, after, &Request::guidance_rescale,
                   QT_TRANSLATE_NOOP("likeness::EditHistory", "Guidance rescale")),
        nameIfOnly(before, after, &Request::clip_skip,
                   QT_TRANSLATE_NOOP("likeness::EditHistory", "Skipped layers")),
        nameIfOnly(before, after, &Request::prompt_syntax,
                   QT_TRANSLATE_NOOP("likeness::EditHistory", "Prompt syntax")),
        nameIfOnly(before, after, &Request::prompt_2,
                   QT_TRANSLATE_NOOP("likeness::EditHistory", "Second prompt")),
        nameIfOnly(before, after, &Request::negative_prompt_2,
                   QT_TRANSLATE_NOOP("likeness::EditHistory", "Second negative prompt")),
        nameIfOnly(before, after, &Request::sizes,
                   QT_TRANSLATE_NOOP("likeness::EditHistory", "Sizes told")),
        nameIfOnly(before, after, &Request::scheduler,
                   QT_TRANSLATE_NOOP("likeness::EditHistory", "Scheduler")),
        nameIfOnly(before, after, &Request::seed,
                   QT_TRANSLATE_NOOP("likeness::EditHistory", "Seed")),
        nameIfOnly(before, after, &Request::num_images,
                   QT_TRANSLATE_NOOP("likeness::EditHistory", "Number of pictures")),
        nameIfOnly(before, after, &Request::strength,
                   QT_TRANSLATE_NOOP("likeness::EditHistory", "Share made anew")),
        nameIfOnly(before, after, &Request::input,
                   QT_TRANSLATE_NOOP("likeness::EditHistory", "Picture to begin from")),
        nameIfOnly(before, after, &Request::combine,
                   QT_TRANSLATE_NOOP("likeness::EditHistory", "Combine"))};
    for (const std::optional<EditName>& name : names) {
        if (name) {
            return name;
        }
    }
    if (onlyDiffersIn(before, after, &Request::guidance_start, &Request::guidance_end)) {
        return EditName{EditHistory::tr("Guided steps"), QStringLiteral("guided steps")};
    }
    if (onlyDiffersIn(before, after, &Request::width, &Request::height)) {
        return EditName{EditHistory::tr("Size"), QStringLiteral("size")};
    }
    return EditName{EditHistory::tr("Settings")};
}

EditName nameOfTraining(const TrainingDraft& before, const TrainingDraft& after) {
    const auto count = static_cast<int>(after.pictures.size());
    const int more = count - static_cast<int>(before.pictures.size());
    if (more > 0) {
        return {more == 1 ? EditHistory::tr("Add %1").arg(after.pictures.back().name)
                          : EditHistory::tr("Add %1 pictures to learn from").arg(more)};
    }
    if (more < 0) {
        return {more == -1 ? EditHistory::tr("Remove a picture to learn from")
                           : EditHistory::tr("Remove %1 pictures to learn from").arg(-more)};
    }
    if (onlyDiffersIn(before, after, &TrainingDraft::pictures)) {
        for (std::size_t i = 0; i < after.pictures.size(); ++i) {
            if (before.pictures[i] != after.pictures[i]) {
                return {EditHistory::tr("Caption of %1").arg(after.pictures[i].name),
                        QStringLiteral("caption %1").arg(after.pictures[i].id)};
            }
        }
    }
    return {EditHistory::tr("Training settings"), QStringLiteral("training")};
}

} // namespace

EditName nameOfEdit(const EditState& before, const EditState& after) {
    const std::optional<EditName> cards = nameOfCards(before.cards, after.cards);
    const std::optional<EditName> request = nameOfRequest(before.request, after.request);
    if (cards && request) {
        return {EditHistory::tr("Settings and references")};
    }
    if (cards || request) {
        return cards ? *cards : *request;
    }
    if (before.training != after.training) {
        return nameOfTraining(before.training, after.training);
    }
    return {after.seed_locked ? EditHistory::tr("Lock the seed")
                              : EditHistory::tr("Unlock the seed")};
}

} // namespace likeness
