#include "ui/shortcuts_window.h"

#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plain_label.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace likeness {

namespace {

constexpr const char* kOwnShortcuts = "likeness_own_shortcuts";

// An entry of the menu bar with a name for the settings file. Menus that come and go (a card's
// roles, a picture's ways) have no keys of their own.
struct Command {
    QAction* action = nullptr;
    QString menu{};
};

// Without the letter's mark, and without what changes ("Undo", whatever would be undone).
QString nameOf(const QAction& action) {
    return action.iconText();
}

// In the menus' order.
QList<Command> commandsOf(const QWidget& window) {
    QList<Command> commands;
    const auto* bar = window.findChild<QMenuBar*>();
    for (const QAction* top : bar->actions()) {
        for (QAction* action : top->menu()->actions()) {
            if (!action->objectName().isEmpty() && !action->text().isEmpty() && !action->menu()) {
                commands.append({action, nameOf(*top)});
            }
        }
    }
    return commands;
}

QList<QKeySequence> ownShortcuts(const QAction& action) {
    return action.property(kOwnShortcuts).value<QList<QKeySequence>>();
}

void rememberOwn(QAction& action) {
    if (!action.property(kOwnShortcuts).isValid()) {
        action.setProperty(kOwnShortcuts, QVariant::fromValue(action.shortcuts()));
    }
}

} // namespace

void applyShortcuts(QWidget& window, const Shortcuts& shortcuts) {
    for (const auto& [action, menu] : commandsOf(window)) {
        rememberOwn(*action);
        const auto found = shortcuts.find(action->objectName());
        action->setShortcuts(found == shortcuts.end() ? ownShortcuts(*action)
                             : found->isEmpty()       ? QList<QKeySequence>{}
                                                      : QList<QKeySequence>{*found});
    }
}

ShortcutsWindow::ShortcutsWindow(QWidget& window, const Shortcuts& shortcuts, QWidget* parent)
    : QWidget(parent, Qt::Window), window_(window), shortcuts_(shortcuts), search_(new QLineEdit),
      list_(new QTreeWidget), problem_(new PlainLabel({}, PlainLabel::Tone::text)) {
    setObjectName(QStringLiteral("shortcuts"));
    setWindowTitle(tr("Shortcuts"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(640, 640);
    search_->setObjectName(QStringLiteral("shortcut_search"));
    search_->setAccessibleName(tr("Search shortcuts"));
    search_->setPlaceholderText(tr("Search by name or keys"));
    search_->setFixedHeight(metrics::kControl);
    list_->setObjectName(QStringLiteral("shortcut_list"));
    list_->setAccessibleName(tr("Shortcuts"));
    list_->setHeaderLabels({tr("What it does"), tr("Keys"), tr("Menu")});
    list_->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    list_->header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    list_->header()->setSectionsClickable(false);
    list_->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    list_->header()->setSectionResizeMode(2, QHeaderView::ResizeToContents);
    list_->header()->setMinimumSectionSize(120);
    list_->setRootIsDecorated(false);
    list_->setUniformRowHeights(true);
    auto* keys = new QKeySequenceEdit;
    keys->setObjectName(QStringLiteral("shortcut_keys"));
    keys->setAccessibleName(tr("New keys for the chosen line"));
    auto* none = new TextButton(tr("None"), TextButton::Kind::plain);
    none->setObjectName(QStringLiteral("shortcut_none"));
    auto* own = new TextButton(tr("Set back"), TextButton::Kind::plain);
    own->setObjectName(QStringLiteral("shortcut_own"));
    auto* all_own = new TextButton(tr("Set all back"), TextButton::Kind::plain);
    all_own->setObjectName(QStringLiteral("shortcut_all_own"));
    for (QWidget* part : std::initializer_list<QWidget*>{keys, none, own, all_own}) {
        part->setFixedHeight(metrics::kControl);
    }
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 12, 12, 12);
    column->addWidget(search_);
    column->addWidget(list_, 1);
    auto* row = new QHBoxLayout;
    row->addWidget(new PlainLabel(tr("New keys"), PlainLabel::Tone::text2));
    row->addWidget(keys, 1);
    row->addWidget(none);
    row->addWidget(own);
    row->addWidget(all_own);
    column->addLayout(row);
    problem_->setObjectName(QStringLiteral("shortcut_problem"));
    column->addWidget(problem_);
    connect(search_, &QLineEdit::textChanged, this, &ShortcutsWindow::filter);
    connect(keys, &QKeySequenceEdit::editingFinished, this, [this, keys] {
        if (!keys->keySequence().isEmpty() && list_->currentItem() != nullptr) {
            assign(list_->currentItem(), keys->keySequence());
            keys->clear();
        }
    });
    connect(none, &QAbstractButton::clicked, this, [this] { assign(list_->currentItem(), {}); });
    connect(own, &QAbstractButton::clicked, this, [this] { reset(list_->currentItem()); });
    connect(all_own, &QAbstractButton::clicked, this, [this] {
        shortcuts_.clear();
        applyShortcuts(window_, shortcuts_);
        fill();
        Q_EMIT edited(shortcuts_);
    });
    applyShortcuts(window_, shortcuts_);
    fill();
}

void ShortcutsWindow::fill() {
    const QString chosen =
        list_->currentItem() ? list_->currentItem()->data(0, Qt::UserRole).toString() : QString();
    list_->clear();
    for (const auto& [action, menu] : commandsOf(window_)) {
        auto* item = new QTreeWidgetItem(list_);
        item->setText(2, menu);
        item->setForeground(2, currentTheme().text2);
        item->setText(0, nameOf(*action));
        item->setText(1, QKeySequence::listToString(action->shortcuts(), QKeySequence::NativeText));
        item->setData(0, Qt::UserRole, action->objectName());
        QFont font = list_->font();
        font.setBold(shortcuts_.contains(action->objectName()));
        item->setFont(1, font);
        if (action->objectName() == chosen) {
            list_->setCurrentItem(item);
        }
    }
    filter(search_->text());
}

void ShortcutsWindow::filter(const QString& words) {
    for (int row = 0; row < list_->topLevelItemCount(); ++row) {
        QTreeWidgetItem* item = list_->topLevelItem(row);
        const QString text = item->text(0) + ' ' + item->text(1) + ' ' + item->text(2);
        item->setHidden(!text.contains(words.trimmed(), Qt::CaseInsensitive));
    }
}

QAction* ShortcutsWindow::actionOf(const QTreeWidgetItem* item) const {
    return item == nullptr ? nullptr
                           : window_.findChild<QAction*>(item->data(0, Qt::UserRole).toString());
}

void ShortcutsWindow::assign(QTreeWidgetItem* item, const QKeySequence& keys) {
    const QAction* action = actionOf(item);
    if (action == nullptr) {
        return;
    }
    for (const auto& [other, menu] : commandsOf(window_)) {
        if (!keys.isEmpty() && other != action && other->shortcuts().contains(keys)) {
            problem_->setText(tr("%1 is taken by \"%2\". Take it away there first.")
                                  .arg(keys.toString(QKeySequence::NativeText), nameOf(*other)));
            return;
        }
    }
    problem_->setText({});
    shortcuts_[action->objectName()] = keys;
    applyShortcuts(window_, shortcuts_);
    fill();
    Q_EMIT edited(shortcuts_);
}

void ShortcutsWindow::reset(QTreeWidgetItem* item) {
    if (const QAction* action = actionOf(item)) {
        problem_->setText({});
        shortcuts_.remove(action->objectName());
        applyShortcuts(window_, shortcuts_);
        fill();
        Q_EMIT edited(shortcuts_);
    }
}

} // namespace likeness
