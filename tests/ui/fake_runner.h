#pragma once

#include "core/engine/runner.h"
#include "core/request/validate.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace likeness {

// The attentions of the fake's network: those of the starter.
inline const std::vector<std::string> kFakeBlocks = {
    "down.block_1.attentions_0", "down.block_2.attentions_0", "mid",
    "up.block_0.attentions_0",   "up.block_0.attentions_1",   "up.block_1.attentions_0",
    "up.block_1.attentions_1"};

// What a test asks of the fake and learns from it; shared between the test and the worker thread.
struct FakeScript {
    std::atomic<int> load_steps{2};
    std::atomic<int> step_milliseconds{0};
    std::atomic<int> load_milliseconds{0};
    std::atomic<bool> model_is_broken{false}; // any model but "starter" is refused while loading
    std::atomic<bool> fails_while_denoising{false};
    std::atomic<int> loads{0}; // of models
    std::atomic<int> runs{0};
    std::atomic<int> prepares{0};
    std::atomic<int> steps{0};
    std::atomic<int> encodings{0}; // references encoded
    std::atomic<int> fails_run{0}; // that run (counted from 1) fails; 0: none
    std::atomic<int> measured{0};  // pictures measured
    std::atomic<bool> no_agreement{false};
    std::atomic<int> train_step_milliseconds{0};
    std::atomic<int> trained_steps{0};
    std::atomic<int> fails_train_step{0}; // that step of a training fails; 0: none
};

// What the studio is told of the model that the fake stands for; one with "xl" in its name is of
// the SDXL family.
inline ModelTraits fakeTraits(const std::string& model) {
    const bool xl = model.find("xl") != std::string::npos;
    return {.family = xl ? "sdxl" : "sd15",
            .cross_attention_dim = xl ? 2048 : 768,
            .vae_factor = 4,
            .default_width = 128,
            .default_height = 128,
            .default_guidance_scale = 3.0,
            .has_ip_adapter = true,
            .encoder = {.shortest_edge = 64, .crop_size = 64},
            .attention_blocks = kFakeBlocks};
}

// A Runner without networks: deterministic, as slow as the script says, failing on demand. Its
// picture is the first reference (or a gradient of the seed) coming out of noise.
class FakeRunner : public Runner {
public:
    explicit FakeRunner(std::shared_ptr<FakeScript> script) : script_(std::move(script)) {}

    Result run(const GenerationRequest& request, const Progress& progress) override;
    void prepare(const GenerationRequest& request, const Progress& progress) override;
    Result measure(const MeasureRequest& request, const Progress& progress) override;
    TrainingResult train(const TrainingRequest& request, const Progress& progress,
                         const TrainingListener& listener) override;
    TrainingCheck check_training(const TrainingRequest& request, const Progress& progress) override;

private:
    void load(const GenerationRequest& request, const Progress& progress);

    std::shared_ptr<FakeScript> script_;
    std::string loaded_{};
};

} // namespace likeness
