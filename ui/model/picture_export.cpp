#include "ui/model/picture_export.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/image/resize.h"
#include "core/library/export_name.h"
#include "core/request/json.h"
#include "ui/model/paths.h"
#include "ui/model/picture_library.h"
#include "ui/model/words.h"

#include <algorithm>
#include <cmath>

namespace likeness {

namespace {

namespace fs = std::filesystem;

constexpr int kMostNames = 10'000; // tried for a free one

Image shrunk(const Image& image, int longest_side) {
    const int longer = std::max(image.width, image.height);
    if (longest_side <= 0 || longer <= longest_side) {
        return image;
    }
    const auto scaled = [&](int side) {
        return std::max(
            1, static_cast<int>(std::lround(static_cast<double>(side) * longest_side / longer)));
    };
    Image small = resize(image, scaled(image.width), scaled(image.height), Filter::lanczos);
    small.icc_profile = image.icc_profile;
    return small;
}

fs::path freePlace(const fs::path& folder, const std::string& name, const std::string& ending) {
    for (int n = 1; n < kMostNames; ++n) {
        const std::string numbered = n == 1 ? name : name + ' ' + std::to_string(n);
        const fs::path path = folder / (numbered + '.' + ending);
        if (!fs::exists(path)) {
            return path;
        }
    }
    throw Error(ErrorCode::write_failed, message("No free name was found in that folder."));
}

fs::path exportOne(const LibraryPicture& picture, const ExportOptions& options, int number) {
    const fs::path folder = toPath(options.folder);
    const std::string name = export_name(options.name_template.toStdString(),
                                         picture.result.request, picture.created, number);
    const fs::path path = freePlace(folder, name, endingOf(options.format).toStdString());
    SaveOptions save{.quality = std::clamp(options.quality, 1, 100)};
    if (options.with_settings) {
        save.request_json = to_json(picture.result.request);
    }
    save_image(path, shrunk(*picture.result.image, options.longest_side), save);
    return path;
}

} // namespace

QString endingOf(ImageFormat format) {
    switch (format) {
    case ImageFormat::png:
        break;
    case ImageFormat::jpeg:
        return QStringLiteral("jpg");
    case ImageFormat::tiff:
        return QStringLiteral("tif");
    case ImageFormat::exr:
        return QStringLiteral("exr");
    case ImageFormat::webp:
        return QStringLiteral("webp");
    }
    return QStringLiteral("png");
}

ExportReport exportPictures(const std::vector<std::function<LibraryPicture()>>& readers,
                            const ExportOptions& options, const std::stop_token& stop) {
    ExportReport report;
    const QString refused = reasonOf([&] { make_folder(toPath(options.folder)); });
    if (!refused.isEmpty()) {
        report.refusals.append({options.folder, refused});
        return report;
    }
    int number = 0;
    for (const auto& read : readers) {
        if (stop.stop_requested()) {
            break; // the program closes; whole files lie there
        }
        ++number;
        QString name = PictureFiles::tr("picture %1").arg(number);
        const QString reason = reasonOf([&] {
            const LibraryPicture picture = read();
            name = PictureFiles::tr("seed %1").arg(picture.result.request.seed);
            report.last =
                QString::fromStdString(exportOne(picture, options, number).filename().string());
            ++report.written;
        });
        if (!reason.isEmpty()) {
            report.refusals.append({name, reason});
        }
    }
    return report;
}

} // namespace likeness
