#include "core/request/encoder_config.h"
#include "core/request/model_folder.h"
#include "tests/fuzz/fuzz.h"

// A diffusers folder's small files: what is told of the model is within its bounds.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace likeness;
    static const fuzz::Folder folder;
    std::string_view rest = fuzz::text_of(bytes, size);
    for (const char* name :
         {"model_index.json", "unet/config.json", "vae/config.json", "text_encoder/config.json",
          "scheduler/scheduler_config.json", "image_encoder/config.json",
          "feature_extractor/preprocessor_config.json", "likeness.json"}) {
        folder.remove(name);
        if (const std::string_view part = fuzz::next_part(rest); !part.empty()) {
            folder.write(name, part);
        }
    }
    folder.write("ip_adapter/a.safetensors", "");
    fuzz::values_or_refusal([&] {
        const ModelFolder model = read_model_folder(folder.path());
        const ModelTraits& traits = model.traits;
        fuzz::expect(traits.vae_factor >= 1 && traits.vae_factor <= 128);
        fuzz::expect(traits.default_width >= 1 && traits.default_width <= 4'096);
        fuzz::expect(traits.default_num_inference_steps >= 1 &&
                     traits.default_num_inference_steps <= 1'000);
        fuzz::expect(traits.default_guidance_scale >= 0 && traits.default_guidance_scale <= 30);
    });
    return 0;
}
