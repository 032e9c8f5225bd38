#pragma once

#include <QObject>

namespace likeness {

// The end of the session and a kill that asks (SIGTERM, SIGHUP, SIGINT) are ends like closing the
// window: asked() comes on the thread this lives on. One in a program.
class EndSignals : public QObject {
    Q_OBJECT

public:
    explicit EndSignals(QObject* parent = nullptr);
    ~EndSignals() override;

Q_SIGNALS:
    void asked();
};

} // namespace likeness
