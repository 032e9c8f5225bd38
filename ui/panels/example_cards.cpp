#include "ui/panels/example_cards.h"

#include "ui/theme.h"
#include "ui/widgets/image_tile.h"
#include "ui/widgets/plain_label.h"

#include <QAbstractButton>
#include <QHBoxLayout>
#include <QPainter>

#include <algorithm>

namespace likeness {

namespace {

constexpr int kCardWide = 216;
constexpr int kPicturesHigh = 100; // high
constexpr int kBetween = 4;
constexpr int kTitleHigh = 16;
constexpr int kMostExamples = 3; // that many fit side by side on any canvas

} // namespace

// Pictures over a title over what it is about.
class ExampleCards::Card : public QAbstractButton {
public:
    Card(const Example& shown, const ModelSamples& samples)
        : example(shown), samples_(samples), title_(cleaned(shown.title)),
          about_(cleaned(shown.about)),
          prompt_(cleaned(QString::fromStdString(shown.request.prompt))) {
        setObjectName(QStringLiteral("example"));
        setAccessibleName(title_);
        setAccessibleDescription(about_);
        setToolTip(ExampleCards::tr(
            "Takes the words and the references of this example and makes a picture; Ctrl+Z "
            "brings back what was there"));
        setFocusPolicy(Qt::TabFocus);
        setCursor(Qt::PointingHandCursor);
        const QRect room(0, 0, kCardWide - 2 * metrics::kGap, kPicturesHigh);
        about_high_ =
            QFontMetrics(textFont(11)).boundingRect(room, Qt::TextWordWrap, about_).height();
        setFixedSize(kCardWide,
                     3 * metrics::kGap + kPicturesHigh + kTitleHigh + kBetween + about_high_);
    }

    const Example example;

    QSize sizeHint() const override { return size(); }

protected:
    void paintEvent(QPaintEvent* /*event*/) override {
        const Theme theme = currentTheme();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(hasFocus() ? QPen(theme.accent, 2) : QPen(theme.line, 1));
        painter.setBrush(isDown() ? theme.pressed : underMouse() ? theme.hover : theme.raised);
        const qreal inset = hasFocus() ? 1 : 0.5;
        painter.drawRoundedRect(QRectF(rect()).adjusted(inset, inset, -inset, -inset),
                                metrics::kRadius, metrics::kRadius);
        paintPictures(painter, theme);
        const QRect words = rect().adjusted(metrics::kGap, kPicturesHigh + 2 * metrics::kGap,
                                            -metrics::kGap, -metrics::kGap);
        painter.setFont(textFont(12, QFont::DemiBold));
        painter.setPen(theme.text);
        painter.drawText(QRect(words.topLeft(), QSize(words.width(), kTitleHigh)), Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(title_, Qt::ElideRight, words.width()));
        painter.setFont(textFont(11));
        painter.setPen(theme.text2);
        painter.drawText(words.adjusted(0, kTitleHigh + kBetween, 0, 0), Qt::TextWordWrap, about_);
    }

    void enterEvent(QEnterEvent* event) override {
        QAbstractButton::enterEvent(event);
        update();
    }

    void leaveEvent(QEvent* event) override {
        QAbstractButton::leaveEvent(event);
        update();
    }

private:
    // One picture beside the words, or two pictures.
    void paintPictures(QPainter& painter, const Theme& theme) const {
        const QRect whole(metrics::kGap, metrics::kGap, width() - 2 * metrics::kGap, kPicturesHigh);
        QRect area(whole.topLeft(), QSize(kPicturesHigh, kPicturesHigh));
        for (const ReferenceCard& reference : example.cards) {
            const QRect shown = area.intersected(whole);
            if (shown.width() < kPicturesHigh / 2) {
                return;
            }
            if (const QImage tile = samples_.tile(reference.path); !tile.isNull()) {
                paintFilling(painter, shown, tile);
            } else {
                painter.fillRect(shown, theme.field);
            }
            area.moveLeft(area.right() + kBetween);
        }
        const QRect words = QRect(area.topLeft(), whole.bottomRight()).adjusted(4, 0, 0, 0);
        if (words.width() >= kPicturesHigh / 2) {
            painter.setFont(textFont(11));
            painter.setPen(theme.text);
            painter.drawText(words, Qt::AlignVCenter | Qt::TextWordWrap, prompt_);
        }
    }

    const ModelSamples& samples_;
    QString title_;
    QString about_;
    QString prompt_;
    int about_high_ = 0;
};

ExampleCards::ExampleCards(ModelSamples& samples, QWidget* parent)
    : QWidget(parent), samples_(samples), row_(new QHBoxLayout(this)) {
    setObjectName(QStringLiteral("example_cards"));
    row_->setContentsMargins(0, 0, 0, 0);
    row_->setSpacing(metrics::kGap);
    connect(&samples, &ModelSamples::changed, this, &ExampleCards::fill);
    connect(&samples, &ModelSamples::tileRead, this, [this] {
        for (Card* card : cards_) {
            card->update();
        }
    });
    fill();
}

void ExampleCards::fill() {
    qDeleteAll(cards_);
    cards_.clear();
    for (const Example& example : samples_.examples().mid(0, kMostExamples)) {
        auto* card = new Card(example, samples_);
        connect(card, &QAbstractButton::clicked, this,
                [this, card] { Q_EMIT chosen(card->example); });
        row_->addWidget(card);
        cards_.append(card);
        for (const ReferenceCard& reference : example.cards) {
            samples_.askTile(reference.path);
        }
    }
    // As high as the highest.
    const auto highest = std::ranges::max_element(cards_, {}, &Card::height);
    for (Card* card : cards_) {
        card->setFixedHeight((*highest)->height());
    }
    row_->activate();
    Q_EMIT filled();
}

} // namespace likeness
