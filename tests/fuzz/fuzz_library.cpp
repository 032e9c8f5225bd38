#include "core/library/picture_record.h"
#include "core/library/project.h"
#include "tests/fuzz/fuzz.h"

// A picture's sidecar, a project and a project file: what is read is written so that the same is
// read again, and every content lies within the file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace likeness;
    const std::string_view text = fuzz::text_of(bytes, size);
    fuzz::values_or_refusal([&] {
        const PictureRecord record = record_from_json(text, "2026-11-25/a.png");
        const std::string written = to_json(record);
        fuzz::expect(to_json(record_from_json(written, record.file)) == written);
        search_words(record);
    });
    fuzz::values_or_refusal([&] {
        const std::string written = to_json(project_from_json(text, "p"));
        fuzz::expect(to_json(project_from_json(written, "p")) == written);
    });
    fuzz::values_or_refusal([&] {
        const auto file = std::as_bytes(std::span(bytes, size));
        for (const auto& [name, content] : parse_project_file(file, "p").contents) {
            fuzz::expect(is_content_name(name) && content.size() <= file.size());
        }
    });
    return 0;
}
