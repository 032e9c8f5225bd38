#pragma once

#include <QWidget>

class QButtonGroup;

namespace likeness {

// A row of real buttons of which one is on.
class SegmentedControl : public QWidget {
    Q_OBJECT

public:
    struct Segment {
        QString text{};
        QString tool_tip{};
    };

    explicit SegmentedControl(const QList<Segment>& segments, QWidget* parent = nullptr);

    int current() const;

    // Shows a segment (-1: none); no edited().
    void setCurrent(int index);

    // The buttons become `name_0`, `name_1`, ...
    void setNames(const QString& name, const QString& accessible_name);

Q_SIGNALS:
    void edited(int index);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QButtonGroup* buttons_;
};

} // namespace likeness
