#include "core/image/inpaint.h"
#include "core/imageio/load.h"
#include "core/pipelines/input_picture.h"
#include "core/request/model_folder.h"
#include "core/runner/torch_runner.h"
#include "core/weights/safetensors.h"
#include "tests/support/compare_tensors.h"
#include "tests/support/error_of.h"
#include "tests/support/temp_folder.h"

#include <QTest>

#include <algorithm>
#include <filesystem>

#include <nlohmann/json.hpp>

using namespace likeness;
using namespace likeness::test;

namespace {

namespace fs = std::filesystem;

const fs::path kGolden = fs::path(LIKENESS_SOURCE_DIR) / "tests" / "golden";

ImagePtr picture(const nlohmann::json& path) {
    return path.is_null()
               ? nullptr
               : std::make_shared<const Image>(load_image(kGolden / path.get<std::string>()));
}

fs::path fixture(const std::string& name) {
    return kGolden / ("input_" + name + ".safetensors");
}

// The request that diffusers ran for this fixture.
GenerationRequest golden_request(const std::string& name) {
    const auto json =
        nlohmann::json::parse(SafetensorsFile::open(fixture(name))->metadata().at("request"));
    GenerationRequest request{.model = (kGolden / json["model"].get<std::string>()).string(),
                              .prompt = json["prompt"],
                              .width = json["width"].get<int>(),
                              .height = json["height"].get<int>(),
                              .num_inference_steps = json["num_inference_steps"].get<int>(),
                              .guidance_scale = json["guidance_scale"].get<double>(),
                              .scheduler = json["scheduler"] == "ddim" ? SchedulerKind::ddim
                                           : json["scheduler"] == "euler_ancestral"
                                               ? SchedulerKind::euler_ancestral
                                               : SchedulerKind::euler,
                              .seed = json["seed"],
                              .device = "cpu",
                              .dtype = "float32",
                              .threads = 1};
    request.block_scales = json["block_scales"].get<std::map<std::string, double>>();
    request.guidance_start = json["guidance_range"][0];
    request.guidance_end = json["guidance_range"][1];
    if (!json["image"].is_null()) {
        request.input = {.image = picture(json["image"]), .mask = picture(json["mask"])};
        request.strength = json["strength"].get<double>();
    }
    for (const auto& reference : json["references"]) {
        const auto& adapter = reference["adapter"];
        ReferenceImage& made = request.references.emplace_back();
        made.image = picture(reference["path"]);
        made.mask = picture(reference["mask"]);
        made.ip_adapter_scale = reference["scale"];
        if (!adapter.is_null()) {
            made.ip_adapter = (kGolden / adapter.get<std::string>()).string();
        }
    }
    return request;
}

// tiny_sd with the UNet that reads a mask.
void make_inpaint_model(const fs::path& folder) {
    fs::create_directories(folder);
    for (const auto& part : fs::directory_iterator(kGolden / "tiny_sd")) {
        const fs::path name = part.path().filename();
        fs::create_symlink(name == "unet" ? kGolden / "tiny_sd_inpaint" / "unet" : part.path(),
                           folder / name);
    }
}

// tiny_sdxl with a refiner's UNet and without the first text encoder.
void make_refiner_model(const fs::path& folder) {
    fs::create_directories(folder);
    for (const char* part : {"vae", "text_encoder_2", "tokenizer_2", "scheduler"}) {
        fs::create_symlink(kGolden / "tiny_sdxl" / part, folder / part);
    }
    for (const char* part : {"unet", "model_index.json"}) {
        fs::create_symlink(kGolden / "tiny_sdxl_refiner" / part, folder / part);
    }
}

Result made(const GenerationRequest& request) {
    return make_torch_runner()->run(request, Progress{});
}

std::vector<std::byte> pixels(const GenerationRequest& request) {
    return made(request).images.at(0).image->bytes;
}

// The same of a runner that may know something of it already.
std::vector<std::byte> pixels(Runner& runner, const GenerationRequest& request) {
    return runner.run(request, Progress{}).images.at(0).image->bytes;
}

GenerationRequest with_one_adapter() {
    GenerationRequest request = golden_request("sd_two_adapters");
    for (ReferenceImage& reference : request.references) {
        reference.ip_adapter.clear();
    }
    return request;
}

ImagePtr shared(Image image) {
    return std::make_shared<const Image>(std::move(image));
}

// White from that column on.
ImagePtr right_part(int width, int height, int from) {
    Image mask = make_image(width, height, 1);
    for (int y = 0; y < height; ++y) {
        std::fill_n(mask.u8() + y * width + from, width - from, std::uint8_t{255});
    }
    return shared(std::move(mask));
}

} // namespace

class TestInputPicture : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void equalsDiffusers_data() {
        QTest::addColumn<QString>("name");
        for (const char* name :
             {"sd_image", "sdxl_image", "sd_mask", "sdxl_mask", "sd_mask9", "sd_two_adapters",
              "sd_two_adapters_masked", "sd_dictionary", "refiner_image", "sdxl_refined"}) {
            QTest::newRow(name) << name;
        }
    }

    void equalsDiffusers() {
        QFETCH(QString, name);
        const TempFolder folder;
        const auto dump = folder / "dump.safetensors";
        auto request = golden_request(name.toStdString());
        if (name == "sd_mask9") {
            make_inpaint_model(folder / "model");
            request.model = (folder / "model").string();
        }
        make_refiner_model(folder / "refiner");
        if (name == "refiner_image") {
            request.model = (folder / "refiner").string();
        }
        if (name == "sdxl_refined") {
            request.refiner = {.model = (folder / "refiner").string(), .switch_at = 0.5};
        }
        (void)make_torch_runner({.dump_path = dump.string()})->run(request, Progress{});
        const TensorMap ours = load_safetensors(dump);
        for (const auto& [key, expected] : load_safetensors(fixture(name.toStdString()))) {
            QVERIFY2(ours.contains(key), ("the dump has no " + key).c_str());
            const std::string found =
                difference(ours.at(key).squeeze(), expected.squeeze(), kFloat32Loop);
            QVERIFY2(found.empty(), (key + ": " + found).c_str());
        }
    }

    // Whether the base stays in memory or not; and what cannot be is told before anything runs.
    void aRefinerTakesTurnsWithItsBase() {
        const TempFolder folder;
        make_refiner_model(folder / "refiner");
        auto request = golden_request("sdxl_refined");
        const auto plain = pixels(request);
        request.refiner = {.model = (folder / "refiner").string(), .switch_at = 0.5};
        request.num_images = 2;
        const auto runner = make_torch_runner();
        const Result first = runner->run(request, Progress{});
        QCOMPARE(first.images.size(), std::size_t{2});
        QVERIFY(first.images[0].image->bytes != plain);
        QVERIFY(first.images[0].request.refiner == request.refiner);
        auto other = request;
        other.refiner = {};
        other.num_images = 1;
        QVERIFY(runner->run(other, Progress{}).images[0].image->bytes == plain);
        const Result again = runner->run(request, Progress{});
        QVERIFY(again.images[1].image->bytes == first.images[1].image->bytes);
        const auto told = [](const GenerationRequest& wrong) {
            const auto error = error_of([&] { (void)made(wrong); });
            return error ? QString::fromStdString(error->what()) : QStringLiteral("none");
        };
        other.model = (folder / "refiner").string();
        QVERIFY2(told(other).contains("SDXL refiner"), qPrintable(told(other)));
        other = request;
        other.refiner.model = (kGolden / "tiny_sd").string();
        QVERIFY2(told(other).contains("is not of the SDXL family"), qPrintable(told(other)));
    }

    // Made anew a little, a picture begins where the refiner is at work already: it goes on from
    // there, and takes no step of more noise.
    void aRefinerBeginsWhereThePictureDoes() {
        const TempFolder folder;
        make_refiner_model(folder / "refiner");
        auto request = golden_request("sdxl_image");
        request.num_inference_steps = 10;
        request.strength = 0.5; // the last five steps
        const auto made_from = [&](double switch_at) {
            request.refiner = {.model = (folder / "refiner").string(), .switch_at = switch_at};
            return pixels(request);
        };
        QVERIFY(made_from(0.2) == made_from(0.5));
        QVERIFY(made_from(0.5) != made_from(0.8));
    }

    // What a picture has in common with the one before it is not drawn again, nor counted less.
    void aRefinerDrawsTheSameNoiseAfterKeptSteps() {
        const TempFolder folder;
        make_refiner_model(folder / "refiner");
        auto request = golden_request("sdxl_refined");
        request.scheduler = SchedulerKind::euler_ancestral;
        request.num_inference_steps = 8;
        request.refiner = {.model = (folder / "refiner").string(), .switch_at = 0.6};
        for (ReferenceImage& reference : request.references) {
            reference.range_start = 0.3;
            reference.range_end = 1;
        }
        const auto runner = make_torch_runner({.kept_latents_bytes = std::uint64_t{64} << 20U});
        (void)runner->run(request, Progress{});
        request.references[0].ip_adapter_scale += 0.2;
        const Result kept = runner->run(request, Progress{});
        QVERIFY(kept.images[0].image->bytes == pixels(request));
    }

    void aMaskedPictureNeedsAnInpaintingModelOnlyThere() {
        const TempFolder folder;
        make_inpaint_model(folder / "model");
        auto request = golden_request("sd_mask9");
        request.model = (folder / "model").string();
        const auto whole = request;
        request.input.mask = nullptr;
        const auto told = [&] {
            const auto error = error_of([&] { (void)made(request); });
            return error ? std::string(error->what()) : "none";
        };
        QVERIFY2(told().find("inpainting model") != std::string::npos, told().c_str());
        request = whole;
        request.input = {};
        request.strength.reset();
        QVERIFY2(told().find("inpainting model") != std::string::npos, told().c_str());
    }

    // Bit for bit, with every kind of model, strength and fade.
    void whatTheMaskKeepsComesBack() {
        for (const char* name : {"sd_mask", "sdxl_mask"}) {
            for (const int feather : {0, 5}) {
                auto request = golden_request(name);
                request.strength = 1.0;
                request.input.mask = right_part(48, 32, 30);
                request.input.mask_grow = 3;
                request.input.mask_feather = feather;
                const auto made = pixels(request);
                const auto& given = request.input.image->bytes;
                QCOMPARE(made.size(), given.size());
                int differing = 0;
                for (int i = 0; i < 48 * 32 * 3; ++i) {
                    const int column = i / 3 % 48;
                    const auto index = static_cast<std::size_t>(i);
                    if (column < 27 - feather) {
                        QCOMPARE(made[index], given[index]);
                    } else if (column >= 27) {
                        differing += made[index] != given[index] ? 1 : 0;
                    }
                }
                QVERIFY(differing > 1000);
            }
        }
    }

    // Sides that are no multiples of the VAE's factor: the picture is scaled, and that is told.
    void whatIsScaledUnderAMaskIsTold() {
        auto request = golden_request("sd_mask");
        request.width.reset();
        request.height.reset();
        const auto is_told = [&] {
            const Result result = make_torch_runner()->run(request, Progress{});
            return joined(result.notices, " ").text().find("not pixel for pixel") !=
                   std::string::npos;
        };
        QVERIFY(!is_told());
        request.input.pad = {5, 0, 0, 0};
        QVERIFY(is_told());
    }

    void newCanvasIsMadeAnewAroundThePicture() {
        auto request = golden_request("sd_mask");
        request.strength.reset();
        request.width.reset();
        request.height.reset();
        request.input.mask = nullptr;
        request.input.pad = {8, 0, 16, 8};
        const Result result = made(request);
        const Image& image = *result.images.at(0).image;
        QCOMPARE(image.width, 48 + 24);
        QCOMPARE(image.height, 32 + 8);
        QCOMPARE(*result.images[0].request.strength, 1.0);
        const Image wide = extend_edges(*request.input.image, request.input.pad);
        int differing = 0;
        for (int y = 0; y < image.height; ++y) {
            for (int x = 0; x < image.width; ++x) {
                for (int c = 0; c < 3; ++c) {
                    const int i = (y * image.width + x) * 3 + c;
                    if (x >= 8 && x < 56 && y < 32) {
                        QCOMPARE(image.u8()[i], wide.u8()[i]);
                    } else {
                        differing += image.u8()[i] != wide.u8()[i] ? 1 : 0;
                    }
                }
            }
        }
        QVERIFY(differing > 2000);
    }

    void theSizeIsThePicturesOwn() {
        auto request = golden_request("sd_image");
        request.width.reset();
        request.height.reset();
        request.input.image = shared(make_image(61, 47));
        const ResultImage result = made(request).images.at(0);
        QCOMPARE(result.image->width, 56);
        QCOMPARE(result.image->height, 40);
    }

    void cropKeepsTheProportions() {
        Image wide = make_image(96, 32);
        for (int y = 0; y < 32; ++y) { // white in the middle third
            std::fill_n(wide.u8() + (y * 96 + 32) * 3, 32 * 3, std::uint8_t{255});
        }
        InputImage input{.image = shared(std::move(wide)), .fit = InputFit::crop};
        const Image cut = fit_input(input, 32, 32).pixels;
        QVERIFY(std::ranges::all_of(cut.bytes, [](std::byte b) { return b == std::byte{255}; }));
        input.fit = InputFit::resize;
        QVERIFY(fit_input(input, 32, 32).pixels != cut);
    }

    // Every input picture's draws come from the seed in diffusers' order, and move as a variation
    // says.
    void variationsMoveEveryDraw() {
        auto request = golden_request("sd_image");
        request.variations = {{.seed = request.seed + 9, .strength = 1.0}};
        const auto varied = pixels(request);
        request.variations.clear();
        request.seed += 9;
        QCOMPARE(pixels(request), varied);
    }

    void severalPicturesAndLaddersAreThoseMadeAlone() {
        auto request = golden_request("sd_mask");
        request.references = golden_request("sd_image").references;
        request.num_images = 2;
        const auto runner = make_torch_runner();
        const Result two = runner->run(request, Progress{});
        request.num_images = 1;
        QCOMPARE(pixels(request), two.images.at(0).image->bytes);
        request.seed += 1;
        QCOMPARE(pixels(request), two.images.at(1).image->bytes);
        request.master_scale = 0.25; // a rung on the same runner: what is kept changes nothing
        QCOMPARE(runner->run(request, Progress{}).images[0].image->bytes, pixels(request));
    }

    void branchesGoOnFromPicturesMadeOfPictures() {
        for (const char* name : {"sd_image", "sd_mask"}) {
            const auto plain = golden_request(name);
            const auto first = pixels(plain);
            const auto kept = make_torch_runner({.kept_latents_bytes = 1 << 20});
            auto of = kept->run(plain, Progress{}).images.at(0).request;
            for (const int step : {1, 2, 3}) { // 1: before its first step
                auto request = plain;
                request.branch = std::make_shared<const Branch>(Branch{.of = of, .step = step});
                QCOMPARE(pixels(request), first);
                QCOMPARE(kept->run(request, Progress{}).images[0].image->bytes, first);
                request.prompt = "something else";
                QVERIFY(pixels(request) != first);
            }
        }
    }

    // Steps that are not guided run the conditional half alone: to the bit what an unguided
    // picture's steps are.
    void unguidedStepsAreThoseOfAnUnguidedPicture() {
        for (const char* name : {"sd_image", "sdxl_image"}) {
            auto request = golden_request(name);
            const auto guided = pixels(request);
            request.guidance_start = 0.99; // after the last step's beginning
            const auto none = pixels(request);
            QVERIFY(none != guided);
            request.guidance_start = 0;
            request.guidance_scale = 1;
            QCOMPARE(pixels(request), none);
        }
    }

    void adaptersOfReferencesArePartOfTheRequestAlone() {
        const auto two = golden_request("sd_two_adapters");
        const auto expected = pixels(two);
        const auto runner = make_torch_runner();
        const auto run = [&](const GenerationRequest& of) { return pixels(*runner, of); };
        QCOMPARE(run(two), expected);
        auto turned = two;
        std::ranges::reverse(turned.references);
        QCOMPARE(run(turned), expected);
        auto one = two; // all by the second: named by the request or by each
        for (auto& reference : one.references) {
            reference.ip_adapter = two.references.at(1).ip_adapter;
        }
        const auto by_each = run(one);
        QVERIFY(by_each != expected);
        for (auto& reference : one.references) {
            reference.ip_adapter.clear();
        }
        one.ip_adapter = two.references.at(1).ip_adapter;
        QCOMPARE(run(one), by_each);
        QCOMPARE(run(two), expected);
    }

    // One that was trained anew under its name, and the steps that the old one took part in.
    void aReplacedAdapterIsReadAgain() {
        const TempFolder folder;
        const fs::path path = folder / "own.safetensors";
        fs::copy_file(kGolden / "tiny_sd/second_adapter.safetensors", path);
        auto request = with_one_adapter();
        request.ip_adapter = path.string();
        const auto runner = make_torch_runner({.kept_latents_bytes = 1 << 20});
        const Result old = runner->run(request, Progress{});
        auto branched = request;
        branched.prompt = "something else";
        branched.branch =
            std::make_shared<const Branch>(Branch{.of = old.images.at(0).request, .step = 2});
        const auto bytes = [&](const GenerationRequest& of) { return pixels(*runner, of); };
        const auto old_branched = bytes(branched);
        for (const auto& own : fs::directory_iterator(kGolden / "tiny_sd/ip_adapter")) {
            fs::copy_file(own.path(), path, fs::copy_options::overwrite_existing);
        }
        const auto new_branched = bytes(branched);
        QVERIFY(new_branched != old_branched);
        QVERIFY(new_branched == pixels(branched));
        QVERIFY(bytes(request) != old.images.at(0).image->bytes);
    }

    void aReplacedImageEncoderIsReadAgain() {
        const TempFolder folder;
        const fs::path encoder = folder / "image_encoder";
        fs::copy(kGolden / "tiny_sd/image_encoder", encoder);
        auto request = with_one_adapter();
        request.image_encoder = encoder.string();
        const auto runner = make_torch_runner({});
        const auto bytes = [&](const GenerationRequest& of) { return pixels(*runner, of); };
        const auto old = bytes(request);
        QVERIFY(bytes(request) == old);
        const fs::path weights = encoder / "model.fp16.safetensors";
        TensorMap tensors = load_safetensors(weights);
        for (auto& [name, tensor] : tensors) {
            tensor = tensor * 1.25;
        }
        save_safetensors(weights, tensors);
        const auto with_another = bytes(request);
        QVERIFY(with_another != old);
        QVERIFY(with_another == pixels(request));
    }
};

QTEST_APPLESS_MAIN(TestInputPicture)
#include "test_input_picture.moc"
