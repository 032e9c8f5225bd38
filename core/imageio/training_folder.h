#pragma once

#include "core/request/training_request.h"

#include <filesystem>
#include <string>
#include <vector>

namespace likeness {

// The pictures of a folder that something is learned from, by name: what is a picture by its first
// bytes, and what is only named as one (it is to be told). Hidden files are left out (other systems
// write "._NAME.jpg" beside every picture), as are masks (NAME.mask.*) and folders. Throws
// Error{file_missing} when the folder cannot be read.
std::vector<std::filesystem::path> training_pictures_in(const std::filesystem::path& folder);

// What NAME.txt beside the picture says, without spaces and line ends around it and without a byte
// order mark, as UTF-8 (see as_utf8); empty when there is none. Throws as read_text_file() does.
std::string caption_beside(const std::filesystem::path& picture);

// Where NAME.mask.png would lie: white is learned (see TrainingPicture::mask).
std::filesystem::path mask_beside(const std::filesystem::path& picture);

// The picture with the mask beside it, as kept_for_training() keeps both where its model and
// resolution are the request's; without a caption. Throws as load_image() does.
TrainingPicture read_training_picture(const std::filesystem::path& path,
                                      const TrainingRequest& request, const ModelTraits& traits);

} // namespace likeness
