#include "app/cli/command.h"
#include "core/base/wording.h"
#include "core/imageio/load.h"
#include "core/request/foreign_settings.h"
#include "core/request/json.h"
#include "core/request/json_text.h"
#include "core/request/model_folder.h"

#include <fmt/format.h>

namespace likeness::cli {

namespace {

void declare(CLI::App& command) {
    add_words(command, "PICTURE",
              "A picture this program made, or one of AUTOMATIC1111's or ComfyUI's");
    add_switch(command, "json", "Errors as JSON lines on standard output too");
}

// Keys of a later version of this program are its own business; cut text is nobody's.
void check_is_request(const std::string& text, const std::string& path) {
    try {
        if (parse_json_text(text).is_object()) {
            return;
        }
    } catch (const Error&) {
        // told below
    }
    throw Error(ErrorCode::file_damaged,
                message("The request in {} is damaged: it is no JSON object.", in_quotes(path)));
}

// What of another program's settings has a meaning here, as a request; nullopt: none are in it.
std::optional<std::string> foreign_request(const std::string& path, Console& console) {
    const auto settings = read_foreign_settings(read_foreign_texts(path), family_of_model);
    if (!settings) {
        return std::nullopt;
    }
    const GenerationRequest own;
    console.line(fmt::format("{} was made by {}: its noise is drawn otherwise, so the same seed "
                             "gives another picture here.",
                             in_quotes(path), settings->program));
    if (!settings->not_honoured.empty()) {
        console.line(fmt::format("Not honoured: {}.", joined(settings->not_honoured, ", ").text()));
    }
    return to_json(with_foreign_settings(own, *settings, family_of_model(own.model).value_or("")));
}

int run(Arguments& arguments, Console& console) {
    if (arguments.words.size() != 1) {
        arguments.problems.add("restore takes one picture.");
    }
    arguments.problems.throw_if_any();
    const std::string& path = arguments.words.front();
    auto request = read_embedded_request(path);
    if (request) {
        check_is_request(*request, path);
    } else {
        request = foreign_request(path, console);
    }
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
