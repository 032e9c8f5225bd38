#include "core/request/validate.h"

#include "core/request/findings.h"
#include "core/request/resolve.h"
#include "core/request/validate_input.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace likeness {

namespace {

constexpr std::size_t kMaxTokenBytes = 200;

// A side that the VAE can make: whole latents. The nearest fitting sizes on both sides, within the
// limits.
void check_side(Findings& findings, const char* field, std::optional<int> size, int factor) {
    findings.check(field, size);
    const Limit& row = limit(field);
    if (!size || *size < row.minimum || *size > row.maximum || *size % factor == 0) {
        return;
    }
    const int below = *size / factor * factor;
    const int above = below + factor;
    const bool below_fits = below >= row.minimum && below > 0;
    const bool above_fits = above <= row.maximum;
    findings.add(field, message("is {}, which is not a multiple of {}; {} would do", *size, factor,
                                below_fits && above_fits ? message("{} or {}", below, above)
                                                         : part_of(below_fits ? below : above)));
}

bool is_index(std::string_view text) {
    return !text.empty() && text.size() <= 2 &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// "mid", "down.block_1", "up.block_0", each also with one attention: "up.block_0.attentions_2".
bool is_block_name(std::string_view name) {
    const auto take = [&](std::string_view start) {
        const bool found = name.starts_with(start);
        name.remove_prefix(found ? start.size() : 0);
        return found;
    };
    if (take("mid")) {
        return name.empty();
    }
    if (!take("down.block_") && !take("up.block_")) {
        return false;
    }
    const auto dot = name.find(".attentions_");
    const bool is_whole = dot == std::string_view::npos;
    return is_index(name.substr(0, dot)) && (is_whole || is_index(name.substr(dot + 12)));
}

bool is_device_name(std::string_view name) {
    return name.empty() || name == "cpu" || name == "cuda" ||
           (name.starts_with("cuda:") && is_index(name.substr(5)));
}

bool is_dtype_name(std::string_view name) {
    return name.empty() || name == "float32" || name == "bfloat16" || name == "float16";
}

void check_block_scales(Findings& findings, const std::string& prefix,
                        const std::map<std::string, double>& block_scales) {
    for (const auto& [block, scale] : block_scales) {
        const std::string field = prefix + "block_scales." + block.substr(0, 60);
        if (!is_block_name(block)) {
            findings.add(
                field,
                message("is no block; blocks are named like down.block_1, mid, up.block_0 or "
                        "up.block_0.attentions_1"));
        }
        findings.check(field, scale, limit("block_scale"));
    }
}

void check_crop(Findings& findings, const std::string& field, const PictureShare& crop) {
    constexpr double kRounding = 1e-9; // of shares that were written down in decimals
    const auto fits = [](double start, double length) {
        return std::isfinite(start) && std::isfinite(length) && start >= 0 && length > 0 &&
               start + length <= 1 + kRounding;
    };
    if (!fits(crop.left, crop.width) || !fits(crop.top, crop.height)) {
        findings.add(field,
                     message("is [{}, {}, {}, {}]; it is left, top, width and height in shares "
                             "of the picture, inside of it",
                             crop.left, crop.top, crop.width, crop.height));
    }
}

// A block that this model does not have; where its blocks are not known none is refused.
void check_known(Findings& findings, const std::string& prefix,
                 const std::map<std::string, double>& block_scales,
                 const std::vector<std::string>& known) {
    for (const auto& [block, scale] : block_scales) {
        // Named, as clang 14 captures no structured binding.
        const bool found = std::ranges::any_of(known, [&block = block](const std::string& name) {
            return name == block || name.starts_with(block + ".");
        });
        if (!found && !known.empty() && is_block_name(block)) {
            findings.add(prefix + "block_scales." + block,
                         message("is no block of this model through which a reference acts; "
                                 "those are {}",
                                 fmt::join(known, ", ")));
        }
    }
}

void check_reference(Findings& findings, const ReferenceImage& reference, std::size_t index,
                     const ModelTraits& traits) {
    const std::string field = fmt::format("references[{}]", index);
    if (!reference.image && reference.path.empty()) {
        findings.add(field, message("has neither a picture nor a path"));
    }
    findings.check(field + ".ip_adapter_scale", reference.ip_adapter_scale,
                   limit("ip_adapter_scale"));
    findings.check(field + ".range_start", reference.range_start, limit("range_start"));
    findings.check(field + ".range_end", reference.range_end, limit("range_end"));
    if (std::isfinite(reference.range_start) && std::isfinite(reference.range_end) &&
        reference.range_start >= reference.range_end) {
        findings.add(
            field + ".range_start",
            message("is {}, not before the range's end at {}; the reference would never act",
                    reference.range_start, reference.range_end));
    }
    check_crop(findings, field + ".crop", reference.view.crop);
    check_block_scales(findings, field + ".", reference.block_scales);
    check_known(findings, field + ".", reference.block_scales, traits.attention_blocks);
}

void check_loras(Findings& findings, const GenerationRequest& request) {
    if (request.loras.size() > kMaxLoras) {
        findings.add("loras", message("are {}; the most is {}", request.loras.size(), kMaxLoras));
    }
    for (std::size_t i = 0; i < request.loras.size(); ++i) {
        const Lora& lora = request.loras[i];
        const std::string field = fmt::format("loras[{}]", i);
        if (lora.path.empty()) {
            findings.add(field + ".path", message("is empty; name a LoRA file"));
        }
        findings.check(field + ".scale", lora.scale, limit("lora_scale"));
        check_block_scales(findings, field + ".", lora.block_scales);
    }
    const auto& words = request.textual_inversions;
    if (words.size() > kMaxTextualInversions) {
        findings.add("textual_inversions",
                     message("are {}; the most is {}", words.size(), kMaxTextualInversions));
    }
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string field = fmt::format("textual_inversions[{}]", i);
        if (words[i].path.empty()) {
            findings.add(field + ".path", message("is empty; name a textual inversion file"));
        }
        if (words[i].token.size() > kMaxTokenBytes ||
            words[i].token.find_first_of(" \t\r\n") != std::string::npos) {
            findings.add(field + ".token",
                         message("is \"{}\"; it is one word of at most {} letters",
                                 words[i].token.substr(0, 60), kMaxTokenBytes));
        }
    }
}

// A branch is told against what it hangs on: the latents of both must be of one kind.
void check_branch(Findings& findings, const GenerationRequest& request, const ModelTraits& traits) {
    int depth = 1;
    for (const auto* of = &request.branch->of; of->branch; of = &of->branch->of) {
        ++depth;
    }
    if (depth > kMaxBranches) {
        findings.add("branch",
                     message("hangs on {} others; the most is {}", depth - 1, kMaxBranches - 1));
        return;
    }
    const Branch& branch = *request.branch;
    const auto differs = [&](const char* field, const auto& own, const auto& other) {
        if (own && other && *own != *other) {
            findings.add(field, message("differs from the picture that this one branches from"));
        }
    };
    differs("width", request.width, branch.of.width);
    differs("height", request.height, branch.of.height);
    differs("num_inference_steps", request.num_inference_steps, branch.of.num_inference_steps);
    differs("scheduler", request.scheduler, branch.of.scheduler);
    if (request.model != branch.of.model) {
        findings.add("model", message("differs from the picture that this one branches from"));
    }
    if (without_muted(request).loras != without_muted(branch.of).loras) {
        findings.add("loras", message("differ from those of the picture that this one branches "
                                      "from"));
    }
    if (without_muted(request).textual_inversions != without_muted(branch.of).textual_inversions) {
        findings.add("textual_inversions",
                     message("differ from those of the picture that this one branches from"));
    }
    if (!request.references.empty() && !branch.of.references.empty() &&
        (request.ip_adapter != branch.of.ip_adapter ||
         request.image_encoder != branch.of.image_encoder)) {
        findings.add("ip_adapter", message("differs from the picture that this one branches from"));
    }
    if (branch.of.refiner.is_given()) {
        findings.add("branch.of.refiner", message("is given; a picture that a refiner has finished "
                                                  "has no steps to branch from"));
    }
    if (request.num_images != 1) {
        findings.add("num_images",
                     message("is {}; a branch makes one picture", request.num_images));
    }
    // A step is a call of the model: some schedulers make two or four of them for one.
    constexpr int kMostCalls = 4;
    const int steps = branch.of.num_inference_steps.value_or(traits.default_num_inference_steps);
    if (branch.step < 1 || branch.step >= kMostCalls * steps) {
        findings.add("branch.step",
                     message("is {}; it goes from 1 to {}", branch.step, kMostCalls * steps - 1));
    }
    for (const Problem& problem : validate(branch.of, traits)) {
        findings.add("branch.of." + problem.field, problem.message);
    }
}

} // namespace

std::vector<Problem> validate(const GenerationRequest& request, const ModelTraits& traits) {
    Findings findings;
    if (request.model.empty()) {
        findings.add("model", message("is empty; name an installed model or a folder"));
    }
    if (request.references.size() > kMaxReferences) {
        findings.add("references", message("has {} pictures; the most is {}",
                                           request.references.size(), kMaxReferences));
    }
    const bool own_adapters = std::ranges::all_of(
        request.references, [](const ReferenceImage& each) { return !each.ip_adapter.empty(); });
    if (!own_adapters && request.ip_adapter.empty() && !traits.has_ip_adapter) {
        findings.add(
            "references",
            message(
                "cannot act: the model has no image-prompt adapter; choose one, or another model"));
    }
    for (std::size_t i = 0; i < request.references.size(); ++i) {
        check_reference(findings, request.references[i], i, traits);
    }
    findings.check("master_scale", request.master_scale);
    check_block_scales(findings, "", request.block_scales);
    check_side(findings, "width", request.width, traits.vae_factor);
    check_side(findings, "height", request.height, traits.vae_factor);
    findings.check("num_inference_steps", request.num_inference_steps);
    findings.check("guidance_scale", request.guidance_scale);
    findings.check("guidance_rescale", request.guidance_rescale);
    findings.check("num_images", request.num_images);
    if (request.variations.size() > kMaxVariations) {
        findings.add("variations",
                     message("are {}; the most is {}", request.variations.size(), kMaxVariations));
    }
    for (std::size_t i = 0; i < request.variations.size(); ++i) {
        findings.check(fmt::format("variations[{}].strength", i), request.variations[i].strength,
                       limit("variation_strength"));
    }
    const bool varies = !request.variations.empty();
    const std::uint64_t counted = varies ? request.variations.back().seed : request.seed;
    if (request.num_images > 1 &&
        counted > std::numeric_limits<std::uint64_t>::max() -
                      static_cast<std::uint64_t>(request.num_images - 1)) {
        findings.add(varies ? fmt::format("variations[{}].seed", request.variations.size() - 1)
                            : "seed",
                     message("is {}; picture {} would need a seed past 2^64 - 1", counted,
                             request.num_images));
    }
    std::ranges::move(validate_input(request, traits), std::back_inserter(findings.problems));
    if (request.branch) {
        check_branch(findings, request, traits);
    }
    check_loras(findings, request);
    findings.check("clip_skip", request.clip_skip);
    findings.check("original_width", request.sizes.original_width);
    findings.check("original_height", request.sizes.original_height);
    findings.check("crop_left", request.sizes.crop_left);
    findings.check("crop_top", request.sizes.crop_top);
    findings.check("target_width", request.sizes.target_width);
    findings.check("target_height", request.sizes.target_height);
    findings.check("threads", request.threads);
    if (!is_device_name(request.device)) {
        findings.add("device",
                     message("is \"{}\"; it is cpu, cuda or cuda:N", request.device.substr(0, 60)));
    }
    if (!is_dtype_name(request.dtype)) {
        findings.add("dtype", message("is \"{}\"; it is float32, bfloat16 or float16",
                                      request.dtype.substr(0, 60)));
    }
    return std::move(findings.problems);
}

} // namespace likeness
