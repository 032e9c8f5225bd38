// What a ladder of seven rungs costs against the same seven pictures, each with everything encoded
// anew as a picture by itself has it; as JSON. The model is loaded for both. For a ladder the text
// and the references are encoded once.
//
//   usage: ladder-cost MODEL PICTURE [REPEATS]

#include "core/imageio/load.h"
#include "core/request/comparison.h"
#include "core/request/model_folder.h"
#include "core/runner/torch_runner.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

using namespace likeness;

namespace {

double seconds_of(const std::function<void()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

} // namespace

int main(int argc, char* argv[]) {
    if (argc < 3) {
        std::fprintf(stderr, "usage: ladder-cost MODEL PICTURE [REPEATS]\n");
        return 2;
    }
    init_imageio();
    ComparisonSpec spec;
    spec.base = {.model = find_model(argv[1]).string(),
                 .prompt = "a photo of a mug on the beach, light from the left",
                 .references = {{.image = std::make_shared<const Image>(load_image(argv[2]))}},
                 .seed = 4211};
    spec.axes = {{.field = ComparisonField::ip_adapter_scale,
                  .values = ladder_axis_values(ComparisonField::ip_adapter_scale, 0, 1.2, 0.2)}};
    const std::vector<GenerationRequest> rungs = expand(spec);
    const auto runner = make_torch_runner();
    const Progress progress;
    runner->run(rungs.front(), progress); // loads and warms
    std::vector<double> ladders, singles;
    const int repeats = argc > 3 ? std::max(1, std::atoi(argv[3])) : 3;
    for (int repeat = 0; repeat < repeats; ++repeat) {
        ladders.push_back(seconds_of([&] {
            std::vector<GenerationRequest> ladder = rungs;
            for (GenerationRequest& rung : ladder) {
                // Another picture than in the run before: nothing is known of it at the first rung.
                rung.prompt += std::string(static_cast<std::size_t>(repeat + 1), '.');
            }
            runner->run_together(ladder, std::vector<Progress>(ladder.size(), progress),
                                 [](std::size_t, const Result&) {});
        }));
        singles.push_back(seconds_of([&] {
            for (std::size_t i = 0; i < rungs.size(); ++i) {
                GenerationRequest single = rungs[i];
                // Its own prompt and pixels: what a run by itself has to encode.
                single.prompt +=
                    std::string(static_cast<std::size_t>(repeat + 1), '!') + std::string(i, '!');
                single.references[0].image =
                    std::make_shared<const Image>(*single.references[0].image);
                runner->run(single, progress);
            }
        }));
    }
    const double ladder = *std::ranges::min_element(ladders);
    const double single = *std::ranges::min_element(singles);
    const nlohmann::json figures = {{"rungs", rungs.size()},
                                    {"ladder_seconds", ladder},
                                    {"singles_seconds", single},
                                    {"ratio", ladder / single}};
    std::printf("%s\n", figures.dump(2).c_str());
    return 0;
}
