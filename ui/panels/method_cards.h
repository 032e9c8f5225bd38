#pragma once

#include "ui/model/training_draft.h"

#include <QWidget>

#include <array>

class QButtonGroup;

namespace likeness {

class MethodCard;

// What a card says of its way: at the right of its title, in bold, and below.
struct MethodWords {
    QString note{}; // "on, 3 references", "training"
    QString when{}; // "10-50 pictures, about an hour"
    QString what{}; // "Learns the thing by name in a small file beside the model."
    QString why{};  // for who looks a second time; may be empty
    bool is_advised = false;

    bool operator==(const MethodWords&) const = default;
};

// The three ways to a likeness beside each other, one of them chosen.
class MethodCards : public QWidget {
    Q_OBJECT

public:
    explicit MethodCards(QWidget* parent = nullptr);

    void setWay(LikenessWay way); // no chosen()

    LikenessWay way() const;

    // What is not set is said as for everybody.
    void setAdvice(LikenessWay way, const MethodWords& advice);

    static MethodWords usualAdvice(LikenessWay way);

Q_SIGNALS:
    void chosen(likeness::LikenessWay way);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void fit();

    QButtonGroup* group_;
    std::array<MethodCard*, 3> cards_{};
};

} // namespace likeness
