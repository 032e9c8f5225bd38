#pragma once

#include "core/library/sitting.h"
#include "ui/model/picture_files.h"

#include <QObject>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace likeness {

// Pixels that are to be kept, and the file they came from, if any.
struct KeptPixels {
    ImagePtr image{};
    QString path{};
};

// Which content of the store holds which image's pixels; makes the missing ones off the window's
// thread. A file's own bytes are taken where they still hold the pixels, else they are encoded.
class PixelContents : public QObject {
    Q_OBJECT

public:
    explicit PixelContents(ContentStore store, QObject* parent = nullptr);

    const ContentStore& store() const { return store_; }

    // Empty: no content holds them yet, or none could be made.
    std::string nameOf(const ImagePtr& image) const;
    bool isKnown(const ImagePtr& image) const; // also that none could be made

    bool isStoring() const { return storing_; }

    void remember(const ImagePtr& image, const std::string& name);
    void tryFailedAgain();

    // Makes what `wanted` says is missing, until nothing is, then calls `then`.
    void keep(const std::function<std::vector<KeptPixels>()>& wanted,
              const std::function<void()>& then);

    // Waits for what is at work, then makes the rest here and now: the last words.
    void finish(const std::vector<KeptPixels>& wanted);

    // Runs other file work beside it.
    void run(const std::function<std::function<void()>()>& work) { files_->run(work); }

Q_SIGNALS:
    void failed(const QString& reason);

private:
    ContentStore store_;
    std::unique_ptr<PictureFiles> files_;
    std::map<std::weak_ptr<const Image>, std::string, std::owner_less<>> names_{};
    std::vector<std::function<void()>> waiting_{};
    bool storing_ = false;
};

} // namespace likeness
