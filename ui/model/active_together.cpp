#include "ui/model/active_together.h"

#include "ui/model/known_files.h"
#include "ui/model/reference_list_model.h"
#include "ui/model/request_model.h"

#include <QCoreApplication>

#include <algorithm>

namespace likeness {

namespace {

QString words(const char* source) {
    return QCoreApplication::translate("likeness::ActivePanel", source);
}

// A LoRA or a learned word.
template <typename File>
ActiveThing thingOf(const File& file, std::size_t row, const KnownFiles& files,
                    const ModelTraits& traits) {
    ActiveThing thing{.name = nameOfWeights(file.path),
                      .explained = QString::fromStdString(file.path),
                      .muted = file.muted,
                      .row = row,
                      .path = file.path};
    if (const std::optional<FileFacts> facts = files.facts(file.path)) {
        thing.problem = facts->problem.isEmpty() ? misfitOf(*facts, traits) : facts->problem;
    }
    thing.acts = !thing.muted && thing.problem.isEmpty();
    return thing;
}

} // namespace

std::vector<ActiveThing> activeTogether(const RequestModel& request,
                                        const ReferenceListModel& references,
                                        const KnownFiles& files) {
    const GenerationRequest& wanted = request.request();
    std::vector<ActiveThing> things{
        {.kind = ActiveThing::Kind::model,
         .name = nameOfWord(QString::fromStdString(wanted.model), ComparisonField::model),
         .explained = QString::fromStdString(wanted.model),
         .path = wanted.model,
         .sweep = {ComparisonField::model}}};
    int acting = 0;
    for (const ReferenceCard& card : references.cards()) {
        const bool acts = references.counts(card);
        things.push_back({.kind = ActiveThing::Kind::reference,
                          .name = roleName(references.role(card)),
                          .explained = card.name,
                          .thumbnail = card.thumbnail,
                          .scale = card.ip_adapter_scale,
                          .muted = card.muted,
                          .solo = card.solo,
                          .acts = acts,
                          .card = card.id,
                          .sweep = {ComparisonField::ip_adapter_scale, acting}});
        acting += acts ? 1 : 0;
    }
    for (std::size_t row = 0; row < wanted.loras.size(); ++row) {
        ActiveThing thing = thingOf(wanted.loras[row], row, files, request.traits());
        thing.kind = ActiveThing::Kind::lora;
        thing.scale = wanted.loras[row].scale;
        thing.sweep = {ComparisonField::lora_scale, 0, thing.path};
        things.push_back(thing);
    }
    for (std::size_t row = 0; row < wanted.textual_inversions.size(); ++row) {
        const TextualInversion& word = wanted.textual_inversions[row];
        ActiveThing thing = thingOf(word, row, files, request.traits());
        thing.kind = ActiveThing::Kind::word;
        thing.name = word.token.empty() ? thing.name : QString::fromStdString(word.token);
        things.push_back(thing);
    }
    return things;
}

QString countOf(const std::vector<ActiveThing>& things) {
    const auto count = [&](auto&& wanted) {
        return std::ranges::count_if(things, [&](const ActiveThing& thing) {
            return thing.kind != ActiveThing::Kind::model && wanted(thing);
        });
    };
    const auto active = count([](const ActiveThing& thing) { return thing.acts; });
    const auto left_out = count([](const ActiveThing& thing) { return !thing.problem.isEmpty(); });
    const auto muted = static_cast<qsizetype>(things.size()) - 1 - active - left_out;
    if (things.size() <= 1) {
        return words(QT_TRANSLATE_NOOP("likeness::ActivePanel", "the model alone"));
    }
    QStringList parts{words(QT_TRANSLATE_NOOP("likeness::ActivePanel", "%1 active")).arg(active)};
    if (muted > 0) {
        parts << words(QT_TRANSLATE_NOOP("likeness::ActivePanel", "%1 muted")).arg(muted);
    }
    if (left_out > 0) {
        parts << words(QT_TRANSLATE_NOOP("likeness::ActivePanel", "%1 left out")).arg(left_out);
    }
    return parts.join(QStringLiteral(", "));
}

} // namespace likeness
