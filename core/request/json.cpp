#include "core/request/json.h"

#include "core/base/error.h"
#include "core/request/json_text.h"

#include <algorithm>
#include <limits>
#include <set>
#include <span>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace likeness {

namespace {

using Json = nlohmann::json;

constexpr int kMaxDepth = 16;
constexpr std::size_t kMaxBytes = 16U << 20U;
constexpr std::size_t kMaxValues = 200'000; // a value takes up to a hundred bytes of memory
constexpr std::size_t kMaxItems = 100;      // of a list: more than validate() lets through
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

[[noreturn]] void refuse(const Message& why) {
    throw Error(ErrorCode::bad_request, message("The request could not be read: {}.", why));
}

// A value as a message shows it.
std::string shown(const Json& value) {
    const std::string text = value.dump(-1, ' ', true, Json::error_handler_t::replace);
    return text.size() <= 60 ? text : text.substr(0, 57) + "...";
}

// Parses with bounds on size and depth; a key that stands twice in one object is refused.
Json parse(std::string_view text) {
    if (text.size() > kMaxBytes) {
        refuse(message("it has {} bytes; the most is {}", text.size(), kMaxBytes));
    }
    std::vector<std::set<std::string>> keys;
    std::size_t values = 0;
    const auto watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
        if (depth > kMaxDepth) {
            refuse(message("it is nested deeper than {}", kMaxDepth));
        }
        if (++values > kMaxValues) {
            refuse(message("it holds more than {} values", kMaxValues));
        }
        switch (event) {
        case Json::parse_event_t::object_start:
            keys.emplace_back();
            break;
        case Json::parse_event_t::object_end:
            keys.pop_back();
            break;
        case Json::parse_event_t::key:
            if (!keys.back().insert(parsed.get<std::string>()).second) {
                refuse(message("the key {} stands twice", shown(parsed)));
            }
            break;
        default:
            break;
        }
        return true;
    };
    try {
        if (text.find('\0') != std::string_view::npos) {
            refuse(message("it is not valid JSON (a zero byte)"));
        }
        return Json::parse(text, watch);
    } catch (const Json::parse_error& error) {
        refuse(message("it is not valid JSON (byte {})", error.byte));
    } catch (const Json::out_of_range&) {
        refuse(message("it holds a number that is too large"));
    }
}

// Takes fields out of one object and notes everything that is not fit.
class FieldReader {
public:
    FieldReader(const Json& object, std::string prefix, std::vector<Message>& problems)
        : object_(object), prefix_(std::move(prefix)), problems_(problems) {}

    void only(std::span<const std::string_view> known) {
        for (const auto& [key, value] : object_.items()) {
            if (std::ranges::find(known, key) == known.end()) {
                problems_.push_back(
                    message("{}{} is not a known key", prefix_, shown(Json(key)).substr(0, 60)));
            }
        }
    }

    const Json* find(const char* key) const {
        const auto found = object_.find(key);
        return found == object_.end() ? nullptr : &*found;
    }

    void wrong(const char* key, const Json& value, const Message& wanted) {
        problems_.push_back(message("{}{} is {}, expected {}", prefix_, key, shown(value), wanted));
    }

    void take(const char* key, std::string& target) {
        if (const Json* value = find(key)) {
            value->is_string() ? void(target = value->get<std::string>())
                               : wrong(key, *value, message("text"));
        }
    }

    void take(const char* key, bool& target) {
        if (const Json* value = find(key)) {
            value->is_boolean() ? void(target = value->get<bool>())
                                : wrong(key, *value, message("true or false"));
        }
    }

    void take(const char* key, double& target) {
        if (const Json* value = find(key)) {
            value->is_number() ? void(target = value->get<double>())
                               : wrong(key, *value, message("a number"));
        }
    }

    void take(const char* key, std::uint64_t& target) {
        if (const Json* value = find(key)) {
            value->is_number_unsigned()
                ? void(target = value->get<std::uint64_t>())
                : wrong(key, *value, message("a whole number from 0 to 2^64 - 1"));
        }
    }

    void take(const char* key, int& target) {
        const Json* value = find(key);
        if (value == nullptr) {
            return;
        }
        constexpr int kMost = std::numeric_limits<int>::max();
        const bool fits = value->is_number_unsigned()
                              ? value->get<std::uint64_t>() <= static_cast<std::uint64_t>(kMost)
                              : value->is_number_integer() &&
                                    value->get<std::int64_t>() >= std::numeric_limits<int>::min();
        fits ? void(target = value->get<int>()) : wrong(key, *value, message("a whole number"));
    }

    // Absent or null leaves it empty.
    template <typename Value>
    void take(const char* key, std::optional<Value>& target) {
        const Json* value = find(key);
        if (value != nullptr && !value->is_null()) {
            take(key, target.emplace());
        }
    }

    // A word out of a few.
    template <typename Target, typename FromString>
    void take_word(const char* key, Target& target, FromString from_string, const Message& wanted) {
        const Json* value = find(key);
        if (value == nullptr ||
            (value->is_null() && std::is_same_v<Target, decltype(from_string(""))>)) {
            return;
        }
        const auto word = value->is_string() ? from_string(value->get_ref<const std::string&>())
                                             : decltype(from_string("")){};
        word ? void(target = *word) : wrong(key, *value, wanted);
    }

private:
    const Json& object_;
    std::string prefix_;
    std::vector<Message>& problems_;
};

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
            fields.wrong(("block_scales." + block.substr(0, 60)).c_str(), scale,
                         message("a number"));
        }
    }
}

void read_view(FieldReader& fields, EncoderView& view) {
    fields.take_word("fit", view.fit, fit_from_string, message("crop, squash or pad"));
    const Json* crop = fields.find("crop");
    if (crop == nullptr) {
        return;
    }
    if (crop->is_array() && crop->size() == 4 &&
        std::ranges::all_of(*crop, [](const Json& value) { return value.is_number(); })) {
        view.crop = {(*crop)[0].get<double>(), (*crop)[1].get<double>(), (*crop)[2].get<double>(),
                     (*crop)[3].get<double>()};
    } else {
        fields.wrong("crop", *crop, message("four numbers"));
    }
}

void read_range(FieldReader& fields, const char* key, double& start, double& end) {
    const Json* range = fields.find(key);
    if (range == nullptr) {
        return;
    }
    if (range->is_array() && range->size() == 2 && (*range)[0].is_number() &&
        (*range)[1].is_number()) {
        start = (*range)[0].get<double>();
        end = (*range)[1].get<double>();
    } else {
        fields.wrong(key, *range, message("two numbers"));
    }
}

InputImage read_input(const Json& json, const std::string& prefix, std::vector<Message>& problems) {
    InputImage input;
    FieldReader fields(json, prefix, problems);
    fields.only(kInputKeys);
    fields.take("path", input.path);
    fields.take("sha256", input.sha256);
    fields.take_word("fit", input.fit, input_fit_from_string, message("resize or crop"));
    fields.take("mask_path", input.mask_path);
    fields.take("mask_grow", input.mask_grow);
    fields.take("mask_feather", input.mask_feather);
    if (const Json* pad = fields.find("pad")) {
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
    return input;
}

// Only what is not as ever, as put_view does.
void put_input(nlohmann::ordered_json& json, const GenerationRequest& request) {
    const InputImage& input = request.input;
    if (request.guidance_start != 0 || request.guidance_end != 1) {
        json["guidance_range"] = {request.guidance_start, request.guidance_end};
    }
    if (input != InputImage{}) {
        nlohmann::ordered_json& item = json["image"];
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

ReferenceImage read_reference(const Json& json, const std::string& prefix,
                              std::vector<Message>& problems) {
    ReferenceImage reference;
    if (!json.is_object()) {
        problems.push_back(message("{} is {}, expected an object",
                                   prefix.substr(0, prefix.size() - 1), shown(json)));
        return reference;
    }
    FieldReader fields(json, prefix, problems);
    fields.only(kReferenceKeys);
    fields.take("path", reference.path);
    fields.take("sha256", reference.sha256);
    fields.take("ip_adapter_scale", reference.ip_adapter_scale);
    fields.take("mask_path", reference.mask_path);
    read_range(fields, "range", reference.range_start, reference.range_end);
    read_view(fields, reference.view);
    fields.take("look_mask_path", reference.look_mask_path);
    read_block_scales(fields, reference.block_scales);
    fields.take("ip_adapter", reference.ip_adapter);
    return reference;
}

// Only what is not as ever: a request without it reads as before.
void put_view(nlohmann::ordered_json& item, const ReferenceImage& reference) {
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
void put_loras(nlohmann::ordered_json& json, const GenerationRequest& request) {
    for (const Lora& lora : request.loras) {
        nlohmann::ordered_json item = {{"path", lora.path}, {"scale", lora.scale}};
        for (const auto& [block, scale] : lora.block_scales) {
            item["block_scales"][block] = scale;
        }
        if (lora.muted) {
            item["muted"] = true;
        }
        json["loras"].push_back(std::move(item));
    }
    for (const TextualInversion& inversion : request.textual_inversions) {
        nlohmann::ordered_json item = {{"path", inversion.path}};
        if (!inversion.token.empty()) {
            item["token"] = inversion.token;
        }
        if (inversion.muted) {
            item["muted"] = true;
        }
        json["textual_inversions"].push_back(std::move(item));
    }
}

nlohmann::ordered_json written(const GenerationRequest& request) {
    nlohmann::ordered_json json;
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
    json["references"] = nlohmann::ordered_json::array();
    for (const ReferenceImage& reference : request.references) {
        nlohmann::ordered_json item;
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
    json["block_scales"] = nlohmann::ordered_json::object();
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

Variation read_variation(const Json& json, const std::string& prefix,
                         std::vector<Message>& problems) {
    Variation variation;
    if (!json.is_object()) {
        problems.push_back(message("{} is {}, expected an object",
                                   prefix.substr(0, prefix.size() - 1), shown(json)));
        return variation;
    }
    FieldReader fields(json, prefix, problems);
    fields.only(kVariationKeys);
    fields.take("seed", variation.seed);
    fields.take("strength", variation.strength);
    return variation;
}

// Whether that list is worth reading: a file may name a million pictures.
bool is_short(const Json& list, const std::string& place, std::vector<Message>& problems) {
    if (list.size() > kMaxItems) {
        problems.push_back(
            message("{} has {} items; the most is {}", place, list.size(), kMaxItems));
    }
    return list.size() <= kMaxItems;
}

// A list of objects, each read by `read(fields, item)`.
template <typename Item, typename Read>
void read_list(FieldReader& fields, const char* key, const std::string& prefix,
               std::span<const std::string_view> keys, std::vector<Message>& problems,
               std::vector<Item>& list, Read&& read) {
    const Json* items = fields.find(key);
    if (items == nullptr) {
        return;
    }
    if (!items->is_array()) {
        fields.wrong(key, *items, message("a list"));
        return;
    }
    if (!is_short(*items, prefix + key, problems)) {
        return;
    }
    for (const Json& json : *items) {
        const std::string place = fmt::format("{}{}[{}]", prefix, key, list.size());
        Item& item = list.emplace_back();
        if (!json.is_object()) {
            problems.push_back(message("{} is {}, expected an object", place, shown(json)));
            continue;
        }
        FieldReader own(json, place + ".", problems);
        own.only(keys);
        read(own, item);
    }
}

void read_loras(FieldReader& fields, const std::string& prefix, std::vector<Message>& problems,
                GenerationRequest& request) {
    read_list(fields, "loras", prefix, kLoraKeys, problems, request.loras,
              [](FieldReader& own, Lora& lora) {
                  own.take("path", lora.path);
                  own.take("scale", lora.scale);
                  read_block_scales(own, lora.block_scales);
                  own.take("muted", lora.muted);
              });
    read_list(fields, "textual_inversions", prefix, kTextualInversionKeys, problems,
              request.textual_inversions, [](FieldReader& own, TextualInversion& inversion) {
                  own.take("path", inversion.path);
                  own.take("token", inversion.token);
                  own.take("muted", inversion.muted);
              });
}

GenerationRequest read_request(const Json& json, const std::string& prefix,
                               std::vector<Message>& problems);

std::shared_ptr<const Branch> read_branch(const Json& json, const std::string& prefix,
                                          std::vector<Message>& problems) {
    Branch branch;
    FieldReader fields(json, prefix, problems);
    fields.only(kBranchKeys);
    fields.take("step", branch.step);
    if (const Json* of = fields.find("of"); of != nullptr && of->is_object()) {
        branch.of = read_request(*of, prefix + "of.", problems);
    } else {
        problems.push_back(message("{}of is not a request", prefix));
    }
    return std::make_shared<const Branch>(std::move(branch));
}

GenerationRequest read_request(const Json& json, const std::string& prefix,
                               std::vector<Message>& problems) {
    GenerationRequest request;
    FieldReader fields(json, prefix, problems);
    fields.only(kRequestKeys);
    fields.take("model", request.model);
    fields.take("ip_adapter", request.ip_adapter);
    fields.take("image_encoder", request.image_encoder);
    fields.take("vae", request.vae);
    fields.take("prompt", request.prompt);
    fields.take("negative_prompt", request.negative_prompt);
    if (const Json* references = fields.find("references")) {
        if (!references->is_array()) {
            fields.wrong("references", *references, message("a list"));
        } else if (is_short(*references, prefix + "references", problems)) {
            for (const Json& item : *references) {
                const std::string place =
                    fmt::format("{}references[{}].", prefix, request.references.size());
                request.references.push_back(read_reference(item, place, problems));
            }
        }
    }
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
    if (const Json* variations = fields.find("variations")) {
        if (!variations->is_array()) {
            fields.wrong("variations", *variations, message("a list"));
        } else {
            for (const Json& item : *variations) {
                const std::string place =
                    fmt::format("{}variations[{}].", prefix, request.variations.size());
                request.variations.push_back(read_variation(item, place, problems));
            }
        }
    }
    read_loras(fields, prefix, problems, request);
    read_range(fields, "guidance_range", request.guidance_start, request.guidance_end);
    if (const Json* image = fields.find("image")) {
        if (image->is_object()) {
            request.input = read_input(*image, prefix + "image.", problems);
        } else {
            fields.wrong("image", *image, message("an object"));
        }
    }
    fields.take("strength", request.strength);
    if (const Json* refiner = fields.find("refiner")) {
        if (refiner->is_object()) {
            FieldReader own(*refiner, prefix + "refiner.", problems);
            own.only(kRefinerKeys);
            own.take("model", request.refiner.model);
            own.take("switch_at", request.refiner.switch_at);
        } else {
            fields.wrong("refiner", *refiner, message("an object"));
        }
    }
    if (const Json* branch = fields.find("branch")) {
        if (branch->is_object()) {
            request.branch = read_branch(*branch, prefix + "branch.", problems);
        } else {
            fields.wrong("branch", *branch, message("an object"));
        }
    }
    return request;
}

} // namespace

Json parse_json_text(std::string_view text) {
    return parse(text);
}

std::string to_json(const GenerationRequest& request) {
    // A path may hold bytes that are not UTF-8; they become U+FFFD rather than an error.
    return written(request).dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

GenerationRequest request_from_json(std::string_view text) {
    const Json json = parse(text);
    if (!json.is_object()) {
        refuse(message("it is not a JSON object"));
    }
    std::vector<Message> problems;
    GenerationRequest request = read_request(json, "", problems);
    if (problems.size() > kToldProblems) {
        const Message more = message("and {} problems more", problems.size() - kToldProblems);
        problems.resize(kToldProblems);
        problems.push_back(more);
    }
    if (!problems.empty()) {
        refuse(joined(problems, "; "));
    }
    return request;
}

const char* to_string(PromptSyntax syntax) {
    return syntax == PromptSyntax::plain ? "plain" : "weighted";
}

std::optional<PromptSyntax> syntax_from_string(std::string_view name) {
    for (const PromptSyntax syntax : {PromptSyntax::weighted, PromptSyntax::plain}) {
        if (name == to_string(syntax)) {
            return syntax;
        }
    }
    return std::nullopt;
}

const char* to_string(CombineMode mode) {
    switch (mode) {
    case CombineMode::join:
        return "join";
    case CombineMode::average:
        return "average";
    }
    return "join";
}

std::optional<CombineMode> combine_from_string(std::string_view name) {
    for (const CombineMode mode : {CombineMode::join, CombineMode::average}) {
        if (name == to_string(mode)) {
            return mode;
        }
    }
    return std::nullopt;
}

const char* to_string(InputFit fit) {
    return fit == InputFit::crop ? "crop" : "resize";
}

std::optional<InputFit> input_fit_from_string(std::string_view name) {
    for (const InputFit fit : {InputFit::resize, InputFit::crop}) {
        if (name == to_string(fit)) {
            return fit;
        }
    }
    return std::nullopt;
}

const char* to_string(EncoderFit fit) {
    switch (fit) {
    case EncoderFit::crop:
        return "crop";
    case EncoderFit::squash:
        return "squash";
    case EncoderFit::pad:
        return "pad";
    }
    return "crop";
}

std::optional<EncoderFit> fit_from_string(std::string_view name) {
    for (const EncoderFit fit : {EncoderFit::crop, EncoderFit::squash, EncoderFit::pad}) {
        if (name == to_string(fit)) {
            return fit;
        }
    }
    return std::nullopt;
}

} // namespace likeness
