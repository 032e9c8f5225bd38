#pragma once

#include <QWidget>

namespace likeness {

// What the program is, its version, and the licences of all it stands on (the NOTICE file).
class AboutWindow : public QWidget {
    Q_OBJECT

public:
    explicit AboutWindow(QWidget* parent = nullptr);
};

} // namespace likeness
