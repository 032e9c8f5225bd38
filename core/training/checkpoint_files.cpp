#include "core/training/checkpoint_files.h"

#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/base/wording.h"
#include "core/weights/dtypes.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace likeness {

namespace {

namespace fs = std::filesystem;

constexpr const char* kDigest = "digest";

using Take = std::function<Tensor(const std::string&)>;

std::string digest(const std::vector<std::string>& names, const Take& take,
                   const CheckpointFiles::Metadata& metadata) {
    Sha256 hash;
    const auto add = [&hash](const std::string& text) {
        const std::string line = fmt::format("{} {}\n", text.size(), text);
        hash.add(std::as_bytes(std::span(line)));
    };
    for (const auto& [key, value] : metadata) {
        if (key != kDigest) {
            add(key);
            add(value);
        }
    }
    for (const std::string& name : names) {
        const Tensor tensor = take(name).to(at::kCPU).contiguous();
        add(fmt::format("{} {} {}", name, dtype_from_type(tensor.scalar_type())->name,
                        fmt::join(tensor.sizes(), " ")));
        hash.add({static_cast<const std::byte*>(tensor.const_data_ptr()), tensor.nbytes()});
    }
    return hash.hex();
}

// Throws Error where it is not as it was written.
void check_whole(SafetensorsFile& file, const fs::path& path) {
    const auto told = file.metadata().find(kDigest);
    const auto found = digest(
        file.names(), [&file](const std::string& name) { return file.take(name); },
        file.metadata());
    if (told != file.metadata().end() && told->second != found) {
        throw Error(ErrorCode::file_damaged,
                    message("{} is damaged: its content is not what was written.",
                            in_quotes(path.filename().string())),
                    path.string());
    }
}

std::int64_t steps_of(const SafetensorsFile& file, const fs::path& path) {
    const auto step = file.metadata().find("step");
    if (step == file.metadata().end() || step->second.empty() || step->second.size() > 18 ||
        step->second.find_first_not_of("0123456789") != std::string::npos) {
        throw Error(ErrorCode::file_damaged,
                    message("{} is no checkpoint of a training: it tells no step.",
                            in_quotes(path.filename().string())),
                    path.string());
    }
    return std::stoll(step->second);
}

fs::path folder_of(const fs::path& place) {
    return fs::absolute(place).parent_path();
}

struct Candidate {
    std::size_t place = 0;
    std::int64_t steps = 0;
    std::shared_ptr<SafetensorsFile> file{};
};

} // namespace

std::string checkpoint_digest(const TensorMap& tensors, const CheckpointFiles::Metadata& metadata) {
    std::vector<std::string> names;
    for (const auto& [name, tensor] : tensors) {
        names.push_back(name);
    }
    return digest(
        names, [&tensors](const std::string& name) { return tensors.at(name); }, metadata);
}

CheckpointFiles::CheckpointFiles(std::vector<fs::path> places) : places_(std::move(places)) {}

std::shared_ptr<SafetensorsFile> CheckpointFiles::newest() {
    std::vector<Candidate> candidates;
    std::optional<Error> damage;
    const auto skip = [&](const Error& error, std::size_t place) {
        damage = error;
        next_ = place;
    };
    for (std::size_t i = 0; i < places_.size(); ++i) {
        std::error_code ignored;
        if (!fs::exists(places_[i], ignored)) {
            continue;
        }
        try {
            auto file = SafetensorsFile::open(places_[i]);
            const std::int64_t steps = steps_of(*file, places_[i]);
            candidates.push_back({.place = i, .steps = steps, .file = std::move(file)});
        } catch (const Error& error) {
            skip(error, i);
        }
    }
    std::ranges::stable_sort(candidates, std::greater{}, &Candidate::steps);
    for (const Candidate& candidate : candidates) {
        try {
            check_whole(*candidate.file, places_[candidate.place]);
        } catch (const Error& error) {
            skip(error, candidate.place);
            continue;
        }
        next_ = (candidate.place + 1) % places_.size();
        if (damage) {
            notices_.push_back(message("{}\nThe training goes on from the checkpoint before it, of "
                                       "{} steps.",
                                       damage->message, candidate.steps));
        }
        return candidate.file;
    }
    if (damage) {
        throw Error(ErrorCode::file_damaged,
                    message("{}\nNo whole checkpoint of this training is left. Begin anew.",
                            damage->message),
                    damage->detail);
    }
    return nullptr;
}

void CheckpointFiles::save(const TensorMap& tensors, const Metadata& metadata) {
    const fs::path& place = places_[next_];
    Metadata told = metadata;
    told[kDigest] = checkpoint_digest(tensors, metadata);
    try {
        save_safetensors(place, tensors, told);
    } catch (const Error&) {
        std::error_code failed;
        // It is as large as this one.
        const bool is_full =
            fs::space(folder_of(place), failed).available < fs::file_size(place, failed);
        if (failed || !is_full || places_.size() < 2 || !fs::remove(place, failed)) {
            throw;
        }
        save_safetensors(place, tensors, told);
    }
    next_ = (next_ + 1) % places_.size();
}

void CheckpointFiles::check_room(std::uint64_t bytes, std::uint64_t others) const {
    const std::uint64_t wanted = bytes * places_.size() + others;
    std::uint64_t there = 0;
    std::error_code failed;
    for (const fs::path& place : places_) {
        const auto size = fs::file_size(place, failed);
        there += failed ? 0 : size;
    }
    const fs::path folder = folder_of(places_.front());
    const fs::space_info space = fs::space(folder, failed);
    if (!failed && there + space.available < wanted) {
        throw Error(ErrorCode::write_failed,
                    message("The training was not begun: its {} checkpoints of {} each and what it "
                            "makes need {} in {}, and {} are free.\nMake room, or write it "
                            "somewhere else.",
                            places_.size(), byte_words(bytes), byte_words(wanted),
                            in_quotes(folder.string()), byte_words(there + space.available)));
    }
}

} // namespace likeness
