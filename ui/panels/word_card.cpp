#include "ui/panels/word_card.h"

#include "ui/model/words.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace likeness {

WordCard::WordCard(QWidget* parent)
    : QWidget(parent), name_(new PlainLabel({}, PlainLabel::Tone::text, 12, QFont::DemiBold)),
      token_(new QLineEdit), insert_(new TextButton(tr("Insert"), TextButton::Kind::plain)),
      mute_(new IconButton("eye", tr("Mute: the picture is made without this word"))),
      remove_(new IconButton("close", tr("Remove this word"))),
      problem_(new PlainLabel({}, PlainLabel::Tone::text, 11)) {
    setObjectName(QStringLiteral("word_card"));
    name_->setObjectName(QStringLiteral("word_name"));
    name_->setElided();
    token_->setObjectName(QStringLiteral("word_token"));
    token_->setToolTip(tr("token: the word that stands for the file in prompts"));
    token_->setFixedHeight(metrics::kControl);
    token_->setAcceptDrops(false);
    insert_->setObjectName(QStringLiteral("word_insert"));
    insert_->setFixedHeight(metrics::kControl);
    mute_->setObjectName(QStringLiteral("word_mute"));
    mute_->setCheckable(true);
    remove_->setObjectName(QStringLiteral("word_remove"));
    problem_->setObjectName(QStringLiteral("word_problem"));
    problem_->setWordWrap(true);
    auto* head = new QHBoxLayout;
    head->setSpacing(0);
    head->addWidget(name_, 1);
    head->addWidget(mute_);
    head->addWidget(remove_);
    auto* row = new QHBoxLayout;
    row->setSpacing(metrics::kGap);
    row->addWidget(token_, 1);
    row->addWidget(insert_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::kGap, 4, metrics::kGap, metrics::kGap);
    column->setSpacing(4);
    column->addLayout(head);
    column->addLayout(row);
    column->addWidget(problem_);
    connect(token_, &QLineEdit::editingFinished, this, [this] {
        const std::string token = token_->text().trimmed().toStdString();
        token_->setModified(false); // what is typed is the value now
        if (token != word_.token) {
            change([&token](auto& words, std::size_t at) { words[at].token = token; });
        }
    });
    connect(insert_, &TextButton::clicked, this, [this] { Q_EMIT wordChosen(word()); });
    connect(mute_, &IconButton::clicked, this, [this](bool muted) {
        change([muted](auto& words, std::size_t at) { words[at].muted = muted; });
    });
    connect(remove_, &IconButton::clicked, this, [this] {
        change([](auto& words, std::size_t at) {
            words.erase(words.begin() + static_cast<std::ptrdiff_t>(at));
        });
    });
}

QString WordCard::word() const {
    return word_.token.empty() ? own_ : QString::fromStdString(word_.token);
}

void WordCard::change(
    const std::function<void(std::vector<TextualInversion>&, std::size_t)>& change) {
    Q_EMIT edited([row = static_cast<std::size_t>(row_), path = word_.path,
                   change](GenerationRequest& request) {
        auto& words = request.textual_inversions;
        if (row < words.size() && words[row].path == path) {
            change(words, row);
        }
    });
}

void WordCard::setWord(int row, const TextualInversion& word, const std::optional<FileFacts>& facts,
                       const ModelTraits& traits, const std::vector<Problem>& problems) {
    row_ = row;
    word_ = word;
    const QString name = nameOfWeights(word.path);
    own_ = facts && !facts->token.empty() ? QString::fromStdString(facts->token) : name;
    const QString path = QString::fromStdString(word.path);
    name_->setPlainText(name);
    name_->setToolTip(cleaned(path).toHtmlEscaped());
    setAccessibleName(tr("Learned word %1").arg(name));
    token_->setAccessibleName(tr("Word of %1").arg(name));
    token_->setPlaceholderText(cleaned(own_).left(32));
    insert_->setAccessibleName(tr("Put %1 into the prompt").arg(this->word()));
    insert_->setToolTip(tr("Put %1 into the prompt").arg(this->word()).toHtmlEscaped());
    mute_->setAccessibleName(tr("Mute %1").arg(name));
    mute_->setChecked(word.muted);
    mute_->setIconName(word.muted ? QStringLiteral("eye_off") : QStringLiteral("eye"));
    remove_->setAccessibleName(tr("Remove %1").arg(name));
    if (!token_->hasFocus() || !token_->isModified()) {
        token_->setText(QString::fromStdString(word.token));
    }
    QString problem = facts ? facts->problem : QString();
    if (facts && problem.isEmpty()) {
        problem = misfitOf(*facts, traits);
    }
    const std::string field = "textual_inversions[" + std::to_string(row) + "].token";
    const auto wrong = std::ranges::find(problems, field, &Problem::field);
    if (problem.isEmpty() && wrong != problems.end()) {
        problem = inWords(wrong->message);
    }
    const bool counts = !word.muted && problem.isEmpty();
    name_->setTone(counts ? PlainLabel::Tone::text : PlainLabel::Tone::text2);
    problem_->setPlainText(problem);
    problem_->setVisible(!problem.isEmpty());
}

void WordCard::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.line, 1));
    painter.setBrush(theme.raised);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), metrics::kRadius,
                            metrics::kRadius);
}

} // namespace likeness
