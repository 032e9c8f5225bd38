#include "app/cli/training_pictures.h"

#include "app/cli/interrupt.h"
#include "core/base/wording.h"
#include "core/imageio/training_folder.h"

namespace likeness::cli {

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_of(const fs::path& folder, Problems& problems) {
    std::vector<fs::path> files;
    try {
        files = training_pictures_in(folder);
        if (files.empty()) {
            throw Error(ErrorCode::file_missing,
                        message("There is no picture in {}.", in_quotes(folder.string())));
        }
    } catch (const Error& error) {
        problems.add(error);
    }
    return files;
}

TrainingPicture read(const fs::path& file, const TrainingRequest& request,
                     const ModelTraits& traits) {
    TrainingPicture picture = read_training_picture(file, request, traits);
    picture.caption = caption_beside(file);
    return picture;
}

} // namespace

std::vector<TrainingPicture> read_training_pictures(const fs::path& folder,
                                                    const TrainingRequest& request,
                                                    const ModelTraits& traits, Problems& problems) {
    std::vector<TrainingPicture> pictures;
    for (const fs::path& file : files_of(folder, problems)) {
        check_interrupted();
        try {
            pictures.push_back(read(file, request, traits));
        } catch (const Error& error) {
            problems.add(error);
        }
    }
    return pictures;
}

std::vector<TrainingPicture> look_for_training_pictures(const fs::path& folder,
                                                        const TrainingRequest& request,
                                                        const ModelTraits& traits,
                                                        Problems& problems) {
    std::vector<TrainingPicture> pictures;
    for (const fs::path& file : files_of(folder, problems)) {
        check_interrupted();
        try {
            pictures.push_back(read(file, request, traits));
        } catch (const Error&) { // which one is told with the other findings
            pictures.push_back({.path = file.string()});
        }
    }
    return pictures;
}

} // namespace likeness::cli
