#include "core/runner/known_answer.h"

#include "core/base/seconds_since.h"
#include "core/models/autoencoder_kl.h"
#include "core/models/unet_2d_condition.h"
#include "core/schedulers/make_scheduler.h"
#include "core/tensor/device.h"
#include "core/tensor/noise.h"
#include "core/weights/weights.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/tensor.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <memory>

namespace likeness {

namespace {

constexpr std::uint64_t kSeed = 7;
constexpr int kSteps = 3;

// By tests/golden/make_known_answer.py with diffusers 0.42.1 and torch 2.11.0 in float32: channel
// by channel, the pixels of the rows 2 and 9 in the columns 4 and 13.
constexpr std::array<float, 12> kExpected = {-0.2628286F, 0.5211974F, -0.3657551F, 0.6720031F,
                                             0.4460256F,  0.7681118F, -1.002116F,  -0.6585495F,
                                             -0.9630216F, 0.5250219F, 1.376505F,   0.3585645F};

// Values in -1..1 from a name: FNV-1a, then splitmix64 of each position.
Tensor computed(const std::string& name, const std::vector<int64_t>& shape) {
    std::uint64_t start = 14695981039346656037ULL;
    for (const char c : name) {
        start = (start ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    }
    Tensor tensor = at::empty(shape, at::kFloat);
    float* values = tensor.mutable_data_ptr<float>();
    for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(tensor.numel()); ++i) {
        std::uint64_t z = start + (i + 1) * 0x9e3779b97f4a7c15ULL;
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
        z ^= z >> 31U;
        values[i] = static_cast<float>(static_cast<double>(z >> 40U) / (1U << 23U) - 1);
    }
    return tensor;
}

// Weights of which none is neutral: norms are not one, biases are not zero.
class ComputedSource : public WeightSource {
public:
    explicit ComputedSource(at::Device device) : device_(device) {}

    std::optional<std::vector<int64_t>> shape(const std::string&) const override {
        return std::nullopt;
    }

    Tensor take(const std::string&) override { return {}; }

    Tensor make(const std::string& name, const std::vector<int64_t>& shape) override {
        const Tensor values = computed(name, shape).to(device_);
        if (shape.size() > 1) {
            const auto fan_in = static_cast<double>(values.numel() / shape[0]);
            return values * static_cast<float>(std::sqrt(3.0 / fan_in));
        }
        const bool norm = name.find("norm") != std::string::npos && name.ends_with("weight");
        return norm ? 1 + 0.25 * values : 0.15 * values;
    }

    std::vector<std::string> names() const override { return {}; }

private:
    at::Device device_;
};

UNet2DConditionConfig unet_config() {
    return {.sample_size = 8,
            .block_out_channels = {8, 16},
            .down_block_types = {"CrossAttnDownBlock2D", "DownBlock2D"},
            .up_block_types = {"UpBlock2D", "CrossAttnUpBlock2D"},
            .layers_per_block = {1, 1},
            .num_attention_heads = {2, 2},
            .transformer_layers_per_block = {1, 1},
            .cross_attention_dim = 12,
            .norm_num_groups = 4};
}

AutoencoderKLConfig vae_config() {
    return {.block_out_channels = {8, 8}, .norm_num_groups = 4, .sample_size = 16};
}

SchedulerConfig scheduler_config() {
    return {.num_train_timesteps = 1000,
            .beta_start = 0.00085,
            .beta_end = 0.012,
            .beta_schedule = BetaSchedule::scaled_linear,
            .prediction_type = PredictionType::epsilon,
            .timestep_spacing = TimestepSpacing::leading,
            .steps_offset = 1,
            .set_alpha_to_one = false,
            .clip_sample = false};
}

} // namespace

KnownAnswer check_known_answer(const std::string& device) {
    const auto begin = std::chrono::steady_clock::now();
    const c10::InferenceMode guard;
    const Placement placement = choose_placement(device, "float32");
    const WeightOptions options{.dtype = placement.dtype, .device = placement.device};
    const Weights weights(std::make_shared<ComputedSource>(placement.device), options);
    const UNet2DCondition unet(weights / "unet", unet_config());
    const AutoencoderKL vae(weights / "vae", vae_config());
    const auto scheduler = make_scheduler("ddim", scheduler_config(), kSteps);

    const AttentionContext context{
        .text = unet.text_key_values(computed("context", {1, 5, 12}).to(placement.device))};
    Tensor latents = seeded_noise({1, 4, 8, 8}, kSeed) * scheduler->init_noise_sigma();
    for (int i = 0; i < kSteps; ++i) {
        const Tensor input = scheduler->scale_model_input(latents, i);
        const double timestep = scheduler->timesteps()[static_cast<std::size_t>(i)];
        const Tensor noise =
            unet(input.to(placement.device),
                 at::tensor({timestep}, at::kDouble).to(placement.device), context);
        latents = scheduler->step(noise.to(at::kCPU), i, latents);
    }
    const Tensor pixels = vae.decode(latents.to(placement.device)).to(at::kCPU, at::kFloat);

    double apart = 0, size = 0;
    std::size_t at = 0;
    for (int64_t channel = 0; channel < 3; ++channel) {
        for (const int64_t row : {2, 9}) {
            for (const int64_t column : {4, 13}) {
                const float value = pixels[0][channel][row][column].item<float>();
                const float expected = kExpected.at(at++);
                apart = std::max(apart, std::isfinite(value)
                                            ? std::abs(static_cast<double>(value) - expected)
                                            : HUGE_VAL);
                size = std::max(size, std::abs(static_cast<double>(expected)));
            }
        }
    }
    // A GPU may round its convolutions to ten bits.
    return {.difference = apart / size,
            .allowed = placement.device.is_cpu() ? 1e-4 : 2e-2,
            .seconds = seconds_since(begin)};
}

} // namespace likeness
