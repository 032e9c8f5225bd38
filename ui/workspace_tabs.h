#pragma once

#include <QWidget>

class QHBoxLayout;
class QStackedWidget;
class QTabBar;

namespace likeness {

// The window's workspaces: a row of tabs over the canvas, and for each its middle and what its
// right dock shows.
class WorkspaceTabs : public QWidget {
    Q_OBJECT

public:
    explicit WorkspaceTabs(QWidget* parent = nullptr);

    // Goes behind the ones there are. `corner` stands at the right of the tabs while it is current;
    // may be nullptr.
    void addWorkspace(const QString& title, const QString& name, QWidget* middle, QWidget* side,
                      QWidget* corner = nullptr);

    QStackedWidget* side() const { return side_; } // for the right dock

    int current() const;
    void setCurrent(int index);

Q_SIGNALS:
    void currentChanged(int index);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QTabBar* tabs_;
    QHBoxLayout* row_;
    QStackedWidget* middle_;
    QStackedWidget* side_;
    QList<QWidget*> corners_;
};

} // namespace likeness
