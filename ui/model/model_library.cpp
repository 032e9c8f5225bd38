#include "ui/model/model_library.h"

#include "core/base/error.h"
#include "core/base/wording.h"
#include "core/model_library/model_folders.h"
#include "ui/model/paths.h"
#include "ui/model/words.h"

#include <QFileInfo>

#include <algorithm>
#include <chrono>
#include <utility>

namespace likeness {

namespace {

using namespace std::chrono_literals;

constexpr auto kBatch = 50ms; // what was found meanwhile becomes rows at once

} // namespace

struct ModelLibrary::Looking {
    std::stop_source stop{};

    void check() const {
        if (stop.stop_requested()) {
            throw Cancelled{};
        }
    }
};

QString kindName(ModelKind kind) {
    switch (kind) {
    case ModelKind::model:
        return ModelLibrary::tr("Model");
    case ModelKind::ip_adapter:
        return ModelLibrary::tr("IP-Adapter");
    case ModelKind::image_encoder:
        return ModelLibrary::tr("Image encoder");
    case ModelKind::vae:
        return ModelLibrary::tr("VAE");
    case ModelKind::taesd:
        return ModelLibrary::tr("Preview VAE");
    case ModelKind::lora:
        return ModelLibrary::tr("LoRA");
    case ModelKind::textual_inversion:
        return ModelLibrary::tr("Learned word");
    case ModelKind::pickle:
        return ModelLibrary::tr("Old pickle");
    case ModelKind::other:
        return ModelLibrary::tr("Another file");
    }
    return {};
}

ModelLibrary::ModelLibrary(ModelPlaces places, QObject* parent)
    : QAbstractListModel(parent), places_(std::move(places)),
      folders_(load_model_folders(places_.folders_file)) {}

ModelLibrary::~ModelLibrary() {
    for (const auto& work : {scanning_, hashing_}) {
        if (work) {
            work->stop.request_stop();
        }
    }
}

int ModelLibrary::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

const LibraryEntry& ModelLibrary::entry(int row) const {
    return entries_[rows_[static_cast<std::size_t>(row)]];
}

QVariant ModelLibrary::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const LibraryEntry& found = entry(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return QString::fromStdString(found.name);
    case PathRole:
        return fromPath(found.path);
    case DetailRole: {
        QStringList parts{kindName(found.kind)};
        const bool is_encoder = found.kind == ModelKind::image_encoder;
        for (const std::string& part :
             {family_name(found.family), is_encoder ? found.encoder : "", found.variant}) {
            if (!part.empty()) {
                parts << QString::fromStdString(part);
            }
        }
        return parts.join(QStringLiteral(" \u00b7 "));
    }
    case SizeRole:
        return inWords(byte_words(found.bytes));
    case ProblemRole:
        return found.problem.empty() ? QString() : inWords(found.problem);
    case Qt::AccessibleTextRole: {
        const QString problem = data(index, ProblemRole).toString();
        const QString text =
            tr("%1, %2, %3")
                .arg(data(index, Qt::DisplayRole).toString(), data(index, DetailRole).toString(),
                     data(index, SizeRole).toString());
        return problem.isEmpty() ? text : tr("%1, cannot be used: %2").arg(text, problem);
    }
    default:
        return {};
    }
}

Pairing ModelLibrary::pairing(int row) const {
    return pairing_of(entry(row), entries_);
}

QStringList ModelLibrary::copiesOf(int row) const {
    QStringList paths;
    for (const LibraryEntry* other : same_content(entry(row), entries_)) {
        paths << fromPath(other->path);
    }
    return paths;
}

QStringList ModelLibrary::adaptersFor(const std::string& model, const std::string& family,
                                      Own own) const {
    QStringList adapters;
    std::string fits = family;
    for (const LibraryEntry& entry : entries_) {
        if (entry.path.string() == model || entry.name == model) {
            fits = entry.family.empty() ? fits : entry.family;
            for (const std::string& name : entry.ip_adapters) {
                if (own == Own::included || name != entry.default_ip_adapter) {
                    adapters << QString::fromStdString(name);
                }
            }
        }
    }
    for (const LibraryEntry& entry : entries_) {
        if (entry.kind == ModelKind::ip_adapter && entry.problem == Message{} &&
            (fits.empty() || entry.family == fits)) {
            adapters << fromPath(entry.path);
        }
    }
    adapters.removeDuplicates();
    return adapters;
}

QStringList ModelLibrary::folders() const {
    QStringList list;
    for (const std::filesystem::path& folder : folders_) {
        list << fromPath(folder);
    }
    return list;
}

void ModelLibrary::setFolders(const QStringList& folders) {
    std::vector<std::filesystem::path> wanted;
    for (const QString& folder : folders) {
        if (std::ranges::find(wanted, toPath(folder)) == wanted.end()) {
            wanted.push_back(toPath(folder));
        }
    }
    if (wanted == folders_) {
        return;
    }
    folders_ = std::move(wanted);
    if (!places_.folders_file.empty()) {
        const QString problem =
            reasonOf([this] { save_model_folders(places_.folders_file, folders_); });
        if (!problem.isEmpty()) {
            Q_EMIT refused(tr("The list of folders was not kept"), problem);
        }
    }
    Q_EMIT foldersChanged();
    if (scanned_ || isScanning()) {
        scan();
    } else {
        Q_EMIT changed();
    }
}

void ModelLibrary::addFolder(const QString& folder) {
    setFolders(folders() << folder);
}

void ModelLibrary::removeFolder(const QString& folder) {
    QStringList list = folders();
    list.removeAll(folder);
    setFolders(list);
}

void ModelLibrary::setFilter(const QString& words, std::optional<ModelKind> kind) {
    if (words != words_ || kind != kind_) {
        words_ = words;
        kind_ = kind;
        fill();
    }
}

void ModelLibrary::fill() {
    beginResetModel();
    rows_.clear();
    const std::string words = words_.toStdString();
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        if ((!kind_ || entries_[i].kind == *kind_) && matches(entries_[i], words)) {
            rows_.push_back(i);
        }
    }
    endResetModel();
    Q_EMIT changed();
}

void ModelLibrary::stop() {
    if (!scanning_ && !hashing_) {
        return;
    }
    for (auto* work : {&scanning_, &hashing_}) {
        if (*work) {
            (*work)->stop.request_stop();
            work->reset();
        }
    }
    reading_.reset();
    Q_EMIT changed();
}

void ModelLibrary::scanOnce() {
    if (!scanned_ && !isScanning()) {
        scan();
    }
}

void ModelLibrary::scan() {
    stop();
    const auto looking = std::make_shared<Looking>();
    scanning_ = looking;
    entries_.clear();
    problems_.clear();
    fill();
    std::vector<std::filesystem::path> roots = places_.own;
    roots.insert(roots.end(), folders_.begin(), folders_.end());
    files_.run([this, looking, roots, cache_file = places_.cache_file]() -> std::function<void()> {
        std::vector<LibraryEntry> found;
        auto told = std::chrono::steady_clock::now();
        const auto tell = [&] {
            told = std::chrono::steady_clock::now();
            QMetaObject::invokeMethod(
                this, [this, looking, batch = std::exchange(found, {})] { take(looking, batch); },
                Qt::QueuedConnection);
        };
        QStringList problems;
        const QString failure = reasonOf([&] {
            try {
                EntryCache cache(cache_file);
                const Scan scan =
                    scan_models(roots, cache,
                                {.check = [&] { looking->check(); },
                                 .on_entry =
                                     [&](const LibraryEntry& entry) {
                                         found.push_back(entry);
                                         if (std::chrono::steady_clock::now() - told > kBatch) {
                                             tell();
                                         }
                                     }});
                for (const Message& problem : scan.problems) {
                    problems << inWords(problem);
                }
            } catch (const Cancelled&) {
                found.clear();
            }
        });
        if (!failure.isEmpty()) {
            problems << failure;
        }
        tell();
        return [this, looking, problems] { end(looking, problems); };
    });
    Q_EMIT changed();
}

void ModelLibrary::take(const std::shared_ptr<Looking>& looking, std::vector<LibraryEntry> found) {
    if (looking != scanning_ || found.empty()) {
        return; // of a scan that was stopped
    }
    const std::string words = words_.toStdString();
    std::vector<std::size_t> shown;
    for (LibraryEntry& entry : found) {
        if ((!kind_ || entry.kind == *kind_) && matches(entry, words)) {
            shown.push_back(entries_.size());
        }
        entries_.push_back(std::move(entry));
    }
    if (!shown.empty()) {
        beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(shown.size()) - 1);
        rows_.insert(rows_.end(), shown.begin(), shown.end());
        endInsertRows();
    }
    Q_EMIT changed();
}

void ModelLibrary::end(const std::shared_ptr<Looking>& looking, const QStringList& problems) {
    if (looking != scanning_) {
        return;
    }
    scanning_.reset();
    scanned_ = true;
    problems_ = problems;
    Q_EMIT changed();
}

void ModelLibrary::findCopies() {
    if (scanning_ || hashing_ || entries_.empty()) {
        return;
    }
    const auto looking = std::make_shared<Looking>();
    hashing_ = looking;
    reading_ = std::pair(0, foundCount());
    files_.run([this, looking, entries = entries_,
                cache_file = places_.cache_file]() -> std::function<void()> {
        const QString failure = reasonOf([&] {
            EntryCache cache(cache_file);
            try {
                for (std::size_t i = 0; i < entries.size(); ++i) {
                    const std::string hash =
                        content_hash(entries[i], cache, [&] { looking->check(); });
                    QMetaObject::invokeMethod(
                        this,
                        [this, looking, number = static_cast<int>(i) + 1, path = entries[i].path,
                         hash] { takeHash(looking, number, path, hash); },
                        Qt::QueuedConnection);
                }
            } catch (const Cancelled&) {
                // What was read is kept.
            }
            cache.save();
        });
        return [this, looking, failure] {
            if (looking == hashing_) {
                hashing_.reset();
                reading_.reset();
                Q_EMIT changed();
            }
            if (!failure.isEmpty()) {
                Q_EMIT refused(tr("Copies were not looked for"), failure);
            }
        };
    });
    Q_EMIT changed();
}

void ModelLibrary::takeHash(const std::shared_ptr<Looking>& looking, int number,
                            const std::filesystem::path& path, const std::string& sha256) {
    if (looking != hashing_) {
        return;
    }
    const auto found = std::ranges::find(entries_, path, &LibraryEntry::path);
    if (found != entries_.end() && !sha256.empty()) {
        found->sha256 = sha256;
    }
    reading_->first = number;
    Q_EMIT changed();
}

} // namespace likeness
