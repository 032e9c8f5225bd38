#include "ui/panels/status_line.h"

#include "ui/model/session.h"
#include "ui/model/words.h"
#include "ui/theme.h"
#include "ui/widgets/plain_label.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLocale>
#include <QPainter>

namespace likeness {

namespace {

constexpr int kLookMs = 2000;
constexpr int kFirstLookMs = 300;
constexpr int kSpace = 12; // on both sides of the line between two parts

QString gigabytes(std::uint64_t bytes) {
    constexpr double kGigabyte = 1e9;
    const double value = static_cast<double>(bytes) / kGigabyte;
    return QString::number(value, 'f', value < 10 ? 1 : 0);
}

} // namespace

StatusLine::StatusLine(Session& session, QWidget* parent)
    : QWidget(parent), session_(session), model_(new PlainLabel), device_(new PlainLabel),
      memory_(new PlainLabel), queue_(new PlainLabel), training_(new PlainLabel),
      done_(new PlainLabel) {
    setObjectName(QStringLiteral("status_line"));
    const std::pair<PlainLabel*, const char*> labels[] = {
        {model_, "status_model"}, {device_, "status_device"},     {memory_, "status_memory"},
        {queue_, "status_queue"}, {training_, "status_training"}, {done_, "status_text"}};
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 0, 12, 0);
    row->setSpacing(2 * kSpace);
    for (const auto& [label, name] : labels) {
        label->setObjectName(QLatin1String(name));
        label->setFont(numberFont(11));
        label->setTone(PlainLabel::Tone::text2);
        row->addWidget(label, label == done_ ? 1 : 0);
    }
    device_->setToolTip(tr("device: where pictures are computed"));
    memory_->setToolTip(tr("Memory that the program takes, of all there is"));
    done_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    connect(&session_, &Session::modelChanged, this, &StatusLine::showModel);
    connect(&session_.request(), &RequestModel::changed, this, &StatusLine::showModel);
    connect(&session_, &Session::statusChanged, this, &StatusLine::setDone);
    connect(&session_, &Session::machineLooked, this, &StatusLine::showMachine);
    connect(&session_, &Session::memoryPlanned, this, &StatusLine::showPlan);
    connect(&session_.queue(), &PictureQueue::changed, this, &StatusLine::showQueue);
    connect(&session_.training(), &TrainingModel::runChanged, this, &StatusLine::showTraining);
    connect(&session_.training(), &TrainingModel::stepped, this, &StatusLine::showTraining);
    training_->setToolTip(tr("A training runs; pictures are made between its steps"));
    look_.setInterval(kLookMs);
    connect(&look_, &QTimer::timeout, &session_, &Session::lookAtMachine);
    look_.start();
    QTimer::singleShot(kFirstLookMs, &session_, &Session::lookAtMachine); // the model comes first
    showModel();
    showQueue();
    showTraining();
    showMachine({});
}

void StatusLine::setDone(const QString& text) {
    done_->setPlainText(text);
}

void StatusLine::showModel() {
    const QString name = QString::fromStdString(session_.request().request().model);
    const QString file = QFileInfo(name).fileName();
    model_->setPlainText(session_.goodModel() == name ? file : tr("%1, opening").arg(file));
}

void StatusLine::showPlan(const MemoryPlan& plan) {
    foretold_bytes_ = plan.predicted_peak_bytes;
    QStringList sentences{tr("Memory that the program takes, of all there is, and what it takes at "
                             "most with these settings")};
    for (const MemoryStep step : plan.steps) {
        sentences << inWords(step_words(step));
    }
    memory_->setToolTip(sentences.join(QLatin1String("\n")));
    showMachine(machine_);
}

void StatusLine::showMachine(const MachineState& state) {
    machine_ = state;
    device_->setVisible(!state.device.empty());
    memory_->setVisible(state.total_bytes > 0);
    const QString device = QString::fromStdString(state.device).toUpper();
    device_->setPlainText(state.threads > 0 ? tr("%1, %2 threads").arg(device).arg(state.threads)
                                            : device);
    const QString used = gigabytes(state.used_bytes), all = gigabytes(state.total_bytes);
    memory_->setPlainText(
        foretold_bytes_ == 0
            ? tr("%1 of %2 GB").arg(used, all)
            : tr("%1 of %2 GB, at most %3").arg(used, all, gigabytes(foretold_bytes_)));
    update();
}

void StatusLine::showQueue() {
    const int count = session_.queue().rowCount();
    queue_->setVisible(count > 0 || session_.queue().isPaused());
    queue_->setPlainText(session_.queue().isPaused() ? tr("queue %1, paused").arg(count)
                                                     : tr("queue %1").arg(count));
    update();
}

void StatusLine::showTraining() {
    const TrainingRun& run = session_.training().run();
    training_->setVisible(run.isBusy());
    training_->setPlainText(run.step > 0
                                ? tr("training %1, step %2/%3")
                                      .arg(run.name, QLocale().toString(qlonglong(run.step)),
                                           QLocale().toString(qlonglong(run.total)))
                                : tr("training %1").arg(run.name));
    update();
}

void StatusLine::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    for (const PlainLabel* label : {device_, memory_, queue_, training_}) {
        if (label->isVisible()) {
            painter.fillRect(QRect(label->x() - kSpace, 6, 1, height() - 12),
                             currentTheme().border);
        }
    }
}

} // namespace likeness
