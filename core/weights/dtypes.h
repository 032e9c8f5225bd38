#pragma once

#include "core/tensor/tensor.h"

#include <cstdint>
#include <string_view>

namespace likeness {

// A safetensors dtype that this program reads and writes.
struct DtypeRow {
    std::string_view name{};
    at::ScalarType type = at::kFloat;
    std::uint64_t size = 4; // bytes of one value
};

// In the order the reference writer sorts by, smallest first.
inline constexpr DtypeRow kDtypes[] = {
    {"BOOL", at::kBool, 1},
    {"U8", at::kByte, 1},
    {"I8", at::kChar, 1},
    {"F8_E5M2", at::kFloat8_e5m2, 1},
    {"F8_E4M3", at::kFloat8_e4m3fn, 1},
    {"I16", at::kShort, 2},
    {"F16", at::kHalf, 2},
    {"BF16", at::kBFloat16, 2},
    {"I32", at::kInt, 4},
    {"F32", at::kFloat, 4},
    {"F64", at::kDouble, 8},
    {"I64", at::kLong, 8},
};

// nullptr where this program does not read it.
constexpr const DtypeRow* dtype_from_name(std::string_view name) {
    for (const DtypeRow& row : kDtypes) {
        if (row.name == name) {
            return &row;
        }
    }
    return nullptr;
}

constexpr const DtypeRow* dtype_from_type(at::ScalarType type) {
    for (const DtypeRow& row : kDtypes) {
        if (row.type == type) {
            return &row;
        }
    }
    return nullptr;
}

} // namespace likeness
