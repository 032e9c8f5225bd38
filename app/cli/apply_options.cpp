#include "app/cli/output_paths.h"
#include "app/cli/request_options.h"
#include "core/base/wording.h"
#include "core/request/json.h"
#include "core/request/limits.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <map>
#include <sstream>
#include <tuple>

#include <fmt/format.h>

namespace likeness::cli {

namespace {

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
            {"original-width", whole(&GenerationRequest::sizes, &SizeConditions::original_width)},
            {"original-height", whole(&GenerationRequest::sizes, &SizeConditions::original_height)},
            {"crop-left", whole(&GenerationRequest::sizes, &SizeConditions::crop_left)},
            {"crop-top", whole(&GenerationRequest::sizes, &SizeConditions::crop_top)},
            {"target-width", whole(&GenerationRequest::sizes, &SizeConditions::target_width)},
            {"target-height", whole(&GenerationRequest::sizes, &SizeConditions::target_height)},
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
            {"mask-grow", whole(&GenerationRequest::input, &InputImage::mask_grow)},
            {"mask-feather", whole(&GenerationRequest::input, &InputImage::mask_feather)},
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

    // A number of the request, or of a part of it that the first members lead to.
    template <typename... Members>
    static Write whole(Members... members) {
        return [members...](RequestWriter& w, const Given& o) {
            w.word(o, parse_int(o.value), (w.request_.*....*members),
                   "a whole number" + w.range_of(o));
        };
    }

    template <typename Field>
    static Write real(Field GenerationRequest::*field) {
        return [field](RequestWriter& w, const Given& o) {
            w.word(o, parse_double(o.value), w.request_.*field, "a number" + w.range_of(o));
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

    // PATH[:NUMBER]; a colon that no number follows is the path's own.
    void take_path(const Given& option, std::string& path, double& number, const char* wanted) {
        path = option.value;
        const auto colon = option.value.rfind(':');
        if (colon != std::string::npos) {
            if (const auto given = parse_double(option.value.substr(colon + 1))) {
                path = option.value.substr(0, colon);
                number = *given;
            }
        }
        if (path.empty()) {
            wrong(option, wanted);
        }
    }

    void take_reference(const Given& option) {
        if (!has_own_references_) {
            request_.references.clear(); // those of --request
            has_own_references_ = true;
        }
        ReferenceImage& reference = request_.references.emplace_back();
        take_path(option, reference.path, reference.ip_adapter_scale, "PATH or PATH:SCALE");
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
        take_path(option, lora.path, lora.scale, "PATH or PATH:SCALE");
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
        request_.refiner = {};
        take_path(option, request_.refiner.model, request_.refiner.switch_at,
                  "NAME, PATH or PATH:SWITCH");
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

} // namespace

void apply_options(const Arguments& arguments, GenerationRequest& request, Problems& problems) {
    RequestWriter writer(request, problems);
    for (const Given& option : arguments.options) {
        writer.take(option);
    }
}

} // namespace likeness::cli
