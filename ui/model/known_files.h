#pragma once

#include "core/request/validate.h"

#include <QObject>
#include <QString>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace likeness {

class PictureFiles;

// What a file of weights is, as far as the window asks.
// A refiner is a model that is wanted as one.
enum class FileKind { unknown, model, lora, learned_word, vae, ip_adapter, refiner, other };

struct FileFacts {
    FileKind kind = FileKind::unknown;
    std::string family{};                // it was made for: "sd15", "sdxl", ...; empty: not told
    int cross_attention_dim = 0;         // of the UNet it was made for; 0: not told
    std::vector<std::string> triggers{}; // words a LoRA was trained with, the most frequent first
    std::string token{};                 // of a learned word, where the request gives none
    QString problem{};                   // why it cannot be read

    bool operator==(const FileFacts&) const = default;
};

// The file's name without its ending, as rows and menus show it.
QString nameOfWeights(const std::string& path);

// "SD 1.5" of "sd15"; what is no family as it is.
QString familyName(const std::string& family);

// Whether that file could be weights, by its ending; a folder could.
bool mayHoldWeights(const QString& path);

// Why a file has no place in the open model, in words; empty: it has, or nobody knows.
QString misfitOf(const FileFacts& facts, const ModelTraits& traits);

// What is known of the files of weights that a request names. Each is looked at once, off the
// window's thread.
class KnownFiles : public QObject {
    Q_OBJECT

public:
    // Tells what a path is; throws Error where it cannot be read.
    using Look = std::function<FileFacts(const std::string& path)>;
    using Then = std::function<void(const std::vector<FileFacts>& facts)>;

    KnownFiles(Look look, PictureFiles& files, QObject* parent = nullptr);

    bool canLook() const { return look_ != nullptr; }

    bool isLooking() const { return looks_ > 0; }

    // nullopt: not looked at yet.
    std::optional<FileFacts> facts(const std::string& path) const;

    // What nobody has looked at; changed() follows.
    void lookAt(const std::vector<std::string>& paths);

    // Looks at those files whether they are known or not, and tells when all of them are.
    void lookAgain(const std::vector<std::string>& paths, const Then& then);

Q_SIGNALS:
    void changed();

private:
    Look look_;
    PictureFiles& files_;
    std::map<std::string, std::optional<FileFacts>> known_{}; // nullopt: being looked at
    int looks_ = 0;
};

} // namespace likeness
