#include "core/request/limits.h"
#include "ui/model/picture_files.h"
#include "ui/model/qimage_conversion.h"
#include "ui/model/reference_list_model.h"
#include "ui/model/request_model.h"

#include <QAbstractItemModelTester>
#include <QFile>
#include <QMimeData>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

using namespace likeness;

namespace {

ImagePtr plain(int width, int height, std::uint8_t value) {
    Image image = make_image(width, height);
    std::fill_n(image.u8(), image.bytes.size(), value);
    return std::make_shared<const Image>(std::move(image));
}

} // namespace

// The view models, without a window.
class TestModels : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tenReferencesAtMost();
    void unreadAndMutedCardsDoNotCount();
    void soloLeavesOneReference();
    void aRemovedCardTakesNoImage();
    void strengthIsAnEditOnlyWhereItCounts();
    void requestKeepsWhatItIsGiven();
    void problemsAreToldAsTheyArise();
    void conversionKeepsEveryPixel();
    void greyDeepAndFloatPicturesAreShown();
    void onlyLocalAddressesAreTaken();
    void imageBytesArePreferred();
    void aLongDropIsCut();
    void filesAreReadAndRefusedByReason();
    void aSavedPictureKeepsItsRequest();
};

void TestModels::tenReferencesAtMost() {
    ReferenceListModel references;
    const QAbstractItemModelTester tester(&references);
    for (int i = 0; i < kMaxReferences; ++i) {
        QVERIFY(references.add({.name = QString::number(i), .image = plain(4, 4, 1)}));
    }
    QVERIFY(references.isFull());
    QVERIFY(!references.add({.name = "eleventh", .image = plain(4, 4, 1)}));
    QCOMPARE(references.rowCount(), kMaxReferences);
}

void TestModels::unreadAndMutedCardsDoNotCount() {
    ReferenceListModel references;
    const quint64 unread = *references.add({.name = "unread"});
    const quint64 first = *references.add({.name = "a", .image = plain(4, 4, 1)});
    references.add({.name = "b", .image = plain(4, 4, 2)});
    QCOMPARE(references.references().size(), 2U);
    QVERIFY(references.isReading());
    references.setMuted(first, true);
    QCOMPARE(references.references().size(), 1U);
    references.setPixels(unread, {.image = plain(4, 4, 3)});
    QVERIFY(!references.isReading());
    QCOMPARE(references.references().size(), 2U);
}

void TestModels::soloLeavesOneReference() {
    ReferenceListModel references;
    const quint64 first = *references.add({.name = "a", .path = "a", .image = plain(4, 4, 1)});
    const quint64 second = *references.add({.name = "b", .path = "b", .image = plain(4, 4, 2)});
    references.setSolo(second, true);
    QCOMPARE(references.references().size(), 1U);
    QCOMPARE(references.references()[0].path, std::string("b"));
    references.setSolo(first, true);
    QCOMPARE(references.references()[0].path, std::string("a"));
    references.setSolo(first, false);
    QCOMPARE(references.references().size(), 2U);
}

void TestModels::aRemovedCardTakesNoImage() {
    ReferenceListModel references;
    QSignalSpy changed(&references, &ReferenceListModel::picturesChanged);
    const quint64 id = *references.add({.name = "a"});
    references.remove(id);
    changed.clear();
    references.setPixels(id, {.image = plain(4, 4, 1)});
    QCOMPARE(changed.count(), 0);
    QCOMPARE(references.rowCount(), 0);
}

void TestModels::strengthIsAnEditOnlyWhereItCounts() {
    ReferenceListModel references;
    const quint64 id = *references.add({.name = "a", .image = plain(4, 4, 1)});
    QSignalSpy edited(&references, &ReferenceListModel::strengthEdited);
    references.setScale(id, 0.9);
    QCOMPARE(edited.count(), 1);
    QCOMPARE(references.references()[0].ip_adapter_scale, 0.9);
    references.setScale(id, 0.9);
    QCOMPARE(edited.count(), 1); // nothing changed
    references.setMuted(id, true);
    edited.clear();
    references.setScale(id, 0.2);
    QCOMPARE(edited.count(), 0); // a muted card changes no picture
}

void TestModels::requestKeepsWhatItIsGiven() {
    RequestModel model;
    QSignalSpy changed(&model, &RequestModel::changed);
    QSignalSpy edited(&model, &RequestModel::edited);
    const GenerationRequest given{
        .prompt = "a duck", .negative_prompt = "blur", .num_inference_steps = 12, .seed = 77};
    model.setRequest(given);
    QCOMPARE(model.request(), given);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(edited.count(), 0);
    model.edit([](GenerationRequest& request) { request.prompt = "a mug"; });
    QCOMPARE(edited.count(), 1);
    model.edit([](GenerationRequest& request) { request.prompt = "a mug"; });
    QCOMPARE(edited.count(), 1);
}

void TestModels::problemsAreToldAsTheyArise() {
    RequestModel model;
    QVERIFY(model.problems().empty());
    model.edit([](GenerationRequest& request) { request.width = 131; });
    QCOMPARE(model.problems().size(), 1U);
    QCOMPARE(model.problems()[0].field, std::string("width"));
    model.edit([](GenerationRequest& request) { request.width = 128; });
    QVERIFY(model.problems().empty());
}

void TestModels::conversionKeepsEveryPixel() {
    for (const int channels : {3, 4}) {
        Image image = make_image(5, 3, channels);
        for (std::size_t i = 0; i < image.bytes.size(); ++i) {
            image.u8()[i] = static_cast<std::uint8_t>(i * 5);
        }
        if (channels == 4) {
            for (std::size_t i = 3; i < image.bytes.size(); i += 4) {
                image.u8()[i] = 255;
            }
        }
        const QImage shown = toQImage(image);
        const QColor pixel = shown.pixelColor(2, 1);
        const std::size_t at = (1U * 5 + 2) * static_cast<std::size_t>(channels);
        QCOMPARE(pixel.red(), int(image.u8()[at]));
        QCOMPARE(pixel.green(), int(image.u8()[at + 1]));
        QCOMPARE(pixel.blue(), int(image.u8()[at + 2]));
        QCOMPARE(fromQImage(shown), image);
    }
}

void TestModels::greyDeepAndFloatPicturesAreShown() {
    Image grey = make_image(1, 1, 1);
    grey.u8()[0] = 100;
    QCOMPARE(toQImage(grey).pixelColor(0, 0), QColor(100, 100, 100));
    Image deep = make_image(1, 1, 3, PixelType::u16);
    deep.u16()[0] = 65535;
    deep.u16()[1] = 257 * 128;
    QCOMPARE(toQImage(deep).pixelColor(0, 0), QColor(255, 128, 0));
    Image real = make_image(1, 1, 3, PixelType::f32);
    real.f32()[0] = 0.5F;
    real.f32()[1] = 7.0F; // out of range: clamped
    real.f32()[2] = -1.0F;
    QCOMPARE(toQImage(real).pixelColor(0, 0), QColor(128, 255, 0));
}

void TestModels::onlyLocalAddressesAreTaken() {
    QMimeData data;
    data.setUrls({QUrl("file:///home/a/mug.png"), QUrl("file://server/share/mug.png"),
                  QUrl("https://example.org/mug.jpg")});
    QVERIFY(mayHoldPictures(data));
    const MimePictures pictures = picturesOf(data);
    QCOMPARE(pictures.sources.size(), 1);
    QCOMPARE(pictures.sources[0].path, QString("/home/a/mug.png"));
    QCOMPARE(pictures.refusals.size(), 2);
    QCOMPARE(pictures.refusals[1].name, QString("mug.jpg"));
}

void TestModels::imageBytesArePreferred() {
    QMimeData data;
    data.setUrls({QUrl("https://example.org/mug.png")});
    data.setData("image/png", "bytes");
    const MimePictures pictures = picturesOf(data);
    QCOMPARE(pictures.sources.size(), 1);
    QCOMPARE(pictures.sources[0].bytes, QByteArray("bytes"));
    QVERIFY(pictures.refusals.isEmpty());
    QMimeData text;
    text.setText("mug");
    QVERIFY(!mayHoldPictures(text));
    QVERIFY(picturesOf(text).sources.isEmpty());
}

void TestModels::aLongDropIsCut() {
    QMimeData data;
    QList<QUrl> urls;
    for (int i = 0; i < 300; ++i) {
        urls << QUrl(QString("file:///a/%1.png").arg(i));
    }
    data.setUrls(urls);
    const MimePictures pictures = picturesOf(data);
    QCOMPARE(pictures.sources.size(), 100);
    QCOMPARE(pictures.refusals.size(), 1);
    QVERIFY(pictures.refusals[0].name.contains("200"));
}

void TestModels::filesAreReadAndRefusedByReason() {
    const QTemporaryDir folder;
    QImage image(64, 48, QImage::Format_RGB888);
    image.fill(QColor(200, 80, 40));
    const QString good = folder.filePath("good.png");
    QVERIFY(image.save(good));
    QFile bad(folder.filePath("notes.png"));
    QVERIFY(bad.open(QIODevice::WriteOnly));
    bad.write("these are only words");
    bad.close();

    PictureFiles files;
    QList<LoadedPicture> loaded;
    QList<Refusal> refused;
    const auto keep = [&](const LoadedPicture& picture) { loaded << picture; };
    const auto refuse = [&](const Refusal& refusal) { refused << refusal; };
    files.load({.name = "good.png", .path = good}, keep, refuse);
    files.load({.name = "notes.png", .path = bad.fileName()}, keep, refuse);
    files.load({.name = "gone.png", .path = folder.filePath("gone.png")}, keep, refuse);
    QFile again(good);
    QVERIFY(again.open(QIODevice::ReadOnly));
    files.load({.name = "pasted", .bytes = again.readAll()}, keep, refuse);
    files.load({.name = "copied", .image = image}, keep, refuse);
    QVERIFY(loaded.isEmpty() && refused.isEmpty()); // nothing is done in the call itself
    QTRY_COMPARE(loaded.size() + refused.size(), 5);
    QCOMPARE(loaded.size(), 3);
    for (const LoadedPicture& picture : loaded) {
        QCOMPARE(toQImage(*picture.image).pixelColor(10, 10), QColor(200, 80, 40));
        QCOMPARE(picture.image->width, 64);
        QVERIFY(!picture.thumbnail.isNull());
        QVERIFY(!picture.request_json);
    }
    QCOMPARE(refused.size(), 2);
    for (const Refusal& refusal : refused) {
        QVERIFY(refusal.name == "notes.png" || refusal.name == "gone.png");
        QVERIFY(!refusal.reason.isEmpty());
    }
    QVERIFY(refused[0].reason != refused[1].reason);
}

void TestModels::aSavedPictureKeepsItsRequest() {
    const QTemporaryDir folder;
    const QString path = folder.filePath("kept.png");
    const ResultImage result{plain(32, 32, 90), {.prompt = "a red mug", .seed = 5}};
    PictureFiles files;
    QString saved;
    QList<Refusal> refused;
    files.save(
        path, result, [&](const QString& where) { saved = where; },
        [&](const Refusal& refusal) { refused << refusal; });
    QTRY_COMPARE(saved, path);
    std::optional<LoadedPicture> loaded;
    files.load(
        {.name = "kept.png", .path = path}, [&](const LoadedPicture& picture) { loaded = picture; },
        [&](const Refusal& refusal) { refused << refusal; });
    QTRY_VERIFY(loaded);
    QVERIFY(loaded->request_json);
    QVERIFY(loaded->request_json->find("a red mug") != std::string::npos);
    files.save(
        folder.filePath("no/such/folder/x.png"), result, [&](const QString&) {},
        [&](const Refusal& refusal) { refused << refusal; });
    QTRY_COMPARE(refused.size(), 1);
    QCOMPARE(refused[0].name, QString("x.png"));
}

QTEST_GUILESS_MAIN(TestModels)
#include "test_models.moc"
