#pragma once

#include "core/pipelines/apply_loras.h"
#include "core/runner/file_stamp.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace likeness {

// The loaded model as requests want it: its LoRAs merged, its words added. Keeps the files that are
// in use and the model last made, so that a change of scale reads nothing and the same request
// again makes nothing. Without LoRAs and words it gives the loaded model itself.
class ModelChanges {
public:
    // Another model was loaded.
    void reset(std::shared_ptr<const SdModel> base);

    // Whether changed() would give what it gave last.
    bool current(const GenerationRequest& request) const;

    // What that request wants. Throws what the files are refused for; then the next call makes it
    // anew.
    std::shared_ptr<const SdModel> changed(const GenerationRequest& request,
                                           const Progress& progress);

    const std::shared_ptr<const SdModel>& base() const { return base_; }

    // What of the files is not used.
    const std::vector<Message>& notices() const { return notices_; }

private:
    struct Kept {
        FileStamp stamp{};
        std::shared_ptr<const LoraFile> file{};
    };

    // What a changed model was made of.
    struct Wanted {
        std::vector<Lora> loras{};
        std::vector<TextualInversion> words{};
        std::vector<FileStamp> stamps{};

        bool operator==(const Wanted&) const = default;
    };

    static Wanted wanted(const GenerationRequest& request);

    std::shared_ptr<const SdModel> base_;
    std::map<std::string, Kept> files_;
    Wanted made_of_;
    std::shared_ptr<const SdModel> made_;
    std::vector<Message> notices_;
};

} // namespace likeness
