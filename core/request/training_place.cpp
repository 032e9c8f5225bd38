#include "core/request/training_place.h"

#include "core/base/read_file.h"
#include "core/base/wording.h"

#include <cerrno>

#include <unistd.h>

namespace likeness {

namespace {

namespace fs = std::filesystem;

constexpr const char* kFile = ".safetensors";

bool lies_there(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

} // namespace

std::string without_trailing_slashes(std::string path) {
    while (path.size() > 1 && path.ends_with('/')) {
        path.pop_back();
    }
    return path;
}

std::vector<Error> problems_of_place(const TrainingRequest& request) {
    std::vector<Error> problems;
    if (request.out.empty()) {
        return problems;
    }
    const fs::path out = request.out;
    const fs::path parent = out.has_parent_path() ? out.parent_path() : fs::path(".");
    const std::string name = in_quotes(out.string());
    if (!is_folder(parent)) {
        problems.emplace_back(ErrorCode::file_missing,
                              message("{} cannot be written: there is no folder {}. Make it first.",
                                      name, in_quotes(parent.string())));
    } else if (::access(parent.c_str(), W_OK) != 0) {
        problems.emplace_back(ErrorCode::write_failed,
                              message("{} cannot be written: {}.", name, system_words(errno)));
    }
    if (!request.makes_model()) {
        if (is_folder(out)) {
            problems.emplace_back(ErrorCode::bad_request,
                                  message("{} cannot be written: a folder has that name.", name));
        }
        return problems;
    }
    if (out.extension() == kFile) {
        problems.emplace_back(
            ErrorCode::bad_request,
            message("{} is the name of a file, and a whole model is a folder. Choose another name.",
                    name));
    }
    if (lies_there(out) && !lies_there(out / "model_index.json")) {
        problems.emplace_back(ErrorCode::bad_request,
                              message("{} is no model's folder, so it is not written over. Choose "
                                      "another name.",
                                      name));
    }
    return problems;
}

} // namespace likeness
