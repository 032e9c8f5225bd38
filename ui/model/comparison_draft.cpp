#include "ui/model/comparison_draft.h"

#include "ui/model/comparison_model.h"
#include "ui/model/known_files.h"
#include "ui/model/reference_list_model.h"
#include "ui/model/words.h"

#include <QLocale>
#include <QStringList>

#include <algorithm>

namespace likeness {

namespace {

std::vector<AxisChoice> strengthChoices(const GenerationRequest& base) {
    std::vector<AxisChoice> choices;
    if (!base.references.empty()) {
        choices.push_back({ComparisonField::master_scale});
    }
    for (int i = 0; i < static_cast<int>(base.references.size()); ++i) {
        choices.push_back({ComparisonField::ip_adapter_scale, i});
    }
    for (const Lora& lora : base.loras) {
        choices.push_back({ComparisonField::lora_scale, 0, lora.path});
    }
    return choices;
}

void addPicked(std::vector<AxisChoice>& choices, const GenerationRequest& base) {
    choices.push_back({ComparisonField::model});
    if (!base.references.empty()) {
        choices.push_back({ComparisonField::ip_adapter});
    }
}

std::optional<ComparisonValue> valueOf(const QString& text, ComparisonField field) {
    bool good = false;
    switch (field) {
    case ComparisonField::master_scale:
    case ComparisonField::ip_adapter_scale:
    case ComparisonField::lora_scale:
    case ComparisonField::guidance_scale: {
        const double number = QLocale::c().toDouble(text, &good);
        return good ? std::optional<ComparisonValue>(number) : std::nullopt;
    }
    case ComparisonField::reference: {
        const quint64 number = text.toULongLong(&good);
        return good && number > 0 ? std::optional<ComparisonValue>(std::uint64_t{number - 1})
                                  : std::nullopt;
    }
    case ComparisonField::seed:
    case ComparisonField::num_inference_steps: {
        const quint64 number = text.toULongLong(&good);
        return good ? std::optional<ComparisonValue>(std::uint64_t{number}) : std::nullopt;
    }
    case ComparisonField::ip_adapter:
    case ComparisonField::model:
    case ComparisonField::scheduler:
        return ComparisonValue(text.toStdString());
    }
    return std::nullopt;
}

std::vector<ComparisonValue> valuesOf(const QStringList& words) {
    std::vector<ComparisonValue> values;
    for (const QString& word : words) {
        values.emplace_back(word.toStdString());
    }
    return values;
}

ComparisonAxis axisOf(const AxisDraft& draft) {
    ComparisonAxis axis{.field = draft.choice.field,
                        .reference = draft.choice.reference,
                        .lora = draft.choice.lora};
    if (isPicked(axis.field)) {
        axis.values = valuesOf(draft.words);
        return axis;
    }
    for (const QString& text : draft.values.split(',', Qt::SkipEmptyParts)) {
        if (const auto value = valueOf(text.trimmed(), axis.field)) {
            axis.values.push_back(*value);
        }
    }
    return axis;
}

void fitAxis(AxisDraft& axis, const std::vector<AxisChoice>& choices, std::size_t otherwise,
             const GenerationRequest& base) {
    const bool known = std::ranges::find(choices, axis.choice) != choices.end();
    const bool is_empty =
        isPicked(axis.choice.field) ? axis.words.isEmpty() : axis.values.isEmpty();
    if (!known || is_empty) {
        if (!known || axis == AxisDraft{}) { // or never touched: the two must differ
            axis.choice = choices[std::min(otherwise, choices.size() - 1)];
        }
        axis.values = usualValues(axis.choice, base);
        axis.words = usualWords(axis.choice.field, base);
    }
}

} // namespace

std::vector<AxisChoice> ladderChoices(const GenerationRequest& base) {
    std::vector<AxisChoice> choices = strengthChoices(base);
    choices.push_back({ComparisonField::guidance_scale});
    choices.push_back({ComparisonField::num_inference_steps});
    addPicked(choices, base);
    return choices;
}

std::vector<AxisChoice> sheetChoices(const GenerationRequest& base) {
    std::vector<AxisChoice> choices = strengthChoices(base);
    choices.push_back({ComparisonField::seed});
    if (base.references.size() > 1) {
        choices.push_back({ComparisonField::reference});
    }
    choices.push_back({ComparisonField::guidance_scale});
    choices.push_back({ComparisonField::num_inference_steps});
    choices.push_back({ComparisonField::scheduler});
    addPicked(choices, base);
    return choices;
}

bool isPicked(ComparisonField field) {
    return field == ComparisonField::model || field == ComparisonField::ip_adapter;
}

QString nameOfWord(const QString& word, ComparisonField field) {
    QString name = inWords(caption(ComparisonAxis{.field = field}, word.toStdString()));
    const bool installed = !word.contains('/') && !word.contains('\\');
    if (field == ComparisonField::model && installed && !name.isEmpty()) {
        name[0] = name[0].toUpper();
    }
    return name;
}

QString nameOf(const AxisChoice& choice, const GenerationRequest& base) {
    switch (choice.field) {
    case ComparisonField::master_scale:
        return ComparisonModel::tr("Strength, all");
    case ComparisonField::ip_adapter_scale: {
        const auto index = static_cast<std::size_t>(choice.reference);
        const QString path = index < base.references.size()
                                 ? QString::fromStdString(base.references[index].path)
                                 : QString();
        return path.isEmpty()
                   ? ComparisonModel::tr("Strength, reference %1").arg(choice.reference + 1)
                   : ComparisonModel::tr("Strength %1: %2")
                         .arg(QString::number(choice.reference + 1), nameOfFile(path));
    }
    case ComparisonField::reference:
        return ComparisonModel::tr("Which reference");
    case ComparisonField::lora_scale:
        return QStringLiteral("LoRA %1").arg(nameOfWeights(choice.lora));
    case ComparisonField::ip_adapter:
        return ComparisonModel::tr("Adapter");
    case ComparisonField::model:
        return ComparisonModel::tr("Base model");
    case ComparisonField::seed:
        return ComparisonModel::tr("Seed");
    case ComparisonField::guidance_scale:
        return ComparisonModel::tr("Guidance");
    case ComparisonField::num_inference_steps:
        return ComparisonModel::tr("Steps");
    case ComparisonField::scheduler:
        return ComparisonModel::tr("Scheduler");
    }
    return {};
}

QString usualValues(const AxisChoice& choice, const GenerationRequest& base) {
    switch (choice.field) {
    case ComparisonField::master_scale:
    case ComparisonField::ip_adapter_scale:
    case ComparisonField::lora_scale:
        return QStringLiteral("0, 0.4, 0.8, 1.2");
    case ComparisonField::reference: {
        QStringList numbers;
        for (std::size_t i = 0; i < base.references.size(); ++i) {
            numbers << QString::number(i + 1);
        }
        return numbers.join(QStringLiteral(", "));
    }
    case ComparisonField::ip_adapter:
    case ComparisonField::model:
        return {};
    case ComparisonField::seed:
        return QStringLiteral("%1, %2, %3").arg(base.seed).arg(base.seed + 1).arg(base.seed + 2);
    case ComparisonField::guidance_scale:
        return QStringLiteral("1.5, 3, 5, 7.5");
    case ComparisonField::num_inference_steps:
        return QStringLiteral("10, 20, 30");
    case ComparisonField::scheduler:
        return QStringLiteral("ddim, euler, dpmpp_2m_karras");
    }
    return {};
}

QStringList usualWords(ComparisonField field, const GenerationRequest& base) {
    return !isPicked(field) ? QStringList()
                            : QStringList{QString::fromStdString(
                                  field == ComparisonField::model ? base.model : base.ip_adapter)};
}

void setUsualRange(ComparisonDraft& draft) {
    switch (draft.vary.field) {
    case ComparisonField::guidance_scale:
        draft.from = 1;
        draft.to = 10;
        draft.step = 1.5;
        break;
    case ComparisonField::num_inference_steps:
        draft.from = 5;
        draft.to = 35;
        draft.step = 5;
        break;
    default:
        draft.from = 0;
        draft.to = 1.2;
        draft.step = 0.2;
    }
}

ComparisonDraft fitted(ComparisonDraft draft, const GenerationRequest& base) {
    const std::vector<AxisChoice> ladder = ladderChoices(base);
    const bool known = std::ranges::find(ladder, draft.vary) != ladder.end();
    if (!known || !draft.chosen) {
        const AxisChoice before = draft.vary;
        draft.vary = base.references.size() == 1 ? AxisChoice{ComparisonField::ip_adapter_scale, 0}
                                                 : ladder.front();
        draft.chosen = false;
        if (!known && draft.vary.field != before.field) {
            setUsualRange(draft);
        }
    }
    if (draft.words.isEmpty()) {
        draft.words = usualWords(draft.vary.field, base);
    }
    const std::vector<AxisChoice> sheet = sheetChoices(base);
    fitAxis(draft.across, sheet, 0, base);
    fitAxis(draft.down, sheet, std::max<std::size_t>(1, strengthChoices(base).size()), base);
    return draft;
}

ComparisonSpec specOf(const ComparisonDraft& draft, const GenerationRequest& base) {
    ComparisonSpec spec{.base = base};
    spec.base.num_images = 1;
    if (draft.sheet) {
        spec.axes = {axisOf(draft.across), axisOf(draft.down)};
    } else {
        spec.axes = {{.field = draft.vary.field,
                      .reference = draft.vary.reference,
                      .lora = draft.vary.lora,
                      .values = isPicked(draft.vary.field)
                                    ? valuesOf(draft.words)
                                    : ladder_axis_values(draft.vary.field, draft.from, draft.to,
                                                         draft.step)}};
    }
    return spec;
}

} // namespace likeness
