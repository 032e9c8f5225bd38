#include "core/imageio/containers.h"
#include "core/imageio/declared_size.h"
#include "core/imageio/file_kind.h"
#include "tests/fuzz/fuzz.h"

// A picture file before any decoder sees it: what it is, how large it says it is, and the texts in
// it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace likeness;
    const ByteView file = std::as_bytes(std::span(bytes, size));
    constexpr std::size_t kLimit = 1'000;
    for (const auto kind : {picture_kind(file), PictureKind::png, PictureKind::bmp,
                            PictureKind::gif, PictureKind::webp, PictureKind::heif}) {
        declared_size(kind, file);
    }
    kind_words(file).text();
    exr_header_fits(file);
    for (const EmbeddedText& found :
         {request_in_png(file, kLimit), text_in_png(file, "parameters", kLimit),
          request_in_jpeg(file, kLimit), request_in_tiff(file, kLimit),
          request_in_webp(file, kLimit)}) {
        fuzz::expect(!found.text || found.text->size() <= kLimit);
    }
    png_is_whole(file);
    icc_profile_in_webp(file);
    const int orientation = orientation_in_webp(file);
    fuzz::expect(orientation >= 1 && orientation <= 8);
    if (picture_kind(file) == PictureKind::png) {
        fuzz::expect(!request_in_png(png_without_texts(file), kLimit).text);
    }
    return 0;
}
