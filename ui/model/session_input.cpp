#include "ui/model/session.h"
#include "ui/model/size_presets.h"
#include "ui/model/words.h"

#include <QFileInfo>
#include <QSize>

// What a sitting knows of the picture that image to image and inpainting begin from.

namespace likeness {

namespace {

QSize canvasOf(const InputImage& input) {
    return {input.image->width + input.pad[0] + input.pad[2],
            input.image->height + input.pad[1] + input.pad[3]};
}

} // namespace

void Session::setInputPicture(const PictureSource& source) {
    files_.load(
        source,
        [this](const LoadedPicture& picture) {
            const QString path = picture.path.isEmpty() ? picture.kept_path : picture.path;
            if (picture.path.isEmpty() && !path.isEmpty()) {
                keepPixels(path, picture.image,
                           tr("A pasted picture was not kept; it is lost when the window closes"));
            }
            edits_.step(tr("Begin from %1").arg(picture.name), [&] {
                request_.edit([&](GenerationRequest& request) {
                    request.input = {.image = picture.image,
                                     .path = path.toStdString(),
                                     .sha256 = picture.path == path ? picture.sha256 : "",
                                     .fit = InputFit::crop};
                    const QSize canvas = canvasOf(request.input);
                    const QSize size =
                        sizeOfShape(double(canvas.width()) / canvas.height(), request_.traits());
                    request.width = size.width();
                    request.height = size.height();
                    request.branch = {}; // it would go on from another picture
                });
            });
        },
        [this](const Refusal& refusal) { tellRefusals({refusal}); });
}

void Session::beginFrom(PictureId id) {
    const PictureId from = id == 0 ? shown_id_ : id;
    library_.hold(from);
    const QString path = library_.pathOf(from);
    if (!path.isEmpty()) {
        setInputPicture({.name = QFileInfo(path).completeBaseName(), .path = path});
        return;
    }
    const auto take = [this](const ResultImage& picture) {
        setInputPicture({.name = tr("seed %1").arg(picture.request.seed), .pixels = picture.image});
    };
    if (id != 0) { // only in memory
        library_.load(
            id, [take](const LibraryPicture& picture) { take(picture.result); },
            [this](const Refusal& refusal) { tellRefusals({refusal}); });
    } else if (shown_) {
        take(*shown_);
    }
}

void Session::clearInput() {
    edits_.step(tr("Begin from noise"), [&] {
        request_.edit([](GenerationRequest& request) {
            request.input = {};
            request.strength.reset();
        });
    });
}

void Session::setInputMask(const ImagePtr& mask) {
    const QString path = keepMask(mask);
    edits_.step(tr("Mask of the picture to begin from"), [&] {
        request_.edit([&](GenerationRequest& request) {
            request.input.mask = mask;
            request.input.mask_path = path.toStdString();
            if (!request.input.is_masked()) {
                request.input.mask_grow = request.input.mask_feather = 0;
            }
        });
    });
}

void Session::setInputPad(const std::array<int, 4>& pad) {
    const InputImage& input = request_.request().input;
    if (!input.image || input.pad == pad) {
        return;
    }
    const ModelTraits& traits = request_.traits();
    const double scale =
        request_.request().width.value_or(traits.default_width) / double(canvasOf(input).width());
    request_.edit([&](GenerationRequest& request) {
        request.input.pad = pad;
        const QSize canvas = canvasOf(request.input);
        const QSize size = nearestSize(canvas.width() * scale, canvas.height() * scale, traits);
        request.width = size.width();
        request.height = size.height();
        if (!request.input.is_masked()) {
            request.input.mask_grow = request.input.mask_feather = 0;
        }
    });
}

// Settings that came back name files: their pixels are read for the window to show.
void Session::readInput() {
    const InputImage& input = request_.request().input;
    const QString path = QString::fromStdString(input.path);
    if (input.image || path.isEmpty() || path == input_being_read_) {
        return;
    }
    input_being_read_ = path;
    files_.load(
        {.name = nameOfFile(path),
         .path = path,
         .mask_path = QString::fromStdString(input.mask_path)},
        [this, path](const LoadedPicture& picture) {
            input_being_read_.clear();
            const InputImage& now = request_.request().input;
            if (now.image || now.path != path.toStdString()) {
                return readInput();
            }
            if (!now.sha256.empty() && now.sha256 != picture.sha256) {
                tellOtherPictures({picture.name});
            }
            edits_.unrecorded([&] {
                request_.edit([&](GenerationRequest& request) {
                    request.input.image = picture.image;
                    request.input.sha256 = picture.sha256;
                    request.input.mask = picture.mask;
                });
            });
            tellRefusals(picture.refusals);
        },
        [this, path](const Refusal& refusal) {
            input_being_read_.clear();
            if (request_.request().input.path == path.toStdString()) { // as a lost card goes
                edits_.unrecorded([this] {
                    request_.edit([](GenerationRequest& request) {
                        request.input = {};
                        request.strength.reset();
                    });
                });
            }
            tellRefusals({refusal});
        });
}

} // namespace likeness
