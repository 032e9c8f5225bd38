#pragma once

#include "core/pipelines/input_picture.h"
#include "core/pipelines/preview.h"
#include "core/pipelines/stages.h"
#include "core/pipelines/step_graphs.h"
#include "core/request/generation_request.h"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace likeness {

struct PipelineOptions {
    bool previews = true;                 // without, steps carry none and nothing is spent on them
    std::uint64_t kept_latents_bytes = 0; // of the pictures made last, for branches from them
    StepGraphs::Capture capture{};        // records steps; empty: each is run as it is
};

// How the next runs spare memory; none of it changes a picture beyond rounding.
struct Sparing {
    bool two_passes = false;   // the halves of guidance one after the other
    bool tiled_decode = false; // decode_in_tiles()
};

// SD 1.5 and SDXL from request to picture, with what may be kept between runs: encoded references,
// the last prompt's conditioning, the preview's map. A change of strength needs none of it again.
// Lives on the worker thread.
class SdPipeline {
public:
    explicit SdPipeline(std::shared_ptr<const SdModel> model, const PipelineOptions& options = {});

    const SdModel& model() const { return *model_; }

    const std::shared_ptr<const LoadedAdapter>& adapter() const { return adapter_; }

    void use_sparing(const Sparing& sparing) { sparing_ = sparing; }

    // Another adapter drops the references encoded with the old one.
    void use_adapter(std::shared_ptr<const LoadedAdapter> adapter);

    // The same model with other LoRAs or words; drops what was made of the prompts.
    void use_model(std::shared_ptr<const SdModel> model);

    // The kept steps of pictures count no more: files that they were made with were replaced.
    void forget_steps();

    // Those that references name for themselves, by that name.
    using OwnAdapters = std::map<std::string, std::shared_ptr<const LoadedAdapter>>;
    void use_own_adapters(OwnAdapters adapters);

    // Encodes ahead of time what generate() would encode first.
    void prepare(const GenerationRequest& request, const Progress& progress);

    // `request` must be resolved (no empty field) and valid. Throws Error{bad_request} where it
    // asks for what the model does not have. With a dump, the intermediate tensors of the first
    // picture are put into it.
    Result generate(const GenerationRequest& request, const Progress& progress, TensorDump dump);

    // A picture as the base model leaves it to the refiner.
    struct HandedOver {
        Tensor latents{};
        int draws = 0; // of noise, so far
        int begun = 0; // the step from which the picture is made: it may lie beyond the switch
    };

    // As generate(), up to where the request's refiner takes over: gives the latents, and a result
    // without pictures.
    Result hand_over(const GenerationRequest& request, const Progress& progress, TensorDump dump,
                     std::vector<HandedOver>& handed_over);

    // The steps that are left of those pictures, by this pipeline's model. Adds the pictures and
    // what was needed for them to the result; names in the dump begin with "refiner.".
    void take_over(const GenerationRequest& request, const std::vector<HandedOver>& handed_over,
                   const Progress& progress, TensorDump dump, Result& result);

    // Whether generate_together() makes these pictures, and quicker than one by one. Resolved.
    bool can_go_together(const GenerationRequest& a, const GenerationRequest& b) const;

    // How many pictures of that request it takes at once.
    std::size_t most_together(const GenerationRequest& request) const;

    // The pictures of several requests that go together, each to the byte as generate() makes it:
    // their steps in one batch, and those that all have in common once. `progress`: one each.
    std::vector<Result> generate_together(const std::vector<GenerationRequest>& requests,
                                          const std::vector<Progress>& progress);

    // Makes the request's one picture again, and tells where each reference acted.
    Result influence(const GenerationRequest& request, const Progress& progress);

private:
    struct Reference {
        std::shared_ptr<const LoadedAdapter> adapter{};
        ImagePtr image{};
        EncoderView view{}; // with the picture all that an encoding depends on
        std::shared_ptr<const EncodedReference> encoded{};
    };

    // A reference of the request with what its adapter makes of it and of none.
    struct UsedReference {
        std::shared_ptr<const LoadedAdapter> adapter{};
        std::shared_ptr<const EncodedReference> encoded{};
        std::shared_ptr<const EncodedReference> unconditional{};
    };

    struct Prompt {
        GenerationRequest request{}; // only its prompt fields count
        std::shared_ptr<const Conditioning> conditioning{};
    };

    // What the steps of a request read.
    struct Conditions {
        std::shared_ptr<const Conditioning> prompts{};
        std::vector<std::shared_ptr<const AttentionContext>> by_step{};
        AddedConditions added{};
        std::shared_ptr<const EncodedInput> input{}; // null: from noise alone
    };

    // The steps of a picture made lately.
    struct Trail {
        GenerationRequest request{};
        std::vector<StepTaken> steps{};
    };

    struct Start {
        StepTaken at{};
        int step = 0;
        Beginning beginning{};           // of the picture itself, whatever it branches from
        std::vector<StepTaken> before{}; // each step up to this one, where kept
    };

    // Which steps of a picture, and what is wanted of them beside where they lead.
    struct Steps {
        Start from{};
        std::optional<int> last{};
        int image_index = 0;
        double* preview_seconds = nullptr; // null: no previews
        TensorDump dump = nullptr;
        Tensor predicted{}; // the noise of a single step, where it is known
    };

    struct Course;

    Result run(const GenerationRequest& request, const Progress& progress, TensorDump dump,
               std::vector<HandedOver>* handed_over);
    void add_picture(const GenerationRequest& one, int index, const Tensor& latents,
                     const EncodedInput* input, const Progress& progress, TensorDump dump,
                     Result& result);

    Conditions conditions(const GenerationRequest& request, const Progress& progress,
                          Result& result, TensorDump dump);
    // Of both halves where the context has them.
    Tensor noise_pred(UNetCall call);
    StepTaken take_steps(const GenerationRequest& one, const Conditions& conditions,
                         Scheduler& scheduler, const Steps& steps, const Progress& progress);
    // Where a picture begins of itself: noise, or the picture it is made from.
    Start start_of(const GenerationRequest& one, const Conditions& conditions,
                   const Scheduler& scheduler) const;
    static Start going_on(Start own, const Start& other);
    // That picture, but from where it parts from the kept one that goes furthest along with it.
    Start after_common_steps(Start own, const GenerationRequest& one, int steps) const;
    void ready_preview(const Progress& progress); // its map, where no decoder draws them
    std::shared_ptr<const EncodedInput> input_of(const GenerationRequest& request,
                                                 const Progress& progress);
    // Where a branch begins: a kept step, else the steps of `branch.of` once more.
    Start start_of(const Branch& branch, const Progress& progress);
    void keep(Trail trail);

    std::shared_ptr<const Conditioning> conditioning(const GenerationRequest& request,
                                                     const Progress& progress, TensorDump dump);
    std::vector<UsedReference> encode(const GenerationRequest& request, const Progress& progress);
    const std::shared_ptr<const LoadedAdapter>& adapter_of(const GenerationRequest& request,
                                                           const ReferenceImage& reference) const;
    void forget_unused();
    // One context for each set of references that act together at some step, by step.
    std::vector<std::shared_ptr<const AttentionContext>>
    contexts(const GenerationRequest& request, const Conditioning& conditioning,
             const std::vector<UsedReference>& references, const Progress& progress) const;

    std::shared_ptr<const SdModel> model_;
    PipelineOptions options_;
    Sparing sparing_;
    std::shared_ptr<const LoadedAdapter> adapter_;
    OwnAdapters own_adapters_;
    // Of each adapter in use.
    std::map<std::shared_ptr<const LoadedAdapter>, std::shared_ptr<const EncodedReference>>
        unconditional_;
    std::vector<Reference> references_; // the most recently used last
    std::optional<Prompt> prompt_;
    std::shared_ptr<const EncodedInput> input_; // of the last request that began from a picture
    std::optional<PreviewMap> preview_;
    std::shared_ptr<InfluenceRecord> record_; // only while influence() runs
    std::deque<Trail> trails_;                // the newest last
    StepGraphs graphs_;
};

} // namespace likeness
