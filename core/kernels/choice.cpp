#include "core/kernels/choice.h"

#include "core/base/error.h"
#include "core/kernels/instructions.h"

#include <array>
#include <atomic>
#include <cstdlib>
#include <string>
#include <utility>

namespace likeness::kernels {

namespace {

constexpr std::array<std::pair<std::string_view, Kernel>, 4> kNames{
    {{"norm", Kernel::norm},
     {"linear", Kernel::linear},
     {"attention", Kernel::attention},
     {"convolution", Kernel::convolution}}};

constexpr unsigned bit(Kernel kernel) {
    return 1U << static_cast<unsigned>(kernel);
}

constexpr unsigned kAll = (1U << kNames.size()) - 1;

unsigned possible() {
    return instructions() == Instructions::none ? 0 : kAll;
}

unsigned listed(std::string_view list) {
    if (list == "0") {
        return kAll;
    }
    unsigned found = 0;
    while (!list.empty()) {
        const auto comma = list.find(',');
        const std::string_view word = list.substr(0, comma);
        list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
        unsigned one = 0;
        for (const auto& [name, kernel] : kNames) {
            one |= name == word ? bit(kernel) : 0;
        }
        if (one == 0) {
            // Whoever sets this reads English.
            throw Error(ErrorCode::bad_request,
                        verbatim("LIKENESS_CPU_KERNELS: there is no kernel \"" + std::string(word) +
                                 "\"; norm, linear, attention and convolution can be "
                                 "turned off, or all with 0."));
        }
        found |= one;
    }
    return found;
}

std::atomic<unsigned>& running() {
    static std::atomic<unsigned> kernels = [] {
        const char* const off = std::getenv("LIKENESS_CPU_KERNELS");
        return possible() & ~listed(off == nullptr ? "" : off);
    }();
    return kernels;
}

} // namespace

bool runs(Kernel kernel) {
    return (running().load(std::memory_order_relaxed) & bit(kernel)) != 0;
}

void turn_off(std::string_view list) {
    running() = possible() & ~listed(list);
}

} // namespace likeness::kernels
