#include "ui/model/training_paces.h"

#include "core/base/hash.h"
#include "core/base/read_file.h"
#include "core/request/model_folder.h"

#include <algorithm>
#include <cmath>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

namespace likeness {

namespace {

namespace fs = std::filesystem;

constexpr int kPacesVersion = 1;
constexpr std::uint64_t kMostPaceBytes = 1U << 20U;
constexpr std::size_t kMostPaceRows = 500; // the oldest go

// Depends on the name, size and time of each file of a model. For a thread that may wait.
std::string paceMarkOf(const std::string& model) {
    Sha256 hash;
    const auto add = [&hash](const std::string& text) { hash.add(std::as_bytes(std::span(text))); };
    try {
        const fs::path place = find_model(model);
        std::vector<fs::path> files;
        if (fs::is_directory(place)) {
            for (const auto& entry : fs::recursive_directory_iterator(place)) {
                if (entry.is_regular_file()) {
                    files.push_back(entry.path());
                }
            }
        } else {
            files.push_back(place);
        }
        std::ranges::sort(files);
        for (const fs::path& file : files) {
            add(fs::relative(file, place).string() + '\n' + std::to_string(fs::file_size(file)) +
                '\n' + std::to_string(fs::last_write_time(file).time_since_epoch().count()) + '\n');
        }
    } catch (const std::exception&) { // opening the model tells why
        add(model);
    }
    return hash.hex();
}

bool isPaceSeconds(double seconds) {
    return std::isfinite(seconds) && seconds >= 0;
}

} // namespace

TrainingPaces::TrainingPaces(fs::path file, QObject* parent)
    : QObject(parent), file_(std::move(file)) {
    read();
}

TrainingPaces::Key TrainingPaces::keyOf(const std::string& mark, const PaceSubject& subject) {
    return {mark, subject.method, subject.size, subject.device, subject.threads};
}

std::optional<TrainingPace> TrainingPaces::of(const PaceSubject& subject) {
    const auto mark = marks_.find(subject.model);
    if (mark == marks_.end()) {
        look(subject.model);
        return std::nullopt;
    }
    if (!mark->second) {
        return std::nullopt;
    }
    const auto found = std::ranges::find(rows_, keyOf(*mark->second, subject), &Row::key);
    return found == rows_.end() ? std::nullopt : std::optional(found->pace);
}

void TrainingPaces::learn(const PaceSubject& subject, const TrainingPace& pace) {
    const auto mark = marks_.find(subject.model);
    if (mark != marks_.end() && mark->second) {
        put(keyOf(*mark->second, subject), pace);
        keep();
        Q_EMIT changed();
        return;
    }
    learned_.emplace_back(subject, pace);
    if (mark == marks_.end()) {
        look(subject.model);
    }
}

void TrainingPaces::look(const std::string& model) {
    marks_[model] = std::nullopt;
    files_.run([this, model]() -> std::function<void()> {
        return [this, model, mark = paceMarkOf(model)] {
            marks_[model] = mark;
            const auto waits = std::exchange(learned_, {});
            for (const auto& [subject, pace] : waits) {
                learn(subject, pace);
            }
            Q_EMIT changed();
        };
    });
}

void TrainingPaces::put(const Key& key, const TrainingPace& pace) {
    std::erase_if(rows_, [&key](const Row& row) { return row.key == key; });
    rows_.push_back({key, pace});
    if (rows_.size() > kMostPaceRows) {
        rows_.erase(rows_.begin());
    }
}

void TrainingPaces::read() {
    std::error_code ignored;
    if (file_.empty() || !fs::exists(file_, ignored)) {
        return;
    }
    try {
        const nlohmann::json json = nlohmann::json::parse(read_text_file(file_, kMostPaceBytes));
        if (json.at("version") != kPacesVersion) {
            return;
        }
        for (const nlohmann::json& row : json.at("paces")) {
            const TrainingPace pace{.seconds_per_step = row.at("seconds_per_step").get<double>(),
                                    .seconds_around = row.at("seconds_around").get<double>()};
            if (isPaceSeconds(pace.seconds_per_step) && isPaceSeconds(pace.seconds_around)) {
                const auto text = [&row](const char* key) {
                    return row.at(key).get<std::string>();
                };
                put({text("model"), text("method"), text("size"), text("device"),
                     row.at("threads").get<int>()},
                    pace);
            }
        }
    } catch (const std::exception&) { // it is measured again
        rows_.clear();
    }
}

void TrainingPaces::keep() {
    if (file_.empty()) {
        return;
    }
    nlohmann::ordered_json paces = nlohmann::ordered_json::array();
    for (const auto& [key, pace] : rows_) {
        const auto& [mark, method, size, device, threads] = key;
        paces.push_back({{"model", mark},
                         {"method", method},
                         {"size", size},
                         {"device", device},
                         {"threads", threads},
                         {"seconds_per_step", pace.seconds_per_step},
                         {"seconds_around", pace.seconds_around}});
    }
    const nlohmann::ordered_json json = {{"version", kPacesVersion}, {"paces", std::move(paces)}};
    files_.write(file_, json.dump(1), "the measured paces are not kept");
}

} // namespace likeness
