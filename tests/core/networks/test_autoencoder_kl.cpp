#include "core/base/error.h"
#include "core/checkpoint/taesd_file.h"
#include "core/models/autoencoder_kl.h"
#include "core/models/autoencoder_tiny.h"
#include "core/models/tiled_decode.h"
#include "core/tensor/noise.h"
#include "core/weights/placed_source.h"
#include "tests/support/compare_tensors.h"
#include "tests/support/fixture.h"
#include "tests/support/temp_folder.h"

#include <QTest>

using namespace likeness;
using namespace likeness::test;

namespace {

AutoencoderKL build(const Fixture& fixture) {
    const Weights weights = fixture.weights();
    AutoencoderKL network(weights, AutoencoderKLConfig::from_json(fixture.config));
    weights.finish("vae");
    return network;
}

void add_kinds() {
    QTest::addColumn<QString>("fixture");
    QTest::newRow("mid attention") << "network_autoencoder_kl_attention";
    QTest::newRow("no mid attention, latent statistics") << "network_autoencoder_kl_plain";
    QTest::newRow("one level, no quant convolutions") << "network_autoencoder_kl_no_quant";
}

} // namespace

class TestAutoencoderKl : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void namesAndShapes_data() { add_kinds(); }

    void namesAndShapes() {
        QFETCH(QString, fixture);
        (void)build(Fixture(fixture.toStdString()));
    }

    void encode_data() { add_kinds(); }

    void encode() {
        QFETCH(QString, fixture);
        const Fixture golden(fixture.toStdString());
        const auto posterior = build(golden).encode(golden.input("pixels"));
        COMPARE_TENSORS(posterior.mean, golden.output("mean"), kFloat32);
        COMPARE_TENSORS(posterior.logvar, golden.output("logvar"), kFloat32);
    }

    // Tiles have the whole picture's statistics and borders as wide as the convolutions reach.
    void tilesAreTheWhole_data() { add_kinds(); }

    void tilesAreTheWhole() {
        QFETCH(QString, fixture);
        const Fixture golden(fixture.toStdString());
        const AutoencoderKL vae = build(golden);
        const Tensor latents = seeded_noise({2, vae.config.latent_channels, 13, 9}, 7);
        const Tensor whole = vae.decode(latents);
        for (const int64_t side : {5, 8, 64}) {
            int stops = 0;
            COMPARE_TENSORS(decode_in_tiles(
                                vae, latents, [&stops] { ++stops; }, side),
                            whole, kFloat32Loop);
            QVERIFY(stops > 2);
        }
    }

    void withoutAnEncoderItDecodes() {
        const Fixture golden("network_autoencoder_kl_attention");
        const Weights weights(std::make_shared<MapSource>(golden.tensors()), {.stream = true});
        const AutoencoderKL vae(weights, AutoencoderKLConfig::from_json(golden.config));
        weights.finish("vae");
        QVERIFY(!vae.encoder);
        COMPARE_TENSORS(vae.decode(golden.input("latents")), golden.output("pixels"), kFloat32);
    }

    void decode_data() { add_kinds(); }

    void decode() {
        QFETCH(QString, fixture);
        const Fixture golden(fixture.toStdString());
        COMPARE_TENSORS(build(golden).decode(golden.input("latents")), golden.output("pixels"),
                        kFloat32);
    }

    void betweenItsLayersItCanBeStopped_data() { add_kinds(); }

    // Twice in every block: each of its convolutions may take long.
    void betweenItsLayersItCanBeStopped() {
        QFETCH(QString, fixture);
        const Fixture golden(fixture.toStdString());
        const AutoencoderKL vae = build(golden);
        const Tensor pixels = golden.input("pixels"), latents = golden.input("latents");
        int passed = 0;
        const BetweenLayers count = [&passed] { ++passed; };
        const auto resnets = [](const std::vector<VaeBlock>& blocks) {
            std::size_t sum = 2; // of the middle
            for (const VaeBlock& block : blocks) {
                sum += block.resnets.size();
            }
            return static_cast<int>(sum);
        };
        COMPARE_TENSORS(vae.encode(pixels, count).mean, vae.encode(pixels).mean, kExact);
        QVERIFY(passed >= 2 * resnets(vae.encoder->down_blocks));
        passed = 0;
        COMPARE_TENSORS(vae.decode(latents, count), vae.decode(latents), kExact);
        QVERIFY(passed >= 2 * resnets(vae.decoder.up_blocks));
        const BetweenLayers stop = [] { throw Cancelled{}; };
        QVERIFY_EXCEPTION_THROWN(vae.encode(pixels, stop), Cancelled);
        QVERIFY_EXCEPTION_THROWN(vae.decode(latents, stop), Cancelled);
    }

    void tinyDecoder_data() {
        QTest::addColumn<bool>("authors_names");
        QTest::newRow("diffusers' names") << false;
        QTest::newRow("the author's names") << true;
    }

    // The author counts the clamp as the first layer and writes no "decoder.layers.".
    void tinyDecoder() {
        QFETCH(bool, authors_names);
        const Fixture golden("network_autoencoder_tiny");
        const TempFolder folder;
        TensorMap tensors;
        for (const auto& [name, tensor] : golden.tensors()) {
            const std::string rest = name.substr(std::string("decoder.layers.").size());
            const auto dot = rest.find('.');
            tensors[authors_names ? std::to_string(std::stoi(rest) + 1) + rest.substr(dot) : name] =
                tensor;
        }
        save_safetensors(folder / "taesd.safetensors", tensors);
        const auto header = load_safetensors_header(folder / "taesd.safetensors");
        const Weights weights(
            std::make_shared<PlacedSource>(SafetensorsFile::open(folder / "taesd.safetensors"),
                                           taesd_decoder_places(header)),
            {});
        const AutoencoderTiny decoder(weights);
        weights.finish("taesd");
        COMPARE_TENSORS(decoder.decode(golden.input("latents")), golden.output("pixels"), kFloat32);
    }

    void scalingIsUndone_data() { add_kinds(); }

    void scalingIsUndone() {
        QFETCH(QString, fixture);
        const Fixture golden(fixture.toStdString());
        const auto network = build(golden);
        const Tensor latents = golden.input("latents");
        COMPARE_TENSORS(network.scale_latents(network.unscale_latents(latents)), latents, kFloat32);
    }

    // Files of before 2023 call the mid attention's projections otherwise, some as 1x1
    // convolutions.
    void olderNamesOfTheMidAttention() {
        const Fixture fixture("network_autoencoder_kl_attention");
        TensorMap older;
        for (const auto& [published, values] : fixture.tensors()) {
            std::string name = published;
            Tensor tensor = values;
            for (const auto& [now, then] : {std::pair<std::string, std::string>{"to_q", "query"},
                                            {"to_k", "key"},
                                            {"to_v", "value"},
                                            {"to_out.0", "proj_attn"}}) {
                if (const auto at = name.find(now); at != std::string::npos) {
                    name.replace(at, now.size(), then);
                    if (tensor.dim() == 2 && now != "to_k") {
                        tensor = tensor.unsqueeze(-1).unsqueeze(-1);
                    }
                }
            }
            older[name] = tensor;
        }
        const Weights weights(std::make_shared<MapSource>(older), {});
        const AutoencoderKL network(weights, AutoencoderKLConfig::from_json(fixture.config));
        weights.finish("vae");
        COMPARE_TENSORS(network.decode(fixture.input("latents")), fixture.output("pixels"),
                        kFloat32);
    }

    void configSurvivesJson() {
        const auto config =
            AutoencoderKLConfig::from_json(Fixture("network_autoencoder_kl_plain").config);
        QCOMPARE(AutoencoderKLConfig::from_json(config.to_json()).to_json().dump(),
                 config.to_json().dump());
        QCOMPARE(config.factor(), int64_t{4});
        QVERIFY(!config.mid_block_add_attention);
    }

    void missingAttentionKeyMeansAttention() {
        auto json = Fixture("network_autoencoder_kl_attention").config;
        json.erase("mid_block_add_attention");
        QVERIFY(AutoencoderKLConfig::from_json(json).mid_block_add_attention);
    }
};

QTEST_APPLESS_MAIN(TestAutoencoderKl)
#include "test_autoencoder_kl.moc"
