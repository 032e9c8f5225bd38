#include "core/pipelines/step_graphs.h"

#include <c10/util/Exception.h>

#include <algorithm>
#include <utility>

namespace likeness {

namespace {

constexpr std::size_t kMost = 4; // each has its own copies of the keys and values

void add_shape(const Tensor& tensor, std::vector<int64_t>& shapes) {
    shapes.push_back(tensor.defined() ? tensor.dim() : -1);
    if (tensor.defined()) {
        const auto sizes = tensor.sizes();
        shapes.insert(shapes.end(), sizes.begin(), sizes.end());
    }
}

// Everything that decides which kernels a call runs.
std::vector<int64_t> shapes_of(const UNetCall& call) {
    std::vector<int64_t> shapes;
    const auto add = [&shapes](const std::vector<KeyValue>& layers) {
        for (const KeyValue& layer : layers) {
            add_shape(layer.key, shapes);
        }
    };
    add_shape(call.sample, shapes);
    add_shape(call.added.text_embeds, shapes);
    add(call.context->text);
    for (const ReferenceKeyValues& reference : call.context->references) {
        add(reference.layers);
        for (const auto& [queries, mask] : reference.mask) {
            shapes.push_back(queries);
        }
    }
    return shapes;
}

// Calls `visit` with each tensor of a context and its partner in the other.
template <typename Visit>
void visit_pairs(AttentionContext& to, const AttentionContext& from, const Visit& visit) {
    const auto layers = [&visit](auto& into, const std::vector<KeyValue>& out_of) {
        for (std::size_t i = 0; i < out_of.size(); ++i) {
            visit(into[i].key, out_of[i].key);
            visit(into[i].value, out_of[i].value);
        }
    };
    layers(to.text, from.text);
    for (std::size_t r = 0; r < from.references.size(); ++r) {
        layers(to.references[r].layers, from.references[r].layers);
        for (const auto& [queries, mask] : from.references[r].mask) {
            visit(to.references[r].mask.at(queries), mask);
        }
    }
}

std::shared_ptr<AttentionContext> copy_of(const AttentionContext& context) {
    auto own = std::make_shared<AttentionContext>(context);
    visit_pairs(*own, context,
                [](Tensor& to, const Tensor& from) { to = from.defined() ? from.clone() : from; });
    return own;
}

// With memory of its own, but for the context.
UNetCall copy_of(const UNetCall& call, std::shared_ptr<const AttentionContext> context) {
    UNetCall own{.sample = call.sample.clone(),
                 .timesteps = call.timesteps.clone(),
                 .context = std::move(context)};
    if (call.added.text_embeds.defined()) {
        own.added = {.text_embeds = call.added.text_embeds.clone(),
                     .time_ids = call.added.time_ids.contiguous().clone()};
    }
    return own;
}

Tensor as_it_is(const UNet2DCondition& unet, const UNetCall& call) {
    return unet(call.sample, call.timesteps, *call.context, call.added);
}

void fill(const Tensor& to, const Tensor& from) {
    if (from.defined()) {
        to.copy_(from, /*non_blocking=*/true);
    }
}

} // namespace

struct StepGraphs::Recording {
    const UNet2DCondition* unet = nullptr;
    std::vector<int64_t> shapes{};
    UNetCall call{};
    Tensor result{};
    std::shared_ptr<AttentionContext> context{};           // of that call
    std::shared_ptr<const AttentionContext> filled_from{}; // whose values it has
    std::unique_ptr<CapturedWork> work{};                  // null: seen once
};

StepGraphs::StepGraphs(Capture capture) : capture_(std::move(capture)) {}

StepGraphs::~StepGraphs() = default;
StepGraphs::StepGraphs(StepGraphs&&) noexcept = default;
StepGraphs& StepGraphs::operator=(StepGraphs&&) noexcept = default;

void StepGraphs::forget() {
    recordings_.clear();
}

std::size_t StepGraphs::size() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        recordings_, [](const Recording& recording) { return recording.work != nullptr; }));
}

Tensor StepGraphs::operator()(const UNet2DCondition& unet, const UNetCall& call) {
    // What watches the attention keeps what it saw outside of any recording.
    if (!capture_ || call.context->influence) {
        return as_it_is(unet, call);
    }
    auto shapes = shapes_of(call);
    const auto found = std::ranges::find_if(recordings_, [&](const Recording& known) {
        return known.unet == &unet && known.shapes == shapes;
    });
    if (found == recordings_.end()) {
        recordings_.push_front({.unet = &unet, .shapes = std::move(shapes)});
        if (recordings_.size() > kMost) {
            recordings_.pop_back();
        }
        return as_it_is(unet, call);
    }
    recordings_.splice(recordings_.begin(), recordings_, found);
    Recording& recording = recordings_.front();
    if (!recording.work) {
        recording.context = copy_of(*call.context);
        recording.filled_from = call.context;
        recording.call = copy_of(call, recording.context);
        try {
            recording.work = capture_(call.sample.device(), [&recording, &unet] {
                recording.result = as_it_is(unet, recording.call);
            });
        } catch (const c10::Error& error) {
            failure_ = error.what_without_backtrace();
            capture_ = {};
            forget();
            return as_it_is(unet, call);
        }
    }
    if (recording.filled_from != call.context) {
        visit_pairs(*recording.context, *call.context,
                    [](Tensor& to, const Tensor& from) { fill(to, from); });
        recording.filled_from = call.context;
    }
    const UNetCall& own = recording.call;
    fill(own.sample, call.sample);
    fill(own.timesteps, call.timesteps);
    fill(own.added.text_embeds, call.added.text_embeds);
    fill(own.added.time_ids, call.added.time_ids);
    recording.work->replay();
    return recording.result.clone();
}

} // namespace likeness
