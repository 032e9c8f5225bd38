#pragma once

#include "core/weights/safetensors.h"

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

namespace likeness::test {

// A golden fixture: tests/golden/<name>.safetensors with the tensors `weights.*`, `input.*` and
// `output.*` and the reference's config in its metadata. The script that wrote it lies beside it.
class Fixture {
public:
    explicit Fixture(const std::string& name)
        : file_(SafetensorsFile::open(std::filesystem::path(LIKENESS_SOURCE_DIR) / "tests" /
                                      "golden" / (name + ".safetensors"))),
          config(nlohmann::json::parse(file_->metadata().at("config"))) {}

    Tensor input(const std::string& name) const { return take("input." + name); }

    Tensor output(const std::string& name) const { return take("output." + name); }

    bool has(const std::string& full_name) const { return file_->shape(full_name).has_value(); }

    // The weights under their published names, only those that begin with `prefix`.
    TensorMap tensors(const std::string& prefix = "") const {
        const std::string start = "weights." + prefix;
        TensorMap found;
        for (const std::string& name : file_->names()) {
            if (name.starts_with(start)) {
                found[name.substr(std::string("weights.").size())] = file_->take(name);
            }
        }
        return found;
    }

    Weights weights(const std::string& prefix = "") const {
        return Weights(std::make_shared<MapSource>(tensors(prefix)), WeightOptions{});
    }

private:
    Tensor take(const std::string& name) const {
        if (!has(name)) {
            throw std::out_of_range("the fixture has no tensor " + name);
        }
        return file_->take(name);
    }

    std::shared_ptr<SafetensorsFile> file_;

public:
    nlohmann::json config;
};

} // namespace likeness::test
