#pragma once

#include "core/imageio/save.h"
#include "ui/model/picture_files.h"

#include <QString>

#include <functional>
#include <stop_token>
#include <vector>

namespace likeness {

struct LibraryPicture;

// How pictures leave the library. The pixels keep their depth and their profile where the format
// has room for them.
struct ExportOptions {
    QString folder{};
    ImageFormat format = ImageFormat::png;
    int quality = 95;                                          // of JPEG and WebP
    int longest_side = 0;                                      // pixels; 0: as it is
    QString name_template = QStringLiteral("{prompt} {seed}"); // export_name()
    bool with_settings = true;                                 // what it came from stays inside

    bool operator==(const ExportOptions&) const = default;
};

// The ending that file names of that format get: "png".
QString endingOf(ImageFormat format);

// What became of them.
struct ExportReport {
    int written = 0;
    QString last{}; // the last file's name
    QList<Refusal> refusals{};
};

// Writes each picture as a file of its own; never over one that is there ("name 2.png"). For a
// thread that may wait.
ExportReport exportPictures(const std::vector<std::function<LibraryPicture()>>& readers,
                            const ExportOptions& options, const std::stop_token& stop = {});

} // namespace likeness
