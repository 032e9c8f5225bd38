#include "core/request/foreign_graph.h"
#include "core/request/foreign_settings.h"
#include "core/request/json.h"
#include "tests/fuzz/fuzz.h"

// Other programs' settings: a line of parameters, a graph that ran, a graph as it was drawn.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace likeness;
    const std::string text(fuzz::text_of(bytes, size));
    const auto family_of = [](const std::string& name) {
        return name.size() % 2 == 0 ? std::optional<std::string>("sdxl") : std::nullopt;
    };
    for (const ForeignTexts& texts :
         {ForeignTexts{.parameters = text}, ForeignTexts{.prompt = text},
          ForeignTexts{.workflow = text}}) {
        fuzz::values_or_refusal([&] {
            if (const auto settings = read_foreign_settings(texts, family_of)) {
                to_json(with_foreign_settings({}, *settings, "sd15"));
                for (const Message& lost : settings->not_honoured) {
                    lost.text();
                }
            }
        });
    }
    return 0;
}
