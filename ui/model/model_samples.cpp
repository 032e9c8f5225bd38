#include "ui/model/model_samples.h"

#include "core/base/error.h"
#include "core/imageio/load.h"
#include "core/request/model_folder.h"
#include "ui/model/paths.h"
#include "ui/model/qimage_conversion.h"
#include "ui/model/words.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>
#include <limits>
#include <utility>

#include <nlohmann/json.hpp>

namespace likeness {

namespace {

constexpr int kMostSubjects = 100;

struct Read {
    QList<SampleSubject> subjects{};
    QList<Example> examples{};
    QString problem{};
};

// By name; what is only numbered by its number: 9 before 10.
QStringList sorted(QStringList names) {
    std::ranges::sort(names, {}, [](const QString& name) {
        bool is_number = false;
        const int number = name.section('.', 0, 0).toInt(&is_number);
        return std::pair(is_number ? number : std::numeric_limits<int>::max(), name);
    });
    return names;
}

QList<SampleSubject> subjectsIn(const QDir& samples) {
    QList<SampleSubject> subjects;
    for (const QString& name : sorted(samples.entryList(QDir::Dirs | QDir::NoDotAndDotDot))) {
        const QDir folder(samples.filePath(name));
        SampleSubject subject{.name = name};
        for (const QString& file : sorted(folder.entryList({"*.png"}, QDir::Files))) {
            const QString path = folder.filePath(file);
            subject.pictures.append({.name = nameOfFile(path), .path = path});
        }
        if (!subject.pictures.isEmpty() && subjects.size() < kMostSubjects) {
            subjects.append(subject);
        }
    }
    return subjects;
}

bool isWhole(const Example& example, const QDir& model) {
    const QString adapter = QString::fromStdString(example.request.ip_adapter);
    const bool has_adapter =
        adapter.isEmpty() ||
        QFileInfo::exists(model.filePath("ip_adapter/" + adapter + ".safetensors"));
    return has_adapter && !example.title.isEmpty() &&
           std::ranges::all_of(example.cards, [](const ReferenceCard& card) {
               return QFileInfo(card.path).isFile();
           });
}

Read readSamples(const QString& model) {
    Read read;
    QString folder;
    try {
        folder = fromPath(find_model(model.toStdString()));
    } catch (const Error&) {
        return read; // opening the model tells why
    }
    const QDir samples(folder + QStringLiteral("/samples"));
    read.subjects = subjectsIn(samples);
    const QString file = samples.filePath(QStringLiteral("examples.json"));
    if (!QFileInfo::exists(file)) {
        return read;
    }
    read.problem = reasonOf([&] {
        const nlohmann::json json = read_json_file(toPath(file));
        const auto examples = json.is_object() ? json.find("examples") : json.end();
        if (examples == json.end() || !examples->is_array()) {
            throw Error(ErrorCode::bad_request,
                        message("{} holds no list \"examples\".", file.toStdString()));
        }
        for (const nlohmann::json& each : *examples) {
            Example example = exampleFromJson(each, toPath(samples.path()));
            if (isWhole(example, QDir(folder))) {
                read.examples.append(std::move(example));
            }
        }
    });
    return read;
}

} // namespace

ModelSamples::ModelSamples(QObject* parent) : QObject(parent) {}

void ModelSamples::open(const QString& model) {
    if (model == model_) {
        return;
    }
    model_ = model;
    files_.run([this, model]() -> std::function<void()> {
        return [this, model, read = readSamples(model)] {
            if (model != model_) {
                return;
            }
            subjects_ = read.subjects;
            examples_ = read.examples;
            Q_EMIT changed();
            if (!read.problem.isEmpty()) {
                Q_EMIT refused(model, read.problem);
            }
        };
    });
}

void ModelSamples::askTile(const QString& path) {
    if (asked_.contains(path)) {
        return;
    }
    asked_.insert(path);
    files_.run([this, path]() -> std::function<void()> {
        QImage tile;
        const QString problem =
            reasonOf([&] { tile = toThumbnail(load_image(toPath(path)), kThumbnailSide); });
        if (!problem.isEmpty()) {
            return {}; // the tile stays empty; who takes the picture is told why
        }
        return [this, path, tile] {
            tiles_.insert(path, tile);
            Q_EMIT tileRead(path);
        };
    });
}

} // namespace likeness
