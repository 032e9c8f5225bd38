#include "core/pickle/globals.h"

#include <algorithm>

namespace likeness {

namespace {

// In the order the reference writer of safetensors sorts by, smallest first.
constexpr TensorType kTypes[] = {
    {"BOOL", 1, "BoolStorage", "bool"},     {"U8", 1, "ByteStorage", "uint8"},
    {"I8", 1, "CharStorage", "int8"},       {"F8_E5M2", 1, "", "float8_e5m2"},
    {"F8_E4M3", 1, "", "float8_e4m3fn"},    {"I16", 2, "ShortStorage", "int16"},
    {"F16", 2, "HalfStorage", "float16"},   {"BF16", 2, "BFloat16Storage", "bfloat16"},
    {"I32", 4, "IntStorage", "int32"},      {"F32", 4, "FloatStorage", "float32"},
    {"F64", 8, "DoubleStorage", "float64"}, {"I64", 8, "LongStorage", "int64"},
};
constexpr TensorType kUntyped{"", 1, "UntypedStorage", ""};

// Roots of modules that run programs, load code or reach the network.
constexpr std::string_view kDangerousRoots[] = {
    "os",
    "posix",
    "nt",
    "sys",
    "subprocess",
    "shutil",
    "socket",
    "ctypes",
    "importlib",
    "runpy",
    "pty",
    "commands",
    "code",
    "codeop",
    "marshal",
    "pickle",
    "_pickle",
    "cPickle",
    "dill",
    "pdb",
    "bdb",
    "profile",
    "cProfile",
    "timeit",
    "pip",
    "asyncio",
    "requests",
    "urllib",
    "urllib2",
    "http",
    "ftplib",
    "smtplib",
    "webbrowser",
    "cloudpickle",
    "_posixsubprocess",
    "platform",
    "pydoc",
    "imp",
    "zipimport",
    "ensurepip",
    "site",
    "signal",
    "multiprocessing",
    "_ctypes",
    "_socket",
    "joblib",
    "shelve",
    "telnetlib",
    "pkgutil",
};
// Anywhere in a dotted name.
constexpr std::string_view kDangerousParts[] = {"os", "posix", "nt", "sys", "subprocess"};
constexpr std::string_view kDangerousNames[] = {"eval",   "exec",  "execfile",     "__import__",
                                                "system", "popen", "import_module"};
// The only built-in names that are nothing but values.
constexpr std::string_view kHarmlessBuiltins[] = {
    "set",    "frozenset", "bytearray", "complex", "bytes", "str",  "unicode",
    "int",    "long",      "float",     "bool",    "list",  "dict", "tuple",
    "object", "slice",     "range",     "xrange",  "type"};
constexpr std::string_view kDangerousTorch[] = {"torch.hub", "torch.jit", "torch.serialization",
                                                "torch.package", "torch.utils.cpp_extension"};

template <std::size_t Size>
bool holds(const std::string_view (&list)[Size], std::string_view name) {
    return std::ranges::find(list, name) != std::end(list);
}

bool any_part_is_dangerous(std::string_view dotted) {
    while (true) {
        const auto dot = dotted.find('.');
        if (holds(kDangerousParts, dotted.substr(0, dot))) {
            return true;
        }
        if (dot == std::string_view::npos) {
            return false;
        }
        dotted.remove_prefix(dot + 1);
    }
}

bool is_builtins(std::string_view module) {
    return module == "builtins" || module == "__builtin__" || module == "__builtins__";
}

const TensorType* find_type(std::string_view name, std::string_view TensorType::*field) {
    const auto* found = std::ranges::find(kTypes, name, field);
    return found == std::end(kTypes) || name.empty() ? nullptr : found;
}

} // namespace

bool is_dangerous(std::string_view module, std::string_view name) {
    if (is_builtins(module)) {
        return !holds(kHarmlessBuiltins, name);
    }
    return holds(kDangerousRoots, module.substr(0, module.find('.'))) ||
           any_part_is_dangerous(module) || any_part_is_dangerous(name) ||
           holds(kDangerousNames, name) ||
           holds(kDangerousNames, name.substr(name.find_last_of('.') + 1)) ||
           std::ranges::any_of(kDangerousTorch,
                               [&](std::string_view root) {
                                   return module == root ||
                                          (module.starts_with(root) &&
                                           module.substr(root.size()).starts_with('.'));
                               }) ||
           (module == "torch" && (name == "load" || name == "compile"));
}

Meaning meaning_of(std::string_view module, std::string_view name) {
    if (module == "collections" && name == "OrderedDict") {
        return {.role = Role::ordered_dict};
    }
    if (module == "torch._utils" && (name == "_rebuild_tensor" || name == "_rebuild_tensor_v2")) {
        return {.role = Role::rebuild_tensor};
    }
    if (module == "torch._utils" && name == "_rebuild_tensor_v3") {
        return {.role = Role::rebuild_tensor_v3};
    }
    if ((module == "torch._utils" && name == "_rebuild_parameter") ||
        (module == "torch.nn.parameter" && name == "Parameter")) {
        return {.role = Role::rebuild_parameter};
    }
    if (module == "torch") {
        if (name == "Size") {
            return {.role = Role::size};
        }
        if (name == "device") {
            return {};
        }
        if (const TensorType* type = find_type(name, &TensorType::storage)) {
            return {.role = Role::storage, .type = type};
        }
        if (const TensorType* type = find_type(name, &TensorType::name)) {
            return {.role = Role::dtype, .type = type};
        }
    }
    if (module == "torch.storage" && name == kUntyped.storage) {
        return {.role = Role::storage, .type = &kUntyped};
    }
    const bool of_torch = module == "torch" || module.starts_with("torch.");
    return {.role = of_torch ? Role::unknown_torch : Role::inert};
}

int dtype_rank(std::string_view dtype) {
    const TensorType* type = find_type(dtype, &TensorType::dtype);
    return type == nullptr ? 0 : static_cast<int>(type - std::begin(kTypes)) + 1;
}

} // namespace likeness
