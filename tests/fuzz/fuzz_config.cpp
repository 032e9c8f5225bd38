#include "core/configs/config_reader.h"
#include "core/request/encoder_config.h"
#include "core/request/model_folder.h"
#include "tests/fuzz/fuzz.h"

#include <cmath>

// A network's config.json: numbers lie where the reader was told they must.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace likeness;
    fuzz::values_or_refusal([&] {
        const auto json = parse_json_file(fuzz::text_of(bytes, size), "config.json");
        attention_blocks(json);
        const ConfigReader read(json, "unet");
        for (const char* field : {"in_channels", "sample_size", "cross_attention_dim"}) {
            const int64_t value = read.integer(field, 1, 1, 1'024);
            fuzz::expect(value >= 1 && value <= 1'024);
        }
        for (const char* field : {"block_out_channels", "layers_per_block"}) {
            for (const int64_t value : read.integers(field, {1}, 0)) {
                fuzz::expect(value >= 1 && value <= 1 << 16);
            }
        }
        read.integers("attention_head_dim", {8}, 2, 64);
        fuzz::expect(std::abs(read.number("norm_eps", 0, 0, 1)) <= 1);
        for (const double value : read.numbers("latents_mean")) {
            fuzz::expect(std::isfinite(value));
        }
        read.strings("down_block_types", {});
        read.string("act_fn", "");
        read.boolean("use_linear_projection", false);
        read.only("mid_block_type", {"UNetMidBlock2DCrossAttn"});
    });
    return 0;
}
