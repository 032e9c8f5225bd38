#pragma once

#include "core/base/hash.h"
#include "core/image/image.h"

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace likeness::test {

// The words of each line of tests/golden/<name>, without comments.
inline std::vector<std::vector<std::string>> fixture_lines(const std::string& name) {
    std::ifstream file(std::string(LIKENESS_SOURCE_DIR "/tests/golden/") + name);
    std::vector<std::vector<std::string>> lines;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line.front() == '#') {
            continue;
        }
        std::istringstream stream(line);
        std::vector<std::string> words;
        for (std::string word; stream >> word;) {
            words.push_back(word);
        }
        lines.push_back(words);
    }
    return lines;
}

inline std::string hash_of(const Image& image) {
    return sha256(image.bytes);
}

inline std::string hash_of(const std::vector<float>& values) {
    return sha256(std::as_bytes(std::span(values)));
}

} // namespace likeness::test
