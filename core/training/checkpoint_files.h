#pragma once

#include "core/base/message.h"
#include "core/weights/safetensors.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace likeness {

// The one or two places of a run's checkpoints. Two are written in turn, each complete on the disk
// before it takes its name: whatever ends the program, the newest whole one lies there. Each tells
// its content's digest.
class CheckpointFiles {
public:
    using Metadata = std::map<std::string, std::string>; // with "step", a whole number

    explicit CheckpointFiles(std::vector<std::filesystem::path> places);

    // The one of the most steps that is whole, read once from end to end; null where there is none
    // at all. A damaged one before it is told in the notices. Throws Error{file_damaged} where all
    // are.
    std::shared_ptr<SafetensorsFile> newest();

    // In the place of the older one; where the disk is too full for a third, the older one makes
    // room. Throws Error{write_failed}; the newest is there still.
    void save(const TensorMap& tensors, const Metadata& metadata);

    // Throws Error{write_failed} with the numbers where the disk has no room for as many of
    // `bytes` as there are places, and `others` beside them.
    void check_room(std::uint64_t bytes, std::uint64_t others) const;

    const std::vector<Message>& notices() const { return notices_; }

private:
    std::vector<std::filesystem::path> places_;
    std::size_t next_ = 0; // is written next
    std::vector<Message> notices_;
};

// SHA-256 over that metadata (but for "digest" itself) and every tensor's name, kind, shape and
// bytes.
std::string checkpoint_digest(const TensorMap& tensors, const CheckpointFiles::Metadata& metadata);

} // namespace likeness
