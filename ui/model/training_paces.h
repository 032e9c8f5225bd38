#pragma once

#include "core/request/training_advice.h"
#include "ui/model/picture_files.h"

#include <QObject>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace likeness {

// What a pace was measured of.
struct PaceSubject {
    std::string model{};  // of the request
    std::string method{}; // of TrainingRequest, as JSON spells it, or "picture"
    std::string size{};   // "128x128", "512"; empty: the model's own
    std::string device{}; // of the request; empty: the best there is
    int threads = 0;

    bool operator==(const PaceSubject&) const = default;
};

// How quickly this machine trains and makes pictures, as far as it was measured. Kept in a file
// from one start to the next, by the model's files: where one of them has another size or time, it
// is another model and nothing is known. A file that is damaged or of another version counts as
// empty.
class TrainingPaces : public QObject {
    Q_OBJECT

public:
    explicit TrainingPaces(std::filesystem::path file, QObject* parent = nullptr); // empty: nowhere

    // Of a picture `seconds_per_step` is what the whole of it takes. nullopt: not measured, or not
    // known yet; changed() follows where the model's files are still being looked at.
    std::optional<TrainingPace> of(const PaceSubject& subject);

    void learn(const PaceSubject& subject, const TrainingPace& pace);

Q_SIGNALS:
    void changed();

private:
    using Key = std::tuple<std::string, std::string, std::string, std::string, int>;

    struct Row {
        Key key{}; // with the mark of the model's files in its place
        TrainingPace pace{};
    };

    static Key keyOf(const std::string& mark, const PaceSubject& subject);
    void read();
    void keep();
    void look(const std::string& model);
    void put(const Key& key, const TrainingPace& pace);

    std::filesystem::path file_;
    std::vector<Row> rows_{}; // the newest last
    std::map<std::string, std::optional<std::string>>
        marks_{}; // by model; nullopt: being looked at
    std::vector<std::pair<PaceSubject, TrainingPace>> learned_{}; // of models being looked at
    PictureFiles files_{nullptr, 1}; // the last member; what it writes is written in its order
};

} // namespace likeness
