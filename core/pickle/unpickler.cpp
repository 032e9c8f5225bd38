#include "core/pickle/unpickler.h"

#include "core/base/wording.h"
#include "core/pickle/refusal.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include <fmt/format.h>

namespace likeness {

namespace {

// Limits far above any checkpoint (an SD 1.5 file with its EMA: 35,000 objects, 0.4 MB of pickle).
constexpr std::uint64_t kMostBytes = 16U << 20U;
constexpr std::uint64_t kMostObjects = 400'000;
constexpr std::uint64_t kMostPushes = 3'000'000;
constexpr std::uint64_t kMostTensors = 100'000;
constexpr std::uint64_t kMostText = 1U << 20U;
constexpr std::uint64_t kMostName = 256; // of a module or a class
constexpr std::uint64_t kMostKey = 64;   // of a storage
constexpr std::uint64_t kFetch = 64U << 10U;
constexpr std::size_t kMostDimensions = 8;
constexpr std::uint64_t kMostNumber = std::uint64_t{1} << 48;
constexpr Unpickler::Id kNothing = 0xffff'ffff;

// The instructions that tensors need, by their letters or bytes.
constexpr std::uint8_t kProto = 0x80, kNewObject = 0x81, kTuple1 = 0x85, kTuple2 = 0x86,
                       kTuple3 = 0x87, kTrue = 0x88, kFalse = 0x89, kLong1 = 0x8a, kEmptySet = 0x8f;

struct Named {
    std::uint8_t instruction;
    const char* name;
};

// Of the others, those that a file may really have.
constexpr Named kOthers[] = {{'i', "INST"},
                             {'o', "OBJ"},
                             {0x82, "EXT1"},
                             {0x83, "EXT2"},
                             {0x84, "EXT4"},
                             {0x92, "NEWOBJ_EX"},
                             {0x93, "STACK_GLOBAL"},
                             {'P', "PERSID"},
                             {'0', "POP"},
                             {'1', "POP_MARK"},
                             {'2', "DUP"},
                             {'S', "STRING"},
                             {'V', "UNICODE"},
                             {'I', "INT"},
                             {'L', "LONG"},
                             {'F', "FLOAT"},
                             {0x8b, "LONG4"},
                             {0x94, "MEMOIZE"},
                             {0x95, "FRAME"},
                             {'B', "BINBYTES"},
                             {'C', "SHORT_BINBYTES"},
                             {0x8e, "BINBYTES8"},
                             {0x8c, "SHORT_BINUNICODE"},
                             {0x8d, "BINUNICODE8"},
                             {0x90, "ADDITEMS"},
                             {0x91, "FROZENSET"},
                             {'T', "BINSTRING"},
                             {'d', "DICT"},
                             {'l', "LIST"},
                             {'p', "PUT"},
                             {'g', "GET"},
                             {0x96, "BYTEARRAY8"},
                             {0x97, "NEXT_BUFFER"},
                             {0x98, "READONLY_BUFFER"}};

} // namespace

Unpickler::Unpickler(const ByteSource& source, std::uint64_t offset, std::uint64_t end,
                     std::string file)
    : source_(source), begin_(offset), end_(end), file_(std::move(file)) {
    bytes_.reserve(std::min(kMostBytes, end - offset)); // never moved while it grows
}

Unpickler::Id Unpickler::next() {
    stack_.clear();
    marks_.clear();
    memo_.clear();
    while (true) {
        const auto instruction = number<std::uint8_t>();
        if (instruction == '.') {
            break;
        }
        if (!step(instruction)) {
            refuse_instruction(instruction);
        }
    }
    if (stack_.size() != 1 || !marks_.empty()) {
        damaged_pickle(file_,
                       message("its pickle ends with {} objects instead of one", stack_.size()));
    }
    return stack_.front();
}

std::string_view Unpickler::text(Id id) const {
    return view({nodes_[id].value, nodes_[id].index});
}

std::string Unpickler::opaque_name(Id id) const {
    if (nodes_[id].index == kNothing) {
        return {};
    }
    const Symbol& symbol = symbols_[nodes_[id].index];
    return fmt::format("{}.{}", view(symbol.module), view(symbol.name));
}

bool Unpickler::is_torch_object(Id id) const {
    return nodes_[id].index != kNothing &&
           symbols_[nodes_[id].index].meaning.role == Role::unknown_torch;
}

// ---- the bytes

void Unpickler::need(std::uint64_t count) {
    if (count <= bytes_.size() - at_) {
        return;
    }
    const std::uint64_t left = end_ - begin_ - at_;
    if (count > left) {
        damaged_pickle(file_, message("it ends within its pickle; the file is cut off"));
    }
    if (at_ + count > kMostBytes) {
        too_large_pickle(file_,
                         message("its pickle is longer than {}, which is more than this program "
                                 "reads",
                                 byte_words(kMostBytes)));
    }
    const std::size_t known = bytes_.size();
    bytes_.resize(std::min<std::uint64_t>(end_ - begin_, std::max(at_ + count, known + kFetch)));
    source_.read(std::as_writable_bytes(std::span(bytes_)).subspan(known), begin_ + known);
}

template <typename Number>
Number Unpickler::number() {
    need(sizeof(Number));
    Number number = 0;
    std::memcpy(&number, bytes_.data() + at_, sizeof(Number)); // little-endian, like our machines
    at_ += sizeof(Number);
    return number;
}

Unpickler::Text Unpickler::take(std::uint64_t count) {
    if (count > kMostText) {
        too_large_pickle(file_, message("its pickle has a text of {}; this program reads up to {}",
                                        byte_words(count), byte_words(kMostText)));
    }
    need(count);
    const Text text{at_, static_cast<std::uint32_t>(count)};
    at_ += count;
    return text;
}

Unpickler::Text Unpickler::line() {
    const std::uint64_t begin = at_;
    while (number<char>() != '\n') {
        if (at_ - begin > kMostName) {
            damaged_pickle(file_,
                           message("its pickle has a name of more than {} bytes", kMostName));
        }
    }
    return {begin, static_cast<std::uint32_t>(at_ - begin - 1)};
}

std::string_view Unpickler::view(const Text& text) const {
    return std::string_view(bytes_).substr(text.begin, text.size);
}

// ---- the machine

bool Unpickler::step(std::uint8_t instruction) {
    return make_value(instruction) || make_group(instruction) || change_group(instruction) ||
           remember(instruction) || call(instruction);
}

bool Unpickler::make_value(std::uint8_t instruction) {
    const auto push_integer = [this](std::int64_t value) {
        push(Node{Kind::integer, 0, static_cast<std::uint64_t>(value)});
    };
    switch (instruction) {
    case 'N':
        push(Node{Kind::none});
        return true;
    case kTrue:
    case kFalse:
        push(Node{Kind::boolean, 0, instruction == kTrue ? 1U : 0U});
        return true;
    case 'J':
        push_integer(number<std::int32_t>());
        return true;
    case 'K':
        push_integer(number<std::uint8_t>());
        return true;
    case 'M':
        push_integer(number<std::uint16_t>());
        return true;
    case kLong1:
        push_long();
        return true;
    case 'G':
        push(Node{Kind::real, 0, number<std::uint64_t>()}); // nobody asks for its value
        return true;
    case 'X':
        push_text(Kind::text, take(number<std::uint32_t>()));
        return true;
    case 'U':
        push_text(Kind::text, take(number<std::uint8_t>()));
        return true;
    default:
        return false;
    }
}

bool Unpickler::make_group(std::uint8_t instruction) {
    switch (instruction) {
    case ')':
        if (!empty_tuple_) {
            push_list(Kind::tuple, {});
            empty_tuple_ = top();
        } else {
            push(*empty_tuple_);
        }
        return true;
    case ']':
        push_list(Kind::list, {});
        return true;
    case '}':
        push_list(Kind::dict, {});
        return true;
    case kEmptySet:
        push(Node{Kind::opaque, kNothing});
        return true;
    case kTuple1:
    case kTuple2:
    case kTuple3: {
        std::vector<Id> items(instruction - kTuple1 + 1U);
        for (auto item = items.rbegin(); item != items.rend(); ++item) {
            *item = pop();
        }
        push_list(Kind::tuple, std::move(items));
        return true;
    }
    case 't':
        push_list(Kind::tuple, pop_to_mark());
        return true;
    case '(':
        if (++pushes_ > kMostPushes) {
            too_large_pickle(file_, message("its pickle has more than {} steps", kMostPushes));
        }
        marks_.push_back(static_cast<std::uint32_t>(stack_.size()));
        return true;
    default:
        return false;
    }
}

bool Unpickler::change_group(std::uint8_t instruction) {
    switch (instruction) {
    case 'a': {
        const Id value = pop();
        extend(top(), {value}, Kind::list);
        return true;
    }
    case 's': {
        const Id value = pop();
        const Id key = pop();
        extend(top(), {key, value}, Kind::dict);
        return true;
    }
    case 'e':
    case 'u': {
        const std::vector<Id> items = pop_to_mark();
        if (instruction == 'u' && items.size() % 2 != 0) {
            damaged_pickle(file_, message("its pickle has a key without a value"));
        }
        extend(top(), items, instruction == 'e' ? Kind::list : Kind::dict);
        return true;
    }
    default:
        return false;
    }
}

bool Unpickler::remember(std::uint8_t instruction) {
    switch (instruction) {
    case kProto: {
        const auto version = number<std::uint8_t>();
        if (version < 2 || version > 5) {
            unsupported_pickle(file_,
                               message("its pickle is of version {}; there are 2 to 5", version));
        }
        return true;
    }
    case 'q':
        put(number<std::uint8_t>());
        return true;
    case 'r':
        put(number<std::uint32_t>());
        return true;
    case 'h':
        get(number<std::uint8_t>());
        return true;
    case 'j':
        get(number<std::uint32_t>());
        return true;
    default:
        return false;
    }
}

bool Unpickler::call(std::uint8_t instruction) {
    switch (instruction) {
    case 'c':
        push_symbol();
        return true;
    case 'R':
    case kNewObject: {
        const Id arguments = pop();
        apply(pop(), arguments);
        return true;
    }
    case 'b': {
        pop(); // the state of an object that is passed over
        const Kind target = kind(top());
        if (target != Kind::dict && target != Kind::opaque) {
            damaged_pickle(file_, message("its pickle sets the inside of something that has none"));
        }
        return true;
    }
    case 'Q':
        load_storage(pop());
        return true;
    default:
        return false;
    }
}

void Unpickler::push(const Node& node) {
    if (nodes_.size() >= kMostObjects) {
        too_large_pickle(file_,
                         message("its pickle has more than {} objects, which no checkpoint needs",
                                 kMostObjects));
    }
    nodes_.push_back(node);
    push(static_cast<Id>(nodes_.size() - 1));
}

void Unpickler::push(Id id) {
    if (++pushes_ > kMostPushes) {
        too_large_pickle(file_, message("its pickle has more than {} steps", kMostPushes));
    }
    stack_.push_back(id);
}

void Unpickler::push_list(Kind kind, std::vector<Id> items) {
    lists_.push_back(std::move(items));
    push(Node{kind, static_cast<std::uint32_t>(lists_.size() - 1)});
}

void Unpickler::push_text(Kind kind, const Text& text) {
    push(Node{kind, text.size, text.begin});
}

void Unpickler::push_long() {
    const Text text = take(number<std::uint8_t>());
    if (text.size > 8) {
        push_text(Kind::long_integer, text);
        return;
    }
    std::uint64_t value = 0;
    std::memcpy(&value, bytes_.data() + text.begin, text.size);
    const bool negative =
        text.size > 0 && text.size < 8 &&
        (static_cast<unsigned char>(bytes_[text.begin + text.size - 1]) & 0x80U) != 0;
    if (negative) {
        value |= ~std::uint64_t{0} << (8 * text.size);
    }
    push(Node{Kind::integer, 0, value});
}

void Unpickler::push_symbol() {
    const Text module = line();
    const Text name = line();
    if (is_dangerous(view(module), view(name))) {
        refuse_pickle(
            ErrorCode::file_refused, file_,
            message(
                "its pickle names {}, which could run code on this machine; no checkpoint needs "
                "it. Nothing of it was run",
                in_quotes(fmt::format("{}.{}", view(module), view(name)))),
            message("Do not open this file in any other program. Get the model from another place, "
                    "as .safetensors."));
    }
    symbols_.push_back({module, name, meaning_of(view(module), view(name))});
    push(Node{Kind::symbol, static_cast<std::uint32_t>(symbols_.size() - 1)});
}

Unpickler::Id Unpickler::pop() {
    const std::size_t floor = marks_.empty() ? 0 : marks_.back();
    if (stack_.size() <= floor) {
        damaged_pickle(file_, message("its pickle takes an object where there is none"));
    }
    const Id id = stack_.back();
    stack_.pop_back();
    return id;
}

Unpickler::Id Unpickler::top() const {
    if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) {
        damaged_pickle(file_, message("its pickle takes an object where there is none"));
    }
    return stack_.back();
}

std::vector<Unpickler::Id> Unpickler::pop_to_mark() {
    if (marks_.empty()) {
        damaged_pickle(file_, message("its pickle ends a group that it did not begin"));
    }
    const auto first = stack_.begin() + marks_.back();
    std::vector<Id> items(first, stack_.end());
    stack_.erase(first, stack_.end());
    marks_.pop_back();
    return items;
}

void Unpickler::put(std::uint64_t index) {
    if (index >= kMostObjects) {
        too_large_pickle(file_,
                         message("its pickle numbers an object {}; this program reads up to {}",
                                 index, kMostObjects));
    }
    if (memo_.size() <= index) {
        memo_.resize(index + 1, kNothing);
    }
    memo_[index] = top();
}

void Unpickler::get(std::uint64_t index) {
    if (index >= memo_.size() || memo_[index] == kNothing) {
        damaged_pickle(file_,
                       message("its pickle asks for the object {}, which it did not make", index));
    }
    push(memo_[index]);
}

void Unpickler::extend(Id target, const std::vector<Id>& items, Kind wanted) {
    if (kind(target) == Kind::opaque) {
        return; // a dict or a list of somebody's own: passed over with what it holds
    }
    if (kind(target) != wanted) {
        damaged_pickle(file_, message("its pickle adds to something that holds nothing"));
    }
    auto& list = lists_[nodes_[target].index];
    list.insert(list.end(), items.begin(), items.end());
}

// ---- what calls mean

void Unpickler::push_opaque(Id callee) {
    push(Node{Kind::opaque, kind(callee) == Kind::none ? kNothing : nodes_[callee].index});
}

void Unpickler::apply(Id callee, Id arguments) {
    if (kind(callee) != Kind::symbol && kind(callee) != Kind::opaque) {
        damaged_pickle(file_, message("its pickle calls something that is no name"));
    }
    if (kind(arguments) != Kind::tuple) {
        damaged_pickle(file_, message("its pickle calls a name without arguments"));
    }
    const std::vector<Id> given = items(arguments);
    const Role role =
        kind(callee) == Kind::symbol ? symbols_[nodes_[callee].index].meaning.role : Role::inert;
    switch (role) {
    case Role::ordered_dict:
        make_ordered_dict(given);
        return;
    case Role::rebuild_tensor:
        make_tensor(given, nullptr);
        return;
    case Role::rebuild_tensor_v3: {
        const bool typed = given.size() >= 7 && kind(given[6]) == Kind::symbol &&
                           symbols_[nodes_[given[6]].index].meaning.role == Role::dtype;
        if (!typed) {
            unsupported_pickle(file_,
                               message("it has a tensor of numbers that this program does not "
                                       "read{}",
                                       given.size() >= 7 && kind(given[6]) == Kind::symbol
                                           ? " (" + opaque_name(given[6]) + ")"
                                           : ""));
        }
        make_tensor(given, symbols_[nodes_[given[6]].index].meaning.type);
        return;
    }
    case Role::rebuild_parameter:
        if (given.empty() || kind(given[0]) != Kind::tensor) {
            damaged_pickle(file_, message("it has a parameter without a tensor"));
        }
        push(given[0]);
        return;
    case Role::size:
        if (given.empty() || kind(given[0]) != Kind::tuple) {
            damaged_pickle(file_, message("it has a size without numbers"));
        }
        push(given[0]);
        return;
    default:
        push_opaque(callee);
    }
}

// OrderedDict(), or as Python 2 wrote it OrderedDict([[key, value], ...]).
void Unpickler::make_ordered_dict(const std::vector<Id>& arguments) {
    std::vector<Id> pairs;
    if (!arguments.empty()) {
        if (kind(arguments[0]) != Kind::list) {
            damaged_pickle(file_, message("it has a dictionary that is made of something else"));
        }
        for (const Id pair : items(arguments[0])) {
            const bool two =
                (kind(pair) == Kind::list || kind(pair) == Kind::tuple) && items(pair).size() == 2;
            if (!two) {
                damaged_pickle(file_, message("its pickle has a key without a value"));
            }
            pushes_ += 2;
            pairs.insert(pairs.end(), items(pair).begin(), items(pair).end());
        }
    }
    push_list(Kind::dict, std::move(pairs));
}

// ('storage', torch.FloatStorage, '12', 'cpu', 320), in old files with None behind.
void Unpickler::load_storage(Id id) {
    const auto wrong = [this](const Message& why) {
        damaged_pickle(file_, message("it has a storage that is none: {}", why));
    };
    if (kind(id) != Kind::tuple || items(id).size() < 5 || items(id).size() > 6) {
        wrong(message("its description is not of five parts"));
    }
    const std::vector<Id>& parts = items(id);
    if (kind(parts[0]) != Kind::text || text(parts[0]) != "storage") {
        wrong(message("it is not called so"));
    }
    if (kind(parts[1]) != Kind::symbol) {
        wrong(message("it has no kind"));
    }
    const Symbol& symbol = symbols_[nodes_[parts[1]].index];
    if (symbol.meaning.role != Role::storage) {
        unsupported_pickle(file_,
                           message("it has tensors of the kind {}, which this program does not "
                                   "read",
                                   in_quotes(opaque_name(parts[1]))));
    }
    if (kind(parts[2]) != Kind::text || text(parts[2]).empty() ||
        text(parts[2]).size() > kMostKey) {
        wrong(message("its key is no short text"));
    }
    if (parts.size() == 6 && kind(parts[5]) != Kind::none) {
        unsupported_pickle(file_, message("it has a view of a storage, as only very old files do"));
    }
    if (storages_.size() >= kMostObjects) {
        too_large_pickle(file_, message("it has more than {} storages", kMostObjects));
    }
    storages_.push_back({std::string(text(parts[2])),
                         whole(parts[4], words("the size of a storage")), symbol.meaning.type});
    push(Node{Kind::storage, static_cast<std::uint32_t>(storages_.size() - 1)});
}

std::uint64_t Unpickler::whole(Id id, MessageWords<0> what) const {
    if (kind(id) != Kind::integer || integer(id) < 0 ||
        static_cast<std::uint64_t>(integer(id)) > kMostNumber) {
        damaged_pickle(file_, message("{} is not a number from 0 to 2^48", message(what)));
    }
    return static_cast<std::uint64_t>(integer(id));
}

std::vector<std::uint64_t> Unpickler::whole_list(Id id, MessageWords<0> what) const {
    if (kind(id) != Kind::tuple || items(id).size() > kMostDimensions) {
        damaged_pickle(file_, message("{} of a tensor is not a list of up to {} numbers",
                                      message(what), kMostDimensions));
    }
    std::vector<std::uint64_t> numbers;
    for (const Id item : items(id)) {
        numbers.push_back(whole(item, what));
    }
    return numbers;
}

void Unpickler::make_tensor(const std::vector<Id>& arguments, const TensorType* type) {
    if (arguments.size() < 4 || kind(arguments[0]) != Kind::storage) {
        damaged_pickle(file_, message("it has a tensor without values"));
    }
    if (tensors_.size() >= kMostTensors) {
        too_large_pickle(file_, message("it has more than {} tensors", kMostTensors));
    }
    const Storage& storage = storages_[nodes_[arguments[0]].index];
    RawTensor tensor{.type = type != nullptr ? type : storage.type,
                     .key = storage.key,
                     .numel = storage.numel,
                     .item = storage.type->size,
                     .offset = whole(arguments[1], words("the place of a tensor")),
                     .shape = whole_list(arguments[2], words("the shape")),
                     .stride = whole_list(arguments[3], words("the stride"))};
    if (tensor.type->dtype.empty()) {
        damaged_pickle(file_, message("it has a tensor whose kind of numbers is not told"));
    }
    if (tensor.shape.size() != tensor.stride.size()) {
        damaged_pickle(file_, message("it has a tensor of {} dimensions with {} strides",
                                      tensor.shape.size(), tensor.stride.size()));
    }
    tensors_.push_back(std::move(tensor));
    push(Node{Kind::tensor, static_cast<std::uint32_t>(tensors_.size() - 1)});
}

void Unpickler::refuse_instruction(std::uint8_t instruction) {
    if (instruction == 'i') {
        push_symbol(); // names of its own are told first where they are dangerous
    }
    const auto* found = std::ranges::find(kOthers, instruction, &Named::instruction);
    if (found == std::end(kOthers)) {
        damaged_pickle(
            file_, message("its pickle has the byte {} where an instruction should stand; it is "
                           "damaged, or no pickle",
                           instruction));
    }
    refuse_pickle(
        ErrorCode::file_refused, file_,
        message("its pickle uses the instruction {}, which PyTorch does not write for tensors and "
                "which could run code",
                found->name),
        message("Get the .safetensors form of the same model."));
}

} // namespace likeness
