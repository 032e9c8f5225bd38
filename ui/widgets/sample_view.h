#pragma once

#include <QImage>
#include <QWidget>

#include <cstdint>
#include <map>
#include <vector>

namespace likeness {

class IconButton;
class PlainLabel;
class SamplePair;
class TextButton;

// One sample of a training, large, beside the one of the start on the same seed. The arrow keys go
// through steps and seeds; Space and Esc lead back.
class SampleView : public QWidget {
    Q_OBJECT

public:
    using Samples = std::map<std::int64_t, std::vector<QImage>>;

    explicit SampleView(QWidget* parent = nullptr);

    // The one that is shown stays, as long as it is among them.
    void setSamples(const Samples& samples);
    void lookAt(std::int64_t step, int seed);

    std::int64_t step() const { return step_; }

    int seed() const { return seed_; } // counted from 0

    // Whether the step that is shown can become the result, and why or why not.
    void setTakeable(bool takeable, const QString& words);

Q_SIGNALS:
    void shownChanged();
    void takeRequested(qint64 step);
    void closed();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void go(int steps, int seeds);
    void refresh();
    QImage picture(std::int64_t step) const; // of the seed that is shown; null: there is none

    Samples samples_;
    std::int64_t step_ = 0;
    int seed_ = 0;
    PlainLabel* title_;
    PlainLabel* note_;
    IconButton* back_;
    IconButton* forth_;
    TextButton* take_;
    IconButton* close_;
    SamplePair* pair_;
};

} // namespace likeness
