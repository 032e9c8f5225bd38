#include "app/cli/command.h"
#include "app/cli/interrupt.h"
#include "core/base/wording.h"
#include "core/model_library/model_folders.h"
#include "core/model_library/pairing.h"
#include "core/model_library/scan.h"

#include <algorithm>

#include <fmt/format.h>

namespace likeness::cli {

namespace {

namespace fs = std::filesystem;

void declare(CLI::App& command) {
    add_value(command, "folder", "DIR",
              "Another folder to look through, repeatable; besides the program's own, those of the "
              "window's list and of LIKENESS_MODEL_PATHS");
    add_value(command, "kind", "KIND", "Only these: " + model_kind_words());
    add_value(command, "search", "WORDS", "Only what has all of these words in its name or family");
    add_switch(command, "hash",
               "Also the SHA-256 of each file of weights; the first time this takes a while");
    add_switch(command, "json", "One JSON object");
}

// What is asked for.
struct Wish {
    std::optional<ModelKind> kind{};
    std::string search{};
    std::vector<fs::path> folders{};
};

Wish wish_of(Arguments& arguments) {
    Wish wish{.search = arguments.value("search").value_or("")};
    if (!arguments.words.empty()) {
        arguments.problems.add("models list takes no names; --search finds them.");
    }
    if (const auto kind = arguments.value("kind")) {
        wish.kind = model_kind_from_string(*kind);
        if (!wish.kind) {
            arguments.problems.add(fmt::format("--kind is {}; it is one of {}.", in_quotes(*kind),
                                               model_kind_words()));
        }
    }
    std::error_code ignored;
    for (const Given& option : arguments.options) {
        if (option.name != "folder") {
            continue;
        }
        if (!fs::is_directory(option.value, ignored)) {
            arguments.problems.add(
                fmt::format("--folder is {}, which is no folder.", in_quotes(option.value)),
                ErrorCode::file_missing);
        }
        wish.folders.emplace_back(option.value);
    }
    arguments.problems.throw_if_any();
    return wish;
}

// Those that are wanted, with their hashes where those are.
std::vector<LibraryEntry> wanted(const Scan& scan, const Wish& wish) {
    std::vector<LibraryEntry> entries;
    std::ranges::copy_if(scan.entries, std::back_inserter(entries), [&](const LibraryEntry& entry) {
        return (!wish.kind || entry.kind == *wish.kind) && matches(entry, wish.search);
    });
    std::ranges::stable_sort(entries, {}, [](const LibraryEntry& entry) { return entry.kind; });
    return entries;
}

Json to_json(const LibraryEntry& entry, const Scan& scan) {
    Json json = likeness::to_json(entry);
    json.erase("content");
    const Pairing pairing = pairing_of(entry, scan.entries);
    if (!pairing.words.empty()) {
        json["goes_with"] = pairing.words.text();
    }
    if (!pairing.encoder.empty()) {
        json["image_encoder"] = pairing.encoder.string();
    }
    if (const auto same = same_content(entry, scan.entries); !same.empty()) {
        json["same_as"] = Json::array();
        for (const LibraryEntry* other : same) {
            json["same_as"].push_back(other->path.string());
        }
    }
    return json;
}

std::string text_of(const LibraryEntry& entry, const Scan& scan) {
    std::string text = fmt::format("{:<32} {:<17} {:<12} {}\n", entry.name, to_string(entry.kind),
                                   entry.family, byte_words(entry.bytes).text());
    text += fmt::format("    {}\n", in_quotes(entry.path.string()));
    for (const std::string& adapter : entry.ip_adapters) {
        text += fmt::format("    adapter {}{}\n", adapter,
                            adapter == entry.default_ip_adapter ? " (default)" : "");
    }
    const auto line = [&text](const char* what, const std::string& words) {
        text += words.empty() ? "" : fmt::format("    {}{}\n", what, words);
    };
    line("", pairing_of(entry, scan.entries).words.text());
    line("licence: ", entry.licence);
    for (const LibraryEntry* other : same_content(entry, scan.entries)) {
        line("the same as ", in_quotes(other->path.string()));
    }
    line("sha256 ", entry.sha256);
    line("cannot be used: ", entry.problem.text());
    return text;
}

// What was read before Ctrl+C need not be read again.
void add_hashes(Scan& scan, EntryCache& cache) {
    try {
        for (LibraryEntry& entry : scan.entries) {
            entry.sha256 = content_hash(entry, cache, check_interrupted);
        }
    } catch (const Cancelled&) {
        cache.save();
        throw;
    }
    cache.save();
}

int run(Arguments& arguments, Console& console) {
    const Wish wish = wish_of(arguments);
    EntryCache cache(EntryCache::default_file());
    const auto folders = all_model_folders(wish.folders);
    Scan scan = scan_models(folders, cache, {.check = check_interrupted});
    if (arguments.has("hash")) {
        add_hashes(scan, cache);
    }
    Json models = Json::array(), others = Json::array(), problems = Json::array();
    std::string text;
    for (const LibraryEntry& entry : wanted(scan, wish)) {
        (entry.kind == ModelKind::model ? models : others).push_back(to_json(entry, scan));
        text += text_of(entry, scan);
    }
    for (const Message& problem : scan.problems) {
        problems.push_back(problem.text());
        console.line(problem.text());
    }
    if (console.json()) {
        print(to_line({{"models", models}, {"others", others}, {"problems", problems}}) + "\n");
    } else {
        print(text.empty() ? "No model was found.\n" : text);
    }
    return 0;
}

} // namespace

const Command kModelsList{"models list", "Models, adapters, LoRAs and what else is installed",
                          declare, run};

} // namespace likeness::cli
