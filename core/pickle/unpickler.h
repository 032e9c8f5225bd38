#pragma once

#include "core/base/message.h"
#include "core/pickle/byte_source.h"
#include "core/pickle/globals.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace likeness {

// A tensor as a pickle describes it. Its values lie in a storage, elsewhere in the file.
struct RawTensor {
    const TensorType* type = nullptr;
    std::string key{};        // of the storage
    std::uint64_t numel = 0;  // values of the storage, or bytes of an untyped one
    std::uint64_t item = 1;   // bytes of one of those
    std::uint64_t offset = 0; // in values of the tensor
    std::vector<std::uint64_t> shape{};
    std::vector<std::uint64_t> stride{}; // in values
};

// Reads pickles without doing what they say: names are names, calls are either one of the few that
// make a tensor or yield an object that is passed over. Nothing is imported, called or run. Every
// count, length and depth is bounded; whatever is outside the list of instructions that tensors
// need is an Error naming it, and so is a name that could run code.
class Unpickler {
public:
    using Id = std::uint32_t;

    enum class Kind : std::uint8_t {
        none,
        boolean,
        integer,
        long_integer, // more than 64 bits: its bytes
        real,
        text,
        tuple,
        list,
        dict, // keys and values in turn
        symbol,
        opaque,
        storage,
        tensor,
    };

    // Reads from `offset` on, no further than `end`. `file` is for messages.
    Unpickler(const ByteSource& source, std::uint64_t offset, std::uint64_t end, std::string file);

    // The object that the next pickle makes.
    Id next();

    // Where the pickle that was read last ends.
    std::uint64_t position() const { return begin_ + at_; }

    Kind kind(Id id) const { return nodes_[id].kind; }

    std::int64_t integer(Id id) const { return static_cast<std::int64_t>(nodes_[id].value); }

    std::string_view text(Id id) const; // of a text or a long_integer

    const std::vector<Id>& items(Id id) const { return lists_[nodes_[id].index]; }

    const RawTensor& tensor(Id id) const { return tensors_[nodes_[id].index]; }

    // What an opaque object would have been: "pytorch_lightning.callbacks.ModelCheckpoint".
    std::string opaque_name(Id id) const;
    bool is_torch_object(Id id) const;

    // The kind of numbers in the storage of that key; nullopt where no tensor named it.
    struct Storage {
        std::string key{};
        std::uint64_t numel = 0;
        const TensorType* type = nullptr;
    };

    const std::deque<Storage>& storages() const { return storages_; }

private:
    struct Node {
        Kind kind = Kind::none;
        std::uint32_t index = 0;
        std::uint64_t value = 0;
    };

    struct Text {
        std::uint64_t begin = 0;
        std::uint32_t size = 0;
    };

    struct Symbol {
        Text module{}, name{};
        Meaning meaning{};
    };

    // The bytes: fetched as far as they are asked for.
    void need(std::uint64_t count);
    template <typename Number>
    Number number();
    Text take(std::uint64_t count);
    Text line();
    std::string_view view(const Text& text) const;

    // The machine.
    bool step(std::uint8_t instruction);
    bool make_value(std::uint8_t instruction);
    bool make_group(std::uint8_t instruction);
    bool change_group(std::uint8_t instruction);
    bool remember(std::uint8_t instruction);
    bool call(std::uint8_t instruction);
    void push(const Node& node);
    void push(Id id);
    void push_list(Kind kind, std::vector<Id> items);
    void push_text(Kind kind, const Text& text);
    void push_long();
    void push_symbol();
    Id pop();
    std::vector<Id> pop_to_mark();
    Id top() const;
    void put(std::uint64_t index);
    void get(std::uint64_t index);
    void extend(Id target, const std::vector<Id>& items, Kind wanted);

    // What calls mean.
    void apply(Id callee, Id arguments);
    void load_storage(Id id);
    void make_ordered_dict(const std::vector<Id>& arguments);
    void make_tensor(const std::vector<Id>& arguments, const TensorType* type);
    void push_opaque(Id callee);
    std::uint64_t whole(Id id, MessageWords<0> what) const;
    std::vector<std::uint64_t> whole_list(Id id, MessageWords<0> what) const;
    [[noreturn]] void refuse_instruction(std::uint8_t instruction);

    const ByteSource& source_;
    std::uint64_t begin_;
    std::uint64_t end_;
    std::string file_;
    std::string bytes_{};
    std::size_t at_ = 0;

    std::deque<Node> nodes_;
    std::deque<std::vector<Id>> lists_;
    std::deque<Symbol> symbols_;
    std::deque<Storage> storages_;
    std::deque<RawTensor> tensors_;
    std::vector<Id> stack_;
    std::vector<std::uint32_t> marks_;
    std::vector<Id> memo_; // kNothing where nothing was put
    std::uint64_t pushes_ = 0;
    std::optional<Id> empty_tuple_;
};

} // namespace likeness
