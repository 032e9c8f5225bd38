#include "core/text/prompt_syntax.h"
#include "core/text/unicode.h"
#include "tests/fuzz/fuzz.h"

#include <cmath>

// A prompt's marks: weights stay within their bounds.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace likeness;
    const std::string_view text = fuzz::text_of(bytes, size);
    for (const PromptSegment& segment : read_prompt_syntax(text)) {
        fuzz::expect(std::abs(segment.weight) <= kMostPromptWeight);
    }
    without_prompt_syntax(text);
    fuzz::expect(decode_utf8(encode_utf8(decode_utf8(text))) == decode_utf8(text));
    return 0;
}
