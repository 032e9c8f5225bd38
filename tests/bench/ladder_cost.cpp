// What a ladder of seven rungs costs against the same seven pictures, each with everything encoded
// anew as a picture by itself has it; as JSON. The model is loaded for both. For a ladder the text
// and the references are encoded once. Then the seven rungs, and seven pictures that differ in
// their seeds, with so many at a time in one batch.
//
//   usage: ladder-cost MODEL PICTURE [REPEATS] [PIXELS] [STEPS]

#include "core/imageio/load.h"
#include "core/request/comparison.h"
#include "core/request/model_folder.h"
#include "core/runner/torch_runner.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <limits>
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

// The shortest time of these requests, `together` at a time; of each repeat another prompt.
double seconds_by(Runner& runner, std::vector<GenerationRequest> requests, std::size_t together,
                  int repeats) {
    double shortest = std::numeric_limits<double>::infinity();
    for (int repeat = 0; repeat < repeats; ++repeat) {
        for (GenerationRequest& request : requests) {
            request.prompt += ';';
        }
        const double seconds = seconds_of([&] {
            for (std::size_t begin = 0; begin < requests.size(); begin += together) {
                const std::size_t end = std::min(requests.size(), begin + together);
                runner.run_together({requests.begin() + static_cast<std::ptrdiff_t>(begin),
                                     requests.begin() + static_cast<std::ptrdiff_t>(end)},
                                    std::vector<Progress>(end - begin),
                                    [](std::size_t, const Result&) {});
            }
        });
        shortest = std::min(shortest, seconds);
    }
    return shortest;
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
    if (argc > 4) {
        spec.base.width = spec.base.height = std::atoi(argv[4]);
    }
    if (argc > 5) {
        spec.base.num_inference_steps = std::atoi(argv[5]);
    }
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
    std::vector<GenerationRequest> seeds(rungs.size(), spec.base);
    for (std::size_t i = 0; i < seeds.size(); ++i) {
        seeds[i].seed += i;
    }
    nlohmann::json rungs_by, seeds_by;
    for (const std::size_t together : {1, 2, 3, 4, 7}) {
        rungs_by[std::to_string(together)] = seconds_by(*runner, rungs, together, repeats);
        seeds_by[std::to_string(together)] = seconds_by(*runner, seeds, together, repeats);
    }
    const nlohmann::json figures = {{"rungs", rungs.size()},      {"ladder_seconds", ladder},
                                    {"singles_seconds", single},  {"ratio", ladder / single},
                                    {"rungs_together", rungs_by}, {"seeds_together", seeds_by}};
    std::printf("%s\n", figures.dump(2).c_str());
    return 0;
}
