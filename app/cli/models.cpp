#include "app/cli/command.h"
#include "app/cli/named_files.h"
#include "core/base/read_file.h"
#include "core/base/wording.h"
#include "core/imageio/file_kind.h"
#include "core/inspect/inspect.h"

#include <fstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace likeness::cli {

namespace {

namespace fs = std::filesystem;

void declare_inspect(CLI::App& command) {
    add_words(command, "PATH", "Installed name, folder or file");
    add_switch(command, "json", "One JSON object");
}

Json to_json(const ComponentReport& component) {
    return {{"name", component.name},
            {"file", component.file},
            {"variant", component.variant},
            {"tensors", component.tensors},
            {"parameters", component.parameters},
            {"bytes", component.bytes},
            {"dtypes", component.dtypes},
            {"problems", component.problems}};
}

Json to_json(const ModelReport& report) {
    Json components = Json::array(), adapters = Json::array();
    for (const ComponentReport& component : report.components) {
        components.push_back(to_json(component));
    }
    for (const AdapterReport& adapter : report.adapters) {
        adapters.push_back({{"name", adapter.name},
                            {"kind", adapter.kind},
                            {"num_tokens", adapter.num_tokens},
                            {"encoder_width", adapter.encoder_width},
                            {"encoder", adapter.encoder},
                            {"cross_attention_dim", adapter.cross_attention_dim},
                            {"layers", adapter.layers},
                            {"base", adapter.base},
                            {"file", to_json(adapter.file)}});
    }
    Json json = {{"path", report.path},        {"kind", report.kind},     {"family", report.family},
                 {"layout", report.layout},    {"words", report.words},   {"sound", report.sound()},
                 {"components", components},   {"ip_adapters", adapters}, {"notes", report.notes},
                 {"problems", report.problems}};
    if (!report.licence.empty()) {
        json["licence"] = report.licence;
    }
    if (report.lora) {
        const LoraReport& lora = *report.lora;
        json["lora"] = {{"kinds", lora.kinds},
                        {"rank", {lora.lowest_rank, lora.highest_rank}},
                        {"unet_layers", lora.unet_layers},
                        {"text_encoder_layers", lora.text_layers},
                        {"convolutions", lora.convolutions},
                        {"cross_attention_dim", lora.cross_attention_dim},
                        {"base", lora.base},
                        {"trained_on", lora.trained_on},
                        {"triggers", lora.triggers},
                        {"not_read", lora.strangers}};
    }
    if (report.word) {
        json["textual_inversion"] = {{"token", report.word->token},
                                     {"vectors", report.word->vectors},
                                     {"widths", report.word->widths},
                                     {"base", report.word->base}};
    }
    return json;
}

std::string line_of(const ComponentReport& component) {
    std::vector<std::string> dtypes;
    for (const auto& [dtype, count] : component.dtypes) {
        dtypes.push_back(component.dtypes.size() == 1 ? dtype
                                                      : fmt::format("{} x {}", count, dtype));
    }
    return fmt::format("{} tensors, {:.4g} M values, {}, {}{}", component.tensors,
                       static_cast<double>(component.parameters) / 1e6, fmt::join(dtypes, " + "),
                       byte_words(component.bytes).text(),
                       component.variant.empty() ? "" : ", variant " + component.variant);
}

std::string words_of(const ModelReport& report) {
    std::string text = fmt::format("{}: {}\n", in_quotes(report.path), report.words);
    const auto tell = [&text](const std::vector<std::string>& problems, const std::string& indent) {
        for (const std::string& problem : problems) {
            text += indent + "problem: " + problem + "\n";
        }
    };
    for (const ComponentReport& component : report.components) {
        text +=
            fmt::format("  {:<16} {}\n", component.name.empty() ? component.file : component.name,
                        line_of(component));
        tell(component.problems, "    ");
    }
    for (const AdapterReport& adapter : report.adapters) {
        text += fmt::format(
            "  adapter {}: {}, {} tokens, reads {} values of the image encoder, {} layers of {} "
            "values{}\n",
            adapter.name, adapter.kind, adapter.num_tokens, adapter.encoder_width, adapter.layers,
            adapter.cross_attention_dim, adapter.base.empty() ? "" : ", for " + adapter.base);
        text += fmt::format("    {}\n", line_of(adapter.file));
        tell(adapter.file.problems, "    ");
    }
    if (report.lora && !report.lora->trained_on.empty()) {
        text += fmt::format("  trained on {}\n", in_quotes(report.lora->trained_on));
    }
    if (report.lora && !report.lora->triggers.empty()) {
        text += fmt::format("  words it knows: {}\n",
                            in_quotes(fmt::format("{}", fmt::join(report.lora->triggers, ", "))));
    }
    if (!report.licence.empty()) {
        text += fmt::format("  licence: {}\n", in_quotes(report.licence));
    }
    for (const std::string& note : report.notes) {
        text += "  " + note + "\n";
    }
    tell(report.problems, "  ");
    text += report.sound() ? "  No problem was found.\n" : "";
    return text;
}

// A picture is recognised too: people drop the wrong file.
void tell_picture(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::vector<char> start(64);
    file.read(start.data(), static_cast<std::streamsize>(start.size()));
    start.resize(static_cast<std::size_t>(file.gcount()));
    const auto bytes = std::as_bytes(std::span(start));
    if (picture_kind(bytes) != PictureKind::none) {
        throw Error(ErrorCode::not_a_checkpoint,
                    message("{} is {}, not a model. `likeness restore` shows what a picture "
                            "was made with.",
                            in_quotes(path.string()), kind_words(bytes)));
    }
}

fs::path path_of(const std::string& name) {
    std::error_code ignored;
    // A pipe would make the first read wait for ever.
    if (fs::is_regular_file(name, ignored)) {
        tell_picture(name);
        return name;
    }
    return fs::is_directory(name, ignored) ? fs::path(name) : find_installed(name);
}

int run_inspect(Arguments& arguments, Console& console) {
    if (arguments.words.size() != 1) {
        arguments.problems.add("models inspect takes one name or path.");
    }
    arguments.problems.throw_if_any();
    const ModelReport report = inspect_model(path_of(arguments.words.front()));
    print(console.json() ? to_line(to_json(report)) + "\n" : words_of(report));
    return report.sound() ? 0 : exit_status(ErrorCode::model_mismatch);
}

} // namespace

const Command kModelsInspect{"models inspect", "What a file or folder is, without loading it",
                             declare_inspect, run_inspect};

} // namespace likeness::cli
