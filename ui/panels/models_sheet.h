#pragma once

#include "ui/model/model_library.h"

#include <QWidget>

class QLineEdit;
class QListView;

namespace likeness {

class ChoiceBox;
class MenuButton;
class PlainLabel;
class TextButton;

// Everything a person has to make pictures with, in a window of its own that stops nothing: found
// by words and kind, each with what it is, what it goes with and its licence, and a button that
// uses it.
class ModelsSheet : public QWidget {
    Q_OBJECT

public:
    explicit ModelsSheet(ModelLibrary& library, QWidget* parent = nullptr);

    void open(); // shows it; the first time it looks through the folders

Q_SIGNALS:
    // The image encoder goes with an adapter; empty where it needs none, or none was found.
    void useRequested(const likeness::LibraryEntry& entry, const std::filesystem::path& encoder);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* makeHead();
    QWidget* makeFoot();
    void filter();
    void showLibrary();
    void showChosen();
    void showFolders();
    void use();
    void browse();
    int chosenRow() const; // -1: none

    ModelLibrary& library_;
    QLineEdit* search_;
    ChoiceBox* kinds_;
    MenuButton* folders_;
    QListView* list_;
    PlainLabel* count_;
    PlainLabel* what_;  // of the chosen one
    PlainLabel* goes_;  // with what
    PlainLabel* where_; // it lies
    TextButton* use_;
    TextButton* stop_;
};

} // namespace likeness
