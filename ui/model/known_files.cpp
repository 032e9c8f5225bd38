#include "ui/model/known_files.h"

#include "ui/model/picture_files.h"
#include "ui/model/words.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <utility>

namespace likeness {

QString nameOfWeights(const std::string& path) {
    const QFileInfo file(QString::fromStdString(path));
    return file.isDir() || file.completeBaseName().isEmpty() ? file.fileName()
                                                             : file.completeBaseName();
}

QString familyName(const std::string& family) {
    const std::pair<const char*, const char*> names[] = {
        {"sd15", "SD 1.5"}, {"sd2", "SD 2"}, {"sdxl", "SDXL"}, {"sdxl_refiner", "SDXL refiner"}};
    for (const auto& [key, name] : names) {
        if (family == key) {
            return QString::fromLatin1(name);
        }
    }
    return QString::fromStdString(family);
}

bool mayHoldWeights(const QString& path) {
    const QFileInfo file(path);
    const QString ending = file.suffix().toLower();
    return file.isDir() || ending == QLatin1String("safetensors") ||
           ending == QLatin1String("ckpt") || ending == QLatin1String("pt") ||
           ending == QLatin1String("pth") || ending == QLatin1String("bin");
}

QString misfitOf(const FileFacts& facts, const ModelTraits& traits) {
    if (!facts.family.empty() && !traits.family.empty() && facts.family != traits.family) {
        return KnownFiles::tr("Made for %1, the open model is %2: left out")
            .arg(familyName(facts.family), familyName(traits.family));
    }
    if (facts.cross_attention_dim > 0 && traits.cross_attention_dim > 0 &&
        facts.cross_attention_dim != traits.cross_attention_dim) {
        return KnownFiles::tr("Made for a model of width %1, the open one has %2: left out")
            .arg(facts.cross_attention_dim)
            .arg(traits.cross_attention_dim);
    }
    return {};
}

KnownFiles::KnownFiles(Look look, PictureFiles& files, QObject* parent)
    : QObject(parent), look_(std::move(look)), files_(files) {}

std::optional<FileFacts> KnownFiles::facts(const std::string& path) const {
    const auto found = known_.find(path);
    return found == known_.end() ? std::nullopt : found->second;
}

void KnownFiles::lookAt(const std::vector<std::string>& paths) {
    std::vector<std::string> unknown;
    for (const std::string& path : paths) {
        if (!known_.contains(path)) {
            unknown.push_back(path);
        }
    }
    if (look_ && !unknown.empty()) {
        lookAgain(unknown, [](const std::vector<FileFacts>&) {});
    }
}

void KnownFiles::lookAgain(const std::vector<std::string>& paths, const Then& then) {
    if (!look_) {
        return then(std::vector<FileFacts>(paths.size()));
    }
    for (const std::string& path : paths) {
        known_.try_emplace(path);
    }
    ++looks_;
    files_.run([this, paths, then, look = look_]() -> std::function<void()> {
        std::vector<FileFacts> found(paths.size());
        for (std::size_t i = 0; i < paths.size(); ++i) {
            const QString problem = reasonOf([&] { found[i] = look(paths[i]); });
            if (!problem.isEmpty()) {
                found[i] = {.problem = problem};
            }
        }
        return [this, paths, found, then] {
            for (std::size_t i = 0; i < paths.size(); ++i) {
                known_[paths[i]] = found[i];
            }
            --looks_;
            Q_EMIT changed();
            then(found);
        };
    });
}

} // namespace likeness
