#include "ui/canvas/picture_view.h"
#include "ui/main_window.h"
#include "ui/model/session.h"
#include "ui/panels/example_cards.h"
#include "ui/panels/references_panel.h"
#include "ui/panels/sample_sheet.h"
#include "ui/widgets/menu_button.h"

#include <QAction>
#include <QDockWidget>
#include <QMenu>

// The window's side of what a model brings to try it with: its examples over the empty canvas and
// in a menu, its sample pictures beside the tray.

namespace likeness {

void MainWindow::makeExamples() {
    auto* cards = new ExampleCards(session_.samples());
    view_->setBeginning(cards);
    connect(cards, &ExampleCards::filled, view_, [this, cards] { view_->setBeginning(cards); });
    connect(cards, &ExampleCards::chosen, this, &MainWindow::beginWith);
    auto* menu = new QMenu(tr("E&xamples"), this);
    menu->setObjectName(QStringLiteral("examples_menu"));
    auto* generate = findChild<QMenu*>(QStringLiteral("&Generate"));
    generate->addSeparator();
    generate->addMenu(menu);
    const auto fill = [this, menu] {
        menu->clear();
        for (const Example& example : session_.samples().examples()) {
            QAction* action = menu->addAction(QString(example.title).replace('&', "&&"));
            action->setObjectName(QStringLiteral("use_example"));
            connect(action, &QAction::triggered, this, [this, example] { beginWith(example); });
        }
        menu->menuAction()->setVisible(!menu->isEmpty());
    };
    connect(&session_.samples(), &ModelSamples::changed, menu, fill);
    fill();
}

void MainWindow::beginWith(const Example& example) {
    session_.useExample(example);
    generate();
}

QWidget* MainWindow::makeSamplesButton() {
    auto* button = new MenuButton;
    button->setText(tr("Samples"));
    button->setObjectName(QStringLiteral("samples_button"));
    button->setToolTip(tr("Sample pictures that come with the model (Ctrl+Shift+R)"));
    auto* sheet = new SampleSheet(session_.samples(), session_.references(), button);
    connect(button, &MenuButton::clicked, sheet, [this, sheet] { sheet->popUp(*references_); });
    connect(sheet, &SampleSheet::addRequested, &session_, [this](const SamplePicture& picture) {
        session_.addPictures({.sources = {{.name = picture.name, .path = picture.path}}});
    });
    connect(sheet, &SampleSheet::removeRequested, &session_.references(),
            &ReferenceListModel::remove);
    connect(sheet, &SampleSheet::allRequested, &session_, &Session::useAllSamples);
    const auto show = [this, button] {
        const bool any = !session_.samples().subjects().isEmpty();
        button->setVisible(any);
        if (auto* action = findChild<QAction*>(QStringLiteral("sample_pictures"))) {
            action->setEnabled(any);
        }
    };
    connect(&session_.samples(), &ModelSamples::changed, button, show);
    button->hide();
    return button;
}

void MainWindow::showSamples() {
    docks_.front()->show();
    docks_.front()->raise();
    auto* button = findChild<MenuButton*>(QStringLiteral("samples_button"));
    button->setFocus(Qt::ShortcutFocusReason);
    button->click();
}

} // namespace likeness
