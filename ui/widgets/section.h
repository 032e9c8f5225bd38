#pragma once

#include <QWidget>

class QHBoxLayout;
class QVBoxLayout;

namespace likeness {

class PlainLabel;

// A titled part of a dock: a head that folds the body away, a quiet note beside the title, actions
// at the right.
class Section : public QWidget {
    Q_OBJECT

public:
    Section(const QString& title, const QString& name, QWidget* parent = nullptr);

    void setNote(const QString& note);
    void addHeadWidget(QWidget* widget);

    QVBoxLayout* body() const { return body_; }

    bool isOpen() const;
    void setOpen(bool open);
    void reveal(); // opens it and scrolls it into sight, as a press on its head does

    // Whether what is dragged would be taken here: it is marked as the place.
    void setDropped(bool over);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QWidget* head_button_;
    QHBoxLayout* head_;
    PlainLabel* note_;
    QWidget* content_;
    QVBoxLayout* body_;
    bool over_ = false;
};

// Sections below each other, scrolled where they do not fit.
QWidget* makeSectionColumn(const QList<QWidget*>& sections);

} // namespace likeness
