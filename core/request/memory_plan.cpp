#include "core/request/memory_plan.h"

#include "core/base/error.h"
#include "core/checkpoint/adapter_file.h"
#include "core/request/named.h"
#include "core/request/weights_file.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include <fmt/format.h>

namespace likeness {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMega = std::uint64_t{1} << 20;
// Freed memory that is kept to be given out again (core/tensor/kept_memory.h).
constexpr std::uint64_t kKept = 256 * kMega;
// Buffers of the kernels and of the threads, and what small blocks waste.
constexpr std::uint64_t kSmall = 48 * kMega;

// In the order in which they are taken: those that cost the least time first.
constexpr std::array kSteps{MemoryStep::stream_encoders, MemoryStep::take_turns,
                            MemoryStep::two_passes, MemoryStep::tiled_decode};

using Shape = std::vector<int64_t>;

std::uint64_t values_of(const Shape& shape) {
    std::uint64_t values = 1;
    for (const int64_t side : shape) {
        values *= static_cast<std::uint64_t>(std::max<int64_t>(side, 0));
    }
    return values;
}

std::vector<int64_t> integers(const nlohmann::json& config, const char* key,
                              std::vector<int64_t> otherwise) {
    const auto found = config.is_object() ? config.find(key) : config.end();
    if (!config.is_object() || found == config.end()) {
        return otherwise;
    }
    // More than a network's config may hold is refused when it is read: it must not be taken for a
    // model that is too large for this machine.
    constexpr int64_t kMost = 1 << 16;
    std::vector<int64_t> numbers;
    for (const auto& each : found->is_array() ? *found : nlohmann::json::array({*found})) {
        const int64_t number = each.is_number() ? each.get<int64_t>() : 1;
        numbers.push_back(number >= 0 && number <= kMost ? number : 1);
    }
    return numbers.empty() ? otherwise : numbers;
}

int64_t integer(const nlohmann::json& config, const char* key, int64_t otherwise) {
    return integers(config, key, {otherwise}).front();
}

// A component's tensors by their shapes alone.
using Shapes = std::map<std::string, Shape>;

void add_header(const fs::path& file, Shapes& shapes) {
    for (const auto& [name, entry] : load_safetensors_header(file).tensors) {
        shapes[name] = entry.shape;
    }
}

Shapes file_shapes(const fs::path& file) {
    Shapes shapes;
    if (file.extension() != ".json") {
        add_header(file, shapes);
        return shapes;
    }
    std::set<std::string> shards;
    const nlohmann::json index = read_json_file(file);
    const auto map = index.value("weight_map", nlohmann::json::object());
    for (const auto& [name, shard] : map.items()) {
        if (shard.is_string()) {
            shards.insert(fs::path(shard.get<std::string>()).filename().string());
        }
    }
    for (const std::string& shard : shards) {
        add_header(file.parent_path() / shard, shapes);
    }
    return shapes;
}

Shapes shapes_of(const TensorPlaces& places) {
    Shapes shapes;
    for (const auto& [name, place] : places) {
        shapes[name] = place.shape;
    }
    return shapes;
}

Shapes component_shapes(const ModelFolder& folder, const std::string& component,
                        const std::string& base) {
    if (component == "vae" && folder.given_vae) {
        const GivenComponent& given = *folder.given_vae;
        return given.places ? shapes_of(*given.places) : file_shapes(given.path);
    }
    if (folder.file) {
        const auto found = folder.file->components.find(component);
        return found == folder.file->components.end() ? Shapes{} : shapes_of(found->second.places);
    }
    return file_shapes(weights_file(folder.path / component, base));
}

// The level of the UNet that a tensor belongs to, by its name; -1: none.
int64_t level_of(const std::string& name, int64_t levels) {
    const auto number = [&name](std::size_t at) {
        return at < name.size() && name[at] >= '0' && name[at] <= '9' ? name[at] - '0' : 0;
    };
    return name.starts_with("down_blocks.") ? number(12)
           : name.starts_with("up_blocks.") ? levels - 1 - number(10)
           : name.starts_with("mid_block.") ? levels - 1
                                            : -1;
}

// Whether a kernel lies in its transformed form, which takes 16 values in place of 9
// (core/kernels/convolution.h). Those that few places read stay small.
bool is_transformed(const std::string& name, const Shape& shape, const nlohmann::json& unet) {
    constexpr int64_t kFewPlaces = 100, kLarge = 512 * 512; // of Conv2d::pack()
    if (shape.size() != 4 || shape[2] != 3 || shape[1] % 32 != 0 || shape[0] % 16 != 0 ||
        name.find("downsamplers") != std::string::npos) {
        return false;
    }
    const auto levels = static_cast<int64_t>(integers(unet, "block_out_channels", {320}).size());
    const int64_t level = level_of(name, levels);
    if (unet.is_null() || level < 0 || name.find(".resnets.") == std::string::npos) {
        return true;
    }
    const int64_t side = std::max<int64_t>(1, integer(unet, "sample_size", 64) >> level);
    return side * side >= kFewPlaces || shape[0] * shape[1] < kLarge;
}

template <typename Wanted>
std::uint64_t bytes_of(const Shapes& shapes, const MemoryNumbers& numbers,
                       const nlohmann::json& unet, const Wanted& wanted) {
    std::uint64_t bytes = 0;
    for (const auto& [name, shape] : shapes) {
        if (wanted(name)) {
            const std::uint64_t own = values_of(shape) * numbers.value_bytes;
            bytes += numbers.packs && is_transformed(name, shape, unet) ? own / 9 * 16 : own;
        }
    }
    return bytes;
}

bool any(const std::string&) {
    return true;
}

// Adds an encoder of which the named part can be streamed.
template <typename Streamed>
void add_encoder(const Shapes& shapes, const MemoryNumbers& numbers, const Streamed& streamed,
                 ModelBytes& bytes) {
    const std::uint64_t all = bytes_of(shapes, numbers, nullptr, any);
    const std::uint64_t values =
        bytes_of(shapes, {.value_bytes = numbers.value_bytes}, nullptr, any);
    const std::uint64_t part =
        values >= kWorthStreaming ? bytes_of(shapes, numbers, nullptr, streamed) : 0;
    bytes.kept += all - part;
    bytes.encoders += part;
}

template <typename Step>
void where_readable(Step&& step) {
    try {
        step();
    } catch (const Error&) { // opening it tells what is wrong
    }
}

std::uint64_t of_layer(const std::string& layers, const Shapes& shapes,
                       const MemoryNumbers& numbers) {
    return bytes_of(shapes, numbers, nullptr, [&](const std::string& name) {
        return name.find(layers + "0.") != std::string::npos;
    });
}

// Values that are alive at once in a run of layers: what stays for later, and the most of what a
// layer reads, makes and needs in between.
class Alive {
public:
    void keep(int64_t values) { kept_ += values; }

    void let_go(int64_t values) { kept_ -= values; }

    void layer(int64_t values) { most_ = std::max(most_, kept_ + values); }

    std::uint64_t most() const { return static_cast<std::uint64_t>(std::max<int64_t>(most_, 0)); }

private:
    int64_t kept_ = 0, most_ = 0;
};

// Of one picture in the UNet. A layer of ATen's has no fused end: it needs more in between.
std::uint64_t unet_values(const nlohmann::json& config, int64_t height, int64_t width, bool packs) {
    const auto channels = integers(config, "block_out_channels", {320, 640, 1280, 1280});
    const auto layers = integers(config, "layers_per_block", {2});
    const std::size_t levels = channels.size();
    const auto layers_of = [&](std::size_t level) {
        return layers.size() == levels ? layers[level] : layers.front();
    };
    const auto places = [&](std::size_t level) {
        return std::max<int64_t>(1, height >> level) * std::max<int64_t>(1, width >> level);
    };
    Alive alive;
    std::vector<int64_t> skips;
    const auto skip = [&](int64_t values) {
        alive.keep(values);
        skips.push_back(values);
    };
    const auto block = [&](int64_t in, int64_t out, int64_t p) {
        alive.layer(p * (packs ? 2 * in + 2 * out : 3 * in + 3 * out));
        alive.layer(p * out * (packs ? 8 : 20)); // the transformer's attention and feed-forward
    };
    skip(channels[0] * places(0));
    int64_t in = channels[0];
    for (std::size_t level = 0; level < levels; ++level) {
        for (int64_t i = 0; i < layers_of(level); ++i, in = channels[level]) {
            block(in, channels[level], places(level));
            skip(channels[level] * places(level));
        }
        if (level + 1 < levels) {
            skip(channels[level] * places(level + 1));
        }
    }
    block(in, in, places(levels - 1));
    for (std::size_t level = levels; level-- > 0;) {
        for (int64_t i = 0; i <= layers_of(level) && !skips.empty(); ++i, in = channels[level]) {
            block(in + skips.back() / places(level), channels[level], places(level));
            alive.let_go(skips.back());
            skips.pop_back();
        }
        if (level > 0) {
            alive.layer(in * (places(level) + places(level - 1) * (packs ? 1 : 2)));
        }
    }
    return alive.most();
}

// Of one picture in the VAE's decoder, and of that without all from the last upsampler on.
struct DecodeValues {
    std::uint64_t whole = 0, before_last = 0;
};

DecodeValues decode_values(const nlohmann::json& config, int64_t height, int64_t width,
                           bool packs) {
    const auto channels = integers(config, "block_out_channels", {64});
    const int64_t layers = integer(config, "layers_per_block", 1) + 1;
    const std::size_t levels = channels.size();
    Alive whole, before_last;
    int64_t places = height * width, in = channels.back();
    const auto both = [&](int64_t values, bool late) {
        whole.layer(values);
        if (!late) {
            before_last.layer(values);
        }
    };
    both(places * in * (packs ? 6 : 8), false); // the middle, with its attention
    for (std::size_t index = 0; index < levels; ++index) {
        const int64_t out = channels[levels - 1 - index];
        const bool last = index + 1 == levels;
        for (int64_t i = 0; i < layers; ++i, in = out) {
            const int64_t shortcut = in == out ? 0 : out;
            // The kernels' norm overwrites what only it reads.
            both(places * (!packs         ? 3 * in + shortcut
                           : shortcut > 0 ? in + shortcut + out
                                          : 2 * in),
                 last);
            both(places * (in + 2 * out + (packs ? 0 : out)), last);
        }
        if (!last) {
            both(places * out * (packs ? 5 : 9), index + 2 == levels);
            places *= 4;
        }
    }
    both(places * in * (packs ? 2 : 3), true);
    return {whole.most(), before_last.most()};
}

// With what is kept of freed blocks: of several sizes, and so more than is alive at once.
std::uint64_t with_kept(std::uint64_t alive, const MemoryNumbers& numbers) {
    return numbers.gpu ? alive + alive / 4 : std::max(alive, std::min(kKept, 2 * alive));
}

} // namespace

const char* to_string(MemoryStep step) {
    switch (step) {
    case MemoryStep::stream_encoders:
        return "stream_encoders";
    case MemoryStep::two_passes:
        return "two_passes";
    case MemoryStep::tiled_decode:
        return "tiled_decode";
    case MemoryStep::take_turns:
        return "take_turns";
    }
    return "";
}

Message step_words(MemoryStep step) {
    switch (step) {
    case MemoryStep::stream_encoders:
        return message("encoders are read when they are needed");
    case MemoryStep::two_passes:
        return message("guidance takes two passes");
    case MemoryStep::tiled_decode:
        return message("the picture is decoded in tiles");
    case MemoryStep::take_turns:
        return message("model and refiner take turns");
    }
    return {};
}

const char* to_string(MemoryChoice choice) {
    switch (choice) {
    case MemoryChoice::keep:
        return "keep";
    case MemoryChoice::automatic:
        return "auto";
    case MemoryChoice::low:
        return "low";
    }
    return "";
}

std::optional<MemoryChoice> memory_choice_from_string(std::string_view name) {
    return named(name, std::array{MemoryChoice::keep, MemoryChoice::automatic, MemoryChoice::low});
}

ModelBytes model_bytes(const ModelFolder& folder, const std::vector<fs::path>& adapters,
                       const std::vector<fs::path>& image_encoders, const MemoryNumbers& numbers) {
    ModelBytes bytes;
    const auto layers = [](const std::string& name) {
        return name.find("encoder.layers.") != std::string::npos;
    };
    const auto layered = [&](const Shapes& shapes) {
        add_encoder(shapes, numbers, layers, bytes);
        bytes.streamed_layer =
            std::max(bytes.streamed_layer, of_layer("encoder.layers.", shapes, numbers));
    };
    where_readable([&] { layered(component_shapes(folder, "text_encoder", "model")); });
    if (folder.family == ModelFamily::sdxl || folder.family == ModelFamily::sdxl_refiner) {
        where_readable([&] { layered(component_shapes(folder, "text_encoder_2", "model")); });
    }
    where_readable([&] {
        bytes.kept += bytes_of(component_shapes(folder, "unet", "diffusion_pytorch_model"), numbers,
                               folder.unet, any);
    });
    where_readable([&] {
        add_encoder(
            component_shapes(folder, "vae", "diffusion_pytorch_model"), numbers,
            [](const std::string& name) { return name.starts_with("encoder."); }, bytes);
    });
    for (const fs::path& path : image_encoders) {
        where_readable([&] {
            if (fs::is_directory(path)) {
                layered(file_shapes(weights_file(path, "model")));
            } else if (const auto found = read_image_encoder_file(load_safetensors_header(path))) {
                layered(shapes_of(found->places));
            }
        });
    }
    for (const fs::path& path : adapters) {
        where_readable([&] { bytes.kept += bytes_of(file_shapes(path), numbers, nullptr, any); });
    }
    return bytes;
}

RunBytes run_bytes(const ModelFolder& folder, const GenerationRequest& request,
                   const MemoryNumbers& numbers) {
    const int64_t factor = std::max(folder.traits.vae_factor, 1);
    const int64_t height = request.height.value_or(512) / factor;
    const int64_t width = request.width.value_or(512) / factor;
    const std::uint64_t halves = request.guidance_scale.value_or(0) > 1 ? 2 : 1;
    const std::uint64_t one =
        unet_values(folder.unet, height, width, numbers.packs) * numbers.value_bytes;
    const DecodeValues decode = decode_values(folder.vae, height, width, numbers.packs);
    // Tiles of 2 * 64 places and their border, in float32 for the norms.
    const auto channels = integers(folder.vae, "block_out_channels", {64});
    const auto widest = static_cast<std::uint64_t>(
        std::max(channels.front(), channels.size() > 1 ? channels[1] : channels.front()));
    const std::uint64_t side =
        std::min<std::uint64_t>(144, static_cast<std::uint64_t>(std::max(height, width) * factor));
    const std::uint64_t kept =
        static_cast<std::uint64_t>(height * width * factor * factor) / 4 * widest;
    return {.step = with_kept(halves * one, numbers),
            .step_in_two_passes = with_kept(one, numbers),
            .decode = with_kept(decode.whole * numbers.value_bytes, numbers),
            .tiled_decode =
                with_kept(std::max(decode.before_last * numbers.value_bytes,
                                   kept * numbers.value_bytes + side * side * widest * 16),
                          numbers)};
}

bool MemoryPlan::has(MemoryStep step) const {
    return std::ranges::find(steps, step) != steps.end();
}

MemoryPlan plan_memory(const ModelNeeds& base, const std::optional<ModelNeeds>& refiner,
                       const MemoryState& state, const MemoryNumbers& numbers,
                       MemoryChoice choice) {
    const auto peak_with = [&](const std::vector<MemoryStep>& steps) {
        const auto taken = [&steps](MemoryStep step) {
            return std::ranges::find(steps, step) != steps.end();
        };
        const auto held = [&](const ModelBytes& model) {
            return model.kept + (taken(MemoryStep::stream_encoders) ? 0 : model.encoders);
        };
        const auto running = [&](const ModelNeeds& needs, bool decodes) {
            const RunBytes& run = needs.run;
            return std::max({with_kept(2 * needs.model.streamed_layer, numbers),
                             taken(MemoryStep::two_passes) ? run.step_in_two_passes : run.step,
                             !decodes                          ? 0
                             : taken(MemoryStep::tiled_decode) ? run.tiled_decode
                                                               : run.decode});
        };
        const std::uint64_t first = held(base.model) + (state.has_loras ? base.model.kept / 3 : 0);
        const std::uint64_t first_running = running(base, !refiner);
        std::uint64_t models = first + first_running;
        if (refiner) {
            const std::uint64_t second = held(refiner->model);
            const std::uint64_t second_running = running(*refiner, true);
            models = taken(MemoryStep::take_turns)
                         ? std::max(models, second + second_running)
                         : first + second + std::max(first_running, second_running);
        }
        return (numbers.gpu ? 0 : state.program) + models + kSmall;
    };
    const auto spares = [&](MemoryStep step) {
        const auto any = [&](const auto& of) { return of(base) || (refiner && of(*refiner)); };
        switch (step) {
        case MemoryStep::stream_encoders:
            return any([](const ModelNeeds& needs) { return needs.model.encoders > 0; });
        case MemoryStep::two_passes:
            return any([](const ModelNeeds& needs) {
                return needs.run.step_in_two_passes < needs.run.step;
            });
        case MemoryStep::tiled_decode:
            return any(
                [](const ModelNeeds& needs) { return needs.run.tiled_decode < needs.run.decode; });
        case MemoryStep::take_turns:
            return refiner.has_value();
        }
        return false;
    };
    const auto is_chosen = [&](MemoryStep step) {
        return choice == MemoryChoice::low ||
               (choice == MemoryChoice::automatic &&
                step == (numbers.gpu ? MemoryStep::take_turns : MemoryStep::stream_encoders));
    };
    std::vector<MemoryStep> steps;
    std::ranges::copy_if(kSteps, std::back_inserter(steps),
                         [&](MemoryStep step) { return is_chosen(step) && spares(step); });
    std::uint64_t peak = peak_with(steps);
    while (state.available > 0 && peak > state.available / 100 * 95) {
        // The next one that lowers the peak: the others would only cost time.
        std::vector<MemoryStep> more;
        for (const MemoryStep step : kSteps) {
            if (more.empty() && std::ranges::find(steps, step) == steps.end()) {
                more = steps;
                more.push_back(step);
                if (peak_with(more) >= peak) {
                    more.clear();
                }
            }
        }
        if (more.empty()) {
            break;
        }
        steps = std::move(more);
        peak = peak_with(steps);
    }
    std::ranges::sort(steps);
    return {.predicted_peak_bytes = peak,
            .available_bytes = state.available,
            .steps = std::move(steps)};
}

Message memory_words(const MemoryPlan& plan) {
    const auto giga = [](std::uint64_t bytes) {
        return fmt::format("{:.1f} GB", static_cast<double>(bytes) / 1e9);
    };
    return plan.available_bytes == 0 ? message("about {}", giga(plan.predicted_peak_bytes))
                                     : message("about {} of {}", giga(plan.predicted_peak_bytes),
                                               giga(plan.available_bytes));
}

} // namespace likeness
