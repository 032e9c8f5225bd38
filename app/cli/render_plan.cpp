#include "app/cli/render_plan.h"

#include "app/cli/given_text.h"
#include "app/cli/named_files.h"
#include "app/cli/request_options.h"
#include "core/imageio/load.h"
#include "core/pipelines/sd_model.h"
#include "core/request/json.h"
#include "core/request/limits.h"
#include "core/request/resolve.h"
#include "core/request/validate.h"
#include "core/runner/machine.h"

#include <algorithm>
#include <memory>
#include <set>

namespace likeness::cli {

namespace {

constexpr std::uint64_t kMaxRequestBytes = 16U << 20U;

// Runs one step of the reading; what it throws is a problem among the others.
template <typename Step>
void gather(Problems& problems, Step&& step) {
    try {
        step();
    } catch (const Error& error) {
        problems.add(error);
    }
}

// That what is loaded in the model's turn is there, so that it is told with all else.
void look_for_weights(const GenerationRequest& request, const std::optional<ModelFolder>& model,
                      Problems& problems) {
    for (const Lora& lora : request.loras) {
        look_for(lora.path, problems);
    }
    for (const TextualInversion& word : request.textual_inversions) {
        look_for(word.path, problems);
    }
    if (!request.refiner.model.empty()) {
        gather(problems, [&] { find_model(request.refiner.model); });
    }
    if (request.references.empty()) {
        return; // no adapter is read
    }
    look_for(request.image_encoder, problems);
    std::set<std::string> adapters{request.ip_adapter};
    for (const ReferenceImage& reference : request.references) {
        adapters.insert(reference.ip_adapter);
    }
    for (const std::string& adapter : adapters) {
        if (model && !adapter.empty()) {
            gather(problems, [&] { find_adapter(*model, adapter); });
        }
    }
}

} // namespace

int picture_count(const GenerationRequest& request) {
    const Limit& row = limit("num_images");
    return std::clamp(request.num_images, static_cast<int>(row.minimum),
                      static_cast<int>(row.maximum));
}

bool has_one_seed(const GenerationRequest& request) {
    return !request.variations.empty() && picture_count(request) > 1;
}

std::uint64_t picture_seed(const GenerationRequest& request, int index) {
    return request.seed + (request.variations.empty() ? static_cast<std::uint64_t>(index) : 0);
}

void check_request(RenderPlan& plan, Problems& problems, const OpenModel& open) {
    find_named_files(plan.request, problems);
    // Without the model's configs only its own limits are unknown.
    ModelTraits traits{.vae_factor = 1, .has_ip_adapter = true};
    if (!plan.request.model.empty()) {
        gather(problems, [&] {
            plan.folder = open(plan.request);
            traits = plan.folder->traits;
            find_named_adapters(plan.request, *plan.folder, problems);
        });
    }
    look_for_weights(plan.request, plan.folder, problems);
    bool placement_named = true;
    for (const Problem& problem : validate(plan.request, traits)) {
        problems.add(problem.field + " " + problem.message.text() + ".");
        placement_named = placement_named && problem.field != "device" && problem.field != "dtype";
    }
    if (placement_named) {
        gather(problems, [&] { placement_words(plan.request.device, plan.request.dtype); });
    }
}

void load_pictures(RenderPlan& plan, Problems& problems) {
    const auto load = [&](const std::string& path, ImagePtr& pixels) {
        if (!path.empty()) {
            gather(problems, [&] { pixels = std::make_shared<const Image>(load_image(path)); });
        }
    };
    const auto load_hashed = [&](auto& picture, const Message& name) {
        if (picture.path.empty()) {
            return;
        }
        gather(problems, [&] {
            HashedImage file = load_hashed_image(picture.path);
            picture.image = std::move(file.image);
            if (!picture.sha256.empty() && picture.sha256 != file.sha256) {
                plan.notices.push_back(is_another_picture(name, picture.path).text());
            }
            picture.sha256 = std::move(file.sha256);
        });
    };
    const auto change_input = [&](InputImage& input, const Message& name) {
        load_hashed(input, name);
        load(input.mask_path, input.mask);
    };
    plan.request = with_inputs(std::move(plan.request), change_input);
    const auto change = [&](ReferenceImage& reference, const Message& name) {
        load_hashed(reference, name);
        load(reference.mask_path, reference.mask);
        load(reference.look_mask_path, reference.view.look_mask);
    };
    plan.request = with_references(std::move(plan.request), change);
}

RenderPlan read_request(Arguments& arguments) {
    RenderPlan plan;
    Problems& problems = arguments.problems;
    if (const auto path = arguments.value("request")) {
        gather(problems, [&] {
            plan.request = request_from_json(given_text(*path, kMaxRequestBytes, "The request"));
        });
    }
    apply_options(arguments, plan.request, problems);
    check_request(plan, problems);
    load_pictures(plan, problems);
    return plan;
}

} // namespace likeness::cli
