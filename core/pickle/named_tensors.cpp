#include "core/pickle/named_tensors.h"

#include "core/base/wording.h"
#include "core/pickle/refusal.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace likeness {

namespace {

using Id = Unpickler::Id;
using Kind = Unpickler::Kind;

constexpr int kMostDepth = 16;
constexpr std::size_t kMostName = 1'024;
constexpr std::size_t kMostNames = 16U << 20U; // bytes of all names
constexpr std::size_t kMostSteps = 1'000'000;

bool is_plain_name(const std::string& name) {
    for (std::size_t i = 0; i < name.size(); ++i) {
        const auto byte = static_cast<unsigned char>(name[i]);
        const bool c1 =
            byte == 0xc2 && i + 1 < name.size() && static_cast<unsigned char>(name[i + 1]) < 0xa0;
        if (byte < 0x20 || byte == 0x7f || c1) {
            return false;
        }
    }
    try {
        static_cast<void>(nlohmann::json(name).dump()); // refuses what is not UTF-8
        return true;
    } catch (const nlohmann::json::exception&) {
        return false;
    }
}

class Gatherer {
public:
    Gatherer(const Unpickler& pickle, const std::string& file) : pickle_(pickle), file_(file) {}

    std::map<std::string, Id> found{};

    void gather(Id dict, const std::string& before, int depth) {
        if (depth > kMostDepth) {
            too_large_pickle(
                file_, message("its dictionaries lie more than {} deep in each other", kMostDepth));
        }
        const auto& items = pickle_.items(dict);
        for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
            if (++steps_ > kMostSteps) {
                too_large_pickle(file_,
                                 message("its dictionaries hold more than {} entries", kMostSteps));
            }
            const Kind kind = pickle_.kind(items[i + 1]);
            const Kind named = pickle_.kind(items[i]);
            if (kind == Kind::dict && (named == Kind::text || named == Kind::integer)) {
                gather(items[i + 1], before + key(items[i]) + ".", depth + 1);
            } else if (kind == Kind::tensor) {
                add(before + key(items[i]), items[i + 1]);
            } else if (kind == Kind::opaque && pickle_.is_torch_object(items[i + 1])) {
                unsupported_pickle(file_,
                                   message("its {} is made by {}, a kind of tensor this program "
                                           "does not read",
                                           in_quotes(before + key(items[i])),
                                           in_quotes(pickle_.opaque_name(items[i + 1]))));
            }
        }
    }

private:
    std::string key(Id id) const {
        switch (pickle_.kind(id)) {
        case Kind::text:
            return std::string(pickle_.text(id).substr(0, kMostName + 1));
        case Kind::integer:
            return std::to_string(pickle_.integer(id));
        default:
            damaged_pickle(file_, message("it names a tensor with something that is no text"));
        }
    }

    void add(const std::string& name, Id tensor) {
        names_ += name.size();
        if (name.size() > kMostName || names_ > kMostNames) {
            too_large_pickle(file_,
                             message("its tensors have names of more than {} bytes", kMostName));
        }
        if (name.empty() || name == "__metadata__" || !is_plain_name(name)) {
            damaged_pickle(file_, message("it has a tensor of the name {}", in_quotes(name)));
        }
        if (!found.emplace(name, tensor).second) {
            damaged_pickle(file_, message("it has two tensors of the name {}", in_quotes(name)));
        }
    }

    const Unpickler& pickle_;
    const std::string& file_;
    std::size_t steps_ = 0;
    std::size_t names_ = 0;
};

// The dictionary that stands for the whole, without what is only wrapped around it.
Id unwrapped(const Unpickler& pickle, Id root) {
    for (int depth = 0; depth < kMostDepth; ++depth) {
        const auto& items = pickle.items(root);
        std::size_t inner = items.size();
        for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
            const bool named = pickle.kind(items[i]) == Kind::text;
            const bool alone = items.size() == 2 && named &&
                               pickle.text(items[i]) != "image_proj" &&
                               pickle.text(items[i]) != "ip_adapter";
            if (pickle.kind(items[i + 1]) == Kind::dict &&
                (alone || (named && pickle.text(items[i]) == "state_dict"))) {
                inner = i + 1;
            }
        }
        if (inner >= items.size()) {
            break;
        }
        root = items[inner];
    }
    return root;
}

} // namespace

std::map<std::string, Id> named_tensors(const Unpickler& pickle, Id root, const std::string& file) {
    if (pickle.kind(root) == Kind::opaque) {
        unsupported_pickle(
            file, message("it is a whole object ({}), not tensors by name; such a file can "
                          "only be opened by running its code",
                          in_quotes(pickle.opaque_name(root))));
    }
    Gatherer gatherer(pickle, file);
    if (pickle.kind(root) == Kind::dict) {
        gatherer.gather(unwrapped(pickle, root), "", 0);
    }
    if (gatherer.found.empty()) {
        refuse_pickle(ErrorCode::not_a_checkpoint, file,
                      message("it is a pickle that holds no tensors by name"),
                      message("Choose the file of the model itself."));
    }
    return std::move(gatherer.found);
}

} // namespace likeness
