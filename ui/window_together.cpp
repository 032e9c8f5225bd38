#include "ui/compare_workspace.h"
#include "ui/main_window.h"
#include "ui/model/session.h"
#include "ui/panels/active_panel.h"
#include "ui/panels/library_panel.h"
#include "ui/panels/method_choice.h"
#include "ui/panels/references_panel.h"
#include "ui/train_workspace.h"
#include "ui/workspace_tabs.h"

#include <QMenu>

// The window's side of what is active together, and of the ways from pictures to a likeness.

namespace likeness {

void MainWindow::connectTogether() {
    for (ActivePanel* panel : {active_, &train_->active()}) {
        connect(panel, &ActivePanel::edited, &session_.request(), &RequestModel::edit);
        connect(panel, &ActivePanel::masterEdited, &session_, &Session::strengthEdited);
        connect(panel, &ActivePanel::sweepRequested, compare_, &CompareWorkspace::sweep);
    }
    connect(&session_, &Session::promoted, this, [this] { workspaces_->setCurrent(kTrainPage); });
    connect(library_, &LibraryPanel::trainRequested, &session_, &Session::promotePictures);
    connect(references_, &ReferencesPanel::menuRequested, this, &MainWindow::showCardMenu);
    connectChoice();
}

void MainWindow::connectChoice() {
    MethodQuestion& question = session_.question();
    auto* choice = new MethodChoice(question);
    references_->setChoice(choice);
    const auto show = [choice, &question] { choice->setVisible(!question.pictures().isEmpty()); };
    connect(&question, &MethodQuestion::changed, choice, show);
    connect(choice, &MethodChoice::closed, this, [&question] { question.setPictures({}); });
    connect(choice, &MethodChoice::chosen, &session_, &Session::takeWay);
    show();
}

void MainWindow::addTrainingActions(QMenu& menu) {
    const int count = session_.references().rowCount();
    QAction* train = menu.addAction(count == 1 ? tr("Train on this reference")
                                               : tr("Train on these %1 references").arg(count),
                                    &session_, &Session::promoteReferences);
    train->setObjectName(QStringLiteral("train_on_these"));
    QAction* ask =
        menu.addAction(tr("Image prompt, LoRA or DreamBooth?"), &session_, &Session::askWhichWay);
    ask->setObjectName(QStringLiteral("which_way"));
    train->setEnabled(count > 0);
    ask->setEnabled(count > 0);
}

void MainWindow::showCardMenu(quint64 card, const QPoint& at) {
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("card_menu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Train on this picture"), &session_,
                    [this, card] { session_.promoteReference(card); })
        ->setObjectName(QStringLiteral("train_on_card"));
    addTrainingActions(*menu);
    menu->addSeparator();
    menu->addAction(tr("Remove"), &session_, [this, card] { session_.references().remove(card); });
    menu->popup(at);
}

} // namespace likeness
