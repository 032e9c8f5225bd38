#include "core/pickle/zip_directory.h"

#include "core/base/wording.h"
#include "core/pickle/refusal.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

namespace likeness {

namespace {

using namespace std::string_view_literals;

constexpr std::uint64_t kEndBytes = 22; // of the end record without its comment
constexpr std::uint64_t kLocatorBytes = 20, kEnd64Bytes = 56, kCentralBytes = 46, kLocalBytes = 30;
constexpr std::uint64_t kMostComment = 65'535;
constexpr std::uint64_t kMostDirectory = 32U << 20U;
constexpr std::uint64_t kMostMembers = 100'000;
constexpr std::size_t kMostName = 1'024;
constexpr std::uint16_t kEncrypted = 1;
constexpr std::uint32_t kIn64 = 0xffff'ffff;

std::string bytes_at(const ByteSource& source, std::uint64_t offset, std::uint64_t count) {
    std::string bytes(count, '\0');
    source.read(std::as_writable_bytes(std::span(bytes)), offset);
    return bytes;
}

// A little-endian number of that text; the caller has checked the size.
template <typename Number>
Number number_at(std::string_view bytes, std::size_t at) {
    Number number = 0;
    std::memcpy(&number, bytes.data() + at, sizeof(number)); // little-endian, like our machines
    return number;
}

struct Directory {
    std::uint64_t begin = 0;
    std::uint64_t size = 0;
    std::uint64_t members = 0;
    std::uint64_t end = 0; // where the records that close the archive begin
};

class Reader {
public:
    Reader(const ByteSource& source, const std::string& file) : source_(source), file_(file) {}

    std::map<std::string, ZipMember> read() {
        const Directory directory = find();
        const std::string bytes = bytes_at(source_, directory.begin, directory.size);
        std::map<std::string, ZipMember> members;
        std::vector<std::pair<std::uint64_t, std::uint64_t>> places;
        std::size_t at = 0;
        for (std::uint64_t i = 0; i < directory.members; ++i) {
            Entry entry = central_entry(bytes, at);
            if (entry.header > directory.begin) {
                damaged_pickle(file_,
                               message("its part {} lies outside of it", in_quotes(entry.name)));
            }
            const ZipMember member = locate(entry, directory.begin);
            places.emplace_back(entry.header, member.begin + member.size);
            if (!members.emplace(entry.name, member).second) {
                damaged_pickle(file_,
                               message("it has two parts of the name {}", in_quotes(entry.name)));
            }
        }
        std::ranges::sort(places);
        for (std::size_t i = 1; i < places.size(); ++i) {
            if (places[i].first < places[i - 1].second) {
                damaged_pickle(file_,
                               message("two of its parts share the bytes at {}", places[i].first));
            }
        }
        return members;
    }

private:
    struct Entry {
        std::string name{};
        std::uint64_t size = 0;
        std::uint64_t header = 0; // of the member, before its bytes
    };

    Directory find() const {
        const std::uint64_t size = source_.size();
        if (size < kEndBytes) {
            cut();
        }
        const std::uint64_t start = size - std::min(size, kEndBytes + kMostComment);
        const std::string tail = bytes_at(source_, start, size - start);
        std::size_t at = tail.size() - kEndBytes;
        while (std::string_view(tail).substr(at, 4) != "PK\x05\x06"sv ||
               at + kEndBytes + number_at<std::uint16_t>(tail, at + 20) != tail.size()) {
            if (at-- == 0) {
                cut();
            }
        }
        Directory directory{.begin = number_at<std::uint32_t>(tail, at + 16),
                            .size = number_at<std::uint32_t>(tail, at + 12),
                            .members = number_at<std::uint16_t>(tail, at + 10),
                            .end = start + at};
        const bool parted =
            number_at<std::uint16_t>(tail, at + 4) != number_at<std::uint16_t>(tail, at + 6) ||
            number_at<std::uint16_t>(tail, at + 8) != directory.members;
        if (parted) {
            damaged_pickle(file_, message("it is an archive in several files"));
        }
        if (directory.end >= kLocatorBytes) {
            const std::string locator =
                bytes_at(source_, directory.end - kLocatorBytes, kLocatorBytes);
            if (locator.starts_with("PK\x06\x07")) {
                find_64(directory, number_at<std::uint64_t>(locator, 8));
            }
        }
        if (directory.begin > directory.end || directory.size > directory.end - directory.begin) {
            damaged_pickle(file_, message("its list of parts lies outside of it"));
        }
        if (directory.size > kMostDirectory || directory.members > kMostMembers) {
            too_large_pickle(file_, message("it has {} parts; this program reads up to {}",
                                            directory.members, kMostMembers));
        }
        return directory;
    }

    void find_64(Directory& directory, std::uint64_t at) const {
        if (at > directory.end || directory.end - at < kEnd64Bytes + kLocatorBytes) {
            damaged_pickle(file_, message("its list of parts lies outside of it"));
        }
        const std::string end = bytes_at(source_, at, kEnd64Bytes);
        if (!end.starts_with("PK\x06\x06")) {
            damaged_pickle(file_, message("its list of parts is not where it says"));
        }
        directory = {.begin = number_at<std::uint64_t>(end, 48),
                     .size = number_at<std::uint64_t>(end, 40),
                     .members = number_at<std::uint64_t>(end, 32),
                     .end = at};
    }

    Entry central_entry(std::string_view bytes, std::size_t& at) const {
        if (bytes.size() - at < kCentralBytes || bytes.substr(at, 4) != "PK\x01\x02"sv) {
            damaged_pickle(file_, message("its list of parts is cut off"));
        }
        const std::string_view fixed = bytes.substr(at, kCentralBytes);
        const std::size_t name = number_at<std::uint16_t>(fixed, 28);
        const std::size_t extra = number_at<std::uint16_t>(fixed, 30);
        const std::size_t rest = name + extra + number_at<std::uint16_t>(fixed, 32);
        if (bytes.size() - at - kCentralBytes < rest) {
            damaged_pickle(file_, message("its list of parts is cut off"));
        }
        Entry entry{.name = std::string(bytes.substr(at + kCentralBytes, name)),
                    .size = number_at<std::uint32_t>(fixed, 24),
                    .header = number_at<std::uint32_t>(fixed, 42)};
        check_name(entry.name);
        std::uint64_t stored = number_at<std::uint32_t>(fixed, 20);
        read_64(bytes.substr(at + kCentralBytes + name, extra), entry, stored);
        if ((number_at<std::uint16_t>(fixed, 8) & kEncrypted) != 0) {
            unsupported_pickle(file_, message("its part {} is encrypted", in_quotes(entry.name)));
        }
        if (number_at<std::uint16_t>(fixed, 10) != 0) {
            unsupported_pickle(file_, message("its part {} is compressed, as no checkpoint is",
                                              in_quotes(entry.name)));
        }
        if (stored != entry.size) {
            damaged_pickle(file_, message("its part {} has two sizes, {} and {}",
                                          in_quotes(entry.name), stored, entry.size));
        }
        at += kCentralBytes + rest;
        return entry;
    }

    // The numbers that do not fit in 32 bits stand in the extra field, in this order.
    void read_64(std::string_view extra, Entry& entry, std::uint64_t& stored) const {
        while (extra.size() >= 4) {
            const auto kind = number_at<std::uint16_t>(extra, 0);
            const std::size_t size = number_at<std::uint16_t>(extra, 2);
            if (size > extra.size() - 4) {
                break; // torch pads with what need not be a field
            }
            std::string_view field = extra.substr(4, size);
            extra.remove_prefix(4 + size);
            if (kind != 1) {
                continue;
            }
            for (std::uint64_t* wide : {&entry.size, &stored, &entry.header}) {
                if (*wide == kIn64 && field.size() >= 8) {
                    *wide = number_at<std::uint64_t>(field, 0);
                    field.remove_prefix(8);
                }
            }
            return;
        }
    }

    void check_name(const std::string& name) const {
        const bool plain = !name.empty() && name.size() <= kMostName && name.front() != '/' &&
                           std::ranges::none_of(name, [](char c) {
                               const auto byte = static_cast<unsigned char>(c);
                               return byte < 0x20 || byte == 0x7f || c == '\\' || c == ':';
                           });
        if (!plain || ("/" + name + "/").find("/../") != std::string::npos) {
            refuse_pickle(
                ErrorCode::file_refused, file_,
                message("its part {} has a name that would leave the archive", in_quotes(name)),
                message("No checkpoint needs that: delete the file if you do not know where it "
                        "comes from."));
        }
    }

    ZipMember locate(const Entry& entry, std::uint64_t end) const {
        const auto outside = [&] {
            damaged_pickle(file_, message("its part {} lies outside of it", in_quotes(entry.name)));
        };
        if (end - entry.header < kLocalBytes) {
            outside();
        }
        const std::string local = bytes_at(source_, entry.header, kLocalBytes);
        const std::uint64_t name = number_at<std::uint16_t>(local, 26);
        const std::uint64_t before = kLocalBytes + name + number_at<std::uint16_t>(local, 28);
        if (end - entry.header < before || end - entry.header - before < entry.size) {
            outside();
        }
        const bool same = local.starts_with("PK\x03\x04") && name == entry.name.size() &&
                          number_at<std::uint16_t>(local, 8) == 0 &&
                          bytes_at(source_, entry.header + kLocalBytes, name) == entry.name;
        if (!same) {
            damaged_pickle(
                file_, message("its part {} is not where its list says", in_quotes(entry.name)));
        }
        return {.begin = entry.header + before, .size = entry.size};
    }

    [[noreturn]] void cut() const {
        damaged_pickle(file_,
                       message("it is a pickle in a zip archive (or another archive) whose end is "
                               "missing; the file is cut off"));
    }

    const ByteSource& source_;
    const std::string& file_;
};

} // namespace

std::map<std::string, ZipMember> read_zip_directory(const ByteSource& source,
                                                    const std::string& file) {
    return Reader(source, file).read();
}

} // namespace likeness
