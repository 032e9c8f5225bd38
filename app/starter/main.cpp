// likeness-starter <stage>: renders, trains, exports and measures the starter model.

#include "app/starter/options.h"
#include "core/base/error.h"

#include <ATen/Parallel.h>

#include <csignal>
#include <functional>
#include <iostream>
#include <map>

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
    "  text        optional: the text encoder's first lessons, from captions alone\n"
    "  unet        the denoiser and the text encoder            --data\n"
    "  vision      the image encoder                            --data\n"
    "  ip          the image prompt adapter                     --data\n"
    "  evaluator   the network that judges pictures             --data\n"
    "  import      optional, first: a finished model as what later stages begin with   --folder "
    "--profile\n"
    "  export      a folder in Stable Diffusion's layout        --folder\n"
    "  samples     reference pictures of unseen products        --folder\n"
    "  bench       scores on unseen products, bench.json        --folder [--count --evaluator]\n"
    "\n"
    "  --minutes N   stop this slice after N minutes (60); the same command goes on later\n"
    "  --steps N     planned length of the whole stage\n"
    "  --threads N   (1)\n"
    "  --seed N      (1)\n";

const std::map<std::string, std::function<void(const Options&)>>& stages() {
    static const std::map<std::string, std::function<void(const Options&)>> table{
        {"render", run_render},
        {"vae", run_vae},
        {"latents", run_latents},
        {"decoder", run_decoder},
        {"tokenizer", run_tokenizer},
        {"text", run_text},
        {"unet", run_unet},
        {"vision", run_vision},
        {"ip", run_ip},
        {"evaluator", run_evaluator},
        {"import", run_import},
        {"export", run_export},
        {"samples", run_samples},
        {"bench", run_bench},
    };
    return table;
}

int run(int count, const char* const* words) {
    if (count < 2 || std::string(words[1]) == "--help") {
        std::cout << kHelp;
        return count < 2 ? 2 : 0;
    }
    try {
        const auto options = parse_options(count, words);
        const auto stage = stages().find(options.stage);
        if (stage == stages().end()) {
            throw Error(ErrorCode::bad_request,
                        message("There is no stage \"{}\".", options.stage));
        }
        at::set_num_threads(options.threads);
        const auto stop = [](int) { stop_requested() = true; };
        std::signal(SIGTERM, stop);
        std::signal(SIGINT, stop);
        stage->second(options);
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
