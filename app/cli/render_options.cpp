#include "app/cli/render_options.h"

#include "app/cli/given_text.h"
#include "app/cli/named_files.h"
#include "app/cli/output_paths.h"
#include "core/base/atomic_file.h"
#include "core/base/wording.h"
#include "core/imageio/load.h"
#include "core/pipelines/sd_model.h"
#include "core/request/json.h"
#include "core/request/limits.h"
#include "core/request/resolve.h"
#include "core/request/validate.h"
#include "core/runner/machine.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <tuple>

#include <fmt/format.h>

namespace likeness::cli {

namespace {

constexpr std::uint64_t kMaxRequestBytes = 16U << 20U;
constexpr const char* kModels = "the model's own";

// Takes the options one by one, in their order, into a request.
class RequestWriter {
public:
    RequestWriter(GenerationRequest& request, Problems& problems)
        : request_(request), problems_(problems) {}

    void take(const Given& option) {
        const auto& writers = table();
        if (const auto found = writers.find(option.name); found != writers.end()) {
            found->second(*this, option);
        }
    }

private:
    using Write = std::function<void(RequestWriter&, const Given&)>;

    static const std::map<std::string, Write, std::less<>>& table() {
        static const std::map<std::string, Write, std::less<>> writers = {
            {"model", text(&GenerationRequest::model)},
            {"prompt", text(&GenerationRequest::prompt)},
            {"negative-prompt",
             [](RequestWriter& w, const Given& o) { w.request_.negative_prompt = o.value; }},
            {"ip-adapter", text(&GenerationRequest::ip_adapter)},
            {"image-encoder", text(&GenerationRequest::image_encoder)},
            {"vae", text(&GenerationRequest::vae)},
            {"device", text(&GenerationRequest::device)},
            {"dtype", text(&GenerationRequest::dtype)},
            {"width", whole(&GenerationRequest::width)},
            {"height", whole(&GenerationRequest::height)},
            {"num-inference-steps", whole(&GenerationRequest::num_inference_steps)},
            {"num-images", whole(&GenerationRequest::num_images)},
            {"clip-skip", whole(&GenerationRequest::clip_skip)},
            {"threads", whole(&GenerationRequest::threads)},
            {"guidance-scale", real(&GenerationRequest::guidance_scale)},
            {"guidance-rescale", real(&GenerationRequest::guidance_rescale)},
            {"master-scale", real(&GenerationRequest::master_scale)},
            {"seed", &RequestWriter::take_seed},
            {"scheduler",
             [](RequestWriter& w, const Given& o) {
                 w.word(o, scheduler_from_string(o.value), w.request_.scheduler,
                        scheduler_words().text());
             }},
            {"combine",
             [](RequestWriter& w, const Given& o) {
                 w.word(o, combine_from_string(o.value), w.request_.combine, "join or average");
             }},
            {"lora", &RequestWriter::take_lora},
            {"lora-block-scale", &RequestWriter::take_lora_block_scale},
            {"textual-inversion", &RequestWriter::take_textual_inversion},
            {"prompt-2", text(&GenerationRequest::prompt_2)},
            {"negative-prompt-2", text(&GenerationRequest::negative_prompt_2)},
            {"prompt-syntax",
             [](RequestWriter& w, const Given& o) {
                 w.word(o, syntax_from_string(o.value), w.request_.prompt_syntax,
                        "weighted or plain");
             }},
            {"original-width", size(&SizeConditions::original_width)},
            {"original-height", size(&SizeConditions::original_height)},
            {"crop-left", size(&SizeConditions::crop_left)},
            {"crop-top", size(&SizeConditions::crop_top)},
            {"target-width", size(&SizeConditions::target_width)},
            {"target-height", size(&SizeConditions::target_height)},
            {"reference", &RequestWriter::take_reference},
            {"reference-mask", &RequestWriter::take_mask},
            {"reference-range", &RequestWriter::take_range},
            {"reference-fit", &RequestWriter::take_fit},
            {"reference-crop", &RequestWriter::take_crop},
            {"reference-look-mask", &RequestWriter::take_look_mask},
            {"reference-adapter", &RequestWriter::take_reference_adapter},
            {"image", &RequestWriter::take_image},
            {"image-fit",
             [](RequestWriter& w, const Given& o) {
                 w.word(o, input_fit_from_string(o.value), w.request_.input.fit, "resize or crop");
             }},
            {"image-pad", &RequestWriter::take_pad},
            {"mask",
             [](RequestWriter& w, const Given& o) { w.request_.input.mask_path = o.value; }},
            {"mask-grow", of_input(&InputImage::mask_grow)},
            {"mask-feather", of_input(&InputImage::mask_feather)},
            {"strength", real(&GenerationRequest::strength)},
            {"refiner", &RequestWriter::take_refiner},
            {"guidance-range", &RequestWriter::take_guidance_range},
            {"reference-block-scale", &RequestWriter::take_reference_block_scale},
            {"block-scale", &RequestWriter::take_block_scale},
        };
        return writers;
    }

    template <typename Field>
    static Write text(Field GenerationRequest::*field) {
        return [field](RequestWriter& w, const Given& o) { w.request_.*field = o.value; };
    }

    template <typename Field>
    static Write whole(Field GenerationRequest::*field) {
        return [field](RequestWriter& w, const Given& o) {
            if (const auto value = parse_int(o.value)) {
                w.request_.*field = *value;
            } else {
                w.wrong(o, "a whole number" + w.range_of(o));
            }
        };
    }

    static Write size(std::optional<int> SizeConditions::*field) {
        return [field](RequestWriter& w, const Given& o) {
            if (const auto value = parse_int(o.value)) {
                w.request_.sizes.*field = *value;
            } else {
                w.wrong(o, "a whole number" + w.range_of(o));
            }
        };
    }

    static Write of_input(int InputImage::*field) {
        return [field](RequestWriter& w, const Given& o) {
            if (const auto value = parse_int(o.value)) {
                w.request_.input.*field = *value;
            } else {
                w.wrong(o, "a whole number" + w.range_of(o));
            }
        };
    }

    template <typename Field>
    static Write real(Field GenerationRequest::*field) {
        return [field](RequestWriter& w, const Given& o) {
            if (const auto value = parse_double(o.value)) {
                w.request_.*field = *value;
            } else {
                w.wrong(o, "a number" + w.range_of(o));
            }
        };
    }

    template <typename Value, typename Field>
    void word(const Given& option, const std::optional<Value>& value, Field& field,
              const std::string& wanted) {
        if (value) {
            field = *value;
        } else {
            wrong(option, wanted);
        }
    }

    void wrong(const Given& option, const std::string& wanted) {
        problems_.add(
            fmt::format("--{} is {}; it is {}.", option.name, in_quotes(option.value), wanted));
    }

    static std::string range_of(const Given& option) {
        std::string field = option.name;
        std::ranges::replace(field, '-', '_');
        const Limit& row = limit(field);
        return fmt::format(" from {} to {}", row.minimum, row.maximum);
    }

    void take_seed(const Given& option) {
        if (const auto seed = parse_seed(option.value)) {
            request_.seed = *seed;
        } else {
            wrong(option, "a whole number from 0 to 2^64 - 1");
        }
    }

    void take_reference(const Given& option) {
        if (!has_own_references_) {
            request_.references.clear(); // those of --request
            has_own_references_ = true;
        }
        ReferenceImage& reference = request_.references.emplace_back();
        reference.path = option.value;
        const auto colon = option.value.rfind(':');
        if (colon != std::string::npos) {
            if (const auto scale = parse_double(option.value.substr(colon + 1))) {
                reference.path = option.value.substr(0, colon);
                reference.ip_adapter_scale = *scale;
            }
        }
        if (reference.path.empty()) {
            wrong(option, "PATH or PATH:SCALE");
        }
    }

    // The reference that a --reference-... belongs to; null, and a problem, where there is none.
    ReferenceImage* reference_before(const Given& option) {
        if (!has_own_references_) {
            problems_.add(fmt::format(
                "--{} belongs to the --reference before it, but there is none.", option.name));
            return nullptr;
        }
        return &request_.references.back();
    }

    void take_mask(const Given& option) {
        if (ReferenceImage* reference = reference_before(option)) {
            reference->mask_path = option.value;
        }
    }

    // A:B; a problem where it is not.
    std::optional<std::pair<double, double>> range(const Given& option) {
        const auto colon = option.value.find(':');
        const auto start = parse_double(option.value.substr(0, colon));
        const auto end = colon == std::string::npos ? std::nullopt
                                                    : parse_double(option.value.substr(colon + 1));
        if (!start || !end) {
            wrong(option, "A:B, two numbers from 0 to 1");
            return std::nullopt;
        }
        return std::pair(*start, *end);
    }

    void take_range(const Given& option) {
        ReferenceImage* reference = reference_before(option);
        if (const auto given = range(option); given && reference != nullptr) {
            std::tie(reference->range_start, reference->range_end) = *given;
        }
    }

    void take_guidance_range(const Given& option) {
        if (const auto given = range(option)) {
            std::tie(request_.guidance_start, request_.guidance_end) = *given;
        }
    }

    void take_reference_adapter(const Given& option) {
        if (ReferenceImage* reference = reference_before(option)) {
            reference->ip_adapter = option.value;
        }
    }

    void take_image(const Given& option) {
        request_.input.path = option.value;
        request_.input.sha256.clear(); // of the one in --request
    }

    void take_pad(const Given& option) {
        std::vector<int> sides;
        std::istringstream words(option.value);
        for (std::string word; std::getline(words, word, ':');) {
            sides.push_back(parse_int(word).value_or(-1));
        }
        if (sides.size() != request_.input.pad.size() || std::ranges::min(sides) < 0) {
            wrong(option, "LEFT:TOP:RIGHT:BOTTOM, four whole numbers of pixels");
        } else {
            std::ranges::copy(sides, request_.input.pad.begin());
        }
    }

    void take_fit(const Given& option) {
        if (ReferenceImage* reference = reference_before(option)) {
            word(option, fit_from_string(option.value), reference->view.fit, "crop, squash or pad");
        }
    }

    void take_crop(const Given& option) {
        ReferenceImage* reference = reference_before(option);
        std::vector<double> shares;
        std::istringstream words(option.value);
        for (std::string word; std::getline(words, word, ':');) {
            shares.push_back(parse_double(word).value_or(std::nan("")));
        }
        const bool all = std::ranges::none_of(shares, [](double v) { return std::isnan(v); });
        if (shares.size() != 4 || !all) {
            wrong(option, "LEFT:TOP:WIDTH:HEIGHT, four numbers from 0 to 1");
        } else if (reference != nullptr) {
            reference->view.crop = {shares[0], shares[1], shares[2], shares[3]};
        }
    }

    void take_look_mask(const Given& option) {
        if (ReferenceImage* reference = reference_before(option)) {
            reference->look_mask_path = option.value;
        }
    }

    void take_reference_block_scale(const Given& option) {
        if (ReferenceImage* reference = reference_before(option)) {
            take_block(option, reference->block_scales);
        }
    }

    void take_lora(const Given& option) {
        if (!has_own_loras_) {
            request_.loras.clear(); // those of --request
            has_own_loras_ = true;
        }
        Lora& lora = request_.loras.emplace_back();
        lora.path = option.value;
        const auto colon = option.value.rfind(':');
        if (colon != std::string::npos) {
            if (const auto scale = parse_double(option.value.substr(colon + 1))) {
                lora.path = option.value.substr(0, colon);
                lora.scale = *scale;
            }
        }
        if (lora.path.empty()) {
            wrong(option, "PATH or PATH:SCALE");
        }
    }

    void take_lora_block_scale(const Given& option) {
        if (has_own_loras_) {
            take_block(option, request_.loras.back().block_scales);
        } else {
            problems_.add(fmt::format("--{} belongs to the --lora before it, but there is none.",
                                      option.name));
        }
    }

    void take_textual_inversion(const Given& option) {
        if (!has_own_words_) {
            request_.textual_inversions.clear(); // those of --request
            has_own_words_ = true;
        }
        request_.textual_inversions.push_back({.path = option.value});
    }

    void take_refiner(const Given& option) {
        request_.refiner = {.model = option.value};
        const auto colon = option.value.rfind(':');
        if (colon != std::string::npos) {
            if (const auto share = parse_double(option.value.substr(colon + 1))) {
                request_.refiner = {.model = option.value.substr(0, colon), .switch_at = *share};
            }
        }
        if (request_.refiner.model.empty()) {
            wrong(option, "NAME, PATH or PATH:SWITCH");
        }
    }

    void take_block_scale(const Given& option) { take_block(option, request_.block_scales); }

    void take_block(const Given& option, std::map<std::string, double>& block_scales) {
        const auto equals = option.value.find('=');
        const auto scale = equals == std::string::npos
                               ? std::nullopt
                               : parse_double(option.value.substr(equals + 1));
        if (scale && equals > 0) {
            block_scales[option.value.substr(0, equals)] = *scale;
        } else {
            wrong(option, "BLOCK=V, e.g. mid=0.5");
        }
    }

    GenerationRequest& request_;
    Problems& problems_;
    bool has_own_references_ = false;
    bool has_own_loras_ = false;
    bool has_own_words_ = false;
};

// Runs one step of the reading; what it throws is a problem among the others.
template <typename Step>
void gather(Problems& problems, Step&& step) {
    try {
        step();
    } catch (const Error& error) {
        problems.add(error);
    }
}

// What SDXL is told of the picture's sizes.
void add_sizes(CLI::App& command) {
    for (const char* side : {"width", "height"}) {
        for (const char* which : {"original", "target"}) {
            const std::string field = fmt::format("{}_{}", which, side);
            add_value(command, fmt::format("{}-{}", which, side), "N",
                      fmt::format("What SDXL is told of the {} size", which) +
                          range_words(field, "the picture's"));
        }
    }
    for (const char* side : {"left", "top"}) {
        add_value(command, fmt::format("crop-{}", side), "N",
                  "What SDXL is told of the crop" + range_words(fmt::format("crop_{}", side)));
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

void add_request_file(CLI::App& command) {
    add_value(command, "request", "FILE",
              "A whole request as JSON (-: standard input); options beside it override its fields");
}

void add_request_options(CLI::App& command) {
    const auto own = [](std::string_view field) { return range_words(field, kModels); };
    const std::string scale = range_words("ip_adapter_scale");
    const std::string references = fmt::format("repeatable, up to {}", kMaxReferences);
    add_value(command, "model", "NAME|PATH",
              "Installed model, diffusers folder or single file [default starter]");
    add_value(command, "prompt", "TEXT", "What the picture shows [default empty]");
    add_value(command, "negative-prompt", "TEXT", "What it should not show [default empty]");
    add_value(command, "reference", "PATH[:SCALE]",
              "An image prompt with its ip_adapter_scale, " + references + scale);
    add_value(command, "reference-mask", "PATH",
              "Where the --reference before it acts: white yes, black no [default everywhere]");
    add_value(command, "reference-range", "A:B",
              "Share of the steps in which the --reference before it acts [0..1; default 0:1]");
    add_value(command, "reference-fit", "crop|squash|pad",
              "How the --reference before it becomes the encoder's square [default crop]");
    add_value(command, "reference-crop", "L:T:W:H",
              "The part of the --reference before it that is looked at, in shares of its sides "
              "[0..1; default 0:0:1:1]");
    add_value(command, "reference-look-mask", "PATH",
              "What of the --reference before it is looked at: white yes, black no [default all]");
    add_value(command, "reference-block-scale", "BLOCK=V",
              "Factor for one block for the --reference before it, multiplied with --block-scale; "
              "repeatable" +
                  range_words("block_scale"));
    add_value(command, "reference-adapter", "NAME|PATH",
              "Adapter file of the --reference before it [default that of --ip-adapter]");
    add_value(command, "ip-adapter", "NAME|PATH", "Adapter file [default the model's own]");
    add_value(
        command, "image-encoder", "NAME|PATH",
        "Folder or file of the adapter's image encoder [default found beside it or in the model]");
    add_value(command, "vae", "NAME|PATH",
              "Another VAE: a file, or a folder with one [default the model's own]");
    add_value(command, "combine", "join|average",
              "All references attended together, or averaged [default join]");
    add_value(command, "master-scale", "V",
              "Multiplied onto every reference's scale" + range_words("master_scale"));
    add_value(command, "block-scale", "BLOCK=V",
              "Factor for one block: down.block_1, mid, up.block_0, up.block_0.attentions_1; "
              "repeatable" +
                  range_words("block_scale"));
    add_value(command, "lora", "NAME|PATH[:SCALE]",
              "Weights added onto the model's, repeatable; LoRA, LoHa, LoKr and DoRA files" +
                  range_words("lora_scale"));
    add_value(command, "lora-block-scale", "BLOCK=V",
              "Factor for one block for the --lora before it; repeatable" +
                  range_words("block_scale"));
    add_value(command, "textual-inversion", "NAME|PATH",
              "A learned word that the prompts may use, repeatable [default none]");
    add_value(command, "width", "N", "Pixels, a multiple of the VAE factor" + own("width"));
    add_value(command, "height", "N", "Pixels, a multiple of the VAE factor" + own("height"));
    add_value(command, "num-inference-steps", "N", "Denoising steps" + own("num_inference_steps"));
    add_value(command, "guidance-scale", "V",
              "How strictly the prompt is followed; 1 and less: no guidance" +
                  own("guidance_scale"));
    add_value(command, "guidance-rescale", "V",
              "Takes back the contrast that guidance adds" + range_words("guidance_rescale"));
    add_value(command, "guidance-range", "A:B",
              "Share of the steps that are guided; the others cost half [0..1; default 0:1]");
    add_value(command, "image", "PATH",
              "Picture to begin from; its size is the result's where none is given [default none]");
    add_value(command, "image-fit", "resize|crop",
              "How --image becomes the result's size: stretched, or its middle [default resize]");
    add_value(command, "image-pad", "L:T:R:B",
              "New canvas around --image in its pixels, made anew" + range_words("pad"));
    add_value(command, "mask", "PATH",
              "What of --image is made anew: white yes, black stays as it is [default all]");
    add_value(command, "mask-grow", "N",
              "Pixels by which the white of the mask grows" + range_words("mask_grow"));
    add_value(command, "mask-feather", "N",
              "Pixels to both sides of the mask's edge over which old and new are mixed" +
                  range_words("mask_feather"));
    add_value(command, "strength", "V",
              "Share of the steps that change --image" +
                  range_words("strength", "0.8; with a mask 1"));
    add_value(command, "refiner", "NAME|PATH[:SWITCH]",
              "SDXL refiner that takes over after that share of the way" +
                  range_words("refiner_switch_at"));
    add_value(command, "scheduler", "NAME",
              "The rule of each step: " + scheduler_words().text() + " [default the model's own]");
    add_value(command, "seed", "N", "Of the noise" + range_words("seed"));
    add_value(command, "num-images", "N", "Picture k has seed + k" + range_words("num_images"));
    add_value(command, "clip-skip", "N",
              "Layers of the text encoder left out at its end" + range_words("clip_skip"));
    add_value(command, "prompt-2", "TEXT", "For SDXL's second text encoder [default the prompt]");
    add_value(command, "negative-prompt-2", "TEXT", "The same for the negative prompt");
    add_value(command, "prompt-syntax", "weighted|plain",
              "(word:1.2), (word), [word], BREAK and more than 75 tokens, or the words as they "
              "stand [default weighted]");
    add_sizes(command);
    add_value(command, "device", "cpu|cuda|cuda:N", "[default best present]");
    add_value(command, "dtype", "float32|bfloat16|float16", "[default best for the device]");
    add_value(command, "threads", "N",
              "Of the processor" + range_words("threads", "0: as many as it has"));
}

void add_output_options(CLI::App& command, const std::string& default_out,
                        const std::string& naming) {
    add_value(command, "out", "PATH",
              fmt::format("Where pictures go: .png .jpg .tif .exr .webp; {} [default {}]", naming,
                          default_out));
    add_value(command, "preview-dir", "DIR", "Each step's preview as PNG [default none]");
    add_value(command, "dump", "FILE",
              "The intermediate tensors of the first picture as .safetensors [default none]");
    add_memory_option(command);
    add_switch(command, "json", "Events as JSON lines on standard output");
    add_switch(command, "force", "Write over existing files");
}

std::string dump_path(Arguments& arguments) {
    const std::string path = arguments.value("dump").value_or("");
    if (!path.empty()) {
        check_writable(path, arguments.has("force"), arguments.problems);
    }
    return path;
}

std::string make_preview_folder(const Arguments& arguments) {
    const std::string path = arguments.value("preview-dir").value_or("");
    if (!path.empty()) {
        make_folder(path);
    }
    return path;
}

void add_memory_option(CLI::App& command) {
    add_value(
        command, "memory", "auto|low|keep",
        "As much as is there, as little as goes, or everything stays loaded; none changes the "
        "picture [default auto]");
}

MemoryChoice memory_choice(Arguments& arguments) {
    const std::string word = arguments.value("memory").value_or("auto");
    const auto choice = memory_choice_from_string(word);
    if (!choice) {
        arguments.problems.add(
            fmt::format("--memory is {}; it is auto, low or keep.", in_quotes(word)));
    }
    return choice.value_or(MemoryChoice::automatic);
}

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

void apply_options(const Arguments& arguments, GenerationRequest& request, Problems& problems) {
    RequestWriter writer(request, problems);
    for (const Given& option : arguments.options) {
        writer.take(option);
    }
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
