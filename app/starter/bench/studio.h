#pragma once

#include "app/starter/bench/suite.h"
#include "core/pipelines/sd_pipeline.h"

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace likeness::starter::bench {

// Throws Cancelled at its next step once the program is asked to stop.
Progress stoppable();

// Ways to make the model worse on purpose: what passes with one of them was not measured.
enum class Degrade {
    none,
    shuffled_references, // every product gets another's reference
    blank_adapter,       // the image tokens are zero
};

// Throws Error{bad_request} naming the words there are.
Degrade degrade_from(const std::string& word);
const char* to_string(Degrade degrade);

// The adapters of a starter model: what a row is called, and the file's stem.
struct AdapterName {
    const char* row = "";
    const char* file = "";
};

inline constexpr AdapterName kAdapters[] = {{"plain", "ip-adapter_starter"},
                                            {"plus", "ip-adapter-plus_starter"}};

// "plain,plus" -> the names. Throws Error{bad_request} for one that there is not.
std::set<std::string> adapters_from(const std::string& words);

// A picture to be made; `count` of them, with seeds one after the other.
struct Wish {
    std::string prompt{};
    std::uint64_t seed = 0;
    int count = 1;
    std::vector<ImagePtr> references{};
    double scale = 0;
    CombineMode combine = CombineMode::join;
};

// The model as the program uses it: its pipeline, its defaults, the device's best numbers. Throws
// Cancelled between two steps where the program is asked to stop.
class Studio {
public:
    Studio(const std::filesystem::path& folder, const std::string& device, Degrade degrade);

    const SdModel& model() const { return *model_; }

    int size() const { return model_->folder.traits.default_width; }

    bool has(const AdapterName& adapter) const;

    // The adapter of the wishes to come; the model must have it.
    void use(const AdapterName& adapter);

    std::vector<ImagePtr> make(const Wish& wish);

    // The picture's values in 0..1 before they are rounded, [1, 3, H, W].
    Tensor make_exact(const Wish& wish);

    // Through the autoencoder and back.
    std::vector<ImagePtr> reconstruct(const std::vector<ImagePtr>& pictures) const;

    // [N, C, h, w] float32 on the CPU: the latents' means as the denoiser sees them.
    Tensor latents(const std::vector<ImagePtr>& pictures) const;

    // What the model's image encoder makes of them, [N, D] float32 on the CPU. Throws Error where
    // the model has no image encoder.
    Tensor image_embeds(const std::vector<ImagePtr>& pictures) const;

    // Of prompts, in the space of image_embeds; undefined where the text encoder has no projection.
    Tensor text_embeds(const std::vector<std::string>& prompts) const;

    int pictures_made() const { return made_; }

    double seconds_making() const { return seconds_; }

private:
    GenerationRequest request(const Wish& wish) const;
    Result generate(const Wish& wish, TensorDump dump);

    std::shared_ptr<const SdModel> model_;
    Progress progress_;
    SdPipeline pipeline_;
    Degrade degrade_;
    int made_ = 0;
    double seconds_ = 0;
};

} // namespace likeness::starter::bench
