// likeness-engine: every command of `likeness`, which starts this program for those that need
// libtorch or OpenImageIO.
#include "app/cli/command_line.h"
#include "core/imageio/library_version.h"
#include "core/imageio/load.h"
#include "core/runner/machine.h"

#include <fmt/format.h>

namespace {

using namespace likeness;

constexpr const cli::Command* kCommands[] = {
    &cli::kGenerate,       &cli::kLadder,        &cli::kBatch,     &cli::kModelsList,
    &cli::kModelsInspect,  &cli::kModelsConvert, &cli::kEmbed,     &cli::kRestore,
    &cli::kBench,          &cli::kDoctor,        &cli::kTrainLora, &cli::kTrainDreamBooth,
    &cli::kTrainIpAdapter, &cli::kTrainCheck};

std::string version_words() {
    return fmt::format("likeness {}\nlibtorch {}\nCUDA: {}\nOpenImageIO {}\nQt: not linked\n",
                       LIKENESS_VERSION, torch_version(), cuda_words(), imageio_version());
}

} // namespace

int main(int argc, char** argv) {
    return cli::run_command_line({.commands = kCommands,
                                  .prepare = init_imageio,
                                  .version_words = version_words,
                                  .argc = argc,
                                  .argv = argv});
}
