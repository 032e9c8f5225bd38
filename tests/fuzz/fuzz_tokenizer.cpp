#include "core/text/clip_tokenizer.h"
#include "core/text/prompt_pieces.h"
#include "tests/fuzz/fuzz.h"

#include <array>

// A tokenizer's folder: vocab.json (or tokenizer.json, where the first part is empty), merges.txt
// or tokenizer.json, tokenizer_config.json, special_tokens_map.json, and a prompt that is read with
// it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace likeness;
    static const fuzz::Folder folder;
    std::string_view rest = fuzz::text_of(bytes, size);
    const std::string_view vocabulary = fuzz::next_part(rest);
    constexpr std::array kClassic{"vocab.json", "merges.txt"};
    for (const char* name : {"vocab.json", "merges.txt", "tokenizer.json"}) {
        folder.remove(name);
    }
    if (vocabulary.empty()) {
        folder.write("tokenizer.json", fuzz::next_part(rest));
    } else {
        folder.write(kClassic[0], vocabulary);
        folder.write(kClassic[1], fuzz::next_part(rest));
    }
    folder.write("tokenizer_config.json", fuzz::next_part(rest));
    folder.write("special_tokens_map.json", fuzz::next_part(rest));
    fuzz::values_or_refusal([&] {
        const ClipTokenizer tokenizer = ClipTokenizer::load(folder.path());
        for (const PadInPrompt pad : {PadInPrompt::is_text, PadInPrompt::is_padding}) {
            for (const std::int64_t id : tokenizer.encode(rest.substr(0, 4'096), pad).ids) {
                fuzz::expect(id >= 0 && id < tokenizer.vocab_size());
            }
        }
    });
    return 0;
}
