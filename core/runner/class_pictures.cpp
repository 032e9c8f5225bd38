#include "core/runner/class_pictures.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/pickle/conversion_cache.h"
#include "core/request/resolve.h"
#include "core/runner/content_of_model.h"
#include "core/runner/torch_runner.h"
#include "core/tensor/image_tensor.h"
#include "core/weights/safetensors.h"

#include <ATen/TensorOperators.h>

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace likeness {

namespace {

namespace fs = std::filesystem;

constexpr int kAtOnce = 4; // pictures that are lost at most where it is stopped
constexpr const char* kName = "image";

GenerationRequest request_of(const TrainingRequest& request, const ModelFolder& folder) {
    return resolve({.model = request.model,
                    .vae = request.vae,
                    .prompt = request.class_prompt,
                    .prompt_syntax = PromptSyntax::plain,
                    .device = request.device,
                    .dtype = request.dtype,
                    .threads = request.threads},
                   folder.traits);
}

// Where pictures of that model, prompt, size and steps lie; empty without a home.
fs::path folder_of(const GenerationRequest& wanted, const ModelFolder& folder,
                   const Progress& progress) {
    const std::string told = fmt::format(
        "{} {}x{} {} {} {}", content_of_model(folder, {}, [&] { progress.check(); }), *wanted.width,
        *wanted.height, *wanted.num_inference_steps, *wanted.guidance_scale, wanted.prompt);
    try {
        return conversion_folder().parent_path() / "class_pictures" /
               sha256(std::as_bytes(std::span(told)));
    } catch (const Error&) {
        return {};
    }
}

fs::path path_in(const fs::path& cache, const TrainingRequest& request, int i) {
    return cache / fmt::format("{}.safetensors", request.seed + static_cast<std::uint64_t>(i));
}

ImagePtr read(const fs::path& path) {
    try {
        const auto tensors = load_safetensors(path);
        return std::make_shared<const Image>(
            tensor_to_image(tensors.at(kName).to(at::kFloat) / 255));
    } catch (const std::exception&) {
        return nullptr; // not there, or no longer whole: it is made again
    }
}

void write(const fs::path& path, const Image& image) {
    try {
        make_folder(path.parent_path());
        save_safetensors(path, {{kName, (image_to_tensor(image) * 255).round().to(at::kByte)}});
    } catch (const Error&) {
        // A full disk costs the next training its time, this one nothing.
    }
}

} // namespace

int missing_class_pictures(const TrainingRequest& request, const ModelFolder& folder,
                           const Progress& progress) {
    const fs::path cache = folder_of(request_of(request, folder), folder, progress);
    int missing = 0;
    std::error_code ignored;
    for (int i = 0; i < request.num_class_images; ++i) {
        missing += cache.empty() || !fs::exists(path_in(cache, request, i), ignored) ? 1 : 0;
    }
    return missing;
}

std::vector<TrainingPicture> class_pictures(const TrainingRequest& request,
                                            const ModelFolder& folder, const Progress& progress) {
    GenerationRequest wanted = request_of(request, folder);
    const fs::path cache = folder_of(wanted, folder, progress);
    const auto path_of = [&](int i) { return path_in(cache, request, i); };
    std::vector<TrainingPicture> pictures(static_cast<std::size_t>(request.num_class_images));
    std::vector<int> missing;
    for (int i = 0; i < request.num_class_images; ++i) {
        ImagePtr& image = pictures[static_cast<std::size_t>(i)].image;
        image = cache.empty() ? nullptr : read(path_of(i));
        if (!image) {
            missing.push_back(i);
        }
    }
    std::unique_ptr<Runner> runner;
    for (std::size_t next = 0; next < missing.size();) {
        std::size_t end = next + 1; // of a run of seeds one after the other
        while (end < missing.size() && end - next < kAtOnce &&
               missing[end] == missing[end - 1] + 1) {
            ++end;
        }
        runner = runner ? std::move(runner) : make_torch_runner({.previews = false});
        wanted.seed = request.seed + static_cast<std::uint64_t>(missing[next]);
        wanted.num_images = static_cast<int>(end - next);
        const Result made = runner->run(wanted, progress);
        for (std::size_t i = 0; i < made.images.size(); ++i) {
            const int place = missing[next + i];
            pictures[static_cast<std::size_t>(place)].image = made.images[i].image;
            if (!cache.empty()) {
                write(path_of(place), *made.images[i].image);
            }
        }
        next = end;
    }
    return pictures;
}

} // namespace likeness
