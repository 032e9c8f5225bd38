#pragma once

#include "app/cli/problems.h"
#include "core/request/generation_request.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace likeness::cli {

// The share of a batch that one machine of several makes: every `count`-th line from `index` on.
struct Shard {
    std::size_t index = 1;
    std::size_t count = 1;

    bool takes(std::size_t line) const { return line >= index && (line - index) % count == 0; }
};

// "2/4"; nullopt where it is none, or no such machine.
std::optional<Shard> parse_shard(const std::string& text);

// One line of a batch: a request by itself.
struct BatchLine {
    std::size_t number = 0; // in the file, from 1
    GenerationRequest request{};
    std::string out{}; // its own key "out": where its pictures go; empty: as the command says
};

// What is wrong with the lines of a batch, each with its number; of many only the first are told.
class LineProblems {
public:
    void add(std::size_t line, const Problems& problems);
    void tell(Problems& problems) const;

private:
    Problems told_;
    std::size_t wrong_lines_ = 0;
};

// The requests of that text, a JSON object a line; empty lines are passed over.
std::vector<BatchLine> read_batch_lines(const std::string& text, LineProblems& problems);

} // namespace likeness::cli
