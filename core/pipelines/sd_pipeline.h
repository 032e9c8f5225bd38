#pragma once

#include "core/pipelines/preview.h"
#include "core/pipelines/stages.h"
#include "core/request/generation_request.h"

#include <memory>
#include <optional>
#include <vector>

namespace likeness {

// SD 1.5 and SDXL from request to picture, with what may be kept between runs: encoded references,
// the last prompt's conditioning, the preview's map. A change of strength needs none of it again.
// Lives on the worker thread.
class SdPipeline {
public:
    // Without previews, steps carry none and nothing is spent on them.
    explicit SdPipeline(std::shared_ptr<const SdModel> model, bool previews = true);

    const SdModel& model() const { return *model_; }

    const std::shared_ptr<const LoadedAdapter>& adapter() const { return adapter_; }

    // Another adapter drops the references encoded with the old one.
    void use_adapter(std::shared_ptr<const LoadedAdapter> adapter);

    // Encodes ahead of time what generate() would encode first.
    void prepare(const GenerationRequest& request, const Progress& progress);

    // `request` must be resolved (no empty field) and valid. Throws Error{bad_request} where it
    // asks for what the model does not have. With a dump, the intermediate tensors of the first
    // picture are put into it.
    Result generate(const GenerationRequest& request, const Progress& progress, TensorDump dump);

private:
    struct Reference {
        ImagePtr image{};
        EncoderView view{}; // with the picture all that an encoding depends on
        std::shared_ptr<const EncodedReference> encoded{};
    };

    struct Prompt {
        GenerationRequest request{}; // only its prompt fields count
        std::shared_ptr<const Conditioning> conditioning{};
    };

    std::shared_ptr<const Conditioning> conditioning(const GenerationRequest& request,
                                                     const Progress& progress, TensorDump dump);
    std::vector<std::shared_ptr<const EncodedReference>> encode(const GenerationRequest& request,
                                                                const Progress& progress);
    // One context for each set of references that act together at some step, by step.
    std::vector<std::shared_ptr<const AttentionContext>>
    contexts(const GenerationRequest& request, const Conditioning& conditioning,
             const std::vector<std::shared_ptr<const EncodedReference>>& references) const;

    std::shared_ptr<const SdModel> model_;
    bool previews_ = true;
    std::shared_ptr<const LoadedAdapter> adapter_;
    std::shared_ptr<const EncodedReference> unconditional_;
    std::vector<Reference> references_; // the most recently used last
    std::optional<Prompt> prompt_;
    std::optional<PreviewMap> preview_;
};

} // namespace likeness
