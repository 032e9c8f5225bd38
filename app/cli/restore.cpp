#include "app/cli/command.h"
#include "core/base/wording.h"
#include "core/imageio/load.h"

#include <fmt/format.h>

namespace likeness::cli {

namespace {

void declare(CLI::App& command) {
    add_words(command, "PICTURE", "A picture this program made");
    add_switch(command, "json", "Errors as JSON lines on standard output too");
}

int run(Arguments& arguments, Console&) {
    if (arguments.words.size() != 1) {
        arguments.problems.add("restore takes one picture.");
    }
    arguments.problems.throw_if_any();
    const std::string& path = arguments.words.front();
    const auto request = read_embedded_request(path);
    if (!request) {
        throw Error(ErrorCode::file_unsupported,
                    message("{} carries no request: it was not made by this program, or another "
                            "one saved it anew.",
                            in_quotes(path)));
    }
    print(*request + "\n");
    return 0;
}

} // namespace

const Command kRestore{"restore", "Prints the request stored in a picture", declare, run};

} // namespace likeness::cli
