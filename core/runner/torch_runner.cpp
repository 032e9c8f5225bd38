#include "core/runner/torch_runner.h"

#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/pipelines/measure.h"
#include "core/pipelines/sd_pipeline.h"
#include "core/request/given_vae.h"
#include "core/request/resolve.h"
#include "core/runner/memory.h"
#include "core/runner/model_changes.h"
#include "core/tensor/device.h"
#include "core/tensor/kept_memory.h"
#include "core/weights/safetensors.h"

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>

namespace likeness {

namespace {

using Clock = std::chrono::steady_clock;

// libtorch's failures in the program's own words; the text without its backtrace goes to the
// detail.
[[noreturn]] void translate(const c10::Error& error) {
    const std::string text = error.what_without_backtrace();
    const bool memory = dynamic_cast<const c10::OutOfMemoryError*>(&error) != nullptr ||
                        text.find("allocate memory") != std::string::npos;
    if (memory) {
        throw Error(ErrorCode::out_of_memory,
                    message("The picture was not made: memory ran out. Make it smaller, or close "
                            "other programs."),
                    text);
    }
    throw Error(
        ErrorCode::internal,
        message(
            "The picture was not made: the program made a mistake. Its details are in the log."),
        text);
}

template <typename Work>
auto guarded(Work&& work) {
    try {
        const c10::InferenceMode guard;
        return work();
    } catch (const c10::Error& error) {
        translate(error);
    }
}

// The adapters that its references and those of the pictures it branches from name; empty: the
// request's own.
void name_adapters(const GenerationRequest& request, std::set<std::string>& names) {
    for (const ReferenceImage& reference : request.references) {
        names.insert(reference.ip_adapter == request.ip_adapter ? "" : reference.ip_adapter);
    }
    if (request.branch) {
        name_adapters(request.branch->of, names);
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

class TorchRunner : public Runner {
public:
    explicit TorchRunner(RunnerOptions options) : options_(std::move(options)) {}

    Result run(const GenerationRequest& request, const Progress& progress) override {
        return guarded([&] {
            const auto begin = Clock::now();
            const GenerationRequest resolved = open(request, progress);
            const double load = std::chrono::duration<double>(Clock::now() - begin).count();
            TensorMap dump;
            const bool dumping = !options_.dump_path.empty();
            Result result =
                told(pipeline_->generate(resolved, progress, dumping ? &dump : nullptr), load);
            if (dumping) {
                write_dump(dump);
                options_.dump_path.clear();
            }
            return result;
        });
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
        guarded([&] {
            pipeline_->prepare(open(request, progress), progress);
            return 0;
        });
    }

    Result measure(const MeasureRequest& request, const Progress& progress) override {
        return guarded([&] {
            const GenerationRequest resolved = open(request.request, progress);
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
    // How many from `begin` on one batch can make.
    std::size_t count_together(const std::vector<GenerationRequest>& requests,
                               const std::vector<Progress>& progress, std::size_t begin) {
        if (!options_.dump_path.empty() || begin + 1 == requests.size()) {
            return 1;
        }
        const GenerationRequest first = open(requests[begin], progress[begin]);
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
                    resolved.push_back(open(requests[i], progress[i]));
                    own.push_back(progress[i]);
                }
                return pipeline_->generate_together(resolved, own);
            });
        } catch (const Error& error) {
            if (error.code != ErrorCode::out_of_memory) {
                throw;
            }
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

    using AdapterKey = std::pair<std::string, std::string>; // file, image encoder

    // Makes the request's model and adapter the current ones; gives the request with the model's
    // defaults filled in.
    GenerationRequest open(const GenerationRequest& request, const Progress& progress) {
        set_threads(request.threads);
        const auto path = std::filesystem::canonical(find_model(request.model));
        const Placement placement = choose_placement(request.device, request.dtype);
        const bool other =
            !pipeline_ || path != path_ || request.vae != vae_ || placement != placement_;
        const ModelFolder folder = other ? model_of(request) : pipeline_->model().folder;
        // What can be refused is refused before the long load.
        check(request, folder.traits);
        std::set<std::string> names;
        name_adapters(request, names);
        std::map<std::string, AdapterKey> keys;
        for (const std::string& name : names) {
            const std::string& file = name.empty() ? request.ip_adapter : name;
            keys[name] = {find_adapter(folder, file).string(), request.image_encoder};
        }
        if (other) {
            auto model = load_model(
                folder, {.dtype = placement.dtype, .device = placement.device, .pack = true},
                progress);
            release_kept_memory(); // of the files' sizes, which no layer asks for
            changes_.reset(model);
            pipeline_.emplace(std::move(model),
                              PipelineOptions{.previews = options_.previews,
                                              .kept_latents_bytes = options_.kept_latents_bytes});
            path_ = path;
            vae_ = request.vae;
            placement_ = placement;
            adapters_.clear();
        }
        if (!changes_.current(request)) {
            pipeline_->use_model(changes_.base()); // so that the old changes' memory is free
            pipeline_->use_model(changes_.changed(request, progress));
        }
        if (!keys.empty()) {
            use_adapters(keys, progress);
        }
        return resolve(request, folder.traits);
    }

    // Loads what is not loaded yet and lets go of what is not asked for any more.
    void use_adapters(const std::map<std::string, AdapterKey>& keys, const Progress& progress) {
        std::map<AdapterKey, std::shared_ptr<const LoadedAdapter>> wanted;
        for (const auto& [name, key] : keys) {
            if (const auto known = adapters_.find(key); known != adapters_.end()) {
                wanted.insert(*known);
            }
        }
        adapters_ = std::move(wanted);
        SdPipeline::OwnAdapters own;
        std::shared_ptr<const LoadedAdapter> of_request;
        for (const auto& [name, key] : keys) {
            auto& adapter = adapters_[key];
            if (!adapter) {
                adapter = load(key, name.empty(), progress);
            }
            (name.empty() ? of_request : own[name]) = adapter;
        }
        pipeline_->use_adapter(of_request ? of_request : own.begin()->second);
        pipeline_->use_own_adapters(std::move(own));
    }

    // The request's image encoder is its adapter's; one that a reference names may need another.
    std::shared_ptr<const LoadedAdapter> load(const AdapterKey& key, bool of_request,
                                              const Progress& progress) const {
        LoadedAdapters loaded;
        for (const auto& [other, adapter] : adapters_) {
            if (adapter) {
                loaded.push_back(adapter);
            }
        }
        const auto& [file, image_encoder] = key;
        try {
            return load_adapter(pipeline_->model(), file, image_encoder, progress, loaded);
        } catch (const Error& error) {
            if (of_request || image_encoder.empty() || error.code != ErrorCode::model_mismatch) {
                throw;
            }
        }
        return load_adapter(pipeline_->model(), file, {}, progress, loaded);
    }

    static void check(const GenerationRequest& request, const ModelTraits& traits) {
        const auto problems = validate(request, traits);
        if (problems.empty()) {
            return;
        }
        std::vector<Message> lines;
        for (const Problem& problem : problems) {
            lines.push_back(joined(std::vector{verbatim(problem.field), problem.message}, ": "));
        }
        throw Error(ErrorCode::bad_request, joined(lines, "\n"));
    }

    static void set_threads(int wanted) {
        const int threads =
            wanted > 0 ? wanted
                       : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
        if (at::get_num_threads() != threads) {
            at::set_num_threads(threads);
        }
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
    Placement placement_;
    ModelChanges changes_;
    std::map<AdapterKey, std::shared_ptr<const LoadedAdapter>> adapters_;
    std::optional<SdPipeline> pipeline_;
};

} // namespace

std::unique_ptr<Runner> make_torch_runner(const RunnerOptions& options) {
    constexpr std::uint64_t kKeptMemory = std::uint64_t{256} << 20;
    keep_freed_memory(kKeptMemory);
    return std::make_unique<TorchRunner>(options);
}

} // namespace likeness
