#pragma once

#include "core/imageio/load.h"
#include "core/request/training_result.h"
#include "core/runner/train.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

namespace likeness::test {

inline const std::filesystem::path kGolden =
    std::filesystem::path(LIKENESS_SOURCE_DIR) / "tests" / "golden";

// A short training of a tiny model on its own three references.
inline TrainingRequest tiny_request(const std::filesystem::path& out,
                                    const std::string& model = "tiny_sd") {
    TrainingRequest request{.model = (kGolden / model).string(),
                            .instance_prompt = "a red mug",
                            .resolution = 32,
                            .max_train_steps = 4,
                            .learning_rate = 0.01,
                            .rank = 2,
                            .seed = 3,
                            .device = "cpu",
                            .dtype = "float32",
                            .threads = 1,
                            .out = out.string()};
    for (const char* name : {"reference_0.png", "reference_1.png", "reference_2.png"}) {
        request.pictures.push_back(
            {.image = std::make_shared<const Image>(load_image(kGolden / model / name))});
    }
    return request;
}

inline std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// Trains, to the end or until it is stopped after that step.
inline TrainingResult train_until(const TrainingRequest& request, std::int64_t last = -1) {
    std::int64_t step = 0;
    return train(
        request, Progress{},
        {.on_step = [&step](const TrainingStep& taken) { step = taken.step; },
         .wish = [&step,
                  last] { return step == last ? TrainingWish::stop : TrainingWish::go_on; }});
}

} // namespace likeness::test
