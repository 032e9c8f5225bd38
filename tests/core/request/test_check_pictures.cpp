#include "core/image/convert.h"
#include "core/image/resize.h"
#include "core/request/check_pictures.h"
#include "core/request/training_crop.h"
#include "core/synth/world.h"

#include <QTest>

#include <algorithm>

using namespace likeness;

namespace {

using Kind = TrainingFindingKind;
using Pictures = std::vector<std::size_t>;

constexpr int kResolution = 128;

ImagePtr shared(Image image) {
    return std::make_shared<const Image>(std::move(image));
}

Image render(std::uint64_t scene_id, int size = 160) {
    const synth::Subject subject = synth::make_subject(3, synth::Split::train);
    return synth::render(subject,
                         synth::make_scene(scene_id, subject, synth::Split::train, {.styled = 0}),
                         size)
        .rgb;
}

// Drawn once.
const std::vector<ImagePtr> kScenes = [] {
    std::vector<ImagePtr> scenes;
    for (std::uint64_t id = 0; id < 12; ++id) {
        scenes.push_back(shared(render(id)));
    }
    return scenes;
}();

// That many good pictures of one thing with captions of their own.
TrainingRequest good(std::size_t count) {
    TrainingRequest request{.instance_prompt = "a photo of sks mug"};
    for (std::size_t i = 0; i < count; ++i) {
        request.pictures.push_back({.image = kScenes.at(i),
                                    .path = "folder/mug_" + std::to_string(i) + ".png",
                                    .caption = "sks mug, " + std::to_string(i)});
    }
    return request;
}

ModelTraits traits() {
    return {.vae_factor = 8, .default_width = kResolution, .default_height = kResolution};
}

TrainingCheck checked(const TrainingRequest& request) {
    return check_pictures(request, traits(), {});
}

std::vector<TrainingFinding> found(const TrainingCheck& check, Kind kind) {
    std::vector<TrainingFinding> of_kind;
    std::ranges::copy_if(check.findings, std::back_inserter(of_kind),
                         [kind](const TrainingFinding& each) { return each.kind == kind; });
    return of_kind;
}

// The only one of its kind.
TrainingFinding one(const TrainingCheck& check, Kind kind) {
    const auto all = found(check, kind);
    return all.size() == 1 ? all.front() : TrainingFinding{.title = message("none or several")};
}

// The picture with a pixel's neighbourhood in place of each pixel, several times over.
Image blurred(const Image& image) {
    const Image small = resize(image, image.width / 6, image.height / 6, Filter::bilinear);
    return resize(small, image.width, image.height, Filter::bicubic);
}

} // namespace

class TestCheckPictures : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void goodPicturesAreFine();
    void theCountIsTheMethods();
    void cropsAreWhatTheTrainerCuts();
    void smallAndLongOnesAreNamed();
    void blurredOnesAreNamed();
    void copiesAreNamed();
    void captionsMissingOrTheSame();
    void masksThatDoNotFit();
    void unreadableOnesAreLeftOut();
    void whatMakesNoSense();
    void stops();
};

void TestCheckPictures::goodPicturesAreFine() {
    const TrainingCheck check = checked(good(10));
    for (const TrainingFinding& finding : check.findings) {
        QVERIFY2(finding.is_fine, (finding.title.text() + ": " + finding.detail.text()).c_str());
        QVERIFY(!finding.title.empty() && !finding.detail.empty());
    }
    QCOMPARE(one(check, Kind::count).title.text(), std::string("10 pictures"));
    QCOMPARE(one(check, Kind::size).title.text(), std::string("Smallest side 160 px"));
    QCOMPARE(one(check, Kind::sharpness).title.text(), std::string("Sharp"));
    QVERIFY(found(check, Kind::masks).empty());
    QVERIFY(!check.estimate);
    QCOMPARE(check.crops.size(), std::size_t{10});
}

void TestCheckPictures::theCountIsTheMethods() {
    TrainingRequest request = good(2);
    QVERIFY(!one(checked(request), Kind::count).is_fine);
    const TrainingPicture picture = request.pictures.front();
    const auto fine = [&](TrainingMethod method, std::size_t count) {
        request.method = method;
        request.pictures.assign(count, {.image = shared(make_image(32, 32)), .caption = "a"});
        return one(checked(request), Kind::count).is_fine;
    };
    QVERIFY(!fine(TrainingMethod::lora, 9) && fine(TrainingMethod::lora, 10));
    QVERIFY(!fine(TrainingMethod::dreambooth, 99) && fine(TrainingMethod::dreambooth, 100));
    QVERIFY(!fine(TrainingMethod::ip_adapter, 49) && fine(TrainingMethod::ip_adapter, 50));
    request.as_lora = true;
    QVERIFY(fine(TrainingMethod::dreambooth, 10));
    request.pictures = {picture};
    QCOMPARE(one(checked(request), Kind::count).title.text(), std::string("1 picture"));
}

void TestCheckPictures::cropsAreWhatTheTrainerCuts() {
    TrainingRequest request = good(1);
    request.pictures.push_back({.image = shared(render(5, 300)), .caption = "x"});
    request.pictures.push_back(
        {.image = shared(crop(render(6, 600), 0, 0, 600, 400)), .caption = "y"});
    const TrainingCheck check = checked(request);
    for (std::size_t i = 0; i < request.pictures.size(); ++i) {
        const Image& image = *request.pictures[i].image;
        const TrainingCrop& c = check.crops[i];
        QCOMPARE(c, training_crop(whole_size(request.pictures[i]), kResolution, 8));
        QCOMPARE((PictureSize{.width = c.trained_width, .height = c.trained_height}),
                 training_size(image.width, image.height, kResolution, 8));
        const Image cut = resize(crop(image, c.x, c.y, c.width, c.height), c.trained_width,
                                 c.trained_height, Filter::bilinear);
        QVERIFY(cut ==
                cut_for_training(image, {.width = c.trained_width, .height = c.trained_height}));
    }
    QVERIFY(check.crops[2].trained_width > check.crops[2].trained_height);
    // In the pixels of its file where a smaller copy of it was kept.
    const TrainingCrop whole = check.crops[2];
    request.pictures[2] = {
        .image = shared(resize(*request.pictures[2].image, 450, 300, Filter::lanczos)),
        .caption = "y",
        .width = 600,
        .height = 400};
    QCOMPARE(checked(request).crops[2], whole);
    request.resolution = 256;
    QCOMPARE(checked(request).crops[0].trained_width, 256);
}

void TestCheckPictures::smallAndLongOnesAreNamed() {
    TrainingRequest request = good(10);
    request.pictures[3].image = shared(render(40, 96));
    request.pictures[7].image = shared(crop(render(41, 900), 0, 300, 900, 250));
    const auto sizes = found(checked(request), Kind::size);
    QCOMPARE(sizes.size(), std::size_t{2});
    QCOMPARE(sizes[0].pictures, Pictures{3});
    QCOMPARE(sizes[0].title.text(), std::string("Smallest side 96 px"));
    QVERIFY(sizes[0].detail.text().starts_with("mug_3.png: smaller than the 128 px"));
    QCOMPARE(sizes[1].pictures, Pictures{7});
    QVERIFY(!sizes[0].is_fine && !sizes[1].is_fine);
}

void TestCheckPictures::blurredOnesAreNamed() {
    TrainingRequest request = good(10);
    request.pictures[2].image = shared(blurred(render(2)));
    request.pictures[4].image = shared(make_image(160, 160));
    const auto unsharp = found(checked(request), Kind::sharpness);
    QCOMPARE(unsharp.size(), std::size_t{2});
    QCOMPARE(unsharp[0].pictures, Pictures{2});
    QCOMPARE(unsharp[0].title.text(), std::string("1 blurred"));
    QCOMPARE(unsharp[1].pictures, Pictures{4});
    // Judged where it is trained: brought to 32 pixels it is sharp.
    request.resolution = 32;
    QVERIFY(found(checked(request), Kind::sharpness)[0].is_fine);
}

void TestCheckPictures::copiesAreNamed() {
    TrainingRequest request = good(12);
    request.pictures[8].image = shared(Image(*request.pictures[1].image));
    request.pictures[10].image =
        shared(resize(crop(*request.pictures[5].image, 4, 2, 152, 156), 300, 300, Filter::bicubic));
    const auto copies = found(checked(request), Kind::duplicates);
    QCOMPARE(copies.size(), std::size_t{2});
    QCOMPARE(copies[0].pictures, (Pictures{1, 8}));
    QCOMPARE(copies[0].title.text(), std::string("2 are the same"));
    QCOMPARE(copies[1].pictures, (Pictures{5, 10}));
    QCOMPARE(copies[1].detail.text(), std::string("mug_5.png, mug_10.png count double"));
}

void TestCheckPictures::captionsMissingOrTheSame() {
    TrainingRequest request = good(10);
    QVERIFY(one(checked(request), Kind::captions).is_fine);
    request.pictures[1].caption.clear();
    request.pictures[2].caption.clear();
    TrainingFinding finding = one(checked(request), Kind::captions);
    QVERIFY(!finding.is_fine);
    QCOMPARE(finding.title.text(), std::string("8 of 10 captions"));
    QCOMPARE(finding.pictures, (Pictures{1, 2}));
    QCOMPARE(finding.detail.text(),
             std::string("only \"a photo of sks mug\": mug_1.png, mug_2.png"));
    request.instance_prompt.clear();
    QVERIFY(!one(checked(request), Kind::captions).is_fine);
    for (TrainingPicture& picture : request.pictures) {
        picture.caption = "a mug";
    }
    finding = one(checked(request), Kind::captions);
    QVERIFY(!finding.is_fine);
    QCOMPARE(finding.title.text(), std::string("All captions are the same"));
    for (TrainingPicture& picture : request.pictures) {
        picture.caption.clear();
    }
    request.instance_prompt = "a photo of sks mug";
    finding = one(checked(request), Kind::captions);
    QVERIFY(finding.is_fine); // one prompt for all is a way to do it
    QCOMPARE(finding.title.text(), std::string("One caption for all"));
}

void TestCheckPictures::masksThatDoNotFit() {
    Image white = make_image(160, 160, 1);
    std::ranges::fill(white.bytes, std::byte{255});
    TrainingRequest request = good(10);
    request.pictures[0].mask = shared(white);
    request.pictures[1].mask = shared(resize(white, 80, 80, Filter::box)); // fits all the same
    QVERIFY(one(checked(request), Kind::masks).is_fine);
    QCOMPARE(one(checked(request), Kind::masks).title.text(), std::string("2 masked"));
    request.pictures[2].mask = shared(make_image(160, 160, 1));
    request.pictures[3].mask = shared(resize(white, 160, 100, Filter::box));
    request.pictures[4].image = shared(make_image(160, 160, 4)); // transparent all over
    const auto masks = found(checked(request), Kind::masks);
    QCOMPARE(masks.size(), std::size_t{2});
    QCOMPARE(masks[0].pictures, Pictures{3});
    QCOMPARE(masks[1].pictures, (Pictures{2, 4}));
}

void TestCheckPictures::unreadableOnesAreLeftOut() {
    TrainingRequest request = good(10);
    request.pictures[6].image = nullptr;
    const TrainingCheck check = checked(request);
    const auto counts = found(check, Kind::count);
    QCOMPARE(counts.size(), std::size_t{2});
    QCOMPARE(counts[0].title.text(), std::string("9 pictures"));
    QCOMPARE(counts[1].pictures, Pictures{6});
    QCOMPARE(counts[1].title.text(), std::string("1 could not be read"));
    QCOMPARE(check.crops.size(), std::size_t{10});
    QCOMPARE(check.crops[6], TrainingCrop{});
    for (TrainingPicture& picture : request.pictures) {
        picture.image = nullptr;
    }
    QCOMPARE(checked(request).findings.size(), std::size_t{2}); // nothing more can be said
    QCOMPARE(checked({}).findings.size(), std::size_t{1});
}

void TestCheckPictures::whatMakesNoSense() {
    TrainingRequest request = good(3);
    QVERIFY(nothing_to_learn(request).empty());
    request.pictures[1].image = shared(Image(*request.pictures[0].image));
    QVERIFY(nothing_to_learn(request).empty());
    request.pictures[2].image = request.pictures[0].image;
    QCOMPARE(nothing_to_learn(request).at(0).message.text(),
             std::string("all 3 are the same picture; a training needs different ones of the "
                         "thing"));
    request.pictures[2].image = nullptr;
    QCOMPARE(nothing_to_learn(request).at(0).message.text(),
             std::string("mug_2.png could not be read; leave what is no picture out"));
    request.pictures.resize(1);
    QVERIFY(nothing_to_learn(request).empty());
}

void TestCheckPictures::stops() {
    std::stop_source stop;
    int steps = 0;
    const Progress progress(stop.get_token(), [&](const Stepped&) {
        if (++steps == 2) {
            stop.request_stop();
        }
    });
    bool stopped = false;
    try {
        check_pictures(good(5), traits(), progress);
    } catch (const Cancelled&) {
        stopped = true;
    }
    QVERIFY(stopped);
    QCOMPARE(steps, 2);
}

QTEST_APPLESS_MAIN(TestCheckPictures)
#include "test_check_pictures.moc"
