#include "core/checkpoint/safetensors_header.h"

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/base/wording.h"
#include "core/pickle/conversion.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <set>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

namespace likeness {

namespace {

constexpr std::uint64_t kFormatsHeaderBytes = 100'000'000; // the reference reader's limit
constexpr std::uint64_t kMaxHeaderBytes = 16U << 20U; // what is read: 100,000 tensors take 12 MB
constexpr std::size_t kMaxMetadata = 10'000;          // keys
constexpr std::size_t kMaxTensors = 100'000;
constexpr std::size_t kMaxNameBytes = 1'024;
constexpr std::size_t kMaxDimensions = 8;
constexpr std::uint64_t kMaxDimension = std::uint64_t{1} << 48;

constexpr MessageWords<0> kDownloadAgain = words("Download the file again.");

// A file's name for a message: without control characters, which are whoever named it's choice.
std::string plain(std::string name) {
    std::ranges::replace_if(
        name, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
    return name;
}

[[noreturn]] void refuse(ErrorCode code, const std::string& file, const Message& why,
                         const Message& what_now) {
    throw Error(code, message("{} could not be opened: {}.\n{}", plain(file), why, what_now));
}

[[noreturn]] void damaged(const std::string& file, const Message& why) {
    refuse(ErrorCode::file_damaged, file, why, message(kDownloadAgain));
}

// A name for a message: control characters and length are the file's choice.
std::string shown(std::string_view name) {
    constexpr std::size_t kShown = 80;
    std::string text;
    for (const char c : name.substr(0, kShown)) {
        const auto byte = static_cast<unsigned char>(c);
        text += byte < 0x20 || byte == 0x7f ? '?' : c;
    }
    return "\"" + text + (name.size() > kShown ? "...\"" : "\"");
}

bool has_control_character(std::string_view name) {
    for (std::size_t i = 0; i < name.size(); ++i) {
        const auto byte = static_cast<unsigned char>(name[i]);
        const bool c1 =
            byte == 0xc2 && i + 1 < name.size() && static_cast<unsigned char>(name[i + 1]) < 0xa0;
        if (byte < 0x20 || byte == 0x7f || c1) {
            return true;
        }
    }
    return false;
}

struct RawEntry {
    std::string name{};
    std::optional<std::string> dtype{};
    std::optional<std::vector<std::uint64_t>> shape{};
    std::optional<std::vector<std::uint64_t>> offsets{};
};

// Takes the header apart while it is parsed: nothing is built that the format does not know, the
// nesting is bounded by the places there are, and every key is seen, so that a second one of the
// same name is noticed.
class HeaderSax : public nlohmann::json_sax<nlohmann::json> {
public:
    std::map<std::string, RawEntry> entries{};
    std::map<std::string, std::string> metadata{};
    Message problem{};

    bool null() override { return fail(message("holds a null, which the format does not know")); }

    bool boolean(bool) override {
        return fail(message("holds a true or false, which the format does not know"));
    }

    bool number_integer(number_integer_t value) override {
        return fail(message("holds the negative number {}{}", value, where()));
    }

    bool number_float(number_float_t, const string_t& text) override {
        return fail(
            message("holds {}{}, where only whole numbers may stand", text.substr(0, 40), where()));
    }

    bool binary(binary_t&) override { return fail(message("holds binary data")); }

    bool number_unsigned(number_unsigned_t value) override {
        if (place_ != Place::shape && place_ != Place::offsets) {
            return fail(message("holds the number {} where none may stand{}", value, where()));
        }
        auto& list = place_ == Place::shape ? *entry_->shape : *entry_->offsets;
        const std::size_t most = place_ == Place::shape ? kMaxDimensions : 2;
        if (list.size() == most) {
            return fail(
                message("gives {} more than {} {}", shown(entry_->name), most,
                        place_ == Place::shape ? message("dimensions") : message("offsets")));
        }
        if (place_ == Place::shape && value > kMaxDimension) {
            return fail(message("gives {} a dimension of {}; this program reads up to 2^48",
                                shown(entry_->name), value));
        }
        list.push_back(value);
        return true;
    }

    bool string(string_t& value) override {
        if (place_ == Place::metadata) {
            metadata[key_] = value;
            return true;
        }
        if (place_ == Place::entry && key_ == "dtype") {
            entry_->dtype = value;
            return true;
        }
        return fail(message("holds the text {} where none may stand{}", shown(value), where()));
    }

    bool start_object(std::size_t) override {
        switch (place_) {
        case Place::outside:
            place_ = Place::top;
            return true;
        case Place::top:
            place_ = key_ == "__metadata__" ? Place::metadata : Place::entry;
            break;
        case Place::metadata:
            return fail(message("has metadata that is not plain text"));
        default:
            return fail(message("nests an object where none may stand{}", where()));
        }
        if (place_ == Place::entry) {
            entry_ = &entries[key_];
            entry_->name = key_;
        }
        return true;
    }

    bool key(string_t& name) override {
        key_ = name;
        switch (place_) {
        case Place::top:
            return top_key();
        case Place::metadata:
            if (metadata.size() >= kMaxMetadata) {
                return fail(message("has more than {} metadata keys, which is more than this "
                                    "program reads",
                                    kMaxMetadata));
            }
            return metadata_keys_.insert(name).second ||
                   fail(message("has the metadata key {} twice", shown(name)));
        case Place::entry:
            if (name != "dtype" && name != "shape" && name != "data_offsets") {
                return fail(message("gives {} the field {}, which the format does not know",
                                    shown(entry_->name), shown(name)));
            }
            if ((name == "dtype" && entry_->dtype) || (name == "shape" && entry_->shape) ||
                (name == "data_offsets" && entry_->offsets)) {
                return fail(
                    message("gives {} the field {} twice", shown(entry_->name), shown(name)));
            }
            return true;
        default:
            return fail(message("has a key where none may stand"));
        }
    }

    bool end_object() override {
        place_ = place_ == Place::top ? Place::outside : Place::top;
        return true;
    }

    bool start_array(std::size_t) override {
        if (place_ != Place::entry || key_ == "dtype") {
            return fail(message("has a list where none may stand{}", where()));
        }
        place_ = key_ == "shape" ? Place::shape : Place::offsets;
        (place_ == Place::shape ? entry_->shape : entry_->offsets).emplace();
        return true;
    }

    bool end_array() override {
        place_ = Place::entry;
        return true;
    }

    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::json::exception& error) override {
        const bool utf8 = std::string_view(error.what()).find("UTF-8") != std::string_view::npos;
        return fail(message("is not valid {} at byte {}", utf8 ? "UTF-8" : "JSON", position));
    }

private:
    enum class Place { outside, top, metadata, entry, shape, offsets };

    bool fail(Message what) {
        if (problem.empty()) {
            problem = message("its header {}", what);
        }
        return false;
    }

    Message where() const {
        return entry_ != nullptr ? message(" (at {})", shown(entry_->name)) : Message{};
    }

    bool top_key() {
        if (key_ == "__metadata__") {
            const bool first = !has_metadata_;
            has_metadata_ = true;
            return first || fail(message("has __metadata__ twice"));
        }
        if (key_.empty()) {
            return fail(message("names a tensor with no name"));
        }
        if (key_.size() > kMaxNameBytes) {
            return fail(message("has a name of {} bytes; this program reads up to {}", key_.size(),
                                kMaxNameBytes));
        }
        if (has_control_character(key_)) {
            return fail(message("has control characters in the name {}", shown(key_)));
        }
        if (entries.contains(key_)) {
            return fail(message("names {} twice", shown(key_)));
        }
        return entries.size() < kMaxTensors ||
               fail(message("names more than {} tensors, which is more than this program reads",
                            kMaxTensors));
    }

    Place place_ = Place::outside;
    RawEntry* entry_ = nullptr;
    std::string key_{};
    std::set<std::string> metadata_keys_{};
    bool has_metadata_ = false;
};

std::uint64_t little_endian(std::span<const std::byte> bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 8; i-- > 0;) {
        value = value << 8U | std::to_integer<std::uint64_t>(bytes[i]);
    }
    return value;
}

// What it is instead, for files that people take for safetensors. Returns when it may be one.
void recognise_others(std::string_view start, const std::string& file) {
    const Message pickle_advice =
        message("It may run code when it is opened, so this program never "
                "does. Get the .safetensors form of the same model, or "
                "convert it with a program you trust.");
    const auto first_word = start.find_first_not_of(" \t\r\n\xef\xbb\xbf");
    const std::string_view text =
        first_word == std::string_view::npos ? std::string_view{} : start.substr(first_word);
    if (text.starts_with("version https://git-lfs")) {
        refuse(ErrorCode::not_a_checkpoint, file,
               message("it is a Git LFS pointer, a note that stands for the real file"),
               message("Run `git lfs pull` in its folder, or download the file itself."));
    }
    if (text.starts_with("<")) {
        refuse(ErrorCode::not_a_checkpoint, file,
               message("it is a web page, not a model; the download went wrong"),
               message("Download the file itself; the site may want you to log in first."));
    }
    if (start.starts_with("PK\x03\x04") || start.starts_with("PK\x05\x06")) {
        refuse(ErrorCode::file_refused, file,
               message("it is a PyTorch pickle (or another zip archive), whatever its name says"),
               pickle_advice);
    }
    if (start.size() >= 2 && start[0] == '\x80' && start[1] >= 2 && start[1] <= 5) {
        refuse(ErrorCode::file_refused, file,
               message("it is a pickle (an old PyTorch checkpoint), whatever its name says"),
               pickle_advice);
    }
    if (start.starts_with("GGUF")) {
        refuse(ErrorCode::file_unsupported, file,
               message("it is a GGUF file, which this program does not read"),
               message("Get the .safetensors form of the same model."));
    }
    if (text.starts_with("{")) {
        refuse(ErrorCode::not_a_checkpoint, file, message("it is a JSON text, not a model"),
               message("Choose the .safetensors file beside it, or an index whose name ends in "
                       ".index.json."));
    }
}

TensorEntry checked_entry(const RawEntry& raw, std::uint64_t data_start, std::uint64_t data_size,
                          const std::string& file) {
    if (!raw.dtype || !raw.shape || !raw.offsets) {
        damaged(file, message("its header gives {} no {}", shown(raw.name),
                              !raw.dtype   ? "dtype"
                              : !raw.shape ? "shape"
                                           : "data_offsets"));
    }
    if (raw.offsets->size() != 2) {
        damaged(file, message("its header gives {} {} offsets instead of two", shown(raw.name),
                              raw.offsets->size()));
    }
    std::uint64_t bytes = dtype_bytes(*raw.dtype);
    if (bytes == 0) {
        refuse(ErrorCode::file_unsupported, file,
               message("its tensor {} is stored as {}, which this program does not read",
                       shown(raw.name), shown(*raw.dtype)),
               message("Get the file in float16, bfloat16 or float32."));
    }
    const auto [begin, end] = std::pair(raw.offsets->at(0), raw.offsets->at(1));
    if (end < begin) {
        damaged(file, message("its tensor {} ends at byte {}, before its begin at {}",
                              shown(raw.name), end, begin));
    }
    if (end > data_size) {
        damaged(file, message("its tensor {} ends at byte {}, but there are only {} bytes of "
                              "data; the file is cut off",
                              shown(raw.name), end, data_size));
    }
    const bool is_empty = std::ranges::find(*raw.shape, std::uint64_t{0}) != raw.shape->end();
    for (const std::uint64_t size : *raw.shape) {
        // Also where another dimension is 0: strides are products too.
        if (size > 0 && bytes > std::numeric_limits<std::int64_t>::max() / size) {
            damaged(file,
                    message("the shape of its tensor {} is larger than any file", shown(raw.name)));
        }
        bytes *= std::max<std::uint64_t>(size, 1);
    }
    bytes = is_empty ? 0 : bytes;
    if (bytes != end - begin) {
        damaged(file, message("its tensor {} takes {} bytes, but its shape and dtype {} make {}",
                              shown(raw.name), end - begin, *raw.dtype, bytes));
    }
    return {.name = raw.name,
            .dtype = *raw.dtype,
            .shape = std::vector<int64_t>(raw.shape->begin(), raw.shape->end()),
            .begin = data_start + begin,
            .end = data_start + end};
}

// The tensors fill the data from its first to its last byte, without holes and without sharing any.
void check_layout(const SafetensorsHeader& header, std::uint64_t data_start,
                  std::uint64_t file_size, const std::string& file) {
    std::vector<const TensorEntry*> ordered;
    for (const auto& [name, entry] : header.tensors) {
        ordered.push_back(&entry);
    }
    std::ranges::sort(ordered, {},
                      [](const TensorEntry* entry) { return std::pair(entry->begin, entry->end); });
    std::uint64_t position = data_start;
    for (const TensorEntry* entry : ordered) {
        if (entry->begin > position) {
            damaged(file, message("there is a gap of {} bytes before its tensor {}",
                                  entry->begin - position, shown(entry->name)));
        }
        if (entry->begin < position) {
            damaged(file, message("its tensor {} shares bytes with the one before it",
                                  shown(entry->name)));
        }
        position = entry->end;
    }
    if (position != file_size) {
        damaged(file, message("{} bytes at its end belong to no tensor", file_size - position));
    }
}

// One file, open for reading; closed again by itself.
struct OpenFile {
    explicit OpenFile(const std::filesystem::path& file) : path(file) {
        // O_NONBLOCK: opening a pipe without a writer must not freeze us.
        descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (descriptor < 0) {
            const int reason = errno;
            const bool missing = reason == ENOENT || reason == ENOTDIR;
            const std::string name = path.filename().string();
            throw Error(missing ? ErrorCode::file_missing : ErrorCode::file_unreadable,
                        missing
                            ? message("{} could not be opened: there is no such file.", name)
                            : message("{} could not be opened: {}.", name, system_words(reason)),
                        path.string());
        }

        struct stat opened {};

        if (::fstat(descriptor, &opened) != 0 || !S_ISREG(opened.st_mode)) {
            ::close(descriptor);
            throw Error(ErrorCode::file_unreadable,
                        message("{} could not be opened: it is not a regular file.",
                                path.filename().string()),
                        path.string());
        }
        size = static_cast<std::uint64_t>(opened.st_size);
    }

    ~OpenFile() { ::close(descriptor); }

    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;

    void read(std::span<std::byte> target, std::uint64_t offset) const {
        while (!target.empty()) {
            const ssize_t got =
                ::pread(descriptor, target.data(), target.size(), static_cast<off_t>(offset));
            if (got < 0 && errno == EINTR) {
                continue;
            }
            if (got <= 0) {
                throw Error(got < 0 ? ErrorCode::file_unreadable : ErrorCode::file_changed,
                            message("{} could not be read: {}.", path.filename().string(),
                                    got < 0 ? system_words(errno)
                                            : message("it changed while it was read")),
                            path.string());
            }
            target = target.subspan(static_cast<std::size_t>(got));
            offset += static_cast<std::uint64_t>(got);
        }
    }

    std::filesystem::path path{};
    int descriptor = -1;
    std::uint64_t size = 0;
};

double half_value(std::uint64_t bits) {
    const int exponent = static_cast<int>(bits >> 10U & 31U);
    const double fraction = static_cast<double>(bits & 1023U) / 1024;
    const double size =
        exponent == 0 ? std::ldexp(fraction, -14) : std::ldexp(1 + fraction, exponent - 15);
    return (bits >> 15U) != 0 ? -size : size;
}

std::optional<double> value_of(std::string_view dtype, std::uint64_t bits) {
    if (dtype == "F32" || dtype == "BF16") {
        const auto word = static_cast<std::uint32_t>(dtype == "BF16" ? bits << 16U : bits);
        return std::bit_cast<float>(word);
    }
    if (dtype == "F16") {
        return half_value(bits);
    }
    return dtype == "F64" ? std::optional(std::bit_cast<double>(bits)) : std::nullopt;
}

} // namespace

SafetensorsHeader parse_safetensors_header(std::span<const std::byte> start,
                                           std::uint64_t file_size, const std::string& file) {
    const std::string_view text(reinterpret_cast<const char*>(start.data()), start.size());
    if (file_size == 0) {
        damaged(file, message("it is empty"));
    }
    const bool long_enough = file_size > 8 && start.size() > 8;
    const std::uint64_t length = start.size() >= 8 ? little_endian(start) : 0;
    if (!long_enough || length > std::min(kFormatsHeaderBytes, file_size - 8) || text[8] != '{') {
        recognise_others(text, file);
    }
    if (file_size < 8 || start.size() < 8) {
        damaged(file,
                message("it has only {} bytes; a safetensors file has at least 8", file_size));
    }
    if (length > kFormatsHeaderBytes) {
        damaged(file, message("its header would be {} bytes long, more than the format's {}; "
                              "it is no safetensors "
                              "file, or its beginning is lost",
                              length, kFormatsHeaderBytes));
    }
    if (length > kMaxHeaderBytes && length <= file_size - 8) {
        refuse(ErrorCode::file_too_large, file,
               message("its header is {} bytes long; this program reads up to {}", length,
                       kMaxHeaderBytes),
               message("Save it anew with less metadata."));
    }
    if (length > file_size - 8) {
        damaged(
            file,
            message("its header should be {} bytes long, but only {} follow; the file is cut off",
                    length, file_size - 8));
    }
    LIKENESS_CHECK(start.size() - 8 >= length, "the caller gives the whole header");
    const std::string_view json = text.substr(8, length);
    if (!json.starts_with('{')) {
        damaged(file, message("its header does not begin with {; it is no safetensors file, or its "
                              "beginning is lost"));
    }
    const auto last = json.find_last_not_of(' ');
    if (json[last] != '}' || json.find('\0') != std::string_view::npos) {
        damaged(file, message("its header is followed by something other than spaces"));
    }

    HeaderSax sax;
    if (!nlohmann::json::sax_parse(json, &sax)) {
        damaged(file, sax.problem);
    }
    const std::uint64_t data_start = 8 + length;
    SafetensorsHeader header;
    header.metadata = std::move(sax.metadata);
    for (const auto& [name, raw] : sax.entries) {
        header.tensors.emplace(name, checked_entry(raw, data_start, file_size - data_start, file));
    }
    check_layout(header, data_start, file_size, file);
    return header;
}

bool SafetensorsHeader::any_starts(std::string_view start) const {
    const auto found = tensors.lower_bound(std::string(start));
    return found != tensors.end() && found->first.starts_with(start);
}

std::vector<std::byte> safetensors_start(std::uint64_t file_size, const ReadAt& read) {
    // Enough to tell what it is; the header's own length is believed only where it lies within the
    // file.
    std::vector<std::byte> start(std::min<std::uint64_t>(file_size, 4'096));
    read(start, 0);
    if (start.size() >= 8) {
        const std::uint64_t length = little_endian(start);
        if (length <= kMaxHeaderBytes && length <= file_size - 8 && 8 + length > start.size()) {
            const std::uint64_t known = start.size();
            start.resize(8 + length);
            read(std::span(start).subspan(known), known);
        }
    }
    return start;
}

SafetensorsHeader load_safetensors_header(const std::filesystem::path& path) {
    if (is_pickle_file(path)) {
        if (const auto converted = found_conversion(path)) {
            return load_safetensors_header(*converted);
        }
        const PickleStart start = pickle_start(path);
        return parse_safetensors_header(std::as_bytes(std::span(start.bytes)), start.file_size,
                                        path.filename().string());
    }
    const OpenFile file(path);
    const auto start = safetensors_start(
        file.size, [&](std::span<std::byte> target, std::uint64_t at) { file.read(target, at); });
    return parse_safetensors_header(start, file.size, path.filename().string());
}

std::vector<double> load_small_tensor(const std::filesystem::path& path,
                                      const SafetensorsHeader& header, const std::string& name,
                                      std::size_t most) {
    const auto found = header.tensors.find(name);
    const std::uint64_t width =
        found == header.tensors.end() ? 0 : dtype_bytes(found->second.dtype);
    if (width == 0 || (found->second.end - found->second.begin) / width > most) {
        return {};
    }
    std::vector<std::byte> bytes(found->second.end - found->second.begin);
    OpenFile(is_pickle_file(path) ? converted_pickle(path) : path).read(bytes, found->second.begin);
    std::vector<double> values;
    for (std::size_t at = 0; at + width <= bytes.size(); at += width) {
        std::uint64_t bits = 0;
        std::memcpy(&bits, bytes.data() + at, width); // little-endian, like every machine of ours
        if (const auto value = value_of(found->second.dtype, bits)) {
            values.push_back(*value);
        }
    }
    return values;
}

} // namespace likeness
