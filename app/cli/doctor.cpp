#include "app/cli/command.h"
#include "app/cli/output_paths.h"
#include "core/base/atomic_file.h"
#include "core/base/wording.h"
#include "core/imageio/library_version.h"
#include "core/imageio/load.h"
#include "core/imageio/save.h"
#include "core/inspect/inspect.h"
#include "core/request/model_folder.h"
#include "core/runner/known_answer.h"
#include "core/runner/machine.h"

#include <cstdlib>
#include <functional>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

namespace likeness::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kWantedDiskBytes = 200'000'000; // room for pictures of one evening

void declare(CLI::App& command) {
    add_value(command, "device", "cpu|cuda|cuda:N",
              "Where the known answer is rendered [default best present]");
    add_switch(command, "json", "One JSON object");
}

// One line of the report.
struct Check {
    std::string name{};
    bool passed = false;
    std::string words{};
};

// Runs one check; what it throws is its failure.
Check check(const std::string& name, const std::function<std::string()>& run) {
    try {
        return {.name = name, .passed = true, .words = run()};
    } catch (const Error& error) {
        return {.name = name, .passed = false, .words = error.what()};
    }
}

std::string processor_words() {
    std::vector<std::string> features;
#if defined(__x86_64__)
    const std::pair<const char*, bool> known[] = {
        {"avx2", __builtin_cpu_supports("avx2") != 0},
        {"fma", __builtin_cpu_supports("fma") != 0},
        {"avx512f", __builtin_cpu_supports("avx512f") != 0},
        {"avx512bf16", __builtin_cpu_supports("avx512bf16") != 0}};
    for (const auto& [name, present] : known) {
        if (present) {
            features.emplace_back(name);
        }
    }
#endif
    const int threads = thread_count(0);
    return fmt::format("{} thread{}, {}", threads, threads == 1 ? "" : "s",
                       features.empty() ? "no vector features known"
                                        : fmt::format("{}", fmt::join(features, " ")));
}

std::string disk_words() {
    std::error_code problem;
    const fs::path here = fs::current_path(problem);
    const auto space = fs::space(here, problem);
    if (problem) {
        throw Error(ErrorCode::file_unreadable,
                    message("The disk of {} does not tell its free space: {}.",
                            in_quotes(here.string()), system_words(problem)));
    }
    if (space.available < kWantedDiskBytes) {
        throw Error(ErrorCode::write_failed,
                    message("only {} are free in {}; pictures may not fit",
                            byte_words(space.available), in_quotes(here.string())));
    }
    return fmt::format("{} free in {}", byte_words(space.available).text(),
                       in_quotes(here.string()));
}

// A folder of our own under the system's temporary one, gone at the end.
class ScratchFolder {
public:
    ScratchFolder() {
        std::string name = (fs::temp_directory_path() / "likeness-doctor-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) {
            throw Error(
                ErrorCode::write_failed,
                message("There is no room for a temporary folder: {}.", system_words(errno)));
        }
        path = name;
    }

    ~ScratchFolder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }

    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    fs::path path;
};

std::string picture_words() {
    const ScratchFolder scratch;
    const fs::path path = scratch.path / "picture.png";
    Image image = make_image(16, 16);
    for (std::size_t i = 0; i < image.bytes.size(); ++i) {
        image.u8()[i] = static_cast<std::uint8_t>(i * 7);
    }
    save_image(path, image, {.request_json = "{}"});
    if (load_image(path).bytes != image.bytes || read_embedded_request(path) != "{}") {
        throw Error(ErrorCode::internal, message("a picture came back from the disk changed"));
    }
    return fmt::format("OpenImageIO {}, a picture came back as it was written", imageio_version());
}

std::string model_words() {
    const ModelReport report = inspect_model(find_model("starter"));
    for (const ComponentReport& component : report.components) {
        if (!component.problems.empty()) {
            throw Error(ErrorCode::model_mismatch,
                        message("{}: {}", component.name, component.problems.front()));
        }
    }
    if (!report.sound()) {
        throw Error(ErrorCode::model_mismatch, message("the starter model is not whole"));
    }
    return fmt::format("starter: {}, {} adapter{}", report.words, report.adapters.size(),
                       report.adapters.size() == 1 ? "" : "s");
}

std::string answer_words(const std::string& device) {
    const KnownAnswer answer = check_known_answer(device);
    const std::string words = fmt::format("{:.1e} from the reference (allowed {:.0e}), {:.2f} s",
                                          answer.difference, answer.allowed, answer.seconds);
    if (!answer.right()) {
        throw Error(ErrorCode::internal, message("a known picture came out wrong: {}", words));
    }
    return words;
}

int run(Arguments& arguments, Console& console) {
    if (!arguments.words.empty()) {
        arguments.problems.add("doctor takes no names.");
    }
    arguments.problems.throw_if_any();
    const std::string device = arguments.value("device").value_or("");
    const Check checks[] = {
        check("device",
              [&] {
                  const PlacementWords words = placement_words(device, "");
                  return fmt::format("{} in {}; CUDA: {}", words.device, words.dtype, cuda_words());
              }),
        check("processor", processor_words),
        check("libtorch", torch_version),
        check("pictures", picture_words),
        check("disk", disk_words),
        check("model", model_words),
        check("known answer", [&] { return answer_words(device); }),
    };
    bool all_passed = true;
    Json list = Json::array();
    std::string text;
    for (const Check& one : checks) {
        all_passed = all_passed && one.passed;
        list.push_back({{"name", one.name}, {"passed", one.passed}, {"words", one.words}});
        text += fmt::format("{:<6} {:<13} {}\n", one.passed ? "ok" : "FAILED", one.name, one.words);
    }
    print(console.json() ? to_line({{"passed", all_passed}, {"checks", list}}) + "\n" : text);
    return all_passed ? 0 : 1;
}

} // namespace

const Command kDoctor{"doctor", "Device, libraries, disk, a known-answer render", declare, run};

} // namespace likeness::cli
