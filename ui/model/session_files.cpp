#include "core/request/limits.h"
#include "core/request/resolve.h"
#include "ui/model/session.h"

#include <QFileInfo>

#include <algorithm>

// What a sitting knows of files of weights: models of one's own, and what is added to them (LoRAs,
// learned words, a VAE, an image-prompt adapter).

namespace likeness {

namespace {

bool isPath(const QString& model) {
    return model.contains('/') || model.contains('\\');
}

// What a folder's own index stands for is the folder.
QString modelPath(const QString& path) {
    const QFileInfo file(path);
    return file.fileName() == QLatin1String("model_index.json") ? file.path() : path;
}

// What a file is taken for where these are wanted; unknown: for nothing. One whose kind nobody
// knows is believed, and a whole model holds a VAE too. A refiner finishes the open model's
// pictures where one can; any SDXL model can be meant as one.
FileKind takenFor(const FileFacts& facts, const QList<FileKind>& wanted) {
    if (facts.kind == FileKind::unknown) {
        return wanted.front();
    }
    const bool is_model = facts.kind == FileKind::model;
    if (is_model && wanted == QList{FileKind::vae}) {
        return FileKind::vae;
    }
    const bool is_refiner = facts.family == "sdxl_refiner";
    if (is_model && wanted.contains(FileKind::refiner) &&
        (is_refiner || (wanted.size() == 1 && facts.family == "sdxl"))) {
        return FileKind::refiner;
    }
    return wanted.contains(facts.kind) ? facts.kind : FileKind::unknown;
}

template <typename Items>
bool holds(const Items& items, const std::string& path) {
    return std::ranges::any_of(items, [&](const auto& item) { return item.path == path; });
}

} // namespace

void Session::openFiles(const QStringList& paths) {
    QList wanted{FileKind::model, FileKind::lora, FileKind::learned_word, FileKind::vae,
                 FileKind::ip_adapter};
    if (request_.traits().family == "sdxl") {
        wanted << FileKind::refiner;
    }
    takeFiles(paths, wanted);
}

void Session::addStyles(const QStringList& paths) {
    takeFiles(paths, {FileKind::lora, FileKind::learned_word});
}

void Session::addLoras(const QStringList& paths) {
    takeFiles(paths, {FileKind::lora});
}

void Session::addLearnedWords(const QStringList& paths) {
    takeFiles(paths, {FileKind::learned_word});
}

void Session::setVae(const QString& path) {
    if (!path.isEmpty()) {
        return takeFiles({path}, {FileKind::vae});
    }
    edits_.step(tr("The model's own VAE"),
                [this] { request_.edit([](GenerationRequest& request) { request.vae.clear(); }); });
    prepare();
}

void Session::setIpAdapter(const QString& adapter) {
    if (isPath(adapter)) {
        return takeFiles({adapter}, {FileKind::ip_adapter});
    }
    edits_.step(adapter.isEmpty() ? tr("The model's own adapter") : tr("Adapter"), [&] {
        request_.edit([&](GenerationRequest& request) {
            request.ip_adapter = adapter.toStdString();
            request.image_encoder.clear();
        });
    });
    prepare();
}

void Session::setCardAdapter(quint64 card, const QString& adapter) {
    if (!isPath(adapter) || !known_files_.canLook()) {
        references_.setAdapter(card, adapter);
        return;
    }
    const std::string path = adapter.toStdString();
    known_files_.lookAgain({path}, [this, card, path](const std::vector<FileFacts>& facts) {
        const QString why = whyNot(path, facts.front(), {FileKind::ip_adapter});
        const QString file = QString::fromStdString(path);
        if (why.isEmpty()) {
            references_.setAdapter(card, file);
        } else {
            tellUnopened({{QFileInfo(file).fileName(), why}});
            Q_EMIT references_.adaptersChanged(); // the row goes back to what is
        }
    });
}

void Session::setRefiner(const QString& path) {
    if (!path.isEmpty()) {
        return takeFiles({path}, {FileKind::refiner});
    }
    edits_.step(tr("No refiner"), [this] {
        request_.edit([](GenerationRequest& request) { request.refiner = {}; });
    });
}

void Session::openModel(const QString& model) {
    const QString wanted = modelPath(model);
    isPath(wanted) && known_files_.canLook() ? takeFiles({wanted}, {FileKind::model})
                                             : takeModel(wanted);
}

void Session::takeModel(const QString& model) {
    before_open_ = request_.request();
    request_.edit([&](GenerationRequest& request) {
        request.model = model.toStdString();
        request.ip_adapter.clear();
        request.image_encoder.clear();
        request.vae.clear();
        request.refiner = {};
        request.width.reset();
        request.height.reset();
    });
    edits_.unrecorded([this] { adapters_before_open_ = references_.takeAdapters(); });
    Q_EMIT modelChanged();
    start();
}

void Session::takeFiles(const QStringList& paths, const QList<FileKind>& wanted) {
    std::vector<std::string> files;
    for (const QString& path : paths) {
        files.push_back(modelPath(path).toStdString());
    }
    if (files.empty()) {
        return;
    }
    const int wish = wanted.contains(FileKind::model) ? ++last_model_wish_ : last_model_wish_;
    known_files_.lookAgain(files, [this, files, wanted, wish](const std::vector<FileFacts>& facts) {
        // Where another model was chosen meanwhile, that one is meant.
        if (wanted != QList{FileKind::model} || wish == last_model_wish_) {
            takeLookedAt(files, facts, wanted);
        }
    });
}

// Why a file is not taken; empty: it is.
QString Session::whyNot(const std::string& path, const FileFacts& facts,
                        const QList<FileKind>& wanted) const {
    const auto name = [](FileKind kind) {
        switch (kind) {
        case FileKind::model:
            return tr("a model");
        case FileKind::lora:
            return tr("a LoRA");
        case FileKind::learned_word:
            return tr("a learned word");
        case FileKind::vae:
            return tr("a VAE");
        case FileKind::ip_adapter:
            return tr("an IP-Adapter");
        case FileKind::refiner:
            return tr("an SDXL refiner");
        default:
            return QString();
        }
    };
    if (!facts.problem.isEmpty()) {
        return facts.problem;
    }
    if (facts.kind == FileKind::other) {
        return tr("it holds nothing that is used by itself.");
    }
    if (takenFor(facts, wanted) == FileKind::unknown) {
        if (facts.kind == FileKind::model && wanted == QList{FileKind::refiner}) {
            return tr("it is a model of %1; a refiner is of the SDXL family.")
                .arg(familyName(facts.family));
        }
        QStringList names;
        for (const FileKind kind : wanted) {
            names << name(kind);
        }
        return tr("it is %1; wanted here: %2.").arg(name(facts.kind), names.join(", "));
    }
    const GenerationRequest& request = request_.request();
    return holds(request.loras, path) || holds(request.textual_inversions, path)
               ? tr("it is in the list already.")
               : QString();
}

void Session::takeLookedAt(const std::vector<std::string>& paths,
                           const std::vector<FileFacts>& facts, const QList<FileKind>& wanted) {
    QList<Refusal> refusals;
    QString model;
    QStringList added;
    edits_.step({}, [&] {
        for (std::size_t i = 0; i < paths.size(); ++i) {
            const QString name = QFileInfo(QString::fromStdString(paths[i])).fileName();
            const FileKind kind = takenFor(facts[i], wanted);
            QString why = whyNot(paths[i], facts[i], wanted);
            if (why.isEmpty() && kind == FileKind::model && !model.isEmpty()) {
                why = tr("only one model is open at a time.");
            } else if (why.isEmpty() && kind == FileKind::model) {
                model = QString::fromStdString(paths[i]);
            } else if (why.isEmpty()) {
                why = addFile(paths[i], kind);
                added << (why.isEmpty() ? QStringList{name} : QStringList{});
            }
            if (!why.isEmpty()) {
                refusals.append({name, why});
            }
        }
    });
    if (!model.isEmpty()) {
        takeModel(model);
    } else if (!added.isEmpty()) {
        prepare(); // what does not go together is told before the picture is wanted
    }
    if (!added.isEmpty()) {
        Q_EMIT statusChanged(added.size() == 1 ? tr("Added %1").arg(added.front())
                                               : tr("Added %1 files").arg(added.size()));
    }
    if (!refusals.isEmpty() && wanted.contains(FileKind::model) && !good_model_.isEmpty()) {
        refusals.back().reason +=
            '\n' + tr("%1 stays open.").arg(nameOfWeights(good_model_.toStdString()));
    }
    tellUnopened(refusals);
    Q_EMIT modelChanged(); // a row that shows what was chosen goes back to what is
}

QString Session::addFile(const std::string& path, FileKind kind) {
    const GenerationRequest& request = request_.request();
    if (kind == FileKind::lora && request.loras.size() >= kMaxLoras) {
        return tr("there are %1 LoRAs already, which is the most.").arg(kMaxLoras);
    }
    if (kind == FileKind::learned_word &&
        request.textual_inversions.size() >= kMaxTextualInversions) {
        return tr("there are %1 learned words already, which is the most.")
            .arg(kMaxTextualInversions);
    }
    request_.edit([&](GenerationRequest& edited) {
        if (kind == FileKind::lora) {
            edited.loras.push_back({.path = path});
        } else if (kind == FileKind::learned_word) {
            edited.textual_inversions.push_back({.path = path});
        } else if (kind == FileKind::vae) {
            edited.vae = path;
        } else if (kind == FileKind::refiner) {
            edited.refiner.model = path;
        } else {
            edited.ip_adapter = path;
            edited.image_encoder.clear();
        }
    });
    return {};
}

void Session::tellUnopened(const QList<Refusal>& refusals) {
    if (refusals.isEmpty()) {
        return;
    }
    QStringList lines;
    for (const Refusal& refusal : refusals) {
        lines << (refusal.reason.contains(refusal.name)
                      ? refusal.reason
                      : tr("%1: %2").arg(refusal.name, refusal.reason));
    }
    const qsizetype count = refusals.size();
    Q_EMIT noticed({.title = count == 1 ? tr("%1 was not opened").arg(refusals.front().name)
                                        : tr("%1 files were not opened").arg(count),
                    .reason = lines.join('\n')});
}

GenerationRequest Session::withoutUnused(GenerationRequest request) const {
    request = without_muted(std::move(request));
    const auto is_misfit = [this](const auto& item) {
        const std::optional<FileFacts> facts = known_files_.facts(item.path);
        return facts && !misfitOf(*facts, request_.traits()).isEmpty();
    };
    std::erase_if(request.loras, is_misfit);
    std::erase_if(request.textual_inversions, is_misfit);
    return request;
}

void Session::connectFiles() {
    connect(&request_, &RequestModel::changed, this, [this] {
        const GenerationRequest& request = request_.request();
        std::vector<std::string> paths;
        for (const Lora& lora : request.loras) {
            paths.push_back(lora.path);
        }
        for (const TextualInversion& word : request.textual_inversions) {
            paths.push_back(word.path);
        }
        known_files_.lookAt(paths);
    });
}

void Session::addToPrompt(const QString& words) {
    const QString wanted = words.trimmed();
    if (wanted.isEmpty()) {
        return;
    }
    edits_.step(tr("Put %1 into the prompt").arg(wanted.left(40)), [&] {
        request_.edit([&wanted](GenerationRequest& request) {
            QString prompt = QString::fromStdString(request.prompt);
            const bool goes_on = prompt.trimmed().endsWith(',');
            while (!prompt.isEmpty() && prompt.back().isSpace()) {
                prompt.chop(1);
            }
            prompt += prompt.isEmpty() ? QString()
                      : goes_on        ? QStringLiteral(" ")
                                       : QStringLiteral(", ");
            request.prompt = (prompt + wanted).toStdString();
        });
    });
}

void Session::rememberGood(const GenerationRequest& request) {
    good_model_ = QString::fromStdString(request.model);
    good_files_ = {.model = request.model,
                   .ip_adapter = request.ip_adapter,
                   .image_encoder = request.image_encoder,
                   .vae = request.vae};
}

bool Session::hasGoodFiles(const GenerationRequest& request) const {
    return good_files_ && good_files_->model == request.model &&
           good_files_->ip_adapter == request.ip_adapter &&
           good_files_->image_encoder == request.image_encoder && good_files_->vae == request.vae;
}

// Files that the worker could not read: what ran before is put back, in one with the edit that
// brought them.
void Session::goBackToGoodFiles() {
    const bool was_opening = before_open_ && before_open_->model == good_files_->model;
    edits_.unrecorded([&] {
        request_.edit([&](GenerationRequest& request) {
            request.model = good_files_->model;
            request.ip_adapter = good_files_->ip_adapter;
            request.image_encoder = good_files_->image_encoder;
            request.vae = good_files_->vae;
            if (was_opening) {
                request.width = before_open_->width;
                request.height = before_open_->height;
                request.refiner = before_open_->refiner;
            }
        });
        if (was_opening) {
            references_.bringBackAdapters(std::exchange(adapters_before_open_, {}));
        }
    });
    readTraits();
    Q_EMIT modelChanged();
}

} // namespace likeness
