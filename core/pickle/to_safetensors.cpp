#include "core/pickle/to_safetensors.h"

#include "core/pickle/globals.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <tuple>

#include <nlohmann/json.hpp>

namespace likeness {

namespace {

constexpr std::uint64_t kPiece = 4U << 20U; // bytes written at once

void copy_bytes(const ByteSource& source, std::uint64_t offset, std::uint64_t count,
                std::vector<std::byte>& piece, const WriteBytes& write) {
    while (count > 0) {
        const std::span<std::byte> part(piece.data(), std::min(count, kPiece));
        source.read(part, offset);
        write(part);
        offset += part.size();
        count -= part.size();
    }
}

// Gathers a tensor whose values lie in another order than its own. It is cut into blocks that fit
// in memory; within one, values are fetched in the order in which they lie in the file.
class Gathering {
public:
    Gathering(const ByteSource& source, const PickledTensor& tensor, std::vector<std::byte>& piece)
        : tensor_(tensor), piece_(piece), values_(source) {
        // The dimensions from `split_` on fit whole; of the one before it, `rows_` at a time.
        split_ = tensor.shape.size();
        std::uint64_t inner = 1;
        while (split_ > 0 && inner * tensor.item * tensor.shape[split_ - 1] <= kPiece) {
            inner *= tensor.shape[--split_];
        }
        rows_ = split_ == 0 ? 1 : std::max<std::uint64_t>(1, kPiece / (inner * tensor.item));
    }

    void write(const WriteBytes& write) { blocks(0, tensor_.begin, write); }

private:
    void blocks(std::size_t dimension, std::uint64_t offset, const WriteBytes& write) {
        if (split_ == 0 || dimension + 1 == split_) {
            const std::uint64_t size = split_ == 0 ? 1 : tensor_.shape[dimension];
            for (std::uint64_t row = 0; row < size; row += rows_) {
                const std::uint64_t rows = std::min(rows_, size - row);
                const std::uint64_t from =
                    split_ == 0 ? offset : offset + row * tensor_.stride[dimension] * tensor_.item;
                write(std::span(piece_).first(block(from, rows)));
            }
            return;
        }
        for (std::uint64_t i = 0; i < tensor_.shape[dimension]; ++i) {
            blocks(dimension + 1, offset + i * tensor_.stride[dimension] * tensor_.item, write);
        }
    }

    struct Axis {
        std::uint64_t size = 1;
        std::uint64_t stride = 1; // bytes in the file
        std::uint64_t step = 1;   // bytes in the block
    };

    // Fills the piece with a block; returns its bytes.
    std::uint64_t block(std::uint64_t from, std::uint64_t rows) {
        std::vector<Axis> axes;
        std::uint64_t step = tensor_.item;
        for (std::size_t i = tensor_.shape.size(); i-- > (split_ == 0 ? 0 : split_ - 1);) {
            const bool is_cut = split_ > 0 && i + 1 == split_;
            const std::uint64_t size = is_cut ? rows : tensor_.shape[i];
            axes.push_back({size, tensor_.stride[i] * tensor_.item, step});
            step *= size;
        }
        std::ranges::stable_sort(axes, std::ranges::greater{}, &Axis::stride);
        fetch(axes, 0, from, 0);
        return step;
    }

    void fetch(const std::vector<Axis>& axes, std::size_t axis, std::uint64_t from,
               std::uint64_t to) {
        if (axis == axes.size()) {
            values_.read(std::span(piece_).subspan(to, tensor_.item), from);
            return;
        }
        const Axis& own = axes[axis];
        if (axis + 1 == axes.size() && own.stride == tensor_.item && own.step == tensor_.item) {
            values_.read(std::span(piece_).subspan(to, own.size * tensor_.item), from);
            return;
        }
        for (std::uint64_t i = 0; i < own.size; ++i) {
            fetch(axes, axis + 1, from + i * own.stride, to + i * own.step);
        }
    }

    const PickledTensor& tensor_;
    std::vector<std::byte>& piece_;
    ReadAhead values_;
    std::size_t split_ = 0;
    std::uint64_t rows_ = 1;
};

} // namespace

std::string safetensors_start_of(std::vector<PickledTensor>& tensors) {
    std::ranges::sort(tensors, [](const PickledTensor& a, const PickledTensor& b) {
        return std::tuple(-dtype_rank(a.dtype), a.name) < std::tuple(-dtype_rank(b.dtype), b.name);
    });
    nlohmann::ordered_json header = nlohmann::ordered_json::object();
    // Appended, not looked up: there are up to 100,000 of them, and no two of one name.
    auto& entries = header.get_ref<nlohmann::ordered_json::object_t&>();
    entries.reserve(tensors.size() + 1);
    entries.emplace_back("__metadata__", nlohmann::ordered_json{{"format", "pt"}});
    std::uint64_t position = 0;
    for (const PickledTensor& tensor : tensors) {
        const std::uint64_t end = position + tensor.bytes();
        entries.emplace_back(tensor.name,
                             nlohmann::ordered_json{{"dtype", tensor.dtype},
                                                    {"shape", tensor.shape},
                                                    {"data_offsets", {position, end}}});
        position = end;
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    const std::uint64_t length = text.size();
    std::string start(sizeof(length), '\0');
    std::memcpy(start.data(), &length, sizeof(length)); // little-endian, like our machines
    return start + text;
}

void write_values(const ByteSource& source, const std::vector<PickledTensor>& tensors,
                  const WriteBytes& write) {
    std::vector<std::byte> piece(kPiece);
    for (const PickledTensor& tensor : tensors) {
        if (tensor.values() == 0) {
            continue;
        }
        if (tensor.is_contiguous()) {
            copy_bytes(source, tensor.begin, tensor.bytes(), piece, write);
        } else {
            Gathering(source, tensor, piece).write(write);
        }
    }
}

} // namespace likeness
