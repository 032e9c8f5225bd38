#pragma once

#include "core/tensor/tensor.h"

#include <string_view>

namespace likeness {

// A safetensors dtype that this program reads and writes.
struct DtypeRow {
    std::string_view name{};
    at::ScalarType type = at::kFloat;
};

// In the order the reference writer sorts by, smallest first.
inline constexpr DtypeRow kDtypes[] = {
    {"BOOL", at::kBool},
    {"U8", at::kByte},
    {"I8", at::kChar},
    {"F8_E5M2", at::kFloat8_e5m2},
    {"F8_E4M3", at::kFloat8_e4m3fn},
    {"I16", at::kShort},
    {"F16", at::kHalf},
    {"BF16", at::kBFloat16},
    {"I32", at::kInt},
    {"F32", at::kFloat},
    {"F64", at::kDouble},
    {"I64", at::kLong},
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
