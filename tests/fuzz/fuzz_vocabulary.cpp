#include "core/text/clip_tokenizer.h"
#include "tests/fuzz/fuzz.h"

// CLIP's public vocabulary, packed or plain.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace likeness;
    static const fuzz::Folder folder;
    folder.write("v.gz", fuzz::text_of(bytes, size));
    fuzz::values_or_refusal([&] {
        const ClipTokenizer tokenizer = ClipTokenizer::load_merges(folder.path() / "v.gz", "!");
        for (const std::int64_t id : tokenizer.tokenize("a photo of 3 mugs, naïve!")) {
            fuzz::expect(id >= 0 && id < tokenizer.vocab_size());
        }
    });
    return 0;
}
