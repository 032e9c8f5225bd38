#include "ui/model/told_changes.h"

#include "core/base/read_file.h"

#include <algorithm>
#include <system_error>

#include <nlohmann/json.hpp>

namespace likeness {

namespace {

namespace fs = std::filesystem;
using TextPair = std::pair<std::string, std::string>;

constexpr std::uint64_t kMostToldBytes = 4U << 20U;
constexpr std::size_t kMostTold = 2000; // the oldest go

} // namespace

ToldChanges::ToldChanges(fs::path file) : file_(std::move(file)) {
    read();
}

bool ToldChanges::markTold(const std::string& path, const std::string& content) {
    const auto found = std::ranges::find(told_, path, &TextPair::first);
    if (found != told_.end()) {
        if (found->second == content) {
            return false;
        }
        told_.erase(found);
    }
    told_.emplace_back(path, content);
    if (told_.size() > kMostTold) {
        told_.erase(told_.begin());
    }
    keep();
    return true;
}

void ToldChanges::read() {
    std::error_code ignored;
    if (file_.empty() || !fs::exists(file_, ignored)) {
        return;
    }
    try {
        const nlohmann::json json = nlohmann::json::parse(read_text_file(file_, kMostToldBytes));
        told_ = json.get<std::vector<TextPair>>();
    } catch (const std::exception&) { // they are told again
        told_.clear();
    }
}

void ToldChanges::keep() {
    if (!file_.empty()) {
        const nlohmann::json json = told_;
        files_.write(file_, json.dump(0, ' ', false, nlohmann::json::error_handler_t::replace),
                     "what has changed is told again");
    }
}

} // namespace likeness
