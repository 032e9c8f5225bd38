#include "app/cli/training_pictures.h"

#include "app/cli/interrupt.h"
#include "core/base/read_file.h"
#include "core/base/wording.h"
#include "core/imageio/file_kind.h"
#include "core/imageio/load.h"
#include "core/imageio/save.h"

#include <array>
#include <fstream>
#include <set>
#include <span>

namespace likeness::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostCaptionBytes = 64 * 1024;

std::string caption_beside(const fs::path& picture) {
    const fs::path path = fs::path(picture).replace_extension(".txt");
    std::error_code ignored;
    if (!fs::exists(path, ignored)) {
        return {};
    }
    std::string text = read_text_file(path, kMostCaptionBytes);
    const auto end = text.find_last_not_of(" \t\r\n");
    text.erase(end == text.npos ? 0 : end + 1);
    return text;
}

// By its content; one that is named as a picture and holds none is to be told.
bool is_picture(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::array<char, 64> start{};
    file.read(start.data(), start.size());
    return picture_kind(std::as_bytes(std::span(start).first(
               static_cast<std::size_t>(file.gcount())))) != PictureKind::none ||
           image_format(path).has_value();
}

bool is_mask(const fs::path& path) {
    return path.stem().extension() == ".mask";
}

std::set<fs::path> files_of(const fs::path& folder, Problems& problems) {
    std::error_code failed;
    std::set<fs::path> files;
    for (auto entry = fs::directory_iterator(folder, failed); !failed && entry != end(entry);
         entry.increment(failed)) {
        if (entry->is_regular_file(failed) && !is_mask(entry->path()) &&
            is_picture(entry->path())) {
            files.insert(entry->path());
        }
    }
    if (failed) {
        problems.add(
            Error(ErrorCode::file_missing, message("The folder {} could not be read: {}.",
                                                   in_quotes(folder.string()), failed.message())));
    } else if (files.empty()) {
        problems.add(Error(ErrorCode::file_missing,
                           message("There is no picture in {}.", in_quotes(folder.string()))));
    }
    return files;
}

TrainingPicture read(const fs::path& file) {
    TrainingPicture picture{.image = std::make_shared<const Image>(load_image(file)),
                            .path = file.string(),
                            .caption = caption_beside(file)};
    const fs::path mask = fs::path(file).replace_extension(".mask.png");
    std::error_code ignored;
    if (fs::exists(mask, ignored)) {
        picture.mask = std::make_shared<const Image>(load_image(mask));
    }
    return picture;
}

} // namespace

std::vector<TrainingPicture> read_training_pictures(const fs::path& folder, Problems& problems) {
    std::vector<TrainingPicture> pictures;
    for (const fs::path& file : files_of(folder, problems)) {
        check_interrupted();
        try {
            pictures.push_back(read(file));
        } catch (const Error& error) {
            problems.add(error);
        }
    }
    return pictures;
}

std::vector<TrainingPicture> look_for_training_pictures(const fs::path& folder,
                                                        Problems& problems) {
    std::vector<TrainingPicture> pictures;
    for (const fs::path& file : files_of(folder, problems)) {
        check_interrupted();
        try {
            pictures.push_back(read(file));
        } catch (const Error&) { // which one is told with the other findings
            pictures.push_back({.path = file.string()});
        }
    }
    return pictures;
}

} // namespace likeness::cli
