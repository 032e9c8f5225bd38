#include "core/checkpoint/adapter_file.h"
#include "core/checkpoint/ldm_names.h"
#include "core/checkpoint/model_file.h"
#include "core/checkpoint/taesd_file.h"
#include "tests/support/error_of.h"
#include "tests/support/temp_folder.h"

#include <QTest>

#include <fstream>
#include <random>

#include <fmt/format.h>

using namespace likeness;
using namespace likeness::test;

namespace {

using Shape = std::vector<int64_t>;

void add(SafetensorsHeader& header, const std::string& name, const Shape& shape = {1}) {
    header.tensors[name] = {.name = name, .dtype = "F16", .shape = shape};
}

// The blocks of SD 1.5 as the original repository numbers them, with one tensor for each part.
SafetensorsHeader sd15_blocks() {
    SafetensorsHeader header;
    const std::string unet = "model.diffusion_model.";
    for (int i = 1; i < 12; ++i) {
        const std::string block = fmt::format("{}input_blocks.{}.", unet, i);
        if (i % 3 == 0) {
            add(header, block + "0.op.weight");
            continue;
        }
        add(header, block + "0.in_layers.2.weight", {320, 320, 3, 3});
        if (i < 9) {
            add(header, block + "1.transformer_blocks.0.attn2.to_k.weight", {320, 768});
        }
    }
    for (int i = 0; i < 12; ++i) {
        const std::string block = fmt::format("{}output_blocks.{}.", unet, i);
        add(header, block + "0.skip_connection.weight");
        if (i > 2) {
            add(header, block + "1.proj_in.weight", {320, 320, 1, 1});
        }
        if (i == 2 || i == 5 || i == 8) {
            add(header, block + (i == 2 ? "1.conv.weight" : "2.conv.weight"));
        }
    }
    add(header, unet + "middle_block.1.norm.weight");
    add(header, unet + "middle_block.2.emb_layers.1.bias");
    add(header, unet + "time_embed.2.weight");
    add(header, unet + "out.0.weight");
    add(header, "first_stage_model.encoder.down.1.block.0.nin_shortcut.weight");
    add(header, "first_stage_model.encoder.down.0.downsample.conv.weight");
    for (int i = 0; i < 4; ++i) {
        add(header, fmt::format("first_stage_model.encoder.down.{}.block.0.conv1.weight", i));
        add(header, fmt::format("first_stage_model.decoder.up.{}.block.2.conv1.weight", i));
    }
    add(header, "first_stage_model.decoder.mid.attn_1.q.weight", {512, 512, 1, 1});
    add(header, "first_stage_model.decoder.mid.block_2.norm1.weight");
    add(header, "cond_stage_model.transformer.text_model.final_layer_norm.weight", {768});
    return header;
}

const TensorPlaces& places(const ModelFile& file, const char* component) {
    return file.components.at(component).places;
}

} // namespace

class TestModelFile : public QObject {
    Q_OBJECT

private Q_SLOTS:

    // Rows of the table in checkpoints.md 2.2.
    void blocksAreFound() {
        const ModelFile file = read_model_file("x.safetensors", sd15_blocks());
        QCOMPARE(file.family, ModelFamily::sd15);
        const TensorPlaces& unet = places(file, "unet");
        const std::pair<const char*, const char*> rows[] = {
            {"input_blocks.1.0.in_layers.2.weight", "down_blocks.0.resnets.0.conv1.weight"},
            {"input_blocks.3.0.op.weight", "down_blocks.0.downsamplers.0.conv.weight"},
            {"input_blocks.8.1.transformer_blocks.0.attn2.to_k.weight",
             "down_blocks.2.attentions.1.transformer_blocks.0.attn2.to_k.weight"},
            {"input_blocks.11.0.in_layers.2.weight", "down_blocks.3.resnets.1.conv1.weight"},
            {"output_blocks.2.1.conv.weight", "up_blocks.0.upsamplers.0.conv.weight"},
            {"output_blocks.5.2.conv.weight", "up_blocks.1.upsamplers.0.conv.weight"},
            {"output_blocks.9.1.proj_in.weight", "up_blocks.3.attentions.0.proj_in.weight"},
            {"output_blocks.11.0.skip_connection.weight",
             "up_blocks.3.resnets.2.conv_shortcut.weight"},
            {"middle_block.1.norm.weight", "mid_block.attentions.0.norm.weight"},
            {"middle_block.2.emb_layers.1.bias", "mid_block.resnets.1.time_emb_proj.bias"},
            {"time_embed.2.weight", "time_embedding.linear_2.weight"},
            {"out.0.weight", "conv_norm_out.weight"}};
        for (const auto& [theirs, ours] : rows) {
            QVERIFY2(unet.contains(ours), ours);
            QCOMPARE(unet.at(ours).name, "model.diffusion_model." + std::string(theirs));
        }
        const TensorPlaces& vae = places(file, "vae");
        QCOMPARE(vae.at("decoder.up_blocks.3.resnets.2.conv1.weight").name,
                 "first_stage_model.decoder.up.0.block.2.conv1.weight");
        QCOMPARE(vae.at("decoder.mid_block.attentions.0.to_q.weight").shape, (Shape{512, 512}));
        QVERIFY(vae.contains("encoder.down_blocks.1.resnets.0.conv_shortcut.weight"));
        QVERIFY(vae.contains("encoder.down_blocks.0.downsamplers.0.conv.weight"));
        QVERIFY(vae.contains("decoder.mid_block.resnets.1.norm1.weight"));
    }

    void projectionsOfOpenClipAreTakenApart() {
        SafetensorsHeader header;
        add(header, "p.transformer.resblocks.0.attn.in_proj_weight", {12, 4});
        add(header, "p.transformer.resblocks.0.attn.in_proj_bias", {12});
        add(header, "p.transformer.resblocks.1.mlp.c_fc.weight", {16, 4});
        add(header, "p.text_projection", {4, 6});
        const auto all = open_clip_text_places(header, "p.", OpenClipLayers::all);
        const TensorPlace& k = all.at("text_model.encoder.layers.0.self_attn.k_proj.weight");
        QCOMPARE(k.shape, (Shape{4, 4}));
        QCOMPARE(k.part, int64_t{1});
        QCOMPARE(k.parts, int64_t{3});
        QVERIFY(all.contains("text_model.encoder.layers.1.mlp.fc1.weight"));
        QCOMPARE(all.at("text_projection.weight").shape, (Shape{6, 4}));
        QVERIFY(all.at("text_projection.weight").transposed);
        const auto fewer = open_clip_text_places(header, "p.", OpenClipLayers::but_the_last);
        QCOMPARE(fewer.size(), std::size_t{6}); // two times three projections; SD 2.x reads no more
    }

    void extrasAreIgnoredByRuleAndStrangersNamed() {
        SafetensorsHeader header = sd15_blocks();
        for (const char* extra : {"model_ema.decay", "alphas_cumprod_prev", "posterior_variance",
                                  "first_stage_model.loss.logvar", "v_pred", "global_step",
                                  "cond_stage_model.transformer.text_model.embeddings.position_ids",
                                  "cond_stage_model.logit_scale"}) {
            add(header, extra);
        }
        add(header, "stranger.weight");
        add(header, "model.diffusion_model.stranger.weight");
        const ModelFile file = read_model_file("x.safetensors", header);
        QCOMPARE(file.unknown, std::vector<std::string>{"stranger.weight"});
        QVERIFY(places(file, "unet").contains("model.diffusion_model.stranger.weight"));
        QCOMPARE(places(file, "text_encoder").size(), std::size_t{1});
        QVERIFY(file.scheduler.at("prediction_type") == "v_prediction");
    }

    void familiesAreToldApart_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("added");
        QTest::addColumn<QString>("family");
        QTest::newRow("SD 1.x") << "cond_stage_model.transformer.text_model.x" << false << "sd15";
        QTest::newRow("SD 2.x") << "cond_stage_model.model.ln_final.weight" << false << "sd2";
        QTest::newRow("SD 2.x, newer names")
            << "conditioner.embedders.0.model.ln_final.weight" << false << "sd2";
        QTest::newRow("SDXL") << "conditioner.embedders.1.model.ln_final.weight" << true << "sdxl";
        QTest::newRow("refiner") << "conditioner.embedders.0.model.ln_final.weight" << true
                                 << "sdxl_refiner";
        QTest::newRow("no text") << "alphas_cumprod" << false << "model_mismatch";
    }

    void familiesAreToldApart() {
        QFETCH(QString, text);
        QFETCH(bool, added);
        QFETCH(QString, family);
        SafetensorsHeader header = sd15_blocks();
        header.tensors.erase("cond_stage_model.transformer.text_model.final_layer_norm.weight");
        add(header, text.toStdString());
        if (added) {
            add(header, "model.diffusion_model.label_emb.0.0.weight", {1280, 2816});
        }
        std::string found;
        const auto error =
            error_of([&] { found = to_string(read_model_file("x", header).family); });
        QCOMPARE(QString::fromStdString(error ? to_string(error->code) : found), family);
    }

    // SD 2.x at 768 pixels predicts v: the spread of one bias tells (0.09 lies between the two).
    void smallTensorsAreRead() {
        const TempFolder folder;
        const std::string json = R"({"a":{"dtype":"F16","shape":[3],"data_offsets":[0,6]},)"
                                 R"("b":{"dtype":"BF16","shape":[2],"data_offsets":[6,10]}})";
        std::ofstream file(folder / "x.safetensors", std::ios::binary);
        const std::uint64_t length = json.size();
        file.write(reinterpret_cast<const char*>(&length), 8);
        file << json;
        const std::uint16_t values[] = {0x3c00, 0xc500, 0x0001, 0x3f80, 0xc0a0};
        file.write(reinterpret_cast<const char*>(values), sizeof values);
        file.close();
        const auto header = load_safetensors_header(folder / "x.safetensors");
        const auto half = load_small_tensor(folder / "x.safetensors", header, "a", 10);
        QCOMPARE(half, (std::vector<double>{1.0, -5.0, 5.9604644775390625e-08}));
        QCOMPARE(load_small_tensor(folder / "x.safetensors", header, "b", 10),
                 (std::vector<double>{1.0, -5.0}));
        QVERIFY(load_small_tensor(folder / "x.safetensors", header, "a", 2).empty());
        QVERIFY(load_small_tensor(folder / "x.safetensors", header, "c", 2).empty());
    }

    // Whatever stands in a header, an answer or an Error comes out of it.
    void hostileHeaders() {
        std::mt19937 random(7);
        const auto pick = [&random](std::size_t count) { return random() % count; };
        const char* pieces[] = {"0",
                                "1",
                                "255",
                                "99999999999999",
                                "-1",
                                "",
                                "weight",
                                "0.op",
                                ".",
                                "conv",
                                "resblocks.3",
                                "q",
                                "attn",
                                "in_proj_bias",
                                "up.7.block.300.x"};
        const Shape shapes[] = {{},
                                {0},
                                {1},
                                {3},
                                {int64_t{1} << 47, 2},
                                {4, 4},
                                {2, 2, 3, 3},
                                {1, 1, 1, 1, 1, 1, 1, 1}};
        for (int round = 0; round < 400; ++round) {
            SafetensorsHeader header = sd15_blocks();
            for (const char* more :
                 {"conditioner.embedders.1.model.transformer.resblocks.0.attn.in_proj_weight",
                  "conditioner.embedders.0.model.text_projection",
                  "vision_model.embeddings.class_embedding", "visual.class_embedding",
                  "visual.positional_embedding", "image_proj.proj.weight", "image_proj.norm.weight",
                  "ip_adapter.1.to_k_ip.weight", "1.weight", "3.conv.0.weight"}) {
                if (pick(2) == 0) {
                    add(header, more, shapes[pick(std::size(shapes))]);
                }
            }
            for (int change = 0; change < 20; ++change) {
                auto entry = header.tensors.begin();
                std::advance(entry, static_cast<std::ptrdiff_t>(pick(header.tensors.size())));
                std::string name = entry->first;
                header.tensors.erase(entry);
                const std::size_t at = pick(name.size() + 1);
                name.replace(at, pick(6), pieces[pick(std::size(pieces))]);
                add(header, name, shapes[pick(std::size(shapes))]);
            }
            (void)error_of([&] { (void)read_model_file("x", header); });
            (void)error_of([&] { (void)read_vae_file("x", header, ModelFamily::sdxl); });
            (void)error_of([&] { (void)read_image_encoder_file(header); });
            (void)error_of([&] { (void)adapter_facts(adapter_places(header)); });
            (void)error_of([&] { (void)taesd_decoder_places(header); });
        }
    }
};

QTEST_APPLESS_MAIN(TestModelFile)
#include "test_model_file.moc"
