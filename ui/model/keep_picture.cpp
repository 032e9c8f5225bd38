#include "ui/model/keep_picture.h"

#include "core/imageio/save.h"
#include "core/request/json.h"

namespace likeness {

PictureRecord keep_picture(Library& library, const ResultImage& picture, std::int64_t created,
                           PictureId& id) {
    PictureRecord record{.created = created,
                         .width = picture.image->width,
                         .height = picture.image->height,
                         .request = picture.request};
    const auto path = library.place(record.request, created);
    save_image(path, *picture.image, {.request_json = to_json(record.request)});
    id = library.add(path, record);
    record.file = path.lexically_relative(library.folder()).generic_string();
    return record;
}

} // namespace likeness
