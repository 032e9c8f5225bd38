#include "ui/panels/training_proof_panel.h"

#include "core/request/training_fit.h"
#include "ui/model/training_model.h"
#include "ui/theme.h"
#include "ui/widgets/image_tile.h"
#include "ui/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>
#include <vector>

namespace likeness {

namespace {

constexpr int kPairGap = 8;
constexpr int kPairCaption = 20;

QString percent(double share) {
    return TrainingProofPanel::tr("%1 %").arg(100 * share, 0, 'f', share < 0.1 ? 1 : 0);
}

QString twoPlaces(double value) {
    return QLocale().toString(value, 'f', 2);
}

} // namespace

// Rows of two pictures, without and with, and what they are under them.
class ProofPair : public QWidget {
public:
    explicit ProofPair(QWidget* parent = nullptr) : QWidget(parent) {
        setObjectName(QStringLiteral("proof_pictures"));
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    }

    void setPictures(const std::vector<QImage>& without, const std::vector<QImage>& with,
                     const QString& left, const QString& right) {
        without_ = without;
        with_ = with;
        left_ = left;
        right_ = right;
        setAccessibleName(left + ", " + right);
        fit();
        update();
    }

protected:
    void resizeEvent(QResizeEvent* /*event*/) override { fit(); }

    void paintEvent(QPaintEvent* /*event*/) override {
        const Theme theme = currentTheme();
        QPainter painter(this);
        const int side_now = side(width());
        const auto column = [&](int x, const std::vector<QImage>& images, const QString& words) {
            int y = 0;
            for (const QImage& image : images) {
                const QRect cell(x, y, side_now, side_now);
                image.isNull() ? painter.fillRect(cell, theme.field)
                               : paintFilling(painter, cell, image);
                y += side_now + kPairGap;
            }
            painter.setFont(numberFont(11));
            painter.setPen(theme.text2);
            painter.drawText(QRect(x, height() - kPairCaption + 4, side_now, 16),
                             Qt::AlignLeft | Qt::AlignVCenter, words);
        };
        column(0, without_, left_);
        column(side_now + kPairGap, with_, right_);
    }

private:
    void fit() {
        const int rows = static_cast<int>(std::max(without_.size(), with_.size()));
        setFixedHeight(rows * (side(width()) + kPairGap) + kPairCaption);
    }

    static int side(int width) { return std::max(16, (width - kPairGap) / 2); }

    std::vector<QImage> without_, with_;
    QString left_, right_;
};

TrainingProofPanel::TrainingProofPanel(QWidget* parent)
    : Section(tr("Proof"), QStringLiteral("training_proof"), parent), pair_(new ProofPair),
      verdict_(new PlainLabel({}, PlainLabel::Tone::text, 12)), rows_(new QWidget),
      column_(new QVBoxLayout(rows_)) {
    verdict_->setObjectName(QStringLiteral("proof_words"));
    verdict_->setWordWrap(true);
    column_->setContentsMargins(0, 4, 0, 0);
    column_->setSpacing(4);
    body()->addWidget(pair_);
    body()->addWidget(verdict_);
    body()->addWidget(rows_);
}

void TrainingProofPanel::clearRows() {
    while (QLayoutItem* item = column_->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
}

void TrainingProofPanel::addRow(const QString& label, const QString& value,
                                const QString& tool_tip) {
    auto* row = new QWidget;
    row->setObjectName(QStringLiteral("proof_row"));
    row->setToolTip(tool_tip);
    row->setAccessibleName(label + ": " + value);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    auto* name = new PlainLabel(label, PlainLabel::Tone::text2);
    name->setElided();
    line->addWidget(name, 1);
    auto* number = new PlainLabel(value, PlainLabel::Tone::text);
    number->setFont(numberFont(12));
    line->addWidget(number);
    column_->addWidget(row);
}

void TrainingProofPanel::setRun(const TrainingRun& run) {
    if (!run.result) {
        clearRows();
        // The newest samples beside those of the start stand for it.
        const auto first = run.samples.find(0);
        const bool any = first != run.samples.end() && run.samples.size() > 1 &&
                         !first->second.empty() && !run.samples.rbegin()->second.empty();
        setVisible(any);
        if (any) {
            const auto& [step, images] = *run.samples.rbegin();
            setNote(tr("so far"));
            verdict_->setVisible(false);
            pair_->setPictures({first->second.front()}, {images.front()}, tr("Without"),
                               tr("With, step %1").arg(QLocale().toString(qlonglong(step))));
        }
        return;
    }
    setVisible(true);
    setNote(tr("%1 steps").arg(QLocale().toString(qlonglong(run.step))));
    const likeness::TrainingProof& proof = run.result->proof;
    pair_->setPictures(run.without, run.with, tr("Without"), tr("With"));
    clearRows();
    addRow(tr("Weights changed"), tr("%1 of norm").arg(percent(proof.weight_change)),
           tr("weight_change: length of what was added, of the weights it was added to"));
    for (const auto& [group, change] : proof.weight_changes) {
        addRow(QStringLiteral("    ") + QString::fromStdString(group), percent(change),
               tr("weight_changes: the same for this group of layers"));
    }
    addRow(tr("Pictures changed"), percent(proof.picture_change),
           tr("picture_change: mean difference of a pixel, the same seeds"));
    const auto change = [this](const QString& label, const std::optional<double>& before,
                               const std::optional<double>& after, const QString& tool_tip) {
        if (before && after) {
            addRow(label, tr("%1 → %2").arg(twoPlaces(*before), twoPlaces(*after)), tool_tip);
        }
    };
    change(tr("Likeness to the dataset"), proof.likeness_before, proof.likeness_after,
           tr("likeness: cosine of what the image encoder sees, without and with"));
    change(tr("Agreement with the prompt"), proof.prompt_before, proof.prompt_after,
           tr("prompt: cosine between text and picture, without and with"));
    if (proof.overfit) {
        addRow(tr("Overfit"), twoPlaces(*proof.overfit),
               tr("overfit: nearness to single pictures above that to their kind"));
    }
    if (proof.drift) {
        addRow(tr("Drift"), twoPlaces(*proof.drift),
               tr("drift: how far pictures of another prompt have moved"));
    }
    if (proof.spread) {
        addRow(
            tr("Spread"), twoPlaces(*proof.spread),
            tr("spread: by how much nearer to the dataset pictures of another prompt have come"));
    }
    QStringList words;
    if (proof.likeness_before && proof.likeness_after) {
        words << (*proof.likeness_after > *proof.likeness_before
                      ? tr("The pictures are nearer to the dataset.")
                      : tr("The pictures are not nearer to the dataset: more steps or a higher "
                           "rate may help."));
    }
    const TrainingFit fit = fit_of(run.request, proof);
    if (fit.repeats) {
        words << tr("It repeats single pictures: fewer steps or more pictures keep it free.");
    }
    if (fit.spreads) {
        words << tr(
            "Others of its kind have changed too: let its kind count more, or take a lower rate.");
    }
    verdict_->setVisible(!words.isEmpty());
    verdict_->setPlainText(words.join(' '));
}

} // namespace likeness
