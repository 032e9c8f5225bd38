#include "app/cli/output_options.h"

#include "app/cli/output_paths.h"
#include "core/base/atomic_file.h"
#include "core/base/wording.h"

#include <fmt/format.h>

namespace likeness::cli {

void add_output_options(CLI::App& command, const std::string& default_out,
                        const std::string& naming) {
    add_value(command, "out", "PATH",
              fmt::format("Where pictures go: .png .jpg .tif .exr .webp; {} [default {}]", naming,
                          default_out));
    add_value(command, "preview-dir", "DIR", "Each step's preview as PNG [default none]");
    add_value(command, "dump", "FILE",
              "The intermediate tensors of the first picture as .safetensors [default none]");
    add_memory_option(command);
    add_switch(command, "json", "Events as JSON lines on standard output");
    add_switch(command, "force", "Write over existing files");
}

std::string dump_path(Arguments& arguments) {
    const std::string path = arguments.value("dump").value_or("");
    if (!path.empty()) {
        check_writable(path, arguments.has("force"), arguments.problems);
    }
    return path;
}

std::string make_preview_folder(const Arguments& arguments) {
    const std::string path = arguments.value("preview-dir").value_or("");
    if (!path.empty()) {
        make_folder(path);
    }
    return path;
}

void add_memory_option(CLI::App& command) {
    add_value(
        command, "memory", "auto|low|keep",
        "As much as is there, as little as goes, or everything stays loaded; none changes the "
        "picture [default auto]");
}

MemoryChoice memory_choice(Arguments& arguments) {
    const std::string word = arguments.value("memory").value_or("auto");
    const auto choice = memory_choice_from_string(word);
    if (!choice) {
        arguments.problems.add(
            fmt::format("--memory is {}; it is auto, low or keep.", in_quotes(word)));
    }
    return choice.value_or(MemoryChoice::automatic);
}

} // namespace likeness::cli
