#include "core/request/json.h"

#include <nlohmann/json.hpp>

namespace likeness {

namespace {

using Json = nlohmann::ordered_json;

// Only what is not as ever: a request without it reads as before.
void put_input(Json& json, const GenerationRequest& request) {
    const InputImage& input = request.input;
    if (request.guidance_start != 0 || request.guidance_end != 1) {
        json["guidance_range"] = {request.guidance_start, request.guidance_end};
    }
    if (input != InputImage{}) {
        Json& item = json["image"];
        item["path"] = input.path;
        if (!input.sha256.empty()) {
            item["sha256"] = input.sha256;
        }
        if (input.fit != InputFit::resize) {
            item["fit"] = to_string(input.fit);
        }
        if (input.pad != InputImage{}.pad) {
            item["pad"] = input.pad;
        }
        if (!input.mask_path.empty()) {
            item["mask_path"] = input.mask_path;
        }
        if (input.mask_grow != 0) {
            item["mask_grow"] = input.mask_grow;
        }
        if (input.mask_feather != 0) {
            item["mask_feather"] = input.mask_feather;
        }
    }
    if (request.strength) {
        json["strength"] = *request.strength;
    }
}

// Only what is not as ever: a request without it reads as before.
void put_view(Json& item, const ReferenceImage& reference) {
    const EncoderView& view = reference.view;
    if (view.fit != EncoderFit::crop) {
        item["fit"] = to_string(view.fit);
    }
    if (view.crop != PictureShare{}) {
        item["crop"] = {view.crop.left, view.crop.top, view.crop.width, view.crop.height};
    }
    if (!reference.look_mask_path.empty()) {
        item["look_mask_path"] = reference.look_mask_path;
    }
    for (const auto& [block, scale] : reference.block_scales) {
        item["block_scales"][block] = scale;
    }
    if (!reference.ip_adapter.empty()) {
        item["ip_adapter"] = reference.ip_adapter;
    }
}

// Only where there are some: a request without them reads as before.
void put_loras(Json& json, const GenerationRequest& request) {
    for (const Lora& lora : request.loras) {
        Json item = {{"path", lora.path}, {"scale", lora.scale}};
        for (const auto& [block, scale] : lora.block_scales) {
            item["block_scales"][block] = scale;
        }
        if (lora.muted) {
            item["muted"] = true;
        }
        json["loras"].push_back(std::move(item));
    }
    for (const TextualInversion& inversion : request.textual_inversions) {
        Json item = {{"path", inversion.path}};
        if (!inversion.token.empty()) {
            item["token"] = inversion.token;
        }
        if (inversion.muted) {
            item["muted"] = true;
        }
        json["textual_inversions"].push_back(std::move(item));
    }
}

Json written(const GenerationRequest& request) {
    Json json;
    const auto put = [&](const char* key, const auto& value) {
        if (value) {
            json[key] = *value;
        }
    };
    json["model"] = request.model;
    json["ip_adapter"] = request.ip_adapter;
    json["image_encoder"] = request.image_encoder;
    if (!request.vae.empty()) {
        json["vae"] = request.vae;
    }
    json["prompt"] = request.prompt;
    put("negative_prompt", request.negative_prompt);
    json["references"] = Json::array();
    for (const ReferenceImage& reference : request.references) {
        Json item;
        item["path"] = reference.path;
        if (!reference.sha256.empty()) {
            item["sha256"] = reference.sha256;
        }
        item["ip_adapter_scale"] = reference.ip_adapter_scale;
        if (!reference.mask_path.empty()) {
            item["mask_path"] = reference.mask_path;
        }
        item["range"] = {reference.range_start, reference.range_end};
        put_view(item, reference);
        json["references"].push_back(std::move(item));
    }
    json["master_scale"] = request.master_scale;
    json["combine"] = to_string(request.combine);
    json["block_scales"] = Json::object();
    for (const auto& [block, scale] : request.block_scales) {
        json["block_scales"][block] = scale;
    }
    put("width", request.width);
    put("height", request.height);
    put("num_inference_steps", request.num_inference_steps);
    put("guidance_scale", request.guidance_scale);
    json["guidance_rescale"] = request.guidance_rescale;
    if (request.scheduler) {
        json["scheduler"] = to_string(*request.scheduler);
    }
    json["seed"] = request.seed;
    json["num_images"] = request.num_images;
    json["clip_skip"] = request.clip_skip;
    json["device"] = request.device;
    json["dtype"] = request.dtype;
    json["threads"] = request.threads;
    if (request.prompt_syntax != PromptSyntax::weighted) {
        json["prompt_syntax"] = to_string(request.prompt_syntax);
    }
    if (!request.prompt_2.empty()) {
        json["prompt_2"] = request.prompt_2;
    }
    if (!request.negative_prompt_2.empty()) {
        json["negative_prompt_2"] = request.negative_prompt_2;
    }
    put("original_width", request.sizes.original_width);
    put("original_height", request.sizes.original_height);
    put("crop_left", request.sizes.crop_left);
    put("crop_top", request.sizes.crop_top);
    put("target_width", request.sizes.target_width);
    put("target_height", request.sizes.target_height);
    for (const Variation& variation : request.variations) {
        json["variations"].push_back({{"seed", variation.seed}, {"strength", variation.strength}});
    }
    put_loras(json, request);
    put_input(json, request);
    if (request.refiner.is_given()) {
        json["refiner"] = {{"model", request.refiner.model},
                           {"switch_at", request.refiner.switch_at}};
    }
    if (request.branch) {
        json["branch"] = {{"step", request.branch->step}, {"of", written(request.branch->of)}};
    }
    return json;
}

} // namespace

std::string to_json(const GenerationRequest& request) {
    // A path may hold bytes that are not UTF-8; they become U+FFFD rather than an error.
    return written(request).dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace likeness
