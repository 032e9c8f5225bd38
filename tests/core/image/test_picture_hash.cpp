#include "core/image/convert.h"
#include "core/image/picture_hash.h"
#include "core/image/resize.h"
#include "core/imageio/load.h"
#include "core/imageio/save.h"
#include "core/synth/world.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace likeness;

namespace {

synth::Scene scene_of(std::uint64_t id, const synth::Subject& subject) {
    return synth::make_scene(id, subject, synth::Split::train);
}

std::vector<Image> pictures() {
    std::vector<Image> all;
    for (std::uint64_t id = 0; id < 8; ++id) {
        const synth::Subject subject = synth::make_subject(id, synth::Split::train);
        all.push_back(synth::render(subject, scene_of(id, subject), 192).rgb);
    }
    return all;
}

// Without those shares of its sides.
Image without(const Image& image, double left, double top, double right, double bottom) {
    const auto part = [](int side, double share) { return static_cast<int>(side * share); };
    return crop(image, part(image.width, left), part(image.height, top),
                part(image.width, 1 - left - right), part(image.height, 1 - top - bottom));
}

Image brighter(Image image, double factor, double more) {
    for (std::size_t i = 0; i < image.bytes.size(); ++i) {
        image.u8()[i] = static_cast<std::uint8_t>(
            std::clamp(std::lround(image.u8()[i] * factor + more), 0L, 255L));
    }
    return image;
}

Image recompressed(const Image& image, int quality) {
    return load_image(encode_image(image, ImageFormat::jpeg, {.quality = quality}), "copy.jpg");
}

} // namespace

class TestPictureHash : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() { init_imageio(); }

    void copiesAreFound();
    void otherPicturesAreNot();
    void distanceIsSymmetric();
    void anyKindOfPictureHasOne();
};

void TestPictureHash::copiesAreFound() {
    for (const Image& image : pictures()) {
        const PictureHash hash = picture_hash(image);
        const Image copies[] = {image,
                                recompressed(image, 40),
                                resize(image, 70, 70, Filter::bilinear),
                                resize(image, 300, 280, Filter::bicubic),
                                brighter(image, 1.12, 0),
                                brighter(image, 0.6, 0),
                                brighter(image, 0.8, 25),
                                without(image, 0.03, 0.03, 0.03, 0.03),
                                without(image, 0.05, 0, 0, 0),
                                without(image, 0, 0.06, 0, 0),
                                without(image, 0.02, 0, 0.03, 0.05),
                                recompressed(without(image, 0.03, 0.03, 0.02, 0.02), 60)};
        for (const Image& copy : copies) {
            const int distance = hash_distance(hash, picture_hash(copy));
            QVERIFY2(looks_alike(hash, picture_hash(copy)),
                     qPrintable(QString("%1: %2").arg(&copy - copies).arg(distance)));
        }
    }
}

void TestPictureHash::otherPicturesAreNot() {
    std::vector<PictureHash> hashes;
    for (const Image& image : pictures()) {
        hashes.push_back(picture_hash(image));
    }
    // The same thing at other places, and other things before the same backdrop.
    const synth::Subject mug = synth::make_subject(40, synth::Split::train);
    for (std::uint64_t id = 0; id < 6; ++id) {
        hashes.push_back(picture_hash(synth::render(mug, scene_of(100 + id, mug), 192).rgb));
        const synth::Subject other = synth::make_subject(60 + id, synth::Split::train);
        hashes.push_back(picture_hash(
            synth::render(other, {.place = synth::Place::studio, .yaw = -20}, 192).rgb));
    }
    for (std::size_t i = 0; i < hashes.size(); ++i) {
        for (std::size_t j = i + 1; j < hashes.size(); ++j) {
            QVERIFY2(
                !looks_alike(hashes[i], hashes[j]),
                qPrintable(
                    QString("%1 %2: %3").arg(i).arg(j).arg(hash_distance(hashes[i], hashes[j]))));
        }
    }
}

void TestPictureHash::distanceIsSymmetric() {
    const auto all = pictures();
    const PictureHash a = picture_hash(all[0]), b = picture_hash(without(all[0], 0.04, 0, 0, 0.02));
    QCOMPARE(hash_distance(a, b), hash_distance(b, a));
    QCOMPARE(hash_distance(a, a), 0);
}

void TestPictureHash::anyKindOfPictureHasOne() {
    const Image grey = to_grey(pictures()[0]);
    QVERIFY(looks_alike(picture_hash(grey), picture_hash(pictures()[0])));
    Image clear = make_image(40, 30, 4); // transparent all over: white
    QVERIFY(looks_alike(picture_hash(clear), picture_hash(over_white(clear))));
    QVERIFY(picture_hash(make_image(1, 900, 3, PixelType::u16)).cut.size() > 1);
}

QTEST_APPLESS_MAIN(TestPictureHash)
#include "test_picture_hash.moc"
