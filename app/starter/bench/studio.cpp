#include "app/starter/bench/studio.h"

#include "app/starter/options.h"
#include "core/base/error.h"
#include "core/request/resolve.h"
#include "core/tensor/device.h"
#include "core/tensor/image_tensor.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <chrono>

namespace likeness::starter::bench {

namespace {

constexpr std::size_t kAtOnce = 16;
constexpr std::pair<const char*, Degrade> kWays[] = {
    {"none", Degrade::none},
    {"shuffled_references", Degrade::shuffled_references},
    {"blank_adapter", Degrade::blank_adapter}};

WeightOptions best_numbers(const std::string& device) {
    const auto placement = choose_placement(device, {});
    return {.dtype = placement.dtype, .device = placement.device, .pack = true};
}

// Keys and values of nothing: what zero image tokens are projected to.
std::shared_ptr<const LoadedAdapter> blank(const LoadedAdapter& adapter) {
    auto copy = std::make_shared<LoadedAdapter>(adapter);
    for (auto* const projections : {&copy->adapter.to_k_ip, &copy->adapter.to_v_ip}) {
        for (auto& projection : *projections) {
            const auto weight = projection.packed ? projection.packed->weight() : projection.weight;
            projection = Linear(at::zeros_like(weight), {});
        }
    }
    return copy;
}

// Pieces of the pictures through a function of [B, 3, H, W] in -1..1.
template <typename Function>
std::vector<Tensor> in_pieces(const std::vector<ImagePtr>& pictures, const WeightOptions& options,
                              const Function& function) {
    std::vector<Tensor> pieces;
    for (std::size_t from = 0; from < pictures.size(); from += kAtOnce) {
        std::vector<Tensor> tensors;
        for (auto i = from; i < std::min(from + kAtOnce, pictures.size()); ++i) {
            tensors.push_back(image_to_tensor(*pictures[i]));
        }
        pieces.push_back(function((at::cat(tensors) * 2 - 1)
                                      .to(options.device, options.dtype)
                                      .contiguous(at::MemoryFormat::ChannelsLast)));
    }
    return pieces;
}

} // namespace

Progress stoppable() {
    return {{}, [](const Stepped&) {
                if (stop_requested()) {
                    throw Cancelled{};
                }
            }};
}

Degrade degrade_from(const std::string& word) {
    for (const auto& [name, way] : kWays) {
        if (word == name) {
            return way;
        }
    }
    throw Error(
        ErrorCode::bad_request,
        message("--degrade takes none, shuffled_references or blank_adapter, not \"{}\".", word));
}

const char* to_string(Degrade degrade) {
    return std::ranges::find_if(kWays, [&](const auto& way) { return way.second == degrade; })
        ->first;
}

std::set<std::string> adapters_from(const std::string& words) {
    std::set<std::string> names;
    for (const auto& name : split(words)) {
        if (std::ranges::none_of(kAdapters, [&](const auto& one) { return name == one.row; })) {
            throw Error(
                ErrorCode::bad_request,
                message("--adapters takes plain and plus, joined by a comma, not \"{}\".", name));
        }
        names.insert(name);
    }
    return names;
}

Studio::Studio(const std::filesystem::path& folder, const std::string& device, Degrade degrade)
    : model_(load_model(read_model_folder(folder), best_numbers(device), {})),
      progress_(stoppable()), pipeline_(model_, {.previews = false}), degrade_(degrade) {}

bool Studio::has(const AdapterName& adapter) const {
    return std::ranges::any_of(model_->folder.ip_adapters,
                               [&](const AdapterFile& file) { return file.name == adapter.file; });
}

void Studio::use(const AdapterName& adapter) {
    auto loaded = load_adapter(*model_, adapter.file, {}, progress_);
    pipeline_.use_adapter(degrade_ == Degrade::blank_adapter ? blank(*loaded) : std::move(loaded));
}

GenerationRequest Studio::request(const Wish& wish) const {
    GenerationRequest request{.model = model_->folder.path.string(),
                              .prompt = wish.prompt,
                              .combine = wish.combine,
                              .seed = wish.seed,
                              .num_images = wish.count};
    for (const auto& reference : wish.references) {
        request.references.push_back({.image = reference, .ip_adapter_scale = wish.scale});
    }
    return resolve(std::move(request), model_->folder.traits);
}

Result Studio::generate(const Wish& wish, TensorDump dump) {
    const at::NoGradGuard no_grad;
    const auto start = std::chrono::steady_clock::now();
    auto result = pipeline_.generate(request(wish), progress_, dump);
    seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    made_ += wish.count;
    if (made_ / 100 != (made_ - wish.count) / 100) {
        log_line(
            {{"stage", "bench"}, {"pictures", made_}, {"seconds_a_picture", seconds_ / made_}});
    }
    return result;
}

std::vector<ImagePtr> Studio::make(const Wish& wish) {
    std::vector<ImagePtr> images;
    for (const auto& made : generate(wish, nullptr).images) {
        images.push_back(made.image);
    }
    return images;
}

Tensor Studio::make_exact(const Wish& wish) {
    TensorMap dump;
    generate(wish, &dump);
    return dump.at("image");
}

std::vector<ImagePtr> Studio::reconstruct(const std::vector<ImagePtr>& pictures) const {
    const at::NoGradGuard no_grad;
    std::vector<ImagePtr> images;
    const auto pieces = in_pieces(pictures, model_->options, [&](const Tensor& pixels) {
        return decode(*model_, model_->vae.scale_latents(model_->vae.encode(pixels).mean));
    });
    for (const auto& piece : pieces) {
        for (std::int64_t i = 0; i < piece.size(0); ++i) {
            images.push_back(std::make_shared<const Image>(tensor_to_image(piece.narrow(0, i, 1))));
        }
    }
    return images;
}

Tensor Studio::latents(const std::vector<ImagePtr>& pictures) const {
    const at::NoGradGuard no_grad;
    return at::cat(in_pieces(pictures, model_->options, [&](const Tensor& pixels) {
        return model_->vae.scale_latents(model_->vae.encode(pixels).mean).to(at::kCPU, at::kFloat);
    }));
}

Tensor Studio::image_embeds(const std::vector<ImagePtr>& pictures) const {
    const at::NoGradGuard no_grad;
    const auto& folder = model_->folder;
    const auto tower = load_image_tower(folder.image_encoder, folder.feature_extractor,
                                        model_->options, progress_);
    const auto side = tower->encoder.config.image_size;
    std::vector<Tensor> pieces;
    for (std::size_t from = 0; from < pictures.size(); from += kAtOnce) {
        std::vector<Tensor> rows;
        for (auto i = from; i < std::min(from + kAtOnce, pictures.size()); ++i) {
            const auto values =
                normalised(encoder_pixels(*pictures[i], {}, tower->preprocess), tower->preprocess);
            rows.push_back(at::tensor(values, at::kFloat).view({1, 3, side, side}));
        }
        pieces.push_back(
            tower->encoder(at::cat(rows).to(model_->options.device, model_->options.dtype))
                .image_embeds.to(at::kCPU, at::kFloat));
    }
    return at::cat(pieces);
}

Tensor Studio::text_embeds(const std::vector<std::string>& prompts) const {
    const at::NoGradGuard no_grad;
    const auto& tower = model_->text;
    if (!tower.encoder.text_projection) {
        return {};
    }
    std::vector<Tensor> rows;
    for (const auto& prompt : prompts) {
        const auto ids = at::tensor(tower.tokenizer.encode(prompt).ids, at::kLong).unsqueeze(0);
        rows.push_back(
            tower.encoder(ids.to(model_->options.device)).text_embeds.to(at::kCPU, at::kFloat));
    }
    return at::cat(rows);
}

} // namespace likeness::starter::bench
