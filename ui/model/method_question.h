#pragma once

#include "core/request/job_event.h"
#include "core/request/training_advice.h"
#include "ui/model/picture_files.h"
#include "ui/model/training_paces.h"

#include <QObject>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace likeness {

class EngineClient;
class RequestModel;

// Which way leads to a likeness: about which pictures that is asked, in how much time, what must
// stay the same, and how quick this machine is at it, as far as it was measured.
class MethodQuestion : public QObject {
    Q_OBJECT

public:
    // What is measured is kept in that file; empty: nowhere.
    MethodQuestion(EngineClient& client, const RequestModel& request, std::filesystem::path paces,
                   QObject* parent = nullptr);

    // Where and how it is computed; what the request says where nothing is told.
    void setPlacement(const std::string& device, int threads);

    // None: nothing is asked.
    const QList<PictureSource>& pictures() const { return pictures_; }

    void setPictures(const QList<PictureSource>& pictures);

    double minutes() const { return minutes_; }

    void setMinutes(double minutes); // 0: now

    KeptSame kept() const { return kept_; }

    void setKept(KeptSame kept);

    // For those pictures, and for any number of others with the same answers.
    TrainingAdvice advice() const;
    // `resolution` is the training's; empty: the model's own.
    TrainingAdvice adviceFor(std::size_t pictures, std::optional<int> resolution = {}) const;

    // Takes trial steps with some of the pictures; changed() follows when the pace is known.
    void measure();

    bool canMeasure() const; // there is something to measure, and nothing is being measured

    bool isMeasuring() const { return job_ != 0; }

    // Why the last one came to nothing; empty: it did not.
    const QString& problem() const { return problem_; }

    // What an estimate of that training tells, wherever it came from.
    void learn(const TrainingRequest& request, const TrainingEstimate& estimate);

Q_SIGNALS:
    void changed();

private:
    void submit(TrainingMethod method);
    void take(const Result& result);
    PaceSubject subject(const std::string& method, const std::string& size = {}) const;

    EngineClient& client_;
    const RequestModel& request_;
    QList<PictureSource> pictures_{};
    double minutes_ = 60;
    KeptSame kept_ = KeptSame::product;
    std::string device_{};
    int threads_ = 0;
    std::unique_ptr<TrainingPaces> paces_;
    JobId job_ = 0;
    TrainingRequest asked_{}; // by that job
    QString problem_{};
};

} // namespace likeness
