#include "core/request/comparison.h"
#include "core/request/json.h"
#include "core/request/json_text.h"
#include "core/request/validate.h"
#include "tests/fuzz/fuzz.h"

// A request and a comparison: what is read is written so that the same is read again, and can be
// judged.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace likeness;
    const std::string_view text = fuzz::text_of(bytes, size);
    fuzz::values_or_refusal([&] {
        const GenerationRequest request = request_from_json(text);
        const std::string written = to_json(request);
        fuzz::expect(to_json(request_from_json(written)) == written);
        validate(request, ModelTraits{});
    });
    fuzz::values_or_refusal([&] { comparison_from_json(text); });
    fuzz::values_or_refusal([&] { comparison_record_from_json(text); });
    fuzz::values_or_refusal([&] { parse_json_text(text); });
    return 0;
}
