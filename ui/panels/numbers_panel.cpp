#include "ui/panels/numbers_panel.h"

#include "ui/model/comparison_model.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/trade_off_plot.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>
#include <numeric>

namespace likeness {

namespace {

// To all references alike: the mean of its similarities.
std::optional<double> similarityOf(const ComparisonCell* cell) {
    if (!cell || !cell->measurement || cell->measurement->similarity.empty()) {
        return std::nullopt;
    }
    const std::vector<double>& each = cell->measurement->similarity;
    return std::accumulate(each.begin(), each.end(), 0.0) / static_cast<double>(each.size());
}

std::optional<double> agreementOf(const ComparisonCell* cell) {
    return cell && cell->measurement ? cell->measurement->agreement : std::nullopt;
}

QString shownNumber(std::optional<double> value, int decimals) {
    return value ? QString::number(*value, 'f', decimals) : QString::fromUtf8("–");
}

// With its sign, and a minus of the width of a plus.
QString shownChange(std::optional<double> from, std::optional<double> to, int decimals) {
    if (!from || !to) {
        return QString::fromUtf8("–");
    }
    const QString number = QString::number(std::abs(*to - *from), 'f', decimals);
    return (*to < *from ? QString::fromUtf8("−") : QStringLiteral("+")) + number;
}

} // namespace

NumbersPanel::NumbersPanel(const ComparisonModel& model, QWidget* parent)
    : Section(tr("Numbers"), QStringLiteral("numbers_panel"), parent), model_(model),
      plot_(new TradeOffPlot), words_(new PlainLabel({}, PlainLabel::Tone::text2, 11)),
      measure_(new TextButton(tr("Measure"), TextButton::Kind::plain)), table_(new QWidget) {
    measure_->setObjectName(QStringLiteral("measure"));
    measure_->setAccessibleName(tr("Measure"));
    measure_->setToolTip(tr("Similarity to the references and agreement with the prompt, from the "
                            "encoders already loaded"));
    addHeadWidget(measure_);
    words_->setObjectName(QStringLiteral("numbers_words"));
    words_->setWordWrap(true);
    body()->addWidget(words_);
    body()->addWidget(plot_);
    auto* grid = new QGridLayout(table_);
    grid->setContentsMargins(0, 4, 0, 0);
    grid->setVerticalSpacing(4);
    for (int row = 0; row < 3; ++row) {
        for (int column = 0; column < 4; ++column) {
            const bool strong = row > 0 && column == 3;
            auto* cell = new PlainLabel(
                {}, row == 0 || column == 0 ? PlainLabel::Tone::text2 : PlainLabel::Tone::text,
                row == 0 ? 11 : 12, strong ? QFont::DemiBold : QFont::Normal);
            if (column > 0) {
                cell->setFont(
                    numberFont(row == 0 ? 11 : 12, strong ? QFont::DemiBold : QFont::Normal));
                cell->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
            }
            cell->setObjectName(QStringLiteral("number_%1_%2").arg(row).arg(column));
            grid->addWidget(cell, row, column);
            grid->setColumnStretch(column, 1);
            cells_[row][column] = cell;
        }
    }
    body()->addWidget(table_);
    connect(measure_, &QAbstractButton::clicked, this, &NumbersPanel::measureRequested);
    for (const auto signal : {&ComparisonModel::measured, &ComparisonModel::reset,
                              &ComparisonModel::marksChanged, &ComparisonModel::stateChanged}) {
        connect(&model, signal, this, &NumbersPanel::show);
    }
    connect(&model, &ComparisonModel::inserted, this, &NumbersPanel::show);
    show();
}

void NumbersPanel::show() {
    const auto& cells = model_.cells();
    const bool measured =
        std::ranges::any_of(cells, [](const ComparisonCell& cell) { return !!cell.measurement; });
    const bool unmeasured = std::ranges::any_of(cells, [](const ComparisonCell& cell) {
        return cell.state == ComparisonCell::State::done && !cell.measurement;
    });
    measure_->setEnabled(unmeasured && !model_.isMeasuring());
    measure_->setText(model_.isMeasuring() ? tr("Measuring") : tr("Measure"));
    plot_->setVisible(measured);
    table_->setVisible(measured);
    QString words;
    if (!measured) {
        words = model_.noAgreement().isEmpty()
                    ? tr("How near each picture is to the references and to the prompt.")
                    : model_.noAgreement();
    } else if (!model_.noAgreement().isEmpty()) {
        words = tr("Similarity alone: %1").arg(model_.noAgreement());
    }
    words_->setPlainText(words);
    words_->setVisible(!words.isEmpty());
    if (measured) {
        showPlot();
        showTable();
    }
}

void NumbersPanel::showPlot() {
    const bool both = std::ranges::any_of(model_.cells(), [](const ComparisonCell& cell) {
        return similarityOf(&cell) && agreementOf(&cell);
    });
    const bool any_similarity = std::ranges::any_of(
        model_.cells(), [](const ComparisonCell& cell) { return !!similarityOf(&cell); });
    QList<TradeOffPlot::Point> points;
    for (int i = 0; i < static_cast<int>(model_.cells().size()); ++i) {
        const ComparisonCell* cell = model_.cell(i);
        const std::optional<double> y = any_similarity ? similarityOf(cell) : agreementOf(cell);
        const std::optional<double> x = both ? agreementOf(cell) : std::optional<double>(i);
        points.append(
            {cell->caption, x.value_or(0), y.value_or(0), x.has_value() && y.has_value()});
    }
    plot_->setAxes(both ? tr("Agreement with prompt") : tr("Pictures in their order"),
                   any_similarity ? tr("Similarity to references") : tr("Agreement with prompt"),
                   both);
    plot_->setPoints(points, both ? bestTradeOff(points) : -1);
}

void NumbersPanel::showTable() {
    const ComparisonCell* a = model_.cell(model_.a());
    const ComparisonCell* b = model_.cell(model_.b());
    const auto fill = [this](int row, const QStringList& texts) {
        for (int column = 0; column < 4; ++column) {
            cells_[row][column]->setPlainText(texts[column]);
        }
    };
    fill(0, {QString(), tr("A %1").arg(a ? a->caption : QString()),
             tr("B %1").arg(b ? b->caption : QString()), QString::fromUtf8("B − A")});
    fill(1, {tr("Similarity"), shownNumber(similarityOf(a), 3), shownNumber(similarityOf(b), 3),
             shownChange(similarityOf(a), similarityOf(b), 3)});
    fill(2, {tr("Agreement"), shownNumber(agreementOf(a), 3), shownNumber(agreementOf(b), 3),
             shownChange(agreementOf(a), agreementOf(b), 3)});
}

} // namespace likeness
