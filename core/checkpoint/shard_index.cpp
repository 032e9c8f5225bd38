#include "core/checkpoint/shard_index.h"

#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/base/wording.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

namespace likeness {

namespace {

constexpr std::uint64_t kMaxIndexBytes = 64U << 20U;
constexpr std::size_t kMaxShards = 1'000;

[[noreturn]] void refuse_index(const std::filesystem::path& path, const Message& why) {
    throw Error(ErrorCode::file_damaged,
                message("{} could not be opened: {}.\nDownload the model again.",
                        file_and_folder(path), why));
}

// A name that stays in its folder on every system.
bool is_plain_file_name(std::string_view name) {
    return name.size() > 12 && name.size() <= 255 && name.ends_with(".safetensors") &&
           !name.starts_with(".") && std::ranges::none_of(name, [](char c) {
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
            return fail(message("it names the file {}, which is not a plain .safetensors file name",
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
        return weight_map.size() < kMostTensorsOfShards ||
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

std::string file_and_folder(const std::filesystem::path& path) {
    const auto folder = path.parent_path().filename();
    return folder.empty() ? path.filename().string() : (folder / path.filename()).string();
}

std::set<std::string> ShardIndex::shards() const {
    std::set<std::string> names;
    for (const auto& [name, shard] : weight_map) {
        names.insert(shard);
    }
    return names;
}

void ShardIndex::check(const std::map<std::string, std::string>& held) const {
    for (const auto& [name, shard] : weight_map) {
        const auto found = held.find(name);
        if (found == held.end() || found->second != shard) {
            refuse_index(path, message("it says that {} holds the tensor {}, which is not so",
                                       shard, in_quotes(name)));
        }
    }
    if (held.size() != weight_map.size()) {
        const auto extra = std::ranges::find_if(
            held, [&](const auto& entry) { return !weight_map.contains(entry.first); });
        refuse_index(path, message("it does not name the tensor {}, which its files hold",
                                   in_quotes(extra->first)));
    }
}

ShardIndex load_shard_index(const std::filesystem::path& path) {
    const std::string text = read_text_file(path, kMaxIndexBytes);
    IndexSax sax;
    if (text.find('\0') != std::string::npos) {
        refuse_index(path, message("it is not valid JSON"));
    }
    if (!nlohmann::json::sax_parse(text, &sax)) {
        refuse_index(path, sax.problem);
    }
    if (!sax.has_map || sax.weight_map.empty()) {
        refuse_index(path, message("it has no weight_map, or an empty one"));
    }
    ShardIndex index{.path = path, .weight_map = std::move(sax.weight_map)};
    if (const std::size_t files = index.shards().size(); files > kMaxShards) {
        refuse_index(path,
                     message("it names {} files; this program reads up to {}", files, kMaxShards));
    }
    return index;
}

SafetensorsHeader load_header(const std::filesystem::path& path) {
    if (path.extension() != ".json") {
        return load_safetensors_header(path);
    }
    const ShardIndex index = load_shard_index(path);
    SafetensorsHeader all;
    std::map<std::string, std::string> held;
    for (const std::string& shard : index.shards()) {
        SafetensorsHeader header = load_safetensors_header(path.parent_path() / shard);
        for (const auto& [name, entry] : header.tensors) {
            if (!held.emplace(name, shard).second) {
                throw Error(ErrorCode::file_damaged,
                            message("{} could not be opened: its tensor {} is in another of the "
                                    "model's files too.\nDownload the model again.",
                                    file_and_folder(path.parent_path() / shard), name));
            }
        }
        all.tensors.merge(header.tensors);
        all.metadata.merge(header.metadata);
    }
    if (held.size() > kMostTensorsOfShards) {
        throw Error(ErrorCode::file_too_large,
                    message("{} could not be opened: the model's files name more than {} tensors.",
                            file_and_folder(path), kMostTensorsOfShards));
    }
    index.check(held);
    return all;
}

} // namespace likeness
