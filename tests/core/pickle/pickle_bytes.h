#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

// Pickles and torch files made by hand, instruction by instruction, right or wrong.
namespace likeness::test {

template <typename Number>
std::string little(Number number) {
    std::string bytes;
    for (std::size_t i = 0; i < sizeof(Number); ++i) {
        bytes += static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * i) & 0xffU);
    }
    return bytes;
}

inline std::string text(const std::string& value) {
    return "X" + little(static_cast<std::uint32_t>(value.size())) + value;
}

inline std::string number(std::int64_t value) {
    return std::string("\x8a\x08") + little(value);
}

inline std::string global(const std::string& module, const std::string& name) {
    return "c" + module + "\n" + name + "\n";
}

inline std::string tuple(const std::string& items) {
    return "(" + items + "t";
}

inline std::string numbers(std::initializer_list<std::int64_t> values) {
    std::string items;
    for (const std::int64_t value : values) {
        items += number(value);
    }
    return tuple(items);
}

inline std::string pickle(const std::string& body) {
    return "\x80\x02" + body + ".";
}

// {key: value, ...}
inline std::string dict(std::initializer_list<std::pair<std::string, std::string>> entries) {
    std::string items;
    for (const auto& [key, value] : entries) {
        items += text(key) + value;
    }
    return "}(" + items + "u";
}

inline std::string storage(std::int64_t numel, const std::string& key = "0",
                           const std::string& kind = "FloatStorage") {
    return tuple(text("storage") + global("torch", kind) + text(key) + text("cpu") +
                 number(numel)) +
           "Q";
}

inline std::string tensor_of(const std::string& values, std::int64_t offset,
                             const std::string& shape, const std::string& stride) {
    return global("torch._utils", "_rebuild_tensor_v2") +
           tuple(values + number(offset) + shape + stride + "\x89" +
                 global("collections", "OrderedDict") + ")R") +
           "R";
}

// Two floats of the storage "0".
inline std::string good_tensor() {
    return tensor_of(storage(2), 0, numbers({2}), numbers({1}));
}

// A zip archive of stored members, and what may be wrong with it.
struct ZipBytes {
    std::vector<std::pair<std::string, std::string>> members{};
    std::uint16_t method = 0;
    std::uint16_t flags = 0;
    std::string local_name{};       // where it is another than the directory's
    std::int64_t moved = 0;         // of the last member's place in the directory
    std::uint32_t extra_size = 0;   // of the last member in the directory
    std::uint16_t more_members = 0; // than there are
    std::uint32_t directory_moved = 0;

    std::string bytes() const {
        std::string out, directory;
        for (std::size_t i = 0; i < members.size(); ++i) {
            const auto& [name, content] = members[i];
            const bool last = i + 1 == members.size();
            const auto place = static_cast<std::uint32_t>(static_cast<std::int64_t>(out.size()) +
                                                          (last ? moved : 0));
            const auto size = static_cast<std::uint32_t>(content.size()) + (last ? extra_size : 0);
            const std::string& local = local_name.empty() ? name : local_name;
            const std::string fixed = little<std::uint16_t>(0) + little(flags) + little(method) +
                                      little<std::uint32_t>(0) + little<std::uint32_t>(0);
            directory += "PK\x01\x02" + little<std::uint16_t>(0) + fixed + little(size) +
                         little(size) + little(static_cast<std::uint16_t>(name.size())) +
                         std::string(12, '\0') + little(place) + name;
            out += "PK\x03\x04" + fixed + little(size) + little(size) +
                   little(static_cast<std::uint16_t>(local.size())) + little<std::uint16_t>(0) +
                   local + content;
        }
        const auto count = static_cast<std::uint16_t>(members.size() + more_members);
        return out + directory + "PK\x05\x06" + std::string(4, '\0') + little(count) +
               little(count) + little(static_cast<std::uint32_t>(directory.size())) +
               little(static_cast<std::uint32_t>(out.size()) + directory_moved) +
               std::string(2, '\0');
    }
};

// A torch file in its zip form, with eight bytes in the storage "0".
inline std::string torch_zip(const std::string& object, std::size_t values = 8) {
    return ZipBytes{.members = {{"archive/data.pkl", object},
                                {"archive/byteorder", "little"},
                                {"archive/data/0", std::string(values, 'x')},
                                {"archive/version", "3\n"}}}
        .bytes();
}

inline const std::string kMagic{"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 15};

// A torch file in its older form: the same, after the object the list of keys and the storages.
inline std::string torch_old(const std::string& object, const std::string& keys,
                             const std::string& storages) {
    return kMagic + pickle("M\xe9\x03") + pickle(dict({{"little_endian", "\x88"}})) + object +
           keys + storages;
}

inline std::string torch_old(const std::string& object) {
    return torch_old(object, pickle("](" + text("0") + "e"),
                     little<std::int64_t>(2) + std::string(8, 'x'));
}

} // namespace likeness::test
