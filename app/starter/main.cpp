// likeness-starter <stage>: renders, trains, exports and measures the starter model.

#include "app/starter/options.h"
#include "core/base/error.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <csignal>
#include <functional>
#include <iostream>
#include <map>
#include <string_view>
#include <vector>

namespace likeness::starter {

namespace {

constexpr const char* kHelp =
    "likeness-starter <stage> --out <folder of the run> [options]\n"
    "\n"
    "stages, in order:\n"
    "  render      draws the pictures it is trained on          --data --profile [--count]\n"
    "  vae         the autoencoder                              --data\n"
    "  latents     every picture through the autoencoder        --data [--count]\n"
    "  decoder     optional: the decoding half once more        --data\n"
    "  tokenizer   the vocabulary, from the captions' grammar\n"
    "  encoders    the image encoder, and the text encoder's first lessons   --data\n"
    "  unet        the denoiser and the text encoder            --data\n"
    "  ip          the image prompt adapter                     --data\n"
    "  plus        the adapter that reads the picture's patches --data\n"
    "  attributes  the network that judges pictures             --data\n"
    "  identity    the network that tells products apart        --data\n"
    "  import      optional, first: a finished model as what later stages begin with   --folder "
    "--profile\n"
    "  export      a folder in Stable Diffusion's layout        --folder\n"
    "  samples     reference pictures of unseen products        --folder\n"
    "  bench       the acceptance gates, bench.json and sheets  --folder [--suite full|mini "
    "--evaluators --adapters --count --degrade]\n"
    "  methods     image prompts, LoRA and DreamBooth side by side, methods.json and sheets   "
    "--folder\n"
    "              [--suite full|mini --evaluators --work --methods --captions class|place "
    "--text-encoder trained|kept --learning-rate --steps --first --count]\n"
    "\n"
    "Several stages, joined by commas, run one after the other in one process.\n"
    "\n"
    "  --minutes N   stop a stage's slice after N minutes (60, or what the profile says); the same "
    "command goes on later\n"
    "  --steps N     planned length of the whole stage\n"
    "  --device D    cpu (default), cuda or cuda:N\n"
    "  --threads N   (1)\n"
    "  --seed N      (1)\n";

const std::map<std::string, std::function<void(const Options&)>>& stages() {
    // clang-format off
    static const std::map<std::string, std::function<void(const Options&)>> table{
        {"render", run_render},
        {"vae", run_vae},
        {"latents", run_latents},
        {"decoder", run_decoder},
        {"tokenizer", run_tokenizer},
        {"encoders", run_encoders},
        {"unet", run_unet},
        {"ip", run_ip},
        {"plus", run_plus},
        {"attributes", run_attributes},
        {"identity", run_identity},
        {"import", run_import},
        {"export", run_export},
        {"samples", run_samples},
        {"bench", run_bench},
        {"methods", run_methods},
    };
    // clang-format on
    return table;
}

int run(int count, const char* const* words) {
    const std::vector<std::string_view> given(words + 1, words + count);
    if (given.empty() || std::ranges::find(given, "--help") != given.end()) {
        std::cout << kHelp;
        return given.empty() ? 2 : 0;
    }
    try {
        const auto options = parse_options(count, words);
        const auto wanted = split(options.stage);
        for (const auto& name : wanted) {
            if (!stages().contains(name)) {
                throw Error(ErrorCode::bad_request, message("There is no stage \"{}\".", name));
            }
        }
        at::set_num_threads(options.threads);
        const auto stop = [](int) { stop_requested() = true; };
        std::signal(SIGTERM, stop);
        std::signal(SIGINT, stop);
        for (const auto& name : wanted) {
            auto own = options;
            own.stage = name;
            stages().at(name)(own);
            if (stop_requested()) {
                break;
            }
        }
        return 0;
    } catch (const Error& error) {
        std::cerr << "error: " << error.what() << '\n';
        return exit_status(error.code);
    } catch (const std::exception& error) {
        std::cerr << "error: " << error.what() << '\n';
        return exit_status(ErrorCode::internal);
    }
}

} // namespace

} // namespace likeness::starter

int main(int count, char** words) {
    return likeness::starter::run(count, words);
}
