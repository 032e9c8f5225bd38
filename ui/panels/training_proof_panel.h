#pragma once

#include "ui/widgets/section.h"

#include <cstdint>

class QVBoxLayout;

namespace likeness {

class PlainLabel;
class ProofPair;
struct TrainingRun;

// What a training changed: the same seed without and with it, and the measures in words.
class TrainingProofPanel : public Section {
    Q_OBJECT

public:
    explicit TrainingProofPanel(QWidget* parent = nullptr);

    // While it runs, the newest samples stand for it.
    void setRun(const TrainingRun& run);

private:
    void addRow(const QString& label, const QString& value, const QString& tool_tip);
    void clearRows();

    ProofPair* pair_;
    PlainLabel* verdict_;
    QWidget* rows_;
    QVBoxLayout* column_;
    std::int64_t shown_step_ = -1;
};

} // namespace likeness
