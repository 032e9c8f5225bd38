#include "core/weights/safetensors.h"

#include "core/base/atomic_file.h"
#include "core/base/check.h"
#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/base/wording.h"
#include "core/checkpoint/shard_index.h"
#include "core/pickle/conversion.h"
#include "core/weights/dtypes.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

namespace likeness {

namespace {

constexpr std::size_t kMaxShards = 1'000;
constexpr std::size_t kMaxTensors = 100'000; // of all shards together, as of one file

// The file and the folder it lies in: components of a model carry the same file names.
std::string shown(const std::filesystem::path& path) {
    const auto folder = path.parent_path().filename();
    return folder.empty() ? path.filename().string() : (folder / path.filename()).string();
}

[[noreturn]] void refuse_index(const std::filesystem::path& path, const Message& why) {
    throw Error(
        ErrorCode::file_damaged,
        message("{} could not be opened: {}.\nDownload the model again.", shown(path), why));
}

} // namespace

// One open file and what it was when it was opened.
struct SafetensorsFile::Shard {
    explicit Shard(std::filesystem::path file) : path(std::move(file)) { open(); }

    // The form that a pickle will have when its first value is asked for, and its first bytes.
    Shard(std::filesystem::path file, std::string start)
        : path(std::move(file)), unconverted(std::move(start)) {}

    void open() {
        descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (descriptor < 0) {
            const int reason = errno;
            const bool missing = reason == ENOENT || reason == ENOTDIR;
            throw Error(
                missing ? ErrorCode::file_missing : ErrorCode::file_unreadable,
                missing ? message("{} could not be opened: there is no such file.", shown(path))
                        : message("{} could not be opened: {}.", shown(path), system_words(reason)),
                path.string());
        }
        if (::fstat(descriptor, &opened) != 0 || !S_ISREG(opened.st_mode)) {
            ::close(descriptor);
            throw Error(ErrorCode::file_unreadable,
                        message("{} could not be opened: it is not a regular file.", shown(path)),
                        path.string());
        }
    }

    ~Shard() {
        if (descriptor >= 0) {
            ::close(descriptor);
        }
    }

    Shard(const Shard&) = delete;
    Shard& operator=(const Shard&) = delete;

    std::uint64_t size() const { return static_cast<std::uint64_t>(opened.st_size); }

    void convert() {
        path = converted_pickle(path);
        open();
        std::string start(unconverted.size(), '\0');
        if (size() < start.size()) {
            throw_changed();
        }
        read(reinterpret_cast<std::byte*>(start.data()), start.size(), 0);
        if (start != unconverted) { // the places that were told of would be others
            throw_changed();
        }
        unconverted.clear();
    }

    // For values; converts what is not converted yet.
    void fetch(std::byte* target, std::uint64_t count, std::uint64_t offset,
               const std::function<void()>& between = {}) {
        constexpr std::uint64_t kPiece =
            1U << 18U; // of a slow, busy disk less than a tenth of a second
        if (!unconverted.empty()) {
            convert();
        }
        while (between && count > kPiece) {
            read(target, kPiece, offset);
            target += kPiece;
            offset += kPiece;
            count -= kPiece;
            between();
        }
        read(target, count, offset);
        check_unchanged();
    }

    void read(std::byte* target, std::uint64_t count, std::uint64_t offset) const {
        constexpr std::uint64_t kMost = 1U << 30U; // one pread moves less than 2 GiB
        while (count > 0) {
            const ssize_t got =
                ::pread(descriptor, target, std::min(count, kMost), static_cast<off_t>(offset));
            if (got < 0 && errno == EINTR) {
                continue;
            }
            if (got < 0) {
                throw Error(ErrorCode::file_unreadable,
                            message("{} could not be read: {}.", shown(path), system_words(errno)),
                            path.string());
            }
            if (got == 0) {
                throw_changed();
            }
            target += got;
            offset += static_cast<std::uint64_t>(got);
            count -= static_cast<std::uint64_t>(got);
        }
    }

    // What was read is worth something only when the file is still the one that was opened.
    void check_unchanged() const {
        struct stat now {};

        struct stat named {};

        const bool same = ::fstat(descriptor, &now) == 0 && now.st_size == opened.st_size &&
                          now.st_mtim.tv_sec == opened.st_mtim.tv_sec &&
                          now.st_mtim.tv_nsec == opened.st_mtim.tv_nsec &&
                          ::stat(path.c_str(), &named) == 0 && named.st_ino == opened.st_ino &&
                          named.st_dev == opened.st_dev;
        if (!same) {
            throw_changed();
        }
    }

    [[noreturn]] void throw_changed() const {
        throw Error(ErrorCode::file_changed,
                    message("{} was changed while it was read.\nWait until it is written, then "
                            "open the model again.",
                            shown(path)),
                    path.string());
    }

    std::filesystem::path path{};
    std::string unconverted{};
    int descriptor = -1;

    struct stat opened {};
};

SafetensorsFile::~SafetensorsFile() = default;

std::shared_ptr<SafetensorsFile> SafetensorsFile::open(const std::filesystem::path& path) {
    std::shared_ptr<SafetensorsFile> file(new SafetensorsFile);
    if (!path.filename().string().ends_with(".json")) {
        if (is_pickle_file(path)) {
            file->add_pickle(path);
        } else {
            file->add_shard(path);
        }
        return file;
    }
    const auto weight_map = load_shard_index(path);
    std::set<std::string> names;
    for (const auto& [name, shard] : weight_map) {
        names.insert(shard);
    }
    const std::vector<std::string> shards(names.begin(), names.end());
    if (shards.size() > kMaxShards) {
        refuse_index(path, message("it names {} files; this program reads up to {}", shards.size(),
                                   kMaxShards));
    }
    for (const std::string& shard : shards) {
        const std::filesystem::path beside = path.parent_path() / shard;
        is_pickle_file(beside) ? file->add_pickle(beside) : file->add_shard(beside);
    }
    for (const auto& [name, shard] : weight_map) {
        const auto found = file->shard_of_.find(name);
        if (found == file->shard_of_.end() || shards[found->second] != shard) {
            refuse_index(path, message("it says that {} holds the tensor {}, which is not so",
                                       shard, in_quotes(name)));
        }
    }
    if (file->entries_.size() != weight_map.size()) {
        const auto extra = std::ranges::find_if(
            file->entries_, [&](const auto& entry) { return !weight_map.contains(entry.first); });
        refuse_index(path, message("it does not name the tensor {}, which its files hold",
                                   in_quotes(extra->first)));
    }
    return file;
}

void SafetensorsFile::add_shard(const std::filesystem::path& path) {
    auto shard = std::make_unique<Shard>(path);
    const auto start =
        safetensors_start(shard->size(), [&](std::span<std::byte> target, std::uint64_t offset) {
            shard->read(target.data(), target.size(), offset);
        });
    SafetensorsHeader header = parse_safetensors_header(start, shard->size(), shown(path));
    shard->check_unchanged();
    add(std::move(shard), std::move(header));
}

void SafetensorsFile::add_pickle(const std::filesystem::path& path) {
    if (const auto converted = found_conversion(path)) {
        add_shard(*converted);
        return;
    }
    PickleStart start = pickle_start(path);
    SafetensorsHeader header = parse_safetensors_header(std::as_bytes(std::span(start.bytes)),
                                                        start.file_size, shown(path));
    add(std::make_unique<Shard>(path, std::move(start.bytes)), std::move(header));
}

void SafetensorsFile::add(std::unique_ptr<Shard> shard, SafetensorsHeader header) {
    for (auto& [name, entry] : header.tensors) {
        if (!shard_of_.emplace(name, shards_.size()).second) {
            throw Error(ErrorCode::file_damaged,
                        message("{} could not be opened: its tensor {} is in another of the "
                                "model's files too.\n"
                                "Download the model again.",
                                shown(shard->path), name));
        }
        entries_.emplace(name, std::move(entry));
    }
    if (entries_.size() > kMaxTensors) {
        throw Error(ErrorCode::file_too_large,
                    message("{} could not be opened: the model's files name more than {} tensors.",
                            shown(shard->path), kMaxTensors));
    }
    metadata_.merge(header.metadata);
    shards_.push_back(std::move(shard));
}

std::optional<std::vector<int64_t>> SafetensorsFile::shape(const std::string& name) const {
    const auto found = entries_.find(name);
    return found == entries_.end() ? std::nullopt : std::optional(found->second.shape);
}

Tensor SafetensorsFile::take(const std::string& name) {
    return take_in_pieces(name, {});
}

Tensor SafetensorsFile::take_in_pieces(const std::string& name,
                                       const std::function<void()>& between) {
    const TensorEntry& entry = entries_.at(name);
    Tensor tensor =
        at::empty(entry.shape, at::TensorOptions().dtype(dtype_from_name(entry.dtype)->type));
    shards_[shard_of_.at(name)]->fetch(static_cast<std::byte*>(tensor.data_ptr()),
                                       entry.end - entry.begin, entry.begin, between);
    return tensor;
}

Tensor SafetensorsFile::take_rows(const std::string& name, int64_t first, int64_t count) {
    const TensorEntry& entry = entries_.at(name);
    LIKENESS_CHECK(!entry.shape.empty() && first >= 0 && count >= 0 &&
                       first <= entry.shape[0] - count,
                   name, " has no rows ", first, " and following ", count);
    auto shape = entry.shape;
    shape[0] = count;
    Tensor tensor = at::empty(shape, at::TensorOptions().dtype(dtype_from_name(entry.dtype)->type));
    const auto row = entry.shape[0] == 0
                         ? 0
                         : (entry.end - entry.begin) / static_cast<std::uint64_t>(entry.shape[0]);
    shards_[shard_of_.at(name)]->fetch(static_cast<std::byte*>(tensor.data_ptr()),
                                       row * static_cast<std::uint64_t>(count),
                                       entry.begin + row * static_cast<std::uint64_t>(first));
    return tensor;
}

std::vector<std::string> SafetensorsFile::names() const {
    std::vector<std::string> names;
    for (const auto& [name, entry] : entries_) {
        names.push_back(name);
    }
    return names;
}

TensorMap load_safetensors(const std::filesystem::path& path) {
    const auto file = SafetensorsFile::open(path);
    TensorMap tensors;
    for (const std::string& name : file->names()) {
        tensors.emplace(name, file->take(name));
    }
    return tensors;
}

void save_safetensors(const std::filesystem::path& path, const TensorMap& tensors,
                      const std::map<std::string, std::string>& metadata) {
    struct Item {
        std::string name{};
        Tensor tensor{};
        const DtypeRow* dtype = nullptr;
    };

    std::vector<Item> items;
    for (const auto& [name, tensor] : tensors) {
        const DtypeRow* dtype = dtype_from_type(tensor.scalar_type());
        LIKENESS_CHECK(dtype != nullptr, "no safetensors dtype for ", name, ": ",
                       tensor.scalar_type());
        LIKENESS_CHECK(!name.empty() && name != "__metadata__", "not a tensor's name: ", name);
        items.push_back({name, tensor, dtype});
    }
    std::ranges::stable_sort(items, std::ranges::greater{},
                             &Item::dtype); // names are in order already

    nlohmann::ordered_json header = nlohmann::ordered_json::object();
    if (!metadata.empty()) {
        header["__metadata__"] = metadata;
    }
    std::uint64_t position = 0;
    for (const Item& item : items) {
        const std::uint64_t end = position + item.tensor.nbytes();
        header[item.name] = {{"dtype", item.dtype->name},
                             {"shape", item.tensor.sizes().vec()},
                             {"data_offsets", {position, end}}};
        position = end;
    }
    // Names and prompts may have come in bytes that are no text.
    std::string text =
        header.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    text.resize((text.size() + 7) / 8 * 8, ' ');
    const std::uint64_t length = text.size();

    AtomicFile file(path);
    file.write(std::as_bytes(std::span(&length, 1)));
    file.write(std::as_bytes(std::span(text)));
    for (const Item& item : items) {
        const Tensor dense = item.tensor.detach().to(at::kCPU).contiguous();
        file.write({static_cast<const std::byte*>(dense.const_data_ptr()), dense.nbytes()});
    }
    file.commit();
}

} // namespace likeness
