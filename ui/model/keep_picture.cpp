#include "ui/model/keep_picture.h"

#include "core/base/atomic_file.h"
#include "core/base/hash.h"
#include "core/imageio/save.h"
#include "core/request/json.h"

namespace likeness {

namespace {

// Hidden, so that the library does not take its files for pictures of its own.
constexpr const char* kReferenceFolder = ".references";

} // namespace

// Where those pixels lie as a file, written once: its name is the hash of what is in it.
std::string PictureKeeper::place_of(const Library& library, const ImagePtr& pixels) {
    std::erase_if(places_, [](const auto& each) { return each.second.first.expired(); });
    if (const auto known = places_.find(pixels.get()); known != places_.end()) {
        return known->second.second;
    }
    const std::vector<std::byte> png = encode_image(*pixels, ImageFormat::png);
    const auto folder = library.folder() / kReferenceFolder;
    const auto path = folder / (sha256(png) + ".png");
    make_folder(folder);
    if (!std::filesystem::exists(path)) {
        write_file_atomically(path, png);
    }
    places_[pixels.get()] = {pixels, path.string()};
    return path.string();
}

// With files for all pixels that have none, those of the pictures it branched from too.
GenerationRequest PictureKeeper::with_places(const Library& library, GenerationRequest request) {
    for (ReferenceImage& reference : request.references) {
        if (reference.path.empty() && reference.image) {
            reference.path = place_of(library, reference.image);
        }
        if (reference.mask_path.empty() && reference.mask) {
            reference.mask_path = place_of(library, reference.mask);
        }
    }
    if (request.branch) {
        request.branch = std::make_shared<const Branch>(
            Branch{.of = with_places(library, request.branch->of), .step = request.branch->step});
    }
    return request;
}

PictureRecord PictureKeeper::keep(Library& library, const ResultImage& picture,
                                  std::int64_t created, PictureId& id) {
    PictureRecord record{.created = created,
                         .width = picture.image->width,
                         .height = picture.image->height,
                         .request = with_places(library, picture.request)};
    const auto path = library.place(record.request, created);
    save_image(path, *picture.image, {.request_json = to_json(record.request)});
    id = library.add(path, record);
    record.file = path.lexically_relative(library.folder()).generic_string();
    return record;
}

} // namespace likeness
