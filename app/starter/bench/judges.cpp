#include "app/starter/bench/judges.h"

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/tensor/image_tensor.h"
#include "core/training/losses.h"
#include "core/weights/safetensors.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/linalg_solve.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>

#include <algorithm>

namespace likeness::starter::bench {

namespace {

constexpr std::size_t kAtOnce = 32;
constexpr double kCovered = 0.7; // of each side: where the product stands
constexpr double kRidge = 1.0;   // of the reading of positions, against standardised inputs
constexpr double kLearned = 0.8; // of the lessons; the rest tells how well positions are read

template <typename Network>
Network load(const std::filesystem::path& file, at::Device device) {
    if (!std::filesystem::exists(file)) {
        throw Error(ErrorCode::file_missing,
                    message("{} is not there; --evaluators names the folder of the judging "
                            "networks, attributes.safetensors and identity.safetensors.",
                            file.string()));
    }
    const Weights weights(std::make_shared<MapSource>(load_safetensors(file)), {.device = device});
    Network network(weights);
    weights.finish(file.filename().string());
    return network;
}

} // namespace

Judges::Judges(const std::filesystem::path& folder, at::Device device)
    : device_(device),
      evaluator_(load<AttributeEvaluator>(folder / "attributes.safetensors", device)),
      encoder_(load<IdentityEncoder>(folder / "identity.safetensors", device)) {}

Tensor Judges::to_network(const std::vector<ImagePtr>& pictures, std::size_t from,
                          std::size_t to) const {
    std::vector<Tensor> tensors;
    for (auto i = from; i < to; ++i) {
        tensors.push_back(image_to_tensor(*pictures[i]));
    }
    return at_judged_side(at::cat(tensors).to(device_) * 2 - 1);
}

void Judges::learn(const std::vector<Pictured>& lessons, int size) {
    const at::NoGradGuard no_grad;
    const auto pictures = render_all(lessons, size);
    std::vector<Tensor> maps, features;
    for (std::size_t from = 0; from < pictures.size(); from += kAtOnce) {
        const auto map =
            evaluator_.map(to_network(pictures, from, std::min(from + kAtOnce, pictures.size())));
        features.push_back(evaluator_.pooled(map).to(at::kCPU));
        maps.push_back(map.flatten(1).to(at::kCPU));
    }
    deviations_ = at::cat(features).std(0, true).clamp_min(1e-3);

    std::vector<double> places;
    for (const auto& lesson : lessons) {
        places.push_back(lesson.scene.x);
        places.push_back(lesson.scene.y);
    }
    const auto wanted = at::tensor(places, at::kDouble).to(at::kFloat).view({-1, 2});
    const auto seen = at::cat(maps);
    const auto learned = static_cast<std::int64_t>(kLearned * static_cast<double>(lessons.size()));
    // Ridge regression through the pictures' products, of which there are fewer than values.
    position_mean_ = seen.narrow(0, 0, learned).mean(0, true);
    const auto rows = seen.narrow(0, 0, learned) - position_mean_;
    const double spread = rows.square().mean().item<double>() * static_cast<double>(rows.size(1));
    const auto targets = wanted.narrow(0, 0, learned);
    const auto middle = targets.mean(0, true);
    const auto dual = at::linalg_solve(
        rows.matmul(rows.t()) + kRidge * spread * 0.01 * at::eye(learned), targets - middle);
    position_weights_ = at::cat({rows.t().matmul(dual), middle}); // the last row is the constant
    const auto rest = seen.narrow(0, learned, seen.size(0) - learned) - position_mean_;
    const auto told = wanted.narrow(0, learned, wanted.size(0) - learned);
    const auto read = at::cat({rest, at::ones({rest.size(0), 1})}, 1).matmul(position_weights_);
    position_share_ =
        1 - ((read - told).square().mean() / (told - middle).square().mean()).item<double>();
}

Judged Judges::judge(const std::vector<ImagePtr>& pictures) const {
    LIKENESS_CHECK(deviations_.defined(), "the judges learn before they judge");
    const at::NoGradGuard no_grad;
    Judged judged;
    std::vector<Tensor> features, embeds, positions;
    judged.readings.resize(attributes().size());
    for (std::size_t from = 0; from < pictures.size(); from += kAtOnce) {
        const auto seen = to_network(pictures, from, std::min(from + kAtOnce, pictures.size()));
        const auto map = evaluator_.map(seen);
        const auto pooled = evaluator_.pooled(map);
        const auto read = evaluator_.heads.read(pooled);
        for (std::size_t a = 0; a < read.size(); ++a) {
            judged.readings[a].insert(judged.readings[a].end(), read[a].begin(), read[a].end());
        }
        features.push_back(pooled.to(at::kCPU) / deviations_);
        const auto flat = map.flatten(1).to(at::kCPU) - position_mean_;
        positions.push_back(
            at::cat({flat, at::ones({flat.size(0), 1})}, 1).matmul(position_weights_));
        const auto embed = encoder_(seen).to(at::kCPU, at::kFloat);
        embeds.push_back(unit_rows(embed));
    }
    if (!features.empty()) {
        judged.features = at::cat(features);
        judged.embeds = at::cat(embeds);
        judged.positions = at::cat(positions);
    }
    return judged;
}

Tensor Judges::surroundings(const std::vector<ImagePtr>& pictures) const {
    const at::NoGradGuard no_grad;
    std::vector<Tensor> features;
    for (std::size_t from = 0; from < pictures.size(); from += kAtOnce) {
        auto seen = to_network(pictures, from, std::min(from + kAtOnce, pictures.size()));
        const auto covered = static_cast<std::int64_t>(kCovered * kJudgedSide);
        const auto edge = (kJudgedSide - covered) / 2;
        seen.narrow(2, edge, covered).narrow(3, edge, covered).zero_();
        features.push_back(evaluator_.features(seen).to(at::kCPU) / deviations_);
    }
    return at::cat(features);
}

std::size_t Judges::attribute(const std::string& name) const {
    const auto found =
        std::ranges::find_if(attributes(), [&](const Attribute& a) { return a.name == name; });
    LIKENESS_CHECK(found != attributes().end(), "no attribute ", name);
    return static_cast<std::size_t>(found - attributes().begin());
}

} // namespace likeness::starter::bench
