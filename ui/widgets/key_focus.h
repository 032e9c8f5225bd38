#pragma once

#include <QObject>

class QPainter;
class QWidget;

namespace likeness {

// Whether a widget that draws itself got the focus by key: only then its ring is shown.
class KeyFocus : public QObject {
    Q_OBJECT

public:
    explicit KeyFocus(QWidget& widget); // repaints it where the focus comes or goes

    bool isByKey() const { return by_key_; }

    void paintRing(QPainter& painter) const; // along the edge, where it is to be shown

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget& widget_;
    bool by_key_ = false;
};

} // namespace likeness
