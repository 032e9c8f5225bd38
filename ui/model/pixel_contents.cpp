#include "ui/model/pixel_contents.h"

#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/imageio/load.h"
#include "core/imageio/save.h"
#include "ui/model/paths.h"
#include "ui/model/words.h"

#include <utility>

namespace likeness {

namespace {

std::vector<std::byte> encoded(const Image& image) {
    return encode_image(image, image.type == PixelType::f32 ? ImageFormat::exr : ImageFormat::png);
}

std::vector<std::byte> bytesThatHold(const KeptPixels& pixels) {
    if (!pixels.path.isEmpty()) {
        try {
            std::vector<std::byte> bytes = read_file(toPath(pixels.path), ImageLimits{}.file_bytes);
            if (load_image(bytes, "") == *pixels.image) {
                return bytes;
            }
        } catch (const Error&) { // moved or changed meanwhile
            return encoded(*pixels.image);
        }
    }
    return encoded(*pixels.image);
}

} // namespace

PixelContents::PixelContents(ContentStore store, QObject* parent)
    : QObject(parent), store_(std::move(store)), files_(std::make_unique<PictureFiles>()) {}

std::string PixelContents::nameOf(const ImagePtr& image) const {
    const auto found = names_.find(image);
    return found == names_.end() ? std::string() : found->second;
}

bool PixelContents::isKnown(const ImagePtr& image) const {
    return names_.contains(image);
}

void PixelContents::remember(const ImagePtr& image, const std::string& name) {
    names_[image] = name;
}

void PixelContents::tryFailedAgain() {
    std::erase_if(names_,
                  [](const auto& each) { return each.second.empty() || each.first.expired(); });
}

void PixelContents::keep(const std::function<std::vector<KeptPixels>()>& wanted,
                         const std::function<void()>& then) {
    const std::vector<KeptPixels> missing = wanted();
    if (missing.empty() && !storing_) {
        then();
        return;
    }
    waiting_.push_back([this, wanted, then] { keep(wanted, then); }); // more may have come by then
    if (std::exchange(storing_, true)) {
        return;
    }
    files_->run([this, missing, store = store_]() -> std::function<void()> {
        std::vector<std::string> names;
        QString reason;
        for (const KeptPixels& pixels : missing) {
            std::string& name = names.emplace_back();
            const QString problem = reasonOf([&] { name = store.put(bytesThatHold(pixels)); });
            reason = problem.isEmpty() ? reason : problem;
        }
        return [this, missing, names, reason] {
            storing_ = false;
            for (std::size_t i = 0; i < missing.size(); ++i) {
                remember(missing[i].image, names[i]);
            }
            if (!reason.isEmpty()) {
                Q_EMIT failed(reason);
            }
            for (const auto& next : std::exchange(waiting_, {})) {
                next();
            }
        };
    });
}

void PixelContents::finish(const std::vector<KeptPixels>& wanted) {
    files_.reset();
    for (const KeptPixels& pixels : wanted) {
        std::string name;
        const QString reason = reasonOf([&] { name = store_.put(bytesThatHold(pixels)); });
        remember(pixels.image, name);
        if (!reason.isEmpty()) {
            Q_EMIT failed(reason);
        }
    }
}

} // namespace likeness
