#include "ui/panels/comparison_panel.h"

#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/check_list.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/labelled_row.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/section.h"
#include "ui/widgets/segmented_control.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>

#include <algorithm>
#include <functional>

namespace likeness {

namespace {

// From, to and step of any field; what the field itself allows is told when it is made.
constexpr Limit kLadderRange{"ladder", 0, 1000, 0.05, 0, 2};

QString shortNumber(double value) {
    return QString::number(value, 'f', value < 9.95 ? 1 : 0);
}

} // namespace

ComparisonPanel::ComparisonPanel(QWidget* parent)
    : QWidget(parent), section_(new Section(tr("Comparison"), QStringLiteral("comparison_panel"))),
      make_(new SegmentedControl(
          {{tr("Ladder"), tr("One field, step by step, the same seed")},
           {tr("Sheet"), tr("Two fields against each other, the same seed")}})),
      ladder_(new QWidget), sheet_(new QWidget),
      vary_(makeChoice(QStringLiteral("vary"), tr("Vary"))), numbers_(new QWidget),
      words_(makeWords(QStringLiteral("ladder_words"), tr("Which are compared"))),
      from_(new NumberField(kLadderRange)), to_(new NumberField(kLadderRange)),
      step_(new NumberField(kLadderRange)), rungs_(new PlainLabel({}, PlainLabel::Tone::text2)),
      across_(makeChoice(QStringLiteral("across"), tr("Across"))),
      down_(makeChoice(QStringLiteral("down"), tr("Down"))),
      across_values_(makeValues(QStringLiteral("across_values"), tr("Values across"))),
      down_values_(makeValues(QStringLiteral("down_values"), tr("Values down"))),
      across_words_(makeWords(QStringLiteral("across_words"), tr("Which are compared across"))),
      down_words_(makeWords(QStringLiteral("down_words"), tr("Which are compared down"))),
      seed_(new QLineEdit),
      lock_(new IconButton("unlock", tr("Lock the seed: the next picture starts from the same "
                                        "noise"))),
      cost_(new PlainLabel({}, PlainLabel::Tone::text2)),
      button_(new TextButton(tr("Make ladder"), TextButton::Kind::plain)),
      resume_(new TextButton(tr("Go on"), TextButton::Kind::plain)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(section_);
    make_->setNames(QStringLiteral("make"), tr("Make"));
    section_->body()->addWidget(new LabelledRow(tr("Make"), {make_}, make_));
    connect(make_, &SegmentedControl::edited, this, [this](int index) {
        change([index](ComparisonDraft& draft) { draft.sheet = index == 1; });
    });
    buildLadder();
    buildSheet();
    buildSeed();
    buildMake();
    setRun({});
}

ChoiceBox* ComparisonPanel::makeChoice(const QString& name, const QString& accessible_name) {
    auto* choice = new ChoiceBox;
    choice->setObjectName(name);
    choice->setAccessibleName(accessible_name);
    choice->setToolTip(tr("The field in which the pictures differ"));
    choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    choice->setMinimumContentsLength(8);
    return choice;
}

QLineEdit* ComparisonPanel::makeValues(const QString& name, const QString& accessible_name) {
    auto* values = new QLineEdit;
    values->setObjectName(name);
    values->setAccessibleName(accessible_name);
    values->setToolTip(tr("Values, separated by commas"));
    values->setFont(numberFont());
    values->setFixedHeight(metrics::kControl);
    values->setAcceptDrops(false);
    return values;
}

CheckList* ComparisonPanel::makeWords(const QString& name, const QString& accessible_name) {
    auto* words = new CheckList;
    words->setObjectName(name);
    words->setAccessibleName(accessible_name);
    words->setToolTip(tr("One picture for each that is picked; Space picks one or lets it go"));
    return words;
}

void ComparisonPanel::setKnown(const QStringList& models, const QStringList& adapters) {
    models_ = models;
    adapters_ = adapters;
    setDraft(draft_, base_);
}

void ComparisonPanel::focusWords() {
    words_->setFocus(Qt::OtherFocusReason);
}

// What is picked is in the list, known or not.
void ComparisonPanel::showWords(CheckList& list, ComparisonField field, const QStringList& picked) {
    list.setVisible(isPicked(field));
    if (!isPicked(field)) {
        return;
    }
    QStringList words = usualWords(field, base_);
    words += field == ComparisonField::model ? models_ : adapters_;
    words += picked;
    words.removeDuplicates();
    QList<CheckList::Item> items;
    for (const QString& word : std::as_const(words)) {
        items.append({nameOfWord(word, field), word, word});
    }
    list.setItems(items, picked);
}

void ComparisonPanel::change(const std::function<void(ComparisonDraft&)>& change) {
    ComparisonDraft next = draft_;
    change(next);
    if (next != draft_) {
        Q_EMIT edited(next);
    }
}

void ComparisonPanel::buildLadder() {
    struct Named {
        NumberField* field;
        const char* name;
        QString accessible_name;
        double ComparisonDraft::*value;
    };

    const Named fields[] = {{from_, "ladder_from", tr("From"), &ComparisonDraft::from},
                            {to_, "ladder_to", tr("To"), &ComparisonDraft::to},
                            {step_, "ladder_step", tr("Step"), &ComparisonDraft::step}};
    for (const Named& named : fields) {
        named.field->setObjectName(QLatin1String(named.name));
        named.field->setAccessibleName(named.accessible_name);
        named.field->setFixedWidth(metrics::kNumber);
        connect(named.field, &NumberField::edited, this,
                [this, value = named.value](double number) {
                    change([value, number](ComparisonDraft& draft) { draft.*value = number; });
                });
    }
    from_->setToolTip(tr("The first rung"));
    to_->setToolTip(tr("The last rung at most"));
    step_->setToolTip(tr("From one rung to the next"));
    rungs_->setObjectName(QStringLiteral("rungs"));
    auto* column = new QVBoxLayout(ladder_);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(new LabelledRow(tr("Vary"), {vary_}, vary_));
    auto* dash = new PlainLabel(QString::fromUtf8("–"), PlainLabel::Tone::text2);
    auto* numbers = new QVBoxLayout(numbers_);
    numbers->setContentsMargins(0, 0, 0, 0);
    numbers->setSpacing(4);
    numbers->addWidget(new LabelledRow(tr("From, to"), {from_, dash, to_}));
    numbers->addWidget(new LabelledRow(tr("Step"), {step_, rungs_}));
    column->addWidget(numbers_);
    column->addWidget(words_);
    connect(words_, &CheckList::edited, this, [this](const QStringList& picked) {
        change([&picked](ComparisonDraft& draft) { draft.words = picked; });
    });
    section_->body()->addWidget(ladder_);
    connect(vary_, &QComboBox::activated, this, [this](int index) {
        change([&](ComparisonDraft& draft) {
            const AxisChoice choice = ladderChoices(base_)[static_cast<std::size_t>(index)];
            const bool other = choice.field != draft.vary.field;
            draft.vary = choice;
            draft.chosen = true;
            if (other) {
                setUsualRange(draft);
                draft.words = usualWords(choice.field, base_);
            }
        });
    });
}

void ComparisonPanel::buildSheet() {
    auto* column = new QVBoxLayout(sheet_);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);

    struct Line {
        ChoiceBox* choice;
        QLineEdit* values;
        CheckList* words;
        QString title;
        AxisDraft ComparisonDraft::*axis;
    };

    const Line lines[] = {
        {across_, across_values_, across_words_, tr("Across"), &ComparisonDraft::across},
        {down_, down_values_, down_words_, tr("Down"), &ComparisonDraft::down}};
    for (const Line& line : lines) {
        column->addWidget(new LabelledRow(line.title, {line.choice}, line.choice));
        column->addWidget(new LabelledRow({}, {line.values, line.words}, line.values));
        connect(line.words, &CheckList::edited, this,
                [this, axis = line.axis](const QStringList& picked) {
                    change([&](ComparisonDraft& draft) { (draft.*axis).words = picked; });
                });
        connect(line.choice, &QComboBox::activated, this, [this, axis = line.axis](int index) {
            change([&](ComparisonDraft& draft) {
                const AxisChoice choice = sheetChoices(base_)[static_cast<std::size_t>(index)];
                (draft.*axis) = {choice, usualValues(choice, base_),
                                 usualWords(choice.field, base_)};
            });
        });
        connect(line.values, &QLineEdit::editingFinished, this,
                [this, axis = line.axis, values = line.values] {
                    change([&](ComparisonDraft& draft) { (draft.*axis).values = values->text(); });
                });
    }
    section_->body()->addWidget(sheet_);
}

void ComparisonPanel::buildSeed() {
    seed_->setObjectName(QStringLiteral("comparison_seed"));
    seed_->setAccessibleName(tr("Seed"));
    seed_->setToolTip(tr("seed: the noise every picture starts from"));
    seed_->setFont(numberFont());
    seed_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    seed_->setFixedSize(104, metrics::kControl);
    seed_->setAcceptDrops(false);
    auto* dice = new IconButton("dice", tr("Draw another seed"));
    dice->setObjectName(QStringLiteral("comparison_dice"));
    lock_->setObjectName(QStringLiteral("comparison_seed_lock"));
    lock_->setCheckable(true);
    section_->body()->addWidget(new LabelledRow(tr("Seed"), {seed_, dice, lock_}));
    connect(seed_, &QLineEdit::editingFinished, this, [this] {
        bool is_number = false;
        const quint64 seed = seed_->text().trimmed().toULongLong(&is_number);
        if (!is_number) {
            seed_->setText(QString::number(base_.seed));
        } else if (seed != base_.seed) {
            Q_EMIT seedEdited(seed);
        }
        seed_->setModified(false);
    });
    connect(dice, &IconButton::clicked, this, &ComparisonPanel::seedRequested);
    connect(lock_, &IconButton::clicked, this, &ComparisonPanel::seedLockEdited);
}

void ComparisonPanel::buildMake() {
    button_->setObjectName(QStringLiteral("make_comparison"));
    resume_->setObjectName(QStringLiteral("resume_comparison"));
    resume_->setAccessibleName(tr("Go on"));
    resume_->setToolTip(tr("Make the pictures that are missing"));
    cost_->setObjectName(QStringLiteral("comparison_cost"));
    cost_->setFont(numberFont());
    cost_->setWordWrap(true);
    auto* line = new QHBoxLayout;
    line->setContentsMargins(0, 4, 0, 0);
    line->setSpacing(metrics::kGap);
    line->addWidget(cost_, 1);
    line->addWidget(resume_);
    line->addWidget(button_);
    section_->body()->addLayout(line);
    connect(button_, &QAbstractButton::clicked, this,
            [this] { run_.running ? Q_EMIT stopRequested() : Q_EMIT makeRequested(); });
    connect(resume_, &QAbstractButton::clicked, this, &ComparisonPanel::resumeRequested);
}

void ComparisonPanel::showChoices() {
    const auto fill = [this](ChoiceBox* box, const std::vector<AxisChoice>& choices,
                             const AxisChoice& current) {
        box->clear();
        for (const AxisChoice& choice : choices) {
            box->addItem(nameOf(choice, base_));
        }
        box->setCurrentIndex(
            static_cast<int>(std::ranges::find(choices, current) - choices.begin()));
    };
    fill(vary_, ladderChoices(base_), draft_.vary);
    fill(across_, sheetChoices(base_), draft_.across.choice);
    fill(down_, sheetChoices(base_), draft_.down.choice);
}

void ComparisonPanel::setDraft(const ComparisonDraft& draft, const GenerationRequest& base) {
    draft_ = draft;
    base_ = base;
    make_->setCurrent(draft.sheet ? 1 : 0);
    ladder_->setVisible(!draft.sheet);
    sheet_->setVisible(draft.sheet);
    showChoices();
    numbers_->setVisible(!isPicked(draft.vary.field));
    showWords(*words_, draft.vary.field, draft.words);
    showWords(*across_words_, draft.across.choice.field, draft.across.words);
    showWords(*down_words_, draft.down.choice.field, draft.down.words);
    across_values_->setVisible(!isPicked(draft.across.choice.field));
    down_values_->setVisible(!isPicked(draft.down.choice.field));
    from_->setValue(draft.from);
    to_->setValue(draft.to);
    step_->setValue(draft.step);
    if (!across_values_->hasFocus()) {
        across_values_->setText(draft.across.values);
    }
    if (!down_values_->hasFocus()) {
        down_values_->setText(draft.down.values);
    }
    if (!seed_->hasFocus() || !seed_->isModified()) {
        seed_->setText(QString::number(base.seed));
    }
    setRun(run_);
}

void ComparisonPanel::setSeedLocked(bool locked) {
    lock_->setChecked(locked);
    lock_->setIconName(locked ? QStringLiteral("lock") : QStringLiteral("unlock"));
}

bool ComparisonPanel::isPart() const {
    return !run_.running && !run_.stopping && run_.count > 0 && run_.done < run_.count;
}

void ComparisonPanel::setCount(int pictures, std::optional<double> seconds,
                               const QString& problem) {
    rungs_->setPlainText(pictures == 1 ? tr("1 rung") : tr("%1 rungs").arg(pictures));
    if (!run_.running && !run_.stopping) {
        const QString count = pictures == 1 ? tr("1 picture") : tr("%1 pictures").arg(pictures);
        cost_->setPlainText(!problem.isEmpty() ? problem
                            : isPart()         ? far()
                            : seconds          ? tr("%1, %2 s").arg(count, shortNumber(*seconds))
                                               : count);
    }
    button_->setEnabled(run_.running || (problem.isEmpty() && !run_.stopping));
}

QString ComparisonPanel::far() const {
    return tr("%1 of %2").arg(run_.done).arg(run_.count);
}

void ComparisonPanel::setRun(const ComparisonRun& run) {
    run_ = run;
    const QString make = draft_.sheet ? tr("Make sheet") : tr("Make ladder");
    button_->setText(run.running ? tr("Stop") : make);
    button_->setHint(run.running ? tr("Esc") : draft_.sheet ? QString() : tr("Ctrl+L"));
    button_->setAccessibleName(button_->text());
    button_->setToolTip(run.running ? tr("Stop; what is finished stays")
                                    : tr("Make these pictures with one seed, after what waits in "
                                         "the queue"));
    button_->setEnabled(!run.stopping);
    resume_->setVisible(isPart());
    if (run.stopping) {
        cost_->setPlainText(tr("Stopping, %1").arg(far()));
    } else if (run.running && run.waiting) {
        cost_->setPlainText(run.paused ? tr("Paused, %1").arg(far())
                                       : tr("Waiting, %1").arg(far()));
    } else if (run.running) {
        cost_->setPlainText(run.seconds_left
                                ? tr("%1, %2 s left").arg(far(), shortNumber(*run.seconds_left))
                                : far());
    }
}

} // namespace likeness
