#pragma once

#include "core/base/error.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>

#include <unistd.h>

namespace likeness::fuzz {

inline std::string_view text_of(const std::uint8_t* bytes, std::size_t size) {
    return {reinterpret_cast<const char*>(bytes), size};
}

// Whatever the bytes are: a value, or an Error for the file's or the request's sake.
template <typename Action>
void values_or_refusal(Action&& action) {
    try {
        action();
    } catch (const Error& error) {
        if (exit_status(error.code) != 2 && exit_status(error.code) != 3) {
            std::abort();
        }
    }
}

inline void expect(bool holds) {
    if (!holds) {
        std::abort();
    }
}

// An empty folder in memory, one for each run of a program, for readers of files.
class Folder {
public:
    Folder() : path_("/dev/shm/likeness-fuzz-" + std::to_string(::getpid())) {
        std::filesystem::create_directories(path_);
    }

    ~Folder() { std::filesystem::remove_all(path_); }

    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    const std::filesystem::path& path() const { return path_; }

    void write(const std::string& name, std::string_view content) const {
        std::filesystem::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name, std::ios::binary | std::ios::trunc)
            .write(content.data(), static_cast<std::streamsize>(content.size()));
    }

    void remove(const std::string& name) const { std::filesystem::remove_all(path_ / name); }

private:
    std::filesystem::path path_;
};

// The parts of an input that stands for several files: cut at the bytes "\n--\n".
inline std::string_view next_part(std::string_view& rest) {
    constexpr std::string_view kCut = "\n--\n";
    const std::size_t end = rest.find(kCut);
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(end == rest.npos ? rest.size() : end + kCut.size());
    return part;
}

} // namespace likeness::fuzz
