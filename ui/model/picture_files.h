#pragma once

#include "core/image/image.h"
#include "core/request/foreign_settings.h"
#include "core/request/job_event.h"
#include "ui/model/qimage_conversion.h"

#include <QByteArray>
#include <QImage>
#include <QObject>
#include <QThreadPool>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

class QMimeData;

namespace likeness {

// Where a picture comes from: exactly one of path, bytes, image and pixels is set. `name` is what
// the window calls it.
struct PictureSource {
    QString name{};
    QString path{};
    QByteArray bytes{};
    QImage image{};
    ImagePtr pixels{};
    QString mask_path{}; // files read along with a reference's picture; may be empty
    QString look_mask_path{};
    bool is_copy = false; // `path` is not the picture's own: it is kept as one without a file
};

// Why a picture was not read or written, in one sentence.
struct Refusal {
    QString name{};
    QString reason{};
};

struct LoadedPicture {
    QString name{};
    QString path{};
    std::string sha256{}; // of its file's bytes; empty: it has none
    QString kept_path{};  // of one without a file: where keepPicture() keeps it as a reference
    ImagePtr image{};
    QImage thumbnail{};
    std::optional<std::string> request_json{}; // what save_image put into it
    ScreenPicture screen{};                    // of one that carries a request
    std::optional<ForeignSettings> foreign{};  // what another program put into it
    QString foreign_problem{};                 // why that could not be read
    ImagePtr mask{};
    ImagePtr look_mask{};
    QList<Refusal> refusals{}; // masks that could not be read
};

// Reads and writes picture files on a small pool; the answers come back on the thread this object
// lives on.
class PictureFiles : public QObject {
    Q_OBJECT

public:
    // With one thread, works are done in the order in which they are given.
    explicit PictureFiles(QObject* parent = nullptr, int threads = 2);
    ~PictureFiles() override; // waits for what is being written

    using OnLoaded = std::function<void(const LoadedPicture&)>;
    using OnRefused = std::function<void(const Refusal&)>;
    using OnSaved = std::function<void(const QString& path)>;

    void load(const PictureSource& source, const OnLoaded& loaded, const OnRefused& refused);
    void save(const QString& path, const ResultImage& result, const OnSaved& saved,
              const OnRefused& refused);

    // Runs any file work off the window's thread; `done` comes back on it.
    void run(const std::function<std::function<void()>()>& work);

    // Writes a small text atomically, its folder too where there is none. What is not written goes
    // to the log after `problem`, as "the training is not remembered".
    void write(const std::filesystem::path& path, std::string text, const char* problem);

private:
    QThreadPool pool_;
};

// Side of a card's thumbnail in pixels: twice the tile, for dense screens.
inline constexpr int kThumbnailSide = 144;

// What a drop or a paste brought. Image bytes are preferred; an address counts only when it is a
// local file without a host (nothing is fetched from a network); the rest is refused by name.
struct MimePictures {
    QList<PictureSource> sources{};
    QList<Refusal> refusals{};
};

MimePictures picturesOf(const QMimeData& data);

// Whether a drag over the window is worth an answer; cheap, reads no file.
bool mayHoldPictures(const QMimeData& data);

std::string toUtf8(const QString& text);

} // namespace likeness
