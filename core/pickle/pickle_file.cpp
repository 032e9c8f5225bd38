#include "core/pickle/pickle_file.h"

#include "core/base/wording.h"
#include "core/pickle/named_tensors.h"
#include "core/pickle/refusal.h"
#include "core/pickle/unpickler.h"
#include "core/pickle/zip_directory.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <map>
#include <utility>

namespace likeness {

namespace {

using Kind = Unpickler::Kind;

constexpr std::uint64_t kMost = std::uint64_t{1} << 62;
// What views that share their values may make of a file: tied weights are one or two of many.
constexpr std::uint64_t kMostGrowth = 4;
constexpr std::uint64_t kFreeGrowth = 16U << 20U;
constexpr std::string_view kMagic{"\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 10};
constexpr std::int64_t kLegacyVersion = 1001;

// The bytes of a storage.
struct Place {
    std::uint64_t begin = 0;
    std::uint64_t size = 0;
};

using FindStorage = std::function<Place(const RawTensor& tensor, const std::string& name)>;

std::uint64_t checked_product(std::uint64_t a, std::uint64_t b, const std::string& file,
                              const std::string& name) {
    if (a != 0 && b > kMost / a) {
        damaged_pickle(file, message("its tensor {} is larger than any file", in_quotes(name)));
    }
    return a * b;
}

// The first byte of a tensor within its storage; refuses what reaches out of it.
PickledTensor placed(const RawTensor& raw, const std::string& name, const Place& place,
                     const std::string& file) {
    const std::uint64_t item = raw.type->size;
    const std::uint64_t stored = checked_product(raw.numel, raw.item, file, name);
    if (stored > place.size) {
        damaged_pickle(file,
                       message("the values of its tensor {} should take {} bytes, but there are {}",
                               in_quotes(name), stored, place.size));
    }
    const bool is_empty = std::ranges::find(raw.shape, std::uint64_t{0}) != raw.shape.end();
    std::uint64_t last = raw.offset;
    std::uint64_t count = 1;
    for (std::size_t i = 0; i < raw.shape.size() && !is_empty; ++i) {
        const std::uint64_t reach = checked_product(raw.shape[i] - 1, raw.stride[i], file, name);
        last = std::min(kMost, last) + std::min(kMost, reach);
        count = checked_product(count, raw.shape[i], file, name);
    }
    if (!is_empty && last >= stored / item) {
        damaged_pickle(file,
                       message("its tensor {} reaches to the value {}, but its storage has {}",
                               in_quotes(name), last, stored / item));
    }
    checked_product(is_empty ? 0 : count, item, file, name);
    return {.name = name,
            .dtype = raw.type->dtype,
            .item = item,
            .shape = raw.shape,
            .stride = raw.stride,
            .begin = place.begin + (is_empty ? 0 : raw.offset * item),
            .end = place.begin + place.size};
}

std::vector<PickledTensor> tensors_of(const Unpickler& pickle, Unpickler::Id root,
                                      const FindStorage& find, std::uint64_t file_size,
                                      const std::string& file) {
    std::vector<PickledTensor> tensors;
    std::uint64_t total = 0;
    for (const auto& [name, id] : named_tensors(pickle, root, file)) {
        const RawTensor& raw = pickle.tensor(id);
        tensors.push_back(placed(raw, name, find(raw, name), file));
        total = std::min(kMost, total) + std::min(kMost, tensors.back().bytes());
    }
    if (total > kMostGrowth * file_size + kFreeGrowth) {
        too_large_pickle(
            file, message("its tensors share their values and would take {} of the file's {} when "
                          "they are written out",
                          byte_words(total), byte_words(file_size)));
    }
    return tensors;
}

// ---- the zip form

class ZipForm {
public:
    ZipForm(const ByteSource& source, const std::string& file)
        : source_(source), file_(file), members_(read_zip_directory(source, file)) {}

    std::vector<PickledTensor> read() const {
        const std::string root = find_root();
        if (members_.contains(root + "constants.pkl")) {
            unsupported_pickle(file_, message("it is a TorchScript program, not tensors by name"));
        }
        check_byte_order(root);
        const ZipMember& object = members_.at(root + "data.pkl");
        Unpickler pickle(source_, object.begin, object.begin + object.size, file_);
        const auto id = pickle.next();
        return tensors_of(
            pickle, id,
            [&](const RawTensor& raw, const std::string& name) {
                const auto found = members_.find(root + "data/" + raw.key);
                if (found == members_.end()) {
                    damaged_pickle(file_,
                                   message("the values of its tensor {} are missing (part {})",
                                           in_quotes(name), in_quotes("data/" + raw.key)));
                }
                return Place{found->second.begin, found->second.size};
            },
            source_.size(), file_);
    }

private:
    std::string find_root() const {
        std::string root;
        for (const auto& [name, member] : members_) {
            const auto slash = name.find('/');
            if (slash != std::string::npos && name.substr(slash + 1) == "data.pkl") {
                if (!root.empty()) {
                    damaged_pickle(file_, message("it has two objects, in {} and in {}",
                                                  in_quotes(root), in_quotes(name)));
                }
                root = name.substr(0, slash + 1);
            }
        }
        if (root.empty()) {
            refuse_pickle(
                ErrorCode::not_a_checkpoint, file_,
                message("it is a zip archive, but no pickle of PyTorch's (it has no data.pkl)"),
                message("Choose the file of the model itself."));
        }
        return root;
    }

    void check_byte_order(const std::string& root) const {
        const auto order = members_.find(root + "byteorder");
        if (order == members_.end()) {
            return;
        }
        std::string text(std::min<std::uint64_t>(order->second.size, 16), '\0');
        source_.read(std::as_writable_bytes(std::span(text)), order->second.begin);
        if (!text.starts_with("little")) {
            unsupported_pickle(file_,
                               message("its numbers are of the byte order {}", in_quotes(text)));
        }
    }

    const ByteSource& source_;
    const std::string& file_;
    std::map<std::string, ZipMember> members_;
};

// ---- the older form: five pickles, then the storages one after the other

class LegacyForm {
public:
    LegacyForm(const ByteSource& source, const std::string& file)
        : source_(source), file_(file), pickle_(source, 0, source.size(), file) {}

    std::vector<PickledTensor> read() {
        const auto magic = pickle_.next();
        if (pickle_.kind(magic) != Kind::long_integer || pickle_.text(magic) != kMagic) {
            refuse_pickle(ErrorCode::not_a_checkpoint, file_,
                          message("it is a pickle, but none of PyTorch's"),
                          message("Choose the file of the model itself."));
        }
        const auto version = pickle_.next();
        if (pickle_.kind(version) != Kind::integer || pickle_.integer(version) != kLegacyVersion) {
            unsupported_pickle(file_,
                               message("its form is none of the versions this program reads"));
        }
        check_system(pickle_.next());
        const auto object = pickle_.next();
        const auto keys = pickle_.next();
        find_storages(keys);
        return tensors_of(
            pickle_, object,
            [&](const RawTensor& raw, const std::string& name) {
                const auto found = places_.find(raw.key);
                if (found == places_.end()) {
                    damaged_pickle(file_,
                                   message("the values of its tensor {} are missing (part {})",
                                           in_quotes(name), in_quotes(raw.key)));
                }
                return found->second;
            },
            source_.size(), file_);
    }

private:
    void check_system(Unpickler::Id id) const {
        if (pickle_.kind(id) != Kind::dict) {
            damaged_pickle(file_, message("it does not tell the machine it was made on"));
        }
        const auto& items = pickle_.items(id);
        for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
            const bool order =
                pickle_.kind(items[i]) == Kind::text && pickle_.text(items[i]) == "little_endian";
            if (order && (pickle_.kind(items[i + 1]) != Kind::boolean ||
                          pickle_.integer(items[i + 1]) == 0)) {
                unsupported_pickle(
                    file_, message("its numbers are of the byte order {}", in_quotes("big")));
            }
        }
    }

    void find_storages(Unpickler::Id keys) {
        if (pickle_.kind(keys) != Kind::list) {
            damaged_pickle(file_, message("it does not list its storages"));
        }
        std::map<std::string, std::uint64_t> sizes;
        for (const auto& storage : pickle_.storages()) {
            const auto [known, added] = sizes.emplace(storage.key, storage.type->size);
            if (!added && known->second != storage.type->size) {
                damaged_pickle(file_,
                               message("its storage {} is of two kinds", in_quotes(storage.key)));
            }
        }
        std::uint64_t at = pickle_.position();
        for (const auto key : pickle_.items(keys)) {
            const auto found = pickle_.kind(key) == Kind::text
                                   ? sizes.find(std::string(pickle_.text(key).substr(0, 100)))
                                   : sizes.end();
            if (found == sizes.end()) {
                damaged_pickle(file_, message("it lists a storage that no tensor uses"));
            }
            std::uint64_t count = 0;
            if (source_.size() - at < sizeof(count)) {
                cut(found->first);
            }
            source_.read(std::as_writable_bytes(std::span(&count, 1)), at);
            at += sizeof(count);
            if (count > (source_.size() - at) / found->second) {
                cut(found->first);
            }
            const Place place{at, count * found->second};
            at += place.size;
            if (!places_.emplace(found->first, place).second) {
                damaged_pickle(
                    file_, message("it has two storages of the name {}", in_quotes(found->first)));
            }
        }
    }

    [[noreturn]] void cut(const std::string& key) const {
        damaged_pickle(
            file_, message("it ends within its storage {}; the file is cut off", in_quotes(key)));
    }

    const ByteSource& source_;
    const std::string& file_;
    Unpickler pickle_;
    std::map<std::string, Place> places_;
};

} // namespace

std::uint64_t PickledTensor::values() const {
    if (std::ranges::find(shape, std::uint64_t{0}) != shape.end()) {
        return 0;
    }
    std::uint64_t count = 1;
    for (const std::uint64_t size : shape) {
        count *= size;
    }
    return count;
}

bool PickledTensor::is_contiguous() const {
    std::uint64_t expected = 1;
    for (std::size_t i = shape.size(); i-- > 0;) {
        if (shape[i] != 1 && stride[i] != expected) {
            return false;
        }
        expected *= shape[i];
    }
    return true;
}

bool is_pickle(std::span<const std::byte> start) {
    const std::string_view text(reinterpret_cast<const char*>(start.data()), start.size());
    if (text.starts_with("PK\x03\x04")) {
        return true;
    }
    // A safetensors header may begin so too; but then it begins, with a brace, at byte 8.
    return text.size() >= 2 && text[0] == '\x80' && text[1] >= 2 && text[1] <= 5 &&
           (text.size() <= 8 || text[8] != '{');
}

std::vector<PickledTensor> read_pickle_file(const ByteSource& source, const std::string& file) {
    std::string start(std::min<std::uint64_t>(source.size(), 16), '\0');
    source.read(std::as_writable_bytes(std::span(start)), 0);
    if (!is_pickle(std::as_bytes(std::span(start)))) {
        refuse_pickle(ErrorCode::not_a_checkpoint, file, message("it is no pickle of PyTorch's"),
                      message("Choose the file of the model itself."));
    }
    return start.starts_with("PK") ? ZipForm(source, file).read() : LegacyForm(source, file).read();
}

} // namespace likeness
