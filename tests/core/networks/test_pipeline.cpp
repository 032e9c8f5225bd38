#include "core/imageio/load.h"
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

// The request that diffusers ran for this fixture.
GenerationRequest request_of(const nlohmann::json& json) {
    GenerationRequest request{.model = (kGolden / json["model"].get<std::string>()).string(),
                              .prompt = json["prompt"],
                              .width = json["width"].get<int>(),
                              .height = json["height"].get<int>(),
                              .num_inference_steps = json["num_inference_steps"].get<int>(),
                              .guidance_scale = json["guidance_scale"].get<double>(),
                              .guidance_rescale = json["guidance_rescale"],
                              .scheduler = json["scheduler"] == "ddim" ? SchedulerKind::ddim
                                                                       : SchedulerKind::euler,
                              .seed = json["seed"],
                              .clip_skip = json["clip_skip"],
                              .device = "cpu",
                              .dtype = "float32",
                              .threads = 1};
    if (!json["negative_prompt"].is_null()) {
        request.negative_prompt = json["negative_prompt"].get<std::string>();
    }
    if (json["combine"] == "average") {
        request.combine = CombineMode::average;
    }
    for (const auto& reference : json["references"]) {
        request.references.push_back({.image = picture(reference["path"]),
                                      .mask = picture(reference["mask"]),
                                      .ip_adapter_scale = reference["scale"],
                                      .range_start = reference["range"][0],
                                      .range_end = reference["range"][1]});
    }
    return request;
}

GenerationRequest golden_request(const std::string& name) {
    const auto file = SafetensorsFile::open(kGolden / ("pipeline_" + name + ".safetensors"));
    return request_of(nlohmann::json::parse(file->metadata().at("request")));
}

// White on one half.
ImagePtr half_mask(bool left) {
    Image mask = make_image(24, 16, 1);
    for (int y = 0; y < mask.height; ++y) {
        std::fill_n(mask.u8() + y * mask.width + (left ? 0 : 12), 12, std::uint8_t{255});
    }
    return std::make_shared<const Image>(std::move(mask));
}

std::vector<std::vector<std::byte>> pixels(const GenerationRequest& request) {
    std::vector<std::vector<std::byte>> all;
    const Result result = make_torch_runner()->run(request, Progress{});
    std::ranges::transform(result.images, std::back_inserter(all),
                           [](const ResultImage& image) { return image.image->bytes; });
    return all;
}

} // namespace

class TestPipeline : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void everyTensorOnTheWay_data() {
        QTest::addColumn<QString>("name");
        for (const char* family : {"sd", "sdxl"}) {
            for (const char* kind :
                 {"text", "two_references", "average", "unequal_scales", "mask", "unguided"}) {
                const QString name = QString("%1_%2").arg(family, kind);
                QTest::newRow(qPrintable(name)) << name;
            }
        }
    }

    void everyTensorOnTheWay() {
        QFETCH(QString, name);
        const TempFolder folder;
        const auto dump = folder / "dump.safetensors";
        const auto runner = make_torch_runner({.dump_path = dump.string()});
        const Result result = runner->run(golden_request(name.toStdString()), Progress{});
        const TensorMap ours = load_safetensors(dump);
        const TensorMap theirs =
            load_safetensors(kGolden / ("pipeline_" + name.toStdString() + ".safetensors"));
        for (const auto& [key, expected] : theirs) {
            QVERIFY2(ours.contains(key), ("the dump has no " + key).c_str());
            const auto tolerance = key == "input_ids" ? kExact : kFloat32Loop;
            const std::string found =
                difference(ours.at(key).squeeze(), expected.squeeze(), tolerance);
            QVERIFY2(found.empty(), (key + ": " + found).c_str());
        }
        QCOMPARE(result.images.size(), std::size_t{1});
        QCOMPARE(result.images[0].image->width, 48);
        QCOMPARE(result.images[0].image->height, 32);
    }

    void sameRequestSameBytes() {
        const auto request = golden_request("sd_two_references");
        QCOMPARE(pixels(request), pixels(request));
    }

    // Other weights under the same path are another model, and another VAE too.
    void aReplacedModelIsLoadedAnew() {
        const TempFolder folder;
        const auto copy = folder / "model";
        fs::copy(kGolden / "tiny_sd", copy, fs::copy_options::recursive);
        const auto runner = make_torch_runner();
        GenerationRequest request = golden_request("sd_text");
        request.model = copy.string();
        const auto pixels_of = [&request](Runner& one) {
            return one.run(request, Progress{}).images.at(0).image->bytes;
        };
        const auto first = pixels_of(*runner);
        const auto change = [&copy](const char* file, const char* tensor) {
            const fs::path path = copy / file;
            TensorMap tensors = load_safetensors(path);
            tensors.at(tensor) = tensors.at(tensor) * 3;
            fs::remove(path);
            save_safetensors(path, tensors);
        };
        change("unet/diffusion_pytorch_model.fp16.safetensors", "conv_out.weight");
        const auto second = pixels_of(*runner);
        QVERIFY(second != first);
        QVERIFY(second == pixels_of(*make_torch_runner()));
        change("vae/diffusion_pytorch_model.fp16.safetensors", "decoder.conv_out.weight");
        const auto third = pixels_of(*runner);
        QVERIFY(third != second);
        QVERIFY(third == pixels_of(*make_torch_runner()));
    }

    void orderOfReferencesIsIrrelevant() {
        for (const char* name : {"sd_unequal_scales", "sdxl_mask"}) {
            auto request = golden_request(name);
            const auto first = pixels(request);
            std::ranges::reverse(request.references);
            QCOMPARE(pixels(request), first);
        }
    }

    // Some schedulers call the model twice a step, and each call is one to branch from.
    void branchGoesOnFromAnyCallOfTheModel() {
        auto plain = golden_request("sd_two_references");
        plain.scheduler = SchedulerKind::heun;
        plain.num_inference_steps = 4; // 7 calls
        const auto first = pixels(plain);
        const auto branch = [&](int step) {
            auto request = plain;
            request.branch = std::make_shared<const Branch>(Branch{.of = plain, .step = step});
            return request;
        };
        QCOMPARE(pixels(branch(5)), first);
        const auto error = error_of([&] { (void)pixels(branch(7)); });
        QVERIFY(error && error->code == ErrorCode::bad_request);
        QVERIFY(QString::fromStdString(error->what()).contains("it goes from 1 to 6"));
    }

    // A range without any step that is taken is told.
    void rangesWithoutAStepAreTold() {
        auto request = golden_request("sd_two_references");
        request.num_inference_steps = 4;
        request.references[0].range_start = 0.3; // between the second step and the third
        request.references[0].range_end = 0.45;
        const auto told = [&] {
            const Result result = make_torch_runner()->run(request, Progress{});
            return QString::fromStdString(joined(result.notices, " ").text());
        };
        QVERIFY2(told().contains("Reference 1 never acts: of 4 steps, 1 to 4"), qPrintable(told()));
        request.references[0].range_end = 0.55;
        QVERIFY2(!told().contains("never acts"), qPrintable(told()));
    }

    // The same settings from a step on are the same picture; others differ, but for the branch's
    // own start.
    void branchGoesOnFromTheOthersLatents() {
        const auto plain = golden_request("sd_two_references");
        const auto first = pixels(plain);
        const auto branch = [&](int step) {
            auto request = plain;
            request.branch = std::make_shared<const Branch>(Branch{.of = plain, .step = step});
            return request;
        };
        const int last = *plain.num_inference_steps - 1;
        QVERIFY(last >= 2);
        for (const int step : {1, last}) {
            QCOMPARE(pixels(branch(step)), first); // nothing kept: computed again
        }
        auto other = branch(1);
        other.prompt = "something else";
        other.guidance_scale = 9.0;
        const auto changed = pixels(other);
        QVERIFY(changed != first);
        auto without = other;
        without.branch = {};
        QVERIFY(pixels(without) != changed);

        // A branch from a branch, on both sides of where that one began.
        auto twice = plain;
        twice.branch = std::make_shared<const Branch>(Branch{.of = other, .step = last});
        QVERIFY(pixels(twice) != changed);
        twice.branch = std::make_shared<const Branch>(Branch{.of = other, .step = 1});
        QCOMPARE(pixels(twice), first);
    }

    // A scheduler that reads earlier steps, or draws noise at each, goes on as if it had come there
    // itself; with kept steps as with computed ones.
    void branchGoesOnWithItsHistoryAndNoise_data() {
        QTest::addColumn<int>("kind");
        for (const SchedulerKind kind : scheduler_kinds()) {
            QTest::newRow(to_string(kind)) << static_cast<int>(kind);
        }
    }

    void branchGoesOnWithItsHistoryAndNoise() {
        QFETCH(int, kind);
        auto plain = golden_request("sd_text");
        plain.scheduler = static_cast<SchedulerKind>(kind);
        plain.num_inference_steps = 6;
        plain.variations = {{.seed = 77, .strength = 0.3}};
        const auto first = pixels(plain);
        const auto runner = make_torch_runner({.kept_latents_bytes = 1 << 20});
        plain = runner->run(plain, Progress{}).images.at(0).request;
        for (const int step : {1, 2, 5}) {
            auto branch = plain;
            branch.branch = std::make_shared<const Branch>(Branch{.of = plain, .step = step});
            QCOMPARE(pixels(branch), first);
            QCOMPARE(runner->run(branch, Progress{}).images.at(0).image->bytes, first.at(0));
        }
        // Another prompt from step 3 on, and from that picture another branch.
        auto other = plain;
        other.branch = std::make_shared<const Branch>(Branch{.of = plain, .step = 3});
        other.prompt = "something else";
        const auto changed = pixels(other);
        QVERIFY(changed != first);
        other = runner->run(other, Progress{}).images.at(0).request;
        auto twice = other;
        twice.branch = std::make_shared<const Branch>(Branch{.of = other, .step = 5});
        QCOMPARE(pixels(twice), changed);
        QCOMPARE(runner->run(twice, Progress{}).images.at(0).image->bytes, changed.at(0));
    }

    void wholeVariationIsTheOtherSeed() {
        auto request = golden_request("sd_text");
        request.scheduler = SchedulerKind::euler_ancestral;
        auto varied = request;
        varied.variations = {{.seed = 5, .strength = 1.0}};
        request.seed = 5;
        QCOMPARE(pixels(varied), pixels(request));
    }

    void keptLatentsGiveTheSameBranch() {
        const auto plain = golden_request("sd_two_references");
        auto request = plain;
        request.prompt = "something else";
        request.branch = std::make_shared<const Branch>(Branch{.of = plain, .step = 2});
        const auto computed = pixels(request);
        const auto runner = make_torch_runner({.kept_latents_bytes = 1 << 20});
        const Result whole = runner->run(plain, Progress{});
        // What a result tells of itself is what its latents are kept under.
        request.branch =
            std::make_shared<const Branch>(Branch{.of = whole.images.at(0).request, .step = 2});
        int steps = 0;
        const Progress counting({}, [&](const Stepped& step) {
            steps += step.stage == Stage::denoise && step.step > 0 ? 1 : 0;
        });
        const Result branched = runner->run(request, counting);
        QCOMPARE(branched.images.at(0).image->bytes, computed.at(0));
        // Its start is told once and then each step of its own: the first two were not made again.
        QCOMPARE(steps, 1 + *plain.num_inference_steps - 2);
    }

    // Of a ladder whose references act late, the first steps are those of the rung before; so are
    // they where a reference is taken away.
    void stepsInCommonAreNotTakenAgain() {
        auto request = golden_request("sd_two_references");
        const int steps = *request.num_inference_steps;
        for (ReferenceImage& reference : request.references) {
            reference.range_start = 0.5;
        }
        auto stronger = request, without = request, other = request;
        stronger.master_scale = 0.3;
        without.references.clear();
        ++other.seed;
        const int common = (steps + 1) / 2;
        const auto runner = make_torch_runner({.kept_latents_bytes = 1 << 20});
        for (const auto& [each, taken] : {std::pair{request, steps},
                                          {stronger, steps - common},
                                          {without, steps - common},
                                          {other, steps},
                                          {stronger, steps - common}}) {
            int told = 0;
            const Progress counting({}, [&](const Stepped& step) {
                told += step.stage == Stage::denoise && step.step > 0 ? 1 : 0;
            });
            const Result result = runner->run(each, counting);
            QCOMPARE(result.images.at(0).image->bytes, pixels(each).at(0));
            QCOMPARE(told, taken == steps ? steps : taken + 1); // its start is told once
        }
    }

    void nothingOfARequestIsHeldWhereNoLatentsAreKept() {
        for (const std::uint64_t kept : {0, 1 << 20}) {
            const auto runner = make_torch_runner({.kept_latents_bytes = kept});
            auto request = golden_request("sd_mask");
            const auto masked =
                std::ranges::find_if(request.references, [](const ReferenceImage& each) {
                    return each.mask != nullptr;
                });
            QVERIFY(masked != request.references.end());
            const std::weak_ptr<const Image> mask = masked->mask;
            (void)runner->run(request, Progress{});
            request = {};
            QCOMPARE(mask.expired(), kept == 0);
        }
    }

    void variationsLieBetweenTwoSeeds() {
        auto request = golden_request("sd_text");
        const auto plain = pixels(request);
        request.variations = {{.seed = request.seed + 100, .strength = 0}};
        QCOMPARE(pixels(request), plain);
        auto other = request;
        other.seed = request.variations[0].seed;
        other.variations.clear();
        request.variations[0].strength = 1;
        QCOMPARE(pixels(request), pixels(other));
        request.variations = {{.seed = 5, .strength = 0.3}, {.seed = 6, .strength = 0.3}};
        request.num_images = 2;
        const auto near = pixels(request);
        QVERIFY(near[0] != plain[0] && near[1] != plain[0] && near[0] != near[1]);
        // Each of several can be made alone again.
        request.num_images = 1;
        request.variations[1].seed += 1;
        QCOMPARE(pixels(request).at(0), near[1]);
    }

    // The same picture four times, each looked at, limited or masked otherwise: only the
    // content can order them.
    void orderIsIrrelevantAmongViewsOfOnePicture() {
        for (const CombineMode combine : {CombineMode::join, CombineMode::average}) {
            auto request = golden_request("sd_two_references");
            request.combine = combine;
            const ReferenceImage first = request.references[0];
            request.references.assign(6, first);
            request.references[1].view.fit = EncoderFit::squash;
            request.references[2].view.crop = {0.2, 0.1, 0.5, 0.6};
            request.references[3].block_scales = {{"mid", 0.25}};
            request.references[4].mask = half_mask(true);
            request.references[5].mask = half_mask(false);
            const auto once = pixels(request);
            for (int turn = 0; turn < 5; ++turn) {
                std::ranges::rotate(request.references, request.references.begin() + 1);
                QCOMPARE(pixels(request), once);
            }
            std::ranges::reverse(request.references);
            QCOMPARE(pixels(request), once);
        }
    }

    void theTensorIsWhatTheWindowShows() {
        const EncoderView views[] = {
            {},
            {.fit = EncoderFit::squash, .crop = {0.1, 0.2, 0.7, 0.5}},
            {.fit = EncoderFit::pad, .look_mask = half_mask(true)},
        };
        for (const EncoderView& view : views) {
            const TempFolder folder;
            const auto dump = folder / "dump.safetensors";
            auto request = golden_request("sd_two_references");
            request.references.resize(1);
            request.references[0].view = view;
            (void)make_torch_runner({.dump_path = dump.string()})->run(request, Progress{});
            const Tensor read = load_safetensors(dump).at("pixel_values.0").contiguous();
            const ClipPreprocess encoder = read_model_folder(request.model).traits.encoder;
            const Image shown = encoder_pixels(*request.references[0].image, view, encoder);
            const std::vector<float> values = normalised(shown, encoder);
            QCOMPARE(read.numel(), static_cast<int64_t>(values.size()));
            QVERIFY(std::equal(values.begin(), values.end(), read.const_data_ptr<float>()));
        }
    }

    // What a change of view or of blocks must change, and what it must not.
    void viewsAndBlocksAct() {
        auto request = golden_request("sd_two_references");
        request.references.resize(1);
        const auto plain = pixels(request);
        const auto runner = make_torch_runner();
        const auto run = [&] { return runner->run(request, Progress{}).images[0].image->bytes; };
        QCOMPARE(run(), plain[0]);
        request.references[0].view = {.fit = EncoderFit::pad, .look_mask = half_mask(false)};
        const auto masked = run(); // the same runner: the kept encoding is not taken
        QVERIFY(masked != plain[0]);
        QCOMPARE(pixels(request)[0], masked);
        request.references[0].view = {};
        QCOMPARE(run(), plain[0]);

        // A reference's own factors multiply with the request's.
        request.block_scales = {{"mid", 0.5}};
        const auto half = run();
        QVERIFY(half != plain[0]);
        request.block_scales.clear();
        request.references[0].block_scales = {{"mid", 0.5}};
        QCOMPARE(run(), half);
        const auto all = read_model_folder(request.model).traits.attention_blocks;
        for (const std::string& block : all) {
            request.references[0].block_scales[block] = 0;
        }
        const auto silent = run();
        request.references.clear();
        QCOMPARE(run(), silent);
    }

    void scaleZeroEqualsTextOnlyExactly() {
        auto request = golden_request("sdxl_two_references");
        for (auto& reference : request.references) {
            reference.ip_adapter_scale = 0;
        }
        const auto with = pixels(request);
        request.references.clear();
        QCOMPARE(pixels(request), with);
    }

    void masterScaleMultiplies() {
        auto request = golden_request("sd_two_references");
        const auto once = pixels(request);
        request.master_scale = 0.5;
        for (auto& reference : request.references) {
            reference.ip_adapter_scale *= 2;
        }
        QCOMPARE(pixels(request), once);
    }

    void sameReferenceTwiceEqualsOnce() {
        auto request = golden_request("sd_two_references");
        request.references[1] = request.references[0];
        const auto twice = pixels(request)[0];
        request.references.pop_back();
        const auto once = pixels(request)[0];
        QCOMPARE(twice.size(), once.size());
        int largest = 0;
        for (std::size_t i = 0; i < once.size(); ++i) {
            largest =
                std::max(largest, std::abs(static_cast<int>(once[i]) - static_cast<int>(twice[i])));
        }
        QVERIFY2(largest <= 1, qPrintable(QString::number(largest)));
    }

    void referencesMatter() {
        auto request = golden_request("sd_two_references");
        const auto both = pixels(request);
        request.references.pop_back();
        QVERIFY(pixels(request) != both);
    }

    void eachOfSeveralPicturesCanBeMadeAlone() {
        auto request = golden_request("sd_two_references");
        request.num_images = 3;
        const auto all = pixels(request);
        QCOMPARE(all.size(), std::size_t{3});
        QVERIFY(all[0] != all[2]);
        request.num_images = 1;
        request.seed += 2;
        QCOMPARE(pixels(request)[0], all[2]);
    }

    // What is kept between runs must not change a picture: the same runner, other requests in
    // between.
    void keptEncodingsChangeNothing() {
        const auto first = golden_request("sd_two_references"), other = golden_request("sd_mask");
        const auto runner = make_torch_runner();
        const auto once = runner->run(first, Progress{}).images[0].image->bytes;
        auto text = golden_request("sd_text");
        text.prompt = "a blue star";
        (void)runner->run(text, Progress{});
        const auto masked = runner->run(other, Progress{}).images[0].image->bytes;
        QCOMPARE(runner->run(first, Progress{}).images[0].image->bytes, once);
        QCOMPARE(pixels(other)[0], masked);
    }

    void bfloat16IsClose() {
        auto request = golden_request("sd_two_references");
        const TempFolder folder;
        const auto dump = folder / "dump.safetensors";
        request.dtype = "bfloat16";
        (void)make_torch_runner({.dump_path = dump.string()})->run(request, Progress{});
        const auto theirs = load_safetensors(kGolden / "pipeline_sd_two_references.safetensors");
        COMPARE_TENSORS(load_safetensors(dump).at("latents.3"), theirs.at("latents.3"),
                        kBFloat16Loop);
    }
};

QTEST_APPLESS_MAIN(TestPipeline)
#include "test_pipeline.moc"
