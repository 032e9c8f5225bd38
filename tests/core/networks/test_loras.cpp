#include "core/adapters/lora_targets.h"
#include "core/pipelines/apply_loras.h"
#include "core/request/weights_file.h"
#include "core/runner/torch_runner.h"
#include "tests/support/compare_tensors.h"
#include "tests/support/error_of.h"
#include "tests/support/temp_folder.h"

#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <QTest>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include <nlohmann/json.hpp>

using namespace likeness;
using namespace likeness::test;

namespace {

namespace fs = std::filesystem;

const fs::path kGolden = fs::path(LIKENESS_SOURCE_DIR) / "tests" / "golden";
const fs::path kFiles = kGolden / "loras";

std::shared_ptr<const SdModel> tiny(const std::string& family) {
    return load_model(read_model_folder(kGolden / ("tiny_" + family)), {}, Progress{});
}

// Every layer's tensors by "unet/conv_in.weight".
TensorMap tensors_of(const SdModel& model) {
    SdModel copy = model;
    TensorMap all;
    const auto add = [&all](const std::string& component, const std::vector<NamedLayer>& layers) {
        for (const NamedLayer& layer : layers) {
            all[component + "/" + layer.name + ".weight"] = layer.weight();
            if (layer.bias().defined()) {
                all[component + "/" + layer.name + ".bias"] = layer.bias();
            }
        }
    };
    add("unet", named_layers(copy.unet));
    add("text_encoder", named_layers(copy.text.encoder));
    if (copy.text_2) {
        add("text_encoder_2", named_layers(copy.text_2->encoder));
    }
    return all;
}

ActiveLora active(const std::string& name, double scale = 1,
                  std::map<std::string, double> block_scales = {}) {
    return {.file = load_lora(kFiles / (name + ".safetensors")),
            .scale = scale,
            .block_scales = std::move(block_scales)};
}

TensorMap merged(const std::shared_ptr<const SdModel>& base, const std::vector<ActiveLora>& loras) {
    return tensors_of(*apply_loras(base, loras, Progress{}).model);
}

// A file of one layer of the tiny SD model that anything can be put into.
const std::string kLayer =
    "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q"; // [8, 8]

fs::path written(const TempFolder& folder, const TensorMap& tensors) {
    const fs::path path = folder / "made.safetensors";
    save_safetensors(path, tensors);
    return path;
}

TensorMap plain_lora() {
    return {{kLayer + ".lora_down.weight", at::ones({2, 8})},
            {kLayer + ".lora_up.weight", at::ones({8, 2})}};
}

GenerationRequest request(const std::string& family) {
    return {.model = (kGolden / ("tiny_" + family)).string(),
            .prompt = "a red mug on the table",
            .negative_prompt = "blue star",
            .width = 48,
            .height = 32,
            .num_inference_steps = 2,
            .guidance_scale = 5.0,
            .scheduler = SchedulerKind::ddim,
            .seed = 7,
            .device = "cpu",
            .dtype = "float32",
            .threads = 1};
}

std::vector<std::byte> pixels(Runner& runner, const GenerationRequest& of) {
    return runner.run(of, Progress{}).images.at(0).image->bytes;
}

std::string text_of(const std::vector<Message>& notices) {
    return joined(notices, "\n").text();
}

} // namespace

class TestLoras : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void layersAreNamedAsTheirFiles() {
        for (const char* family : {"sd", "sdxl"}) {
            const auto model = tiny(family);
            std::map<std::string, fs::path> folders{
                {"unet", weights_file(model->folder.path / "unet", "diffusion_pytorch_model")},
                {"text_encoder", weights_file(model->folder.path / "text_encoder", "model")}};
            if (model->text_2) {
                folders["text_encoder_2"] =
                    weights_file(model->folder.path / "text_encoder_2", "model");
            }
            TensorMap named = tensors_of(*model);
            for (const auto& [component, path] : folders) {
                for (const auto& [name, tensor] : load_safetensors(path)) {
                    if (name.find("embeddings.") != std::string::npos) {
                        continue;
                    }
                    const std::string key = component + "/" + name;
                    QVERIFY2(named.contains(key), key.c_str());
                    COMPARE_TENSORS(named.at(key), tensor.to(at::kFloat), kExact);
                    named.erase(key);
                }
            }
            QVERIFY2(named.empty(), named.empty() ? "" : named.begin()->first.c_str());
        }
    }

    void everyKindEqualsPeft_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("family");
        const auto file = SafetensorsFile::open(kFiles / "expected.safetensors");
        const auto families = nlohmann::json::parse(file->metadata().at("families"));
        for (const auto& [name, family] : families.items()) {
            QTest::newRow(name.c_str()) << QString::fromStdString(name)
                                        << QString::fromStdString(family.get<std::string>());
        }
    }

    void everyKindEqualsPeft() {
        QFETCH(QString, name);
        QFETCH(QString, family);
        const auto base = tiny(family.toStdString());
        const TensorMap before = tensors_of(*base);
        const ActiveLora lora = active(name.toStdString());
        const ChangedModel changed = apply_loras(base, {lora}, Progress{});
        QCOMPARE(text_of(changed.notices), std::string());
        const TensorMap after = tensors_of(*changed.model);
        std::size_t compared = 0;
        for (const auto& [key, expected] : load_safetensors(kFiles / "expected.safetensors")) {
            const std::string start = name.toStdString() + "/";
            if (!key.starts_with(start)) {
                continue;
            }
            const std::string layer = key.substr(start.size());
            QVERIFY2(after.contains(layer), layer.c_str());
            const auto rows = [&expected](const Tensor& t) {
                return t.slice(0, 0, expected.size(0));
            };
            // Of the differences: what the base has in it cannot hide an error.
            const std::string found =
                difference(rows(after.at(layer)) - rows(before.at(layer)),
                           expected - rows(before.at(layer)), {"of the difference", 1e-5});
            QVERIFY2(found.empty(), (layer + ": " + found).c_str());
            ++compared;
        }
        QVERIFY(compared >= 6);
        // Every module has reached a layer of its own, and nothing else is touched or copied.
        std::size_t touched = 0;
        for (const auto& [key, tensor] : after) {
            touched += key.ends_with(".weight") && !tensor.is_alias_of(before.at(key)) ? 1U : 0U;
        }
        QCOMPARE(touched, lora.file->layout.modules.size());
    }

    void scalesAndSumsAreLinear() {
        const auto base = tiny("sd");
        const TensorMap before = tensors_of(*base);
        const TensorMap a = merged(base, {active("kohya")}), b = merged(base, {active("loha")});
        const TensorMap both = merged(base, {active("kohya", 0.5), active("loha", -1.5)});
        const TensorMap other = merged(base, {active("loha", -1.5), active("kohya", 0.5)});
        for (const auto& [key, tensor] : both) {
            const Tensor expected = before.at(key) + 0.5 * (a.at(key) - before.at(key)) -
                                    1.5 * (b.at(key) - before.at(key));
            const std::string found = difference(tensor, expected, {"sum", 1e-6});
            QVERIFY2(found.empty(), (key + ": " + found).c_str());
            const std::string turned = difference(other.at(key), tensor, {"order", 1e-6});
            QVERIFY2(turned.empty(), (key + ": " + turned).c_str());
        }
    }

    void doraFadesToTheBase() {
        const auto base = tiny("sd");
        const TensorMap before = tensors_of(*base);
        const TensorMap full = merged(base, {active("dora")}),
                        half = merged(base, {active("dora", 0.5)});
        for (const auto& [key, tensor] : half) {
            const Tensor expected = 0.5 * (full.at(key) + before.at(key));
            const std::string found = difference(tensor, expected, {"half", 1e-6});
            QVERIFY2(found.empty(), (key + ": " + found).c_str());
        }
    }

    void blocksHaveFactors() {
        const auto base = tiny("sd");
        const TensorMap before = tensors_of(*base), full = merged(base, {active("convolution")});
        const TensorMap some =
            merged(base, {active("convolution", 1, {{"mid", 0.0}, {"up.block_0", 0.5}})});
        std::size_t checked = 0;
        for (const auto& [key, tensor] : some) {
            const double factor = key.starts_with("unet/mid_block.")     ? 0
                                  : key.starts_with("unet/up_blocks.0.") ? 0.5
                                                                         : 1;
            const Tensor expected = before.at(key) + factor * (full.at(key) - before.at(key));
            const std::string found = difference(tensor, expected, {"block", 1e-6});
            QVERIFY2(found.empty(), (key + ": " + found).c_str());
            checked += factor != 1 && !full.at(key).equal(before.at(key)) ? 1U : 0U;
        }
        QVERIFY(checked > 4);

        // The most exact name wins.
        const TensorMap exact = merged(
            base, {active("kohya", 1, {{"up.block_0", 0.0}, {"up.block_0.attentions_1", 1.0}})});
        const TensorMap all = merged(base, {active("kohya")});
        const std::string inner = "unet/up_blocks.0.attentions.";
        const std::string key = ".transformer_blocks.0.attn1.to_q.weight";
        QVERIFY(exact.at(inner + "0" + key).equal(before.at(inner + "0" + key)));
        QVERIFY(exact.at(inner + "1" + key).equal(all.at(inner + "1" + key)));
        const auto unknown = error_of([&] {
            merged(base, {active("kohya", 1, {{"down.block_7", 1.0}})});
        });
        QVERIFY(unknown && unknown->code == ErrorCode::bad_request);
        QVERIFY(unknown->message.text().find("down.block_7") != std::string::npos);
    }

    void halfPrecisionIsRoundedOnce() {
        const auto base = load_model(read_model_folder(kGolden / "tiny_sd"),
                                     {.dtype = at::kBFloat16}, Progress{});
        const TensorMap before = tensors_of(*base);
        const TensorMap after = merged(base, {active("kohya", 0.7)});
        SdModel wide = *base;
        for (const NamedLayer& layer : named_layers(wide.unet)) {
            layer.set(layer.weight().to(at::kFloat));
        }
        const TensorMap exact =
            merged(std::make_shared<const SdModel>(wide), {active("kohya", 0.7)});
        for (const auto& [key, tensor] : after) {
            QCOMPARE(tensor.scalar_type(), at::kBFloat16);
            QVERIFY2(tensor.equal(exact.at(key).to(at::kBFloat16)), key.c_str());
        }
    }

    void picturesComeBackBitForBit() {
        const auto runner = make_torch_runner();
        const GenerationRequest plain = request("sd");
        GenerationRequest with = plain;
        with.loras = {{.path = (kFiles / "kohya.safetensors").string(), .scale = 0.8}};
        const auto first = pixels(*runner, plain);
        const auto changed = pixels(*runner, with);
        QVERIFY(changed != first);
        QVERIFY(pixels(*runner, plain) == first);
        QVERIFY(pixels(*runner, with) == changed);
        with.loras[0].scale = 0.4;
        const auto less = pixels(*runner, with);
        QVERIFY(less != changed && less != first);
        with.loras[0].scale = 0;
        QVERIFY(pixels(*runner, with) == first);
        // As a fresh program makes it.
        with.loras[0].scale = 0.4;
        QVERIFY(pixels(*make_torch_runner(), with) == less);
        // A file that is refused leaves the model as it was.
        with.loras[0].path = (kFiles / "kohya_sdxl.safetensors").string();
        QCOMPARE(code_of([&] { runner->run(with, Progress{}); }), std::string("model_mismatch"));
        QVERIFY(pixels(*runner, plain) == first);
    }

    // One that was trained anew under its name: steps that the old one took part in count no more.
    void aReplacedFileIsAnotherLora() {
        const TempFolder folder;
        const fs::path path = folder / "made.safetensors";
        fs::copy_file(kFiles / "kohya.safetensors", path);
        const auto runner = make_torch_runner({.kept_latents_bytes = 1 << 20});
        GenerationRequest with = request("sd");
        with.num_inference_steps = 3;
        with.loras = {{.path = path.string()}};
        GenerationRequest branched = with;
        branched.prompt = "something else";
        branched.branch = std::make_shared<const Branch>(
            Branch{.of = runner->run(with, Progress{}).images.at(0).request, .step = 2});
        const auto before = pixels(*runner, branched);
        written(folder, plain_lora());
        const auto after = pixels(*runner, branched);
        QVERIFY(after != before);
        QVERIFY(after == pixels(*make_torch_runner(), branched));
    }

    void anotherFamilyIsRefused() {
        const auto sd = tiny("sd"), sdxl = tiny("sdxl");
        const auto error = error_of([&] { merged(sd, {active("kohya_sdxl")}); });
        QVERIFY(error && error->code == ErrorCode::model_mismatch);
        const std::string text = error->message.text();
        QVERIFY2(text.find("kohya_sdxl") != std::string::npos, text.c_str());
        QVERIFY2(text.find("32") != std::string::npos && text.find("16") != std::string::npos,
                 text.c_str());
        QCOMPARE(code_of([&] { merged(sdxl, {active("kohya")}); }), std::string("model_mismatch"));

        // The published widths have names.
        const TempFolder folder;
        const std::string layer = "lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k";
        const auto path = written(folder, {{layer + ".lora_down.weight", at::ones({4, 2048})},
                                           {layer + ".lora_up.weight", at::ones({640, 4})}});
        const auto named =
            error_of([&] { apply_loras(sd, {{.file = load_lora(path)}}, Progress{}); });
        QVERIFY(named && named->message.text().find("SDXL") != std::string::npos);
    }

    void whatDoesNotFitIsToldByName() {
        const auto base = tiny("sd");
        const TempFolder folder;
        TensorMap tensors = plain_lora();
        tensors["lora_unet_no_such_layer.lora_down.weight"] = at::ones({2, 8});
        tensors["lora_unet_no_such_layer.lora_up.weight"] = at::ones({8, 2});
        const std::string other =
            "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn1_to_q";
        tensors[other + ".lora_down.weight"] = at::ones({2, 9});
        tensors[other + ".lora_up.weight"] = at::ones({16, 2});
        tensors["half_a_module.lora_up.weight"] = at::ones({16, 2});
        const ChangedModel changed =
            apply_loras(base, {{.file = load_lora(written(folder, tensors))}}, Progress{});
        QCOMPARE(changed.notices.size(), std::size_t{3});
        const std::string text = text_of(changed.notices);
        for (const char* part : {"has 1 layers that", "lora_unet_no_such_layer", "[2, 9]",
                                 "half_a_module.lora_up.weight", "made.safetensors"}) {
            QVERIFY2(text.find(part) != std::string::npos, (part + (": " + text)).c_str());
        }
        const std::string key =
            "unet/down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.weight";
        COMPARE_TENSORS(tensors_of(*changed.model).at(key),
                        tensors_of(*base).at(key) + at::full({8, 8}, 2.0), kFloat32);
    }

    void damagedFilesAreRefused_data() {
        QTest::addColumn<int>("what");
        QTest::addColumn<QString>("word");
        QTest::newRow("not a number") << 0 << "not numbers";
        QTest::newRow("infinite") << 1 << "infinite";
        QTest::newRow("rank") << 2 << "5000";
        QTest::newRow("alpha of two") << 3 << "no single number";
        QTest::newRow("alpha not a number") << 4 << "not numbers";
        QTest::newRow("another file") << 5 << "none of a LoRA";
        QTest::newRow("no width") << 6 << "1099511627776";
        QTest::newRow("alpha past every scale") << 7 << "times as strong";
    }

    void damagedFilesAreRefused() {
        QFETCH(int, what);
        QFETCH(QString, word);
        TensorMap tensors = plain_lora();
        Tensor& down = tensors[kLayer + ".lora_down.weight"];
        constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
        switch (what) {
        case 0:
            down = at::full({2, 8}, kNaN);
            break;
        case 1:
            down = at::full({2, 8}, std::numeric_limits<double>::infinity()).to(at::kHalf);
            break;
        case 2:
            down = at::ones({5000, 8});
            break;
        case 3:
            tensors[kLayer + ".alpha"] = at::ones({2});
            break;
        case 4:
            tensors[kLayer + ".alpha"] = at::full({}, kNaN);
            break;
        case 5:
            tensors = {{"conv_in.weight", at::ones({2, 2})}, {"conv_in.bias", at::ones({2})}};
            break;
        case 7:
            tensors[kLayer + ".alpha"] = at::full({}, 1e38);
            break;
        default:
            down = at::zeros({int64_t{1} << 40, 0});
        }
        const TempFolder folder;
        const fs::path path = written(folder, tensors);
        const auto error = error_of([&] { load_lora(path); });
        QVERIFY(error.has_value());
        QCOMPARE(exit_status(error->code), 3);
        const std::string text = error->message.text();
        QVERIFY2(text.find(word.toStdString()) != std::string::npos, text.c_str());
    }

    void wrongShapesAreNeverComputed_data() {
        QTest::addColumn<int>("row");
        for (int i = 0; i < 14; ++i) {
            QTest::addRow("%d", i) << i;
        }
    }

    void wrongShapesAreNeverComputed() {
        QFETCH(int, row);
        const auto f = [](std::initializer_list<int64_t> shape) { return at::ones(shape); };
        const std::map<std::string, Tensor> cases[] = {
            {{"lora_down.weight", f({2, 7})}, {"lora_up.weight", f({8, 2})}},
            {{"lora_down.weight", f({2, 8})}, {"lora_up.weight", f({8, 3})}},
            {{"lora_down.weight", f({2, 8})}, {"lora_up.weight", f({7, 2})}},
            {{"lora_down.weight", f({8})}, {"lora_up.weight", f({8, 2})}},
            {{"lora_down.weight", f({0, 8})}, {"lora_up.weight", f({8, 0})}},
            {{"lora_down.weight", f({2, 8})},
             {"lora_up.weight", f({8, 2})},
             {"lora_mid.weight", f({2, 2, 3, 3})}},
            {{"lora_down.weight", f({2, 8})},
             {"lora_up.weight", f({8, 2})},
             {"dora_scale", f({9})}},
            {{"hada_w1_a", f({8, 2})},
             {"hada_w1_b", f({2, 8})},
             {"hada_w2_a", f({8, 2})},
             {"hada_w2_b", f({3, 8})}},
            {{"hada_w1_a", f({8, 2})},
             {"hada_w1_b", f({2, 8})},
             {"hada_w2_a", f({0, 2})},
             {"hada_w2_b", f({2, 8})}},
            {{"lokr_w1", f({3, 4})}, {"lokr_w2", f({2, 2})}},
            {{"lokr_w1", f({2, 2})}, {"lokr_w2", f({4, 3})}},
            {{"lokr_w1", f({0, 0})}, {"lokr_w2", f({4, 4})}},
            {{"lokr_w1", f({2, 2})}, {"lokr_w2_a", f({4, 2})}, {"lokr_w2_b", f({3, 4})}},
            {{"diff", f({8, 9})}}};
        TensorMap tensors;
        for (const auto& [part, tensor] : cases[row]) {
            tensors[kLayer + "." + part] = tensor;
        }
        const TempFolder folder;
        const auto base = tiny("sd");
        const auto file = load_lora(written(folder, tensors));
        QCOMPARE(code_of([&] { apply_loras(base, {{.file = file}}, Progress{}); }),
                 std::string("model_mismatch"));
    }

    void overflowIsTold() {
        const TempFolder folder;
        TensorMap tensors = plain_lora();
        tensors[kLayer + ".lora_up.weight"] = at::full({8, 2}, 3e38);
        const auto base = tiny("sd");
        const auto file = load_lora(written(folder, tensors));
        const auto error =
            error_of([&] { apply_loras(base, {{.file = file, .scale = 2}}, Progress{}); });
        QVERIFY(error && error->message.text().find("scale") != std::string::npos);
    }

    void wordsHaveVectorsOfTheirOwn() {
        const auto base = tiny("sd");
        const auto model =
            apply_words(base, {load_textual_inversion(kFiles / "word_diffusers.safetensors", ""),
                               load_textual_inversion(kFiles / "word_a1111.safetensors", "")});
        const ClipTokenizer& tokenizer = model->text.tokenizer;
        const std::int64_t first = base->text.tokenizer.vocab_size();
        QCOMPARE(tokenizer.vocab_size(), first);
        const auto ids = tokenizer.encode("a <SKS-mug>, word_a1111 word_a1111x").ids;
        const auto plain = base->text.tokenizer.encode("a").ids;
        const std::vector<std::int64_t> start{plain[0], plain[1], first};
        QVERIFY(std::equal(start.begin(), start.end(), ids.begin()));
        const std::vector<std::int64_t> three{first + 1, first + 2, first + 3};
        QCOMPARE(std::ranges::search(ids, three).size(), std::size_t{3});
        QCOMPARE(std::ranges::count(ids, first + 1), 1); // not within a longer word

        // The vectors reach the encoder; other prompts are encoded as before, and the table is
        // the same memory.
        const Tensor row = load_safetensors(kFiles / "word_diffusers.safetensors").at("<sks-mug>");
        COMPARE_TENSORS(model->text.encoder.added_tokens->embeddings[0], row, kExact);
        const Tensor input = at::tensor(ids, at::kLong).unsqueeze(0);
        const Tensor states = model->text.encoder(input).hidden_states.front();
        const Tensor position = base->text.encoder.position_embedding.weight[2];
        COMPARE_TENSORS(states[0][2], row + position, kFloat32);
        const Tensor other = at::tensor(plain, at::kLong).unsqueeze(0);
        QVERIFY(model->text.encoder(other).last_hidden_state.equal(
            base->text.encoder(other).last_hidden_state));
        QVERIFY(model->text.encoder.token_embedding.weight.is_alias_of(
            base->text.encoder.token_embedding.weight));
    }

    void wordsChangePictures() {
        const auto runner = make_torch_runner();
        GenerationRequest plain = request("sdxl");
        plain.prompt = "a word_sdxl on the table";
        GenerationRequest with = plain;
        with.textual_inversions = {{.path = (kFiles / "word_sdxl.safetensors").string()}};
        const auto first = pixels(*runner, plain);
        const auto changed = pixels(*runner, with);
        QVERIFY(changed != first);
        with.prompt = "a mug on the table";
        with.negative_prompt = "word_sdxl";
        const auto negative = pixels(*runner, with);
        with.textual_inversions.clear();
        QVERIFY(pixels(*runner, with) != negative);
        with.textual_inversions = {
            {.path = (kFiles / "word_sdxl.safetensors").string(), .token = "<other>"}};
        with.negative_prompt = "<other>";
        QVERIFY(pixels(*runner, with) == negative);
        QVERIFY(pixels(*runner, plain) == first);
    }

    void wordsOfAnotherModelAreRefused() {
        const auto sd = tiny("sd"), sdxl = tiny("sdxl");
        const auto own = load_textual_inversion(kFiles / "word_diffusers.safetensors", "");
        const auto two = load_textual_inversion(kFiles / "word_sdxl.safetensors", "");
        QCOMPARE(code_of([&] { apply_words(sd, {two}); }), std::string("model_mismatch"));
        QCOMPARE(code_of([&] { apply_words(sdxl, {own}); }), std::string("model_mismatch"));
        QCOMPARE(code_of([&] { apply_words(sd, {own, own}); }), std::string("bad_request"));
        const TempFolder folder;
        const auto of = [&](const TensorMap& tensors) {
            return code_of(
                [&] { apply_words(sd, {load_textual_inversion(written(folder, tensors), "")}); });
        };
        QCOMPARE(of({{"<w>", at::ones({2, 768})}}), std::string("model_mismatch"));
        QCOMPARE(of({{"<w>", at::ones({76, 16})}}), std::string("file_damaged"));
        QCOMPARE(of({{"<w>", at::full({16}, NAN)}}), std::string("file_damaged"));
        QCOMPARE(of({{"<w>", at::ones({2, 2, 16})}}), std::string("not_a_checkpoint"));
        QCOMPARE(of({{"<w>", at::ones({16})}, {"<v>", at::ones({16})}}),
                 std::string("not_a_checkpoint"));
        QCOMPARE(of({{"clip_l", at::ones({1, 16})}}), std::string("model_mismatch"));
        QCOMPARE(of({{" ", at::ones({16})}}), std::string("file_damaged"));
    }
};

QTEST_APPLESS_MAIN(TestLoras)
#include "test_loras.moc"
