#include "core/runner/embed.h"

#include "app/cli/command.h"
#include "app/cli/interrupt.h"
#include "app/cli/named_files.h"
#include "core/base/wording.h"
#include "core/imageio/load.h"
#include "core/request/limits.h"
#include "core/request/model_folder.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

namespace likeness::cli {

namespace {

void declare(CLI::App& command) {
    add_words(command, "PICTURE", "Pictures, one or more");
    add_value(command, "model", "NAME|PATH", "Whose image encoder reads them [default starter]");
    add_value(command, "image-encoder", "PATH", "Folder of another image encoder");
    add_value(command, "device", "cpu|cuda|cuda:N", "[default best present]");
    add_value(command, "dtype", "float32|bfloat16|float16", "[default float32]");
    add_value(command, "threads", "N",
              "Of the processor" + range_words("threads", "0: as many as it has"));
    add_switch(command, "json", "One JSON object with the embeddings and similarities");
}

// A table as wide as its numbers: pictures are numbered, their names stand below.
std::string table(const std::vector<std::string>& names,
                  const std::vector<std::vector<double>>& similarities) {
    std::string text = "    ";
    for (std::size_t i = 0; i < names.size(); ++i) {
        text += fmt::format("{:>8}", i + 1);
    }
    text += '\n';
    for (std::size_t i = 0; i < names.size(); ++i) {
        text += fmt::format("{:>4}", i + 1);
        for (const double similarity : similarities[i]) {
            text += fmt::format("{:>8.4f}", similarity);
        }
        text += "  " + in_quotes(names[i]) + '\n';
    }
    return text;
}

int run(Arguments& arguments, Console& console) {
    Problems& problems = arguments.problems;
    const auto& names = arguments.words;
    if (names.empty()) {
        problems.add("embed takes at least one picture.");
    }
    EmbedRequest request{.image_encoder = arguments.value("image-encoder").value_or(""),
                         .device = arguments.value("device").value_or(""),
                         .dtype = arguments.value("dtype").value_or("float32")};
    if (const auto threads = arguments.value("threads")) {
        const auto count = parse_int(*threads);
        const Limit& row = limit("threads");
        if (count && *count >= row.minimum && *count <= row.maximum) {
            request.threads = *count;
        } else {
            problems.add(fmt::format("--threads is {}; it is a whole number from {} to {}.",
                                     in_quotes(*threads), row.minimum, row.maximum));
        }
    }
    try {
        request.model = find_installed(arguments.value("model").value_or("starter"));
    } catch (const Error& error) {
        problems.add(error);
    }
    std::vector<ImagePtr> images;
    for (const std::string& name : names) {
        check_interrupted();
        try {
            images.push_back(std::make_shared<const Image>(load_image(name)));
        } catch (const Error& error) {
            problems.add(error);
        }
    }
    problems.throw_if_any();

    check_interrupted();
    const Progress watched({}, [](const Stepped&) { check_interrupted(); });
    const auto embeds = embed_images(request, images, watched);
    std::vector<std::vector<double>> similarities;
    for (const auto& a : embeds) {
        auto& row = similarities.emplace_back();
        for (const auto& b : embeds) {
            row.push_back(cosine_similarity(a, b));
        }
    }
    if (console.json()) {
        Json json = {{"pictures", names}, {"image_embeds", embeds}, {"similarities", similarities}};
        print(to_line(json) + "\n");
    } else {
        print(table(names, similarities));
    }
    return 0;
}

} // namespace

const Command kEmbed{"embed", "Image embeddings and their pairwise cosine similarities", declare,
                     run};

} // namespace likeness::cli
