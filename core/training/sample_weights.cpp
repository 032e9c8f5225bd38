#include "core/training/sample_weights.h"

#include "core/base/error.h"
#include "core/base/wording.h"
#include "core/training/checkpoint_files.h"
#include "core/training/lora_metadata.h"

#include <filesystem>
#include <map>
#include <numeric>
#include <system_error>
#include <utility>

namespace likeness {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostSampleBytes = 1U << 30U;
// Of what is kept: room that its checkpoints need when they are written.
constexpr std::uint64_t kTimesFree = 5;

std::uint64_t bytes_of(const TensorMap& values) {
    return std::accumulate(values.begin(), values.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const auto& value) {
                               return sum + static_cast<std::uint64_t>(value.second.nbytes());
                           });
}

} // namespace

SampleWeights::SampleWeights(const TrainingRequest& request, std::string base)
    : request_(request), base_(std::move(base)) {}

bool SampleWeights::are_kept() const {
    return request_.kept_sample_weights > 0 && request_.learns_little();
}

std::optional<Message> SampleWeights::keep(std::int64_t step, const TensorMap& values) {
    if (!are_kept() || has_failed_) {
        return std::nullopt;
    }
    const fs::path place = training_sample_weights(request_, step);
    try {
        std::error_code unknown;
        const auto room = fs::space(fs::absolute(place).parent_path(), unknown);
        const std::uint64_t bytes = bytes_of(values);
        if (!unknown && room.available < kTimesFree * bytes) {
            throw Error(
                ErrorCode::write_failed,
                message("{} are free, and its checkpoints need them.", byte_words(room.available)));
        }
        TensorMap here;
        for (const auto& [name, value] : values) {
            here[name] = value.detach().to(at::kCPU);
        }
        CheckpointFiles({place}).save(
            here,
            {{"name", fingerprint(request_)}, {"base", base_}, {"step", std::to_string(step)}});
    } catch (const Error& error) {
        has_failed_ = true;
        return message("What is learned at step {} was not kept beside its samples; the training "
                       "goes on, and its later samples cannot be taken.\n{}",
                       step, error.message);
    }
    drop_oldest();
    return std::nullopt;
}

void SampleWeights::drop_oldest() const {
    std::map<std::int64_t, fs::path> kept;
    std::uint64_t bytes = 0;
    for (const std::int64_t step : kept_sample_steps(request_)) {
        kept[step] = training_sample_weights(request_, step);
        std::error_code unknown;
        const auto size = fs::file_size(kept[step], unknown);
        bytes += unknown ? 0 : size;
    }
    while (kept.size() > 1 &&
           (std::ssize(kept) > request_.kept_sample_weights || bytes > kMostSampleBytes)) {
        const fs::path& oldest = kept.begin()->second;
        std::error_code unknown;
        const auto size = fs::file_size(oldest, unknown);
        bytes -= unknown ? 0 : size;
        fs::remove(oldest, unknown);
        kept.erase(kept.begin());
    }
}

TensorMap SampleWeights::load(std::int64_t step) const {
    const auto file = CheckpointFiles({training_sample_weights(request_, step)}).newest();
    if (!file) {
        throw Error(
            ErrorCode::file_missing,
            message("What was learned at step {} is not kept any more. Take another step.", step));
    }
    const auto told = [&file](const char* key) {
        const auto found = file->metadata().find(key);
        return found == file->metadata().end() ? std::string() : found->second;
    };
    if (told("name") != fingerprint(request_) || told("base") != base_) {
        throw Error(ErrorCode::model_mismatch,
                    message("What was learned at step {} is of other pictures, settings or another "
                            "model than those of now, so it cannot be taken.\nBring them back, or "
                            "train anew.",
                            step));
    }
    TensorMap values;
    for (const std::string& name : file->names()) {
        values[name] = file->take(name);
    }
    return values;
}

} // namespace likeness
