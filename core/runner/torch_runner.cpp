#include "core/runner/torch_runner.h"

#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/base/seconds_since.h"
#include "core/kernels/choice.h"
#include "core/pipelines/measure.h"
#include "core/pipelines/sd_pipeline.h"
#include "core/request/given_vae.h"
#include "core/request/resolve.h"
#include "core/runner/check_training.h"
#include "core/runner/content_of_model.h"
#include "core/runner/file_stamp.h"
#include "core/runner/kept_adapters.h"
#include "core/runner/memory.h"
#include "core/runner/model_changes.h"
#include "core/runner/out_of_memory.h"
#include "core/runner/refiner_model.h"
#include "core/runner/throw_problems.h"
#include "core/runner/train.h"
#include "core/tensor/device.h"
#include "core/tensor/kept_memory.h"
#include "core/weights/safetensors.h"

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>

#include <fmt/format.h>

namespace likeness {

namespace {

using Clock = std::chrono::steady_clock;

// Thrown where an allocation failed; nothing is known yet of what could be spared.
struct MemoryRanOut : Error {
    explicit MemoryRanOut(std::string details)
        : Error(ErrorCode::out_of_memory, likeness::message("memory ran out"), std::move(details)) {
    }
};

std::string giga(std::uint64_t bytes) {
    return fmt::format("{:.1f} GB", static_cast<double>(bytes) / 1e9);
}

// After the smallest plan was tried, too.
Error ran_out(const MemoryPlan& plan, const std::string& detail) {
    return {ErrorCode::out_of_memory,
            plan.available_bytes == 0
                ? message("The picture was not made: memory ran out, although as much as possible "
                          "was spared.\nMake it smaller, choose a smaller model, or close other "
                          "programs.")
                : message("The picture was not made: memory ran out, although as much as possible "
                          "was spared. It needs about {}, and {} are there.\nMake it smaller, "
                          "choose a smaller model, or close other programs.",
                          giga(plan.predicted_peak_bytes), giga(plan.available_bytes)),
            detail};
}

// What cannot fit is not begun: the system ends programs that take what is not there.
void refuse_too_large(const MemoryPlan& plan) {
    const std::uint64_t there =
        free_memory_bytes(Swap::counted).value_or(0) + resident_memory_bytes();
    if (plan.predicted_peak_bytes / 100 * 90 > there) {
        throw Error(ErrorCode::out_of_memory,
                    message("The picture was not begun: with everything spared it needs about {} "
                            "of memory, and {} are there.\nMake it smaller, choose a smaller "
                            "model, or close other programs.",
                            giga(plan.predicted_peak_bytes), giga(there)));
    }
}

// Failures of others in the program's own words; their text goes to the detail.
template <typename Work>
auto guarded(Work&& work) {
    try {
        const c10::InferenceMode guard;
        return work();
    } catch (const Error&) {
        throw;
    } catch (const std::exception& error) {
        if (is_out_of_memory(error)) {
            throw MemoryRanOut(words_of(error));
        }
        if (dynamic_cast<const c10::Error*>(&error) != nullptr) {
            throw Error(ErrorCode::internal,
                        message("The picture was not made: the program made a mistake. Its details "
                                "are in the log."),
                        words_of(error));
        }
        throw;
    }
}

// What of a single file belongs to no component; extras that training leaves are not told.
std::optional<Message> unread_tensors(const ModelFolder& folder) {
    constexpr std::size_t kShown = 8;
    if (!folder.file || folder.file->unknown.empty()) {
        return std::nullopt;
    }
    std::vector<Message> names;
    for (const std::string& name : folder.file->unknown) {
        if (names.size() < kShown) {
            names.push_back(verbatim(name));
        }
    }
    return message("The file of the model {} has {} tensors that nothing reads, among them: {}.",
                   folder.name, folder.file->unknown.size(), joined(names, ", "));
}

// Records the steps on a GPU where LIKENESS_CUDA_GRAPHS is 1.
StepGraphs::Capture recorder(at::Device device) {
    const char* const wanted = std::getenv("LIKENESS_CUDA_GRAPHS");
    const bool on = wanted != nullptr && std::string_view(wanted) == "1";
    return on && device.is_cuda() && can_capture_cuda() ? capture_cuda : StepGraphs::Capture{};
}

// What the files of the last request take; headers are read only where it asks for others.
class KnownSizes {
public:
    const ModelBytes& of(const ModelFolder& folder, const AdapterKeys& adapters,
                         const MemoryNumbers& numbers) {
        Asked asked{folder.path,
                    folder.given_vae ? folder.given_vae->path : std::filesystem::path(), adapters,
                    numbers};
        if (asked_ != asked) {
            std::set<std::filesystem::path> files, encoders;
            for (const auto& [name, adapter] : adapters) {
                files.insert(adapter.file);
                encoders.insert(likely_image_encoder(folder, adapter.file, adapter.image_encoder));
            }
            encoders.erase(std::filesystem::path());
            bytes_ = model_bytes(folder, {files.begin(), files.end()},
                                 {encoders.begin(), encoders.end()}, numbers);
            asked_ = std::move(asked);
        }
        return bytes_;
    }

private:
    struct Asked {
        std::filesystem::path model{}, vae{};
        AdapterKeys adapters{};
        MemoryNumbers numbers{};

        bool operator==(const Asked&) const = default;
    };

    std::optional<Asked> asked_;
    ModelBytes bytes_;
};

class TorchRunner : public Runner {
public:
    explicit TorchRunner(RunnerOptions options) : options_(std::move(options)) {}

    Result run(const GenerationRequest& request, const Progress& progress) override {
        // A picture that was given before memory ran out is not given twice.
        int given = 0;
        const Progress once = progress.with_images([&](ImageReady ready) {
            if (ready.image_index >= given) {
                given = ready.image_index + 1;
                progress.image(std::move(ready));
            }
        });
        return sparingly([&] { return run_once(request, once); });
    }

    // Neighbours that one batch can make go together, the others one by one.
    void run_together(const std::vector<GenerationRequest>& requests,
                      const std::vector<Progress>& progress, const OnResult& on_result) override {
        for (std::size_t begin = 0; begin < requests.size();) {
            const std::size_t end =
                begin + guarded([&] { return count_together(requests, progress, begin); });
            if (end - begin == 1) {
                on_result(begin, run(requests[begin], progress[begin]));
            } else {
                make_together(requests, progress, begin, end, on_result);
            }
            begin = end;
        }
    }

    void prepare(const GenerationRequest& request, const Progress& progress) override {
        sparingly([&] {
            pipeline_->prepare(open(request, progress, For::encodings), progress);
            return 0;
        });
    }

    TrainingResult train(const TrainingRequest& request, const Progress& progress,
                         const TrainingListener& listener) override {
        return likeness::train(request, progress, listener);
    }

    TrainingCheck check_training(const TrainingRequest& request,
                                 const Progress& progress) override {
        return likeness::check_training(request, progress);
    }

    Result measure(const MeasureRequest& request, const Progress& progress) override {
        return sparingly([&] {
            const GenerationRequest resolved = open(request.request, progress, For::encodings);
            if (request.influence) {
                return pipeline_->influence(resolved, progress);
            }
            if (!pipeline_->adapter()) {
                return Result{.no_agreement =
                                  "no image encoder is loaded; it comes with the first reference"};
            }
            return likeness::measure(pipeline_->model(), *pipeline_->adapter()->image_tower,
                                     request, progress);
        });
    }

private:
    enum class For { picture, encodings };

    // How many from `begin` on one batch can make.
    std::size_t count_together(const std::vector<GenerationRequest>& requests,
                               const std::vector<Progress>& progress, std::size_t begin) {
        if (!options_.dump_path.empty() || begin + 1 == requests.size()) {
            return 1;
        }
        const GenerationRequest first = open(requests[begin], progress[begin], For::picture);
        const std::size_t left = std::min(requests.size() - begin, pipeline_->most_together(first));
        std::size_t count = 1;
        while (count < left &&
               pipeline_->can_go_together(
                   first, resolve(requests[begin + count], pipeline_->model().folder.traits))) {
            ++count;
        }
        return count;
    }

    // Those from `begin` to `end`; by themselves where memory does not do for all.
    void make_together(const std::vector<GenerationRequest>& requests,
                       const std::vector<Progress>& progress, std::size_t begin, std::size_t end,
                       const OnResult& on_result) {
        std::vector<Result> results;
        try {
            results = guarded([&] {
                std::vector<GenerationRequest> resolved;
                std::vector<Progress> own;
                for (std::size_t i = begin; i < end; ++i) {
                    resolved.push_back(open(requests[i], progress[i], For::picture));
                    own.push_back(progress[i]);
                }
                return pipeline_->generate_together(resolved, own);
            });
        } catch (const MemoryRanOut&) { // each by itself needs less
        }
        for (std::size_t i = begin; i < end; ++i) {
            on_result(i, results.empty() ? run(requests[i], progress[i])
                                         : told(std::move(results[i - begin]), 0));
        }
    }

    // With what this runner knows of every result.
    Result told(Result result, double load_seconds) const {
        result.seconds["load"] = load_seconds;
        if (const auto strangers = unread_tensors(pipeline_->model().folder)) {
            result.notices.push_back(*strangers);
        }
        result.notices.insert(result.notices.begin(), changes_.notices().begin(),
                              changes_.notices().end());
        result.peak_memory_bytes = peak_memory_bytes();
        return result;
    }

    // Runs it, and where memory runs out once more with nothing else held and the smallest plan.
    template <typename Work>
    std::invoke_result_t<Work&> sparingly(Work&& work) {
        hold_memory_back();
        smallest_ = false;
        try {
            return guarded(work);
        } catch (const MemoryRanOut&) { // what it holds is freed before the next try
        }
        forget();
        hold_memory_back();
        smallest_ = true;
        try {
            return guarded(work);
        } catch (const MemoryRanOut& error) {
            forget();
            throw ran_out(plan_, error.detail);
        }
    }

    // Lets go of everything that is loaded or remembered.
    void forget() {
        release_base();
        refiner_.release();
    }

    Result run_once(const GenerationRequest& request, const Progress& progress) {
        const auto begin = Clock::now();
        const GenerationRequest resolved = open(request, progress, For::picture);
        const double load = seconds_since(begin);
        TensorMap dump;
        const bool dumping = !options_.dump_path.empty();
        TensorDump into = dumping ? &dump : nullptr;
        std::vector<SdPipeline::HandedOver> handed_over;
        const bool refines = resolved.refiner.is_given();
        Result result = refines ? pipeline_->hand_over(resolved, progress, into, handed_over)
                                : pipeline_->generate(resolved, progress, into);
        result = told(std::move(result), load);
        if (refines) {
            refine(resolved, handed_over, progress, into, result);
        }
        result.peak_memory_bytes = peak_memory_bytes();
        if (dumping) {
            write_dump(dump);
            options_.dump_path.clear();
        }
        return result;
    }

    // What the request is going to need on top of what the program itself does.
    MemoryPlan plan(const GenerationRequest& request, const ModelFolder& folder,
                    const std::optional<ModelFolder>& refiner, const Placement& placement,
                    const AdapterKeys& keys) {
        const MemoryNumbers numbers{.value_bytes = c10::elementSize(placement.dtype),
                                    .packs = placement.device.is_cpu() &&
                                             placement.dtype == at::kBFloat16 &&
                                             kernels::runs(kernels::Kernel::convolution),
                                    .gpu = placement.device.is_cuda()};
        std::uint64_t available = 0;
        if (numbers.gpu) {
            if (!pipeline_) {
                device_free_ = device_memory(placement.device).free;
            }
            available = device_free_;
        } else if (const auto free = free_memory_bytes()) {
            available = *free + resident_memory_bytes();
        }
        const GenerationRequest resolved = resolve(request, folder.traits);
        std::optional<ModelNeeds> second;
        if (refiner) {
            second = {.model = refiner_sizes_.of(*refiner, {}, numbers),
                      .run = run_bytes(*refiner, resolved, numbers)};
        }
        return plan_memory({.model = sizes_.of(folder, keys, numbers),
                            .run = run_bytes(folder, resolved, numbers)},
                           second,
                           {.program = program_bytes_,
                            .available = available,
                            .has_loras = !request.loras.empty()},
                           numbers, smallest_ ? MemoryChoice::low : options_.memory);
    }

    // Makes the request's model and adapter the current ones; gives the request with the model's
    // defaults filled in.
    GenerationRequest open(const GenerationRequest& request, const Progress& progress,
                           For purpose) {
        set_threads(request.threads);
        const auto path = std::filesystem::canonical(find_model(request.model));
        const Placement placement = choose_placement(request.device, request.dtype);
        bool other = !pipeline_ || path != path_ || request.vae != vae_ || placement != placement_;
        if (!other && is_model_replaced()) {
            other = true;
            sizes_ = {};
        }
        const ModelFolder folder = other ? model_of(request) : pipeline_->model().folder;
        // What can be refused is refused before the long load.
        throw_problems(validate(request, folder.traits));
        std::optional<ModelFolder> refiner;
        if (request.refiner.is_given()) {
            refiner = RefinerModel::folder_of(request, folder);
        }
        const AdapterKeys keys = adapter_keys(request, folder);
        plan_ = plan(request, folder, refiner, placement, keys);
        progress.plan({.plan = plan_});
        if (purpose == For::picture && placement.device.is_cpu() && plan_.available_bytes > 0) {
            refuse_too_large(plan_);
        }
        const bool stream = plan_.has(MemoryStep::stream_encoders);
        other = other || (stream && !pipeline_->model().options.stream);
        if (plan_.has(MemoryStep::take_turns) || (other && !refiner)) {
            refiner_.release();
        }
        if (other) {
            const bool both_fit =
                plan_.available_bytes == 0 ||
                resident_memory_bytes() + plan_.predicted_peak_bytes < plan_.available_bytes;
            if (pipeline_ && !both_fit) {
                forget();
            }
            FileStamps stamps = stamps_of(weight_files(folder)); // as they are before they are read
            auto model = load_model(folder,
                                    {.dtype = placement.dtype,
                                     .device = placement.device,
                                     .pack = true,
                                     .stream = stream},
                                    progress);
            release_kept_memory(); // of the files' sizes, which no layer asks for
            changes_.reset(model);
            pipeline_.emplace(std::move(model),
                              PipelineOptions{.previews = options_.previews,
                                              .kept_latents_bytes = options_.kept_latents_bytes,
                                              .capture = recorder(placement.device)});
            path_ = path;
            vae_ = request.vae;
            stamps_ = std::move(stamps);
            placement_ = placement;
            adapters_.clear();
        }
        pipeline_->use_sparing(sparing());
        if (is_change_replaced(request)) {
            pipeline_->forget_steps();
        }
        if (!changes_.current(request)) {
            pipeline_->use_model(changes_.base()); // so that the old changes' memory is free
            pipeline_->use_model(changes_.changed(request, progress));
        }
        if (!keys.empty()) {
            adapters_.use(keys, *pipeline_, progress);
        }
        return resolve(request, folder.traits);
    }

    // Whether other files lie where the loaded model was read from: it was trained anew.
    bool is_model_replaced() const {
        return stamps_of(weight_files(pipeline_->model().folder)) != stamps_;
    }

    // Whether another LoRA or word lies under its path than was used before.
    bool is_change_replaced(const GenerationRequest& request) {
        bool any = false;
        const auto look = [&](const std::string& path) { any = seen_.is_replaced(path) || any; };
        for (const Lora& lora : request.loras) {
            look(lora.path);
        }
        for (const TextualInversion& word : request.textual_inversions) {
            look(word.path);
        }
        return any;
    }

    Sparing sparing() const {
        return {.two_passes = plan_.has(MemoryStep::two_passes),
                .tiled_decode = plan_.has(MemoryStep::tiled_decode)};
    }

    void refine(const GenerationRequest& resolved,
                const std::vector<SdPipeline::HandedOver>& handed_over, const Progress& progress,
                TensorDump dump, Result& result) {
        const auto begin = Clock::now();
        const ModelFolder folder = RefinerModel::folder_of(resolved, pipeline_->model().folder);
        if (plan_.has(MemoryStep::take_turns)) {
            release_base();
        }
        SdPipeline& refiner =
            refiner_.open(folder, placement_, plan_.has(MemoryStep::stream_encoders),
                          {.previews = options_.previews}, progress);
        refiner.use_sparing(sparing());
        result.seconds["load"] += seconds_since(begin);
        refiner.take_over(resolved, handed_over, progress, dump, result);
        if (const auto strangers = unread_tensors(folder)) {
            result.notices.push_back(*strangers);
        }
    }

    void release_base() {
        pipeline_.reset();
        changes_.reset(nullptr);
        adapters_.clear();
        release_kept_memory();
    }

    static void set_threads(int wanted) {
        const int threads =
            wanted > 0 ? wanted
                       : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
        if (at::get_num_threads() != threads) {
            at::set_num_threads(threads);
        }
        // All of them are there before memory grows scarce: OpenMP ends the program without one.
        at::parallel_for(0, threads, 1, [](int64_t, int64_t) {});
    }

    void write_dump(const TensorMap& dump) const {
        TensorMap plain;
        for (const auto& [name, tensor] : dump) {
            const bool whole = tensor.scalar_type() == at::kLong;
            plain[name] = (whole ? tensor : tensor.to(at::kCPU, at::kFloat)).contiguous();
        }
        save_safetensors(options_.dump_path, plain);
    }

    RunnerOptions options_;
    std::filesystem::path path_;
    std::string vae_;
    FileStamps stamps_; // of the loaded model's files
    Placement placement_;
    ModelChanges changes_;
    SeenFiles seen_;
    KeptAdapters adapters_;
    std::optional<SdPipeline> pipeline_;
    RefinerModel refiner_;
    std::uint64_t program_bytes_ = resident_memory_bytes();
    std::uint64_t device_free_ = 0;
    KnownSizes sizes_, refiner_sizes_;
    MemoryPlan plan_;
    bool smallest_ = false; // whatever else was chosen
};

} // namespace

std::unique_ptr<Runner> make_torch_runner(const RunnerOptions& options) {
    constexpr std::uint64_t kKeptMemory = std::uint64_t{256} << 20;
    keep_freed_memory(kKeptMemory);
    return std::make_unique<TorchRunner>(options);
}

} // namespace likeness
