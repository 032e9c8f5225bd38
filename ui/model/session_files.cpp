#include "core/request/limits.h"
#include "core/request/resolve.h"
#include "ui/model/paths.h"
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

// A file holds a VAE alone or within a whole model.
bool isFitFor(FileKind kind, FileKind wanted) {
    return kind == wanted || kind == FileKind::unknown ||
           (wanted == FileKind::vae && kind == FileKind::model);
}

template <typename Items>
bool holds(const Items& items, const std::string& path) {
    return std::ranges::any_of(items, [&](const auto& item) { return item.path == path; });
}

} // namespace

void Session::openFiles(const QStringList& paths) {
    takeFiles(paths, FileKind::unknown);
}

void Session::addLoras(const QStringList& paths) {
    takeFiles(paths, FileKind::lora);
}

void Session::addLearnedWords(const QStringList& paths) {
    takeFiles(paths, FileKind::learned_word);
}

void Session::setVae(const QString& path) {
    if (!path.isEmpty()) {
        return takeFiles({path}, FileKind::vae);
    }
    edits_.step(tr("The model's own VAE"),
                [this] { request_.edit([](GenerationRequest& request) { request.vae.clear(); }); });
    prepare();
}

void Session::setIpAdapter(const QString& path) {
    if (!path.isEmpty()) {
        return takeFiles({path}, FileKind::ip_adapter);
    }
    edits_.step(tr("The model's own adapter"), [this] {
        request_.edit([](GenerationRequest& request) {
            request.ip_adapter.clear();
            request.image_encoder.clear();
        });
    });
    prepare();
}

void Session::openModel(const QString& model) {
    const QString wanted = modelPath(model);
    isPath(wanted) && known_files_.canLook() ? takeFiles({wanted}, FileKind::model)
                                             : takeModel(wanted);
}

void Session::takeModel(const QString& model) {
    before_open_ = request_.request();
    request_.edit([&](GenerationRequest& request) {
        request.model = model.toStdString();
        request.ip_adapter.clear();
        request.image_encoder.clear();
        request.vae.clear();
        request.width.reset();
        request.height.reset();
    });
    Q_EMIT modelChanged();
    start();
}

void Session::takeFiles(const QStringList& paths, FileKind as) {
    std::vector<std::string> files;
    for (const QString& path : paths) {
        files.push_back(modelPath(path).toStdString());
    }
    const int wish = ++last_wish_;
    known_files_.lookAgain(files, [this, files, as, wish](const std::vector<FileFacts>& facts) {
        if (as == FileKind::model && wish != last_wish_) {
            return; // another one was chosen meanwhile
        }
        takeLookedAt(files, facts, as);
    });
}

QString Session::whyNot(const std::string& path, const FileFacts& facts, FileKind as) const {
    if (!facts.problem.isEmpty()) {
        return facts.problem;
    }
    const std::pair<FileKind, QString> names[] = {
        {FileKind::model, tr("it is a model")},
        {FileKind::lora, tr("it is a LoRA")},
        {FileKind::learned_word, tr("it is a learned word")},
        {FileKind::vae, tr("it is a VAE")},
        {FileKind::ip_adapter, tr("it is an IP-Adapter")}};
    const auto* is = std::ranges::find(names, facts.kind, &std::pair<FileKind, QString>::first);
    const QString what =
        is == std::end(names) ? tr("it holds nothing that is used by itself") : is->second;
    const std::pair<FileKind, QString> wanted[] = {{FileKind::model, tr("no model.")},
                                                   {FileKind::lora, tr("no LoRA.")},
                                                   {FileKind::learned_word, tr("no learned word.")},
                                                   {FileKind::vae, tr("no VAE.")},
                                                   {FileKind::ip_adapter, tr("no IP-Adapter.")}};
    if (as != FileKind::unknown && !isFitFor(facts.kind, as)) {
        const auto* no = std::ranges::find(wanted, as, &std::pair<FileKind, QString>::first);
        return tr("%1, %2").arg(what, no->second);
    }
    if (facts.kind == FileKind::other) {
        return what + '.';
    }
    const GenerationRequest& request = request_.request();
    if (holds(request.loras, path) || holds(request.textual_inversions, path)) {
        return tr("it is in the list already.");
    }
    return {};
}

void Session::takeLookedAt(const std::vector<std::string>& paths,
                           const std::vector<FileFacts>& facts, FileKind as) {
    QList<Refusal> refusals;
    QString model;
    QStringList added;
    edits_.step({}, [&] {
        for (std::size_t i = 0; i < paths.size(); ++i) {
            const std::string& path = paths[i];
            const QString name = QFileInfo(QString::fromStdString(path)).fileName();
            const FileKind kind = as != FileKind::unknown              ? as
                                  : facts[i].kind == FileKind::unknown ? FileKind::model
                                                                       : facts[i].kind;
            QString why = whyNot(path, facts[i], as);
            if (why.isEmpty() && kind == FileKind::model && !model.isEmpty()) {
                why = tr("only one model is open at a time.");
            }
            if (why.isEmpty() && kind != FileKind::model) {
                why = addFile(path, kind);
            }
            if (!why.isEmpty()) {
                refusals.append({name, why});
            } else if (kind == FileKind::model) {
                model = QString::fromStdString(path);
            } else {
                added << name;
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
    if (!good_model_.isEmpty()) {
        lines << tr("%1 stays open.").arg(nameOfWeights(good_model_.toStdString()));
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
    edits_.unrecorded([&] {
        request_.edit([&](GenerationRequest& request) {
            request.model = good_files_->model;
            request.ip_adapter = good_files_->ip_adapter;
            request.image_encoder = good_files_->image_encoder;
            request.vae = good_files_->vae;
            if (before_open_ && before_open_->model == good_files_->model) {
                request.width = before_open_->width;
                request.height = before_open_->height;
            }
        });
    });
    readTraits();
    Q_EMIT modelChanged();
}

} // namespace likeness
