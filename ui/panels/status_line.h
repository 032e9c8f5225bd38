#pragma once

#include "core/request/memory_plan.h"
#include "ui/model/machine_state.h"

#include <QTimer>
#include <QWidget>

namespace likeness {

class PlainLabel;
class Session;

// The window's last line: model, device, memory, queue; at the right what was just done.
class StatusLine : public QWidget {
    Q_OBJECT

public:
    explicit StatusLine(Session& session, QWidget* parent = nullptr);

    void setDone(const QString& text);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void showModel();
    void showMachine(const MachineState& state);
    void showPlan(const MemoryPlan& plan);
    void showQueue();
    void showTraining();

    Session& session_;
    MachineState machine_{};
    std::uint64_t foretold_bytes_ = 0; // 0: nothing was begun yet
    PlainLabel* model_;
    PlainLabel* device_;
    PlainLabel* memory_;
    PlainLabel* queue_;
    PlainLabel* training_;
    PlainLabel* done_;
    QTimer look_; // at the machine, now and then
};

} // namespace likeness
