#include "ui/canvas/picture_view.h"
#include "ui/main_window.h"
#include "ui/model/reference_sets.h"
#include "ui/model/session.h"
#include "ui/panels/canvas_mask.h"
#include "ui/panels/model_panel.h"
#include "ui/panels/references_panel.h"
#include "ui/widgets/buttons.h"

#include <QInputDialog>
#include <QMenu>

// The window's side of the references: masks painted over the picture, and sets kept by name.

namespace likeness {

void MainWindow::connectReferences() {
    auto* masks = new CanvasMask(*view_, session_.references());
    connect(references_, &ReferencesPanel::lookMaskPainted, &session_, &Session::setLookMask);
    connect(references_, &ReferencesPanel::maskRemoved, this,
            [this](quint64 card) { session_.setMask(card, nullptr); });
    connect(references_, &ReferencesPanel::maskRequested, this, [this, masks](quint64 card) {
        const GenerationRequest& request = session_.request().request();
        const ModelTraits& traits = session_.request().traits();
        masks->edit(card, QSize(request.width.value_or(traits.default_width),
                                request.height.value_or(traits.default_height)));
    });
    connect(masks, &CanvasMask::painted, &session_, &Session::setMask);
    // What a card may be given is looked for when that is shown.
    ModelLibrary& models = session_.models();
    connect(references_, &ReferencesPanel::opened, &models, &ModelLibrary::scanOnce);
    connect(&session_.references(), &ReferenceListModel::adaptersChanged, this, [this, &models] {
        const RequestModel& request = session_.request();
        model_->setAdapters(models.adaptersFor(request.request().model, request.traits().family));
    });
    connect(references_, &ReferencesPanel::adapterChosen, &session_, &Session::setCardAdapter);
    connect(references_, &ReferencesPanel::adapterRequested, this, [this](quint64 card) {
        browseAdapter([this, card](const QString& path) { session_.setCardAdapter(card, path); });
    });
}

QWidget* MainWindow::makeReferencesMenu() {
    auto* button = new IconButton("more", tr("Sets of references"));
    button->setObjectName(QStringLiteral("references_menu_button"));
    auto* menu = new QMenu(button);
    menu->setObjectName(QStringLiteral("references_menu"));
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        QAction* keep = menu->addAction(tr("Save these references as a set"));
        keep->setObjectName(QStringLiteral("save_set"));
        keep->setEnabled(session_.references().rowCount() > 0);
        connect(keep, &QAction::triggered, this, &MainWindow::askSetName);
        const QStringList names = reference_sets::names();
        QMenu* forget = nullptr;
        if (!names.isEmpty()) {
            menu->addSection(tr("Sets"));
        }
        for (const QString& name : names) {
            // An ampersand of a name is no shortcut.
            const QString shown = QString(name).replace('&', "&&");
            QAction* open = menu->addAction(shown);
            open->setObjectName(QStringLiteral("open_set"));
            connect(open, &QAction::triggered, &session_,
                    [this, name] { session_.loadReferenceSet(name); });
        }
        menu->addSeparator();
        if (!names.isEmpty()) {
            forget = menu->addMenu(tr("Move a set to the trash"));
            for (const QString& name : names) {
                connect(forget->addAction(QString(name).replace('&', "&&")), &QAction::triggered,
                        &session_, [this, name] { session_.removeReferenceSet(name); });
            }
        }
        addTrainingActions(*menu);
        menu->addSeparator();
        QAction* clear = menu->addAction(tr("Remove all references"));
        clear->setEnabled(session_.references().rowCount() > 0);
        connect(clear, &QAction::triggered, this, [this] { session_.references().clear(); });
    });
    connect(button, &IconButton::clicked, this,
            [button, menu] { menu->popup(button->mapToGlobal(QPoint(0, button->height()))); });
    return button;
}

void MainWindow::askSetName() {
    auto* dialog = new QInputDialog(this);
    dialog->setObjectName(QStringLiteral("set_name"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Save the references as a set"));
    dialog->setLabelText(tr("Name; a set of that name is replaced"));
    connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString& name) {
        const QString problem = reference_sets::nameProblem(name);
        if (problem.isEmpty()) {
            session_.saveReferenceSet(name);
        } else {
            Q_EMIT session_.noticed({.title = tr("The set was not saved"), .reason = problem});
        }
    });
    dialog->open();
}

} // namespace likeness
