#pragma once

#include <cstdint>
#include <string_view>

namespace likeness {

// A kind of numbers that tensors are stored in.
struct TensorType {
    std::string_view dtype{};   // as safetensors spells it; empty for bytes of no kind yet
    std::uint64_t size = 1;     // bytes of one value
    std::string_view storage{}; // torch's class: "FloatStorage"
    std::string_view name{};    // torch's dtype: "float32"
};

// What a name in a pickle stands for to us. Nothing is ever imported or called.
enum class Role {
    inert, // an object that is passed over
    ordered_dict,
    rebuild_tensor,    // torch._utils._rebuild_tensor and _v2: the storage has the dtype
    rebuild_tensor_v3, // the dtype is an argument of its own
    rebuild_parameter, // the tensor is the first argument
    size,              // torch.Size: a tuple
    storage,
    dtype,
    unknown_torch, // of torch, and may be a tensor of a kind we do not read
};

struct Meaning {
    Role role = Role::inert;
    const TensorType* type = nullptr; // of a storage or a dtype
};

Meaning meaning_of(std::string_view module, std::string_view name);

// Whether that name can run programs, load code or reach outside the file. Its presence in a
// checkpoint is reason enough not to open it.
bool is_dangerous(std::string_view module, std::string_view name);

// 0 where it is no row of ours; greater is written first.
int dtype_rank(std::string_view dtype);

} // namespace likeness
