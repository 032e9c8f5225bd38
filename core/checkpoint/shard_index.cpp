#include "core/checkpoint/shard_index.h"

#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/base/wording.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace likeness {

namespace {

constexpr std::uint64_t kMaxIndexBytes = 16U << 20U; // 100,000 tensors take 12 MB
constexpr std::size_t kMaxTensors = 100'000;         // of all shards together, as of one file

[[noreturn]] void refuse_index(const std::string& file, const Message& why) {
    throw Error(ErrorCode::file_damaged,
                message("{} could not be opened: {}.\nDownload the model again.", file, why));
}

// A name that stays in its folder on every system.
bool is_plain_file_name(std::string_view name) {
    const bool of_tensors = (name.size() > 12 && name.ends_with(".safetensors")) ||
                            (name.size() > 4 && name.ends_with(".bin"));
    return of_tensors && name.size() <= 255 && !name.starts_with(".") &&
           std::ranges::none_of(name, [](char c) {
               const auto byte = static_cast<unsigned char>(c);
               return byte < 0x20 || byte == 0x7f || c == '/' || c == '\\' || c == ':';
           });
}

// Reads `weight_map` out of an index; everything else in it is passed over.
class IndexSax : public nlohmann::json_sax<nlohmann::json> {
public:
    std::map<std::string, std::string> weight_map{};
    bool has_map = false;
    Message problem{};

    bool null() override { return other_value(); }

    bool boolean(bool) override { return other_value(); }

    bool number_integer(number_integer_t) override { return other_value(); }

    bool number_unsigned(number_unsigned_t) override { return other_value(); }

    bool number_float(number_float_t, const string_t&) override { return other_value(); }

    bool binary(binary_t&) override { return other_value(); }

    bool string(string_t& value) override {
        if (!in_map_) {
            return other_value();
        }
        if (!is_plain_file_name(value)) {
            return fail(message(
                "it names the file {}, which is not a plain name of a .safetensors or .bin file",
                in_quotes(value)));
        }
        return weight_map.emplace(key_, value).second ||
               fail(message("it names the tensor {} twice", in_quotes(key_)));
    }

    bool start_object(std::size_t) override {
        if (in_map_) {
            return fail(message("its weight_map is not a plain list of names"));
        }
        if (depth_ == 1 && key_ == "weight_map") {
            if (has_map) {
                return fail(message("it has weight_map twice"));
            }
            has_map = in_map_ = true;
        }
        return deeper();
    }

    bool key(string_t& name) override {
        key_ = name;
        if (in_map_ && (name.empty() || name.size() > 1'024)) {
            return fail(message("it has a tensor name that is empty or longer than 1,024 bytes"));
        }
        return weight_map.size() < kMaxTensors ||
               fail(message("it names more than 100,000 tensors"));
    }

    bool end_object() override {
        in_map_ = false;
        --depth_;
        return true;
    }

    bool start_array(std::size_t) override { return other_value() && deeper(); }

    bool end_array() override {
        --depth_;
        return true;
    }

    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::json::exception&) override {
        return fail(message("it is not valid JSON at byte {}", position));
    }

private:
    bool fail(Message what) {
        if (problem.empty()) {
            problem = std::move(what);
        }
        return false;
    }

    bool other_value() {
        if (depth_ == 0) {
            return fail(message("it is not a JSON object"));
        }
        return !in_map_ || fail(message("its weight_map is not a plain list of names"));
    }

    bool deeper() { return ++depth_ <= 4 || fail(message("it is nested too deeply")); }

    int depth_ = 0;
    bool in_map_ = false;
    std::string key_{};
};

} // namespace

ShardIndex parse_shard_index(std::string_view text, const std::string& file) {
    IndexSax sax;
    if (text.find('\0') != std::string_view::npos) {
        refuse_index(file, message("it is not valid JSON"));
    }
    if (!nlohmann::json::sax_parse(text, &sax)) {
        refuse_index(file, sax.problem);
    }
    if (!sax.has_map || sax.weight_map.empty()) {
        refuse_index(file, message("it has no weight_map, or an empty one"));
    }
    return std::move(sax.weight_map);
}

ShardIndex load_shard_index(const std::filesystem::path& path) {
    // The file and the folder it lies in: components of a model carry the same file names.
    const auto folder = path.parent_path().filename();
    const auto shown = folder.empty() ? path.filename() : folder / path.filename();
    return parse_shard_index(read_text_file(path, kMaxIndexBytes), shown.string());
}

} // namespace likeness
