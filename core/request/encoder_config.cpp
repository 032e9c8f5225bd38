#include "core/request/encoder_config.h"

#include "core/base/error.h"
#include "core/request/model_folder.h"

#include <algorithm>

#include <fmt/format.h>

namespace likeness {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostBlocks = 16;
constexpr int kMostLayers = 16;

// The value for one block of a field that holds one number for all blocks or a list.
int layers_of(const nlohmann::json& unet, std::size_t block, std::size_t blocks) {
    const auto found = unet.find("layers_per_block");
    if (found == unet.end()) {
        return 2; // UNet2DConditionModel's own
    }
    const nlohmann::json& value =
        found->is_array() && found->size() == blocks ? (*found)[block] : *found;
    return value.is_number_integer() ? std::clamp(value.get<int>(), 0, kMostLayers) : 0;
}

void add_blocks(std::vector<std::string>& names, const nlohmann::json& unet, const char* side) {
    const auto types = unet.find(std::string(side) + "_block_types");
    if (types == unet.end() || !types->is_array() || types->size() > kMostBlocks) {
        return;
    }
    const bool up = std::string_view(side) == "up";
    for (std::size_t block = 0; block < types->size(); ++block) {
        const nlohmann::json& type = (*types)[block];
        if (!type.is_string() || !type.get_ref<const std::string&>().starts_with("CrossAttn")) {
            continue;
        }
        // Up blocks are counted from the deepest level, and have one layer more.
        const std::size_t level = up ? types->size() - 1 - block : block;
        const int count = layers_of(unet, level, types->size()) + (up ? 1 : 0);
        for (int i = 0; i < count; ++i) {
            names.push_back(fmt::format("{}.block_{}.attentions_{}", side, block, i));
        }
    }
}

} // namespace

ClipPreprocess preprocess_for(int image_size, const fs::path& preprocessor_config) {
    ClipPreprocess preprocess{.shortest_edge = image_size, .crop_size = image_size};
    if (!preprocessor_config.empty()) {
        const auto json = read_json_object(preprocessor_config);
        const auto three = [&json](const char* key, std::array<double, 3>& values) {
            const auto found = json.find(key);
            if (found != json.end() && found->is_array() && found->size() == 3 &&
                std::ranges::all_of(*found, [](const auto& v) { return v.is_number(); })) {
                values = found->template get<std::array<double, 3>>();
            }
        };
        three("image_mean", preprocess.image_mean);
        three("image_std", preprocess.image_std);
        const auto outside = [](double least, double most) {
            return [=](double value) { return !(value >= least && value <= most); };
        };
        if (std::ranges::any_of(preprocess.image_std, outside(1e-6, 1e3))) {
            throw Error(ErrorCode::file_damaged,
                        message("{}: image_std must be above zero, and at most 1000.",
                                preprocessor_config.string()));
        }
        if (std::ranges::any_of(preprocess.image_mean, outside(-1e3, 1e3))) {
            throw Error(ErrorCode::file_damaged,
                        message("{}: image_mean must lie between -1000 and 1000.",
                                preprocessor_config.string()));
        }
    }
    return preprocess;
}

ClipPreprocess preprocess_of(const fs::path& image_encoder, const fs::path& preprocessor_config) {
    constexpr int kLargest = 4096;
    try {
        const auto json = read_json_file(image_encoder / "config.json");
        const auto size = json.find("image_size");
        const bool fits = size != json.end() && size->is_number_integer() &&
                          size->get<std::int64_t>() > 0 && size->get<std::int64_t>() <= kLargest;
        return preprocess_for(fits ? size->get<int>() : ClipPreprocess{}.crop_size,
                              preprocessor_config);
    } catch (const Error&) {
        return {}; // opening the model tells what is wrong with it
    }
}

std::vector<std::string> attention_blocks(const nlohmann::json& unet) {
    std::vector<std::string> names;
    if (!unet.is_object()) {
        return names;
    }
    add_blocks(names, unet, "down");
    const auto mid = unet.find("mid_block_type");
    if (mid == unet.end() || !mid->is_null()) {
        names.emplace_back("mid");
    }
    add_blocks(names, unet, "up");
    return names;
}

} // namespace likeness
