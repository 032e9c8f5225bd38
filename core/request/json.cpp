#include "core/request/json.h"

#include "core/request/field_reader.h"
#include "core/request/json_text.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <vector>

#include <nlohmann/json.hpp>

namespace likeness {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kToldProblems = 20;

constexpr std::string_view kRequestKeys[] = {"model",
                                             "ip_adapter",
                                             "image_encoder",
                                             "prompt",
                                             "negative_prompt",
                                             "references",
                                             "master_scale",
                                             "combine",
                                             "block_scales",
                                             "width",
                                             "height",
                                             "num_inference_steps",
                                             "guidance_scale",
                                             "guidance_rescale",
                                             "scheduler",
                                             "seed",
                                             "num_images",
                                             "clip_skip",
                                             "device",
                                             "dtype",
                                             "threads",
                                             "variations",
                                             "branch",
                                             "refiner",
                                             "vae",
                                             "loras",
                                             "textual_inversions",
                                             "prompt_syntax",
                                             "prompt_2",
                                             "negative_prompt_2",
                                             "original_width",
                                             "original_height",
                                             "crop_left",
                                             "crop_top",
                                             "target_width",
                                             "target_height",
                                             "guidance_range",
                                             "image",
                                             "strength"};
constexpr std::string_view kReferenceKeys[] = {
    "path", "sha256", "ip_adapter_scale", "mask_path",    "range",
    "fit",  "crop",   "look_mask_path",   "block_scales", "ip_adapter"};
constexpr std::string_view kInputKeys[] = {"path",      "sha256",    "fit",         "pad",
                                           "mask_path", "mask_grow", "mask_feather"};

constexpr std::string_view kVariationKeys[] = {"seed", "strength"};
constexpr std::string_view kBranchKeys[] = {"step", "of"};
constexpr std::string_view kRefinerKeys[] = {"model", "switch_at"};
constexpr std::string_view kLoraKeys[] = {"path", "scale", "block_scales", "muted"};
constexpr std::string_view kTextualInversionKeys[] = {"path", "token", "muted"};

void read_block_scales(FieldReader& fields, std::map<std::string, double>& block_scales) {
    const Json* blocks = fields.find("block_scales");
    if (blocks == nullptr) {
        return;
    }
    if (!blocks->is_object()) {
        fields.wrong("block_scales", *blocks, message("an object"));
        return;
    }
    for (const auto& [block, scale] : blocks->items()) {
        if (scale.is_number()) {
            block_scales[block] = scale.get<double>();
        } else {
            fields.wrong("block_scales." + block.substr(0, 60), scale, message("a number"));
        }
    }
}

// Exactly so many numbers; empty where there are none, or others, which is noted.
template <std::size_t Count>
std::optional<std::array<double, Count>> take_numbers(FieldReader& fields, const char* key,
                                                      const Message& wanted) {
    const Json* list = fields.find(key);
    if (list == nullptr) {
        return std::nullopt;
    }
    if (!list->is_array() || list->size() != Count ||
        !std::ranges::all_of(*list, [](const Json& value) { return value.is_number(); })) {
        fields.wrong(key, *list, wanted);
        return std::nullopt;
    }
    return list->get<std::array<double, Count>>();
}

void read_view(FieldReader& fields, EncoderView& view) {
    fields.take_word("fit", view.fit, fit_from_string, message("crop, squash or pad"));
    if (const auto crop = take_numbers<4>(fields, "crop", message("four numbers"))) {
        view.crop = {(*crop)[0], (*crop)[1], (*crop)[2], (*crop)[3]};
    }
}

void read_range(FieldReader& fields, const char* key, double& start, double& end) {
    if (const auto range = take_numbers<2>(fields, key, message("two numbers"))) {
        start = (*range)[0];
        end = (*range)[1];
    }
}

void read_input(FieldReader& fields, InputImage& input) {
    fields.take("path", input.path);
    fields.take("sha256", input.sha256);
    fields.take_word("fit", input.fit, input_fit_from_string, message("resize or crop"));
    fields.take("mask_path", input.mask_path);
    fields.take("mask_grow", input.mask_grow);
    fields.take("mask_feather", input.mask_feather);
    const Json* pad = fields.find("pad");
    if (pad == nullptr) {
        return;
    }
    const auto fits = [](const Json& side) {
        return side.is_number_unsigned() && side.get<std::uint64_t>() <= 1U << 20U;
    };
    if (pad->is_array() && pad->size() == input.pad.size() && std::ranges::all_of(*pad, fits)) {
        std::ranges::transform(*pad, input.pad.begin(),
                               [](const Json& side) { return side.get<int>(); });
    } else {
        fields.wrong("pad", *pad, message("four whole numbers"));
    }
}

void read_reference(FieldReader& fields, ReferenceImage& reference) {
    fields.take("path", reference.path);
    fields.take("sha256", reference.sha256);
    fields.take("ip_adapter_scale", reference.ip_adapter_scale);
    fields.take("mask_path", reference.mask_path);
    read_range(fields, "range", reference.range_start, reference.range_end);
    read_view(fields, reference.view);
    fields.take("look_mask_path", reference.look_mask_path);
    read_block_scales(fields, reference.block_scales);
    fields.take("ip_adapter", reference.ip_adapter);
}

void read_lora(FieldReader& fields, Lora& lora) {
    fields.take("path", lora.path);
    fields.take("scale", lora.scale);
    read_block_scales(fields, lora.block_scales);
    fields.take("muted", lora.muted);
}

void read_textual_inversion(FieldReader& fields, TextualInversion& inversion) {
    fields.take("path", inversion.path);
    fields.take("token", inversion.token);
    fields.take("muted", inversion.muted);
}

void read_variation(FieldReader& fields, Variation& variation) {
    fields.take("seed", variation.seed);
    fields.take("strength", variation.strength);
}

void read_refiner(FieldReader& fields, Refiner& refiner) {
    fields.take("model", refiner.model);
    fields.take("switch_at", refiner.switch_at);
}

void read_request(FieldReader& fields, GenerationRequest& request);

void read_branch(FieldReader& fields, Branch& branch) {
    fields.take("step", branch.step);
    if (fields.find("of") == nullptr) {
        fields.wrong("of", Json(), message("an object"));
    }
    fields.take_object("of", kRequestKeys, branch.of, read_request);
}

void read_request(FieldReader& fields, GenerationRequest& request) {
    fields.take("model", request.model);
    fields.take("ip_adapter", request.ip_adapter);
    fields.take("image_encoder", request.image_encoder);
    fields.take("vae", request.vae);
    fields.take("prompt", request.prompt);
    fields.take("negative_prompt", request.negative_prompt);
    fields.take_list("references", kReferenceKeys, request.references, read_reference);
    fields.take("master_scale", request.master_scale);
    fields.take_word("combine", request.combine, combine_from_string, message("join or average"));
    read_block_scales(fields, request.block_scales);
    fields.take("width", request.width);
    fields.take("height", request.height);
    fields.take("num_inference_steps", request.num_inference_steps);
    fields.take("guidance_scale", request.guidance_scale);
    fields.take("guidance_rescale", request.guidance_rescale);
    fields.take_word("scheduler", request.scheduler, scheduler_from_string, scheduler_words());
    fields.take("seed", request.seed);
    fields.take("num_images", request.num_images);
    fields.take("clip_skip", request.clip_skip);
    fields.take_word("prompt_syntax", request.prompt_syntax, syntax_from_string,
                     message("weighted or plain"));
    fields.take("prompt_2", request.prompt_2);
    fields.take("negative_prompt_2", request.negative_prompt_2);
    fields.take("original_width", request.sizes.original_width);
    fields.take("original_height", request.sizes.original_height);
    fields.take("crop_left", request.sizes.crop_left);
    fields.take("crop_top", request.sizes.crop_top);
    fields.take("target_width", request.sizes.target_width);
    fields.take("target_height", request.sizes.target_height);
    fields.take("device", request.device);
    fields.take("dtype", request.dtype);
    fields.take("threads", request.threads);
    fields.take_list("variations", kVariationKeys, request.variations, read_variation);
    fields.take_list("loras", kLoraKeys, request.loras, read_lora);
    fields.take_list("textual_inversions", kTextualInversionKeys, request.textual_inversions,
                     read_textual_inversion);
    read_range(fields, "guidance_range", request.guidance_start, request.guidance_end);
    fields.take_object("image", kInputKeys, request.input, read_input);
    fields.take("strength", request.strength);
    fields.take_object("refiner", kRefinerKeys, request.refiner, read_refiner);
    if (fields.find("branch") != nullptr) {
        const auto branch = std::make_shared<Branch>();
        fields.take_object("branch", kBranchKeys, *branch, read_branch);
        request.branch = BranchPtr(branch);
    }
}

} // namespace

GenerationRequest request_from_json(std::string_view text) {
    const Json json = parse_json_text(text);
    if (!json.is_object()) {
        refuse_json(message("it is not a JSON object"));
    }
    std::vector<Message> problems;
    GenerationRequest request;
    FieldReader fields(json, "", kRequestKeys, problems);
    read_request(fields, request);
    if (problems.size() > kToldProblems) {
        const Message more = message("and {} problems more", problems.size() - kToldProblems);
        problems.resize(kToldProblems);
        problems.push_back(more);
    }
    if (!problems.empty()) {
        refuse_json(joined(problems, "; "));
    }
    return request;
}

} // namespace likeness
