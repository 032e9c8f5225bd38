#include "core/imageio/training_folder.h"

#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/base/utf8.h"
#include "core/base/wording.h"
#include "core/imageio/file_kind.h"
#include "core/imageio/load.h"
#include "core/imageio/save.h"
#include "core/request/limits.h"
#include "core/request/training_crop.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <span>

namespace likeness {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostCaptionBytes = 64 * 1024;

bool is_picture(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::array<char, 64> start{};
    file.read(start.data(), start.size());
    return picture_kind(std::as_bytes(std::span(start).first(
               static_cast<std::size_t>(file.gcount())))) != PictureKind::none ||
           image_format(path).has_value();
}

bool is_left_out(const fs::path& path) {
    return path.filename().native().starts_with('.') || path.stem().extension() == ".mask";
}

} // namespace

std::vector<fs::path> training_pictures_in(const fs::path& folder) {
    std::error_code failed;
    std::vector<fs::path> pictures;
    for (auto entry = fs::directory_iterator(folder, failed); !failed && entry != end(entry);
         entry.increment(failed)) {
        std::error_code ignored; // a link to nothing is no picture
        if (entry->is_regular_file(ignored) && !is_left_out(entry->path()) &&
            is_picture(entry->path())) {
            pictures.push_back(entry->path());
        }
    }
    if (failed) {
        throw Error(ErrorCode::file_missing, message("The folder {} could not be read: {}.",
                                                     in_quotes(folder.string()), failed.message()));
    }
    std::ranges::sort(pictures);
    return pictures;
}

std::string caption_beside(const fs::path& picture) {
    const fs::path path = fs::path(picture).replace_extension(".txt");
    if (!is_there(path)) {
        return {};
    }
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    constexpr std::string_view kLittleEndian = "\xff\xfe", kBigEndian = "\xfe\xff"; // UTF-16
    constexpr const char* kAround = " \t\r\n";
    std::string text = read_text_file(path, kMostCaptionBytes);
    if (text.starts_with(kByteOrderMark)) {
        text.erase(0, kByteOrderMark.size());
    } else if (text.starts_with(kLittleEndian) || text.starts_with(kBigEndian)) {
        text = from_utf16(std::string_view(text).substr(2), text.starts_with(kBigEndian));
    }
    const auto end = text.find_last_not_of(kAround);
    text.erase(end == text.npos ? 0 : end + 1);
    text.erase(0, text.find_first_not_of(kAround));
    return as_utf8(text);
}

fs::path mask_beside(const fs::path& picture) {
    return fs::path(picture).replace_extension(".mask.png");
}

TrainingPicture read_training_picture(const fs::path& path, const TrainingRequest& request,
                                      const ModelTraits& traits) {
    const Limit& row = limit("resolution"); // the request may not have been looked at
    const int resolution = std::clamp(training_resolution(request, traits),
                                      static_cast<int>(row.minimum), static_cast<int>(row.maximum));
    const auto kept = [&](Image image) {
        return std::make_shared<const Image>(
            kept_for_training(std::move(image), resolution, traits.vae_factor));
    };
    Image image = load_image(path);
    TrainingPicture picture{.path = path.string(), .width = image.width, .height = image.height};
    picture.image = kept(std::move(image));
    if (const fs::path mask = mask_beside(path); is_there(mask)) {
        picture.mask = kept(load_image(mask));
    }
    return picture;
}

} // namespace likeness
