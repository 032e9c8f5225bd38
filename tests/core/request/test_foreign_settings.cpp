#include "core/base/error.h"
#include "core/request/foreign_scheduler.h"
#include "core/request/foreign_settings.h"

#include <QTest>

#include <algorithm>

using namespace likeness;

namespace {

std::optional<std::string> family_of(const std::string& name) {
    const bool is_xl = name == "dreamy_xl";
    return name == "dreamy" || is_xl ? std::optional<std::string>(is_xl ? "sdxl" : "sd15")
                                     : std::nullopt;
}

ForeignSettings parameters(const std::string& text) {
    return *read_foreign_settings({.parameters = text}, family_of);
}

bool lost(const ForeignSettings& settings, const std::string& what) {
    return std::ranges::any_of(settings.not_honoured,
                               [&](const Message& line) { return line.text().starts_with(what); });
}

std::optional<ErrorCode> refusal(const ForeignTexts& texts) {
    try {
        read_foreign_settings(texts, family_of);
        return std::nullopt;
    } catch (const Error& error) {
        return error.code;
    }
}

constexpr const char* kParameters =
    "a mug on a beach, <lora:film:0.8> low sun\n"
    "second line\n"
    "Negative prompt: blur,\ntext\n"
    "Steps: 30, Sampler: DDIM, Schedule type: Automatic, CFG scale: 6.5, Seed: "
    "18446744073709551615, "
    "Size: 640x512, Model hash: 6ce0161689, Model: dreamy, Clip skip: 2, "
    "Lora hashes: \"film: 1234, other: 5\", Denoising strength: 0.4, Version: v1.9.4";

constexpr const char* kPrompt = R"({
 "3": {"class_type": "KSampler", "inputs": {"seed": 42, "steps": 25, "cfg": 7.5, "sampler_name": "euler",
   "scheduler": "karras", "denoise": 1.0, "model": ["10", 0], "positive": ["6", 0], "negative": ["7", 0],
   "latent_image": ["5", 0]}},
 "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "sd/dreamy.safetensors"}},
 "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 768, "height": 512, "batch_size": 1}},
 "6": {"class_type": "CLIPTextEncode", "inputs": {"text": ["12", 0], "clip": ["10", 1]}},
 "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "blur", "clip": ["10", 1]}},
 "10": {"class_type": "LoraLoader", "inputs": {"lora_name": "film.safetensors", "strength_model": 0.8,
   "model": ["4", 0], "clip": ["4", 1]}},
 "12": {"class_type": "PrimitiveStringMultiline", "inputs": {"value": "a duck"}},
 "9": {"class_type": "SaveImage", "inputs": {"images": ["8", 0]}}
})";

constexpr const char* kWorkflow = R"({
 "nodes": [
  {"id": 3, "type": "KSampler", "widgets_values": [42, "randomize", 25, 7.5, "ddim", "normal", 1],
   "inputs": [{"name": "model", "link": 1}, {"name": "positive", "link": 4},
              {"name": "negative", "link": 6}, {"name": "latent_image", "link": 2}]},
  {"id": 4, "type": "CheckpointLoaderSimple", "widgets_values": ["unknown.ckpt"]},
  {"id": 5, "type": "EmptyLatentImage", "widgets_values": [768, 512, 1]},
  {"id": 6, "type": "CLIPTextEncode", "widgets_values": ["a duck"]},
  {"id": 7, "type": "CLIPTextEncode", "widgets_values": ["blur"]}
 ],
 "links": [[1, 4, 0, 3, 0, "MODEL"], [2, 5, 0, 3, 3, "LATENT"], [4, 6, 0, 3, 1, "CONDITIONING"],
           [6, 7, 0, 3, 2, "CONDITIONING"]]
})";

} // namespace

class TestForeignSettings : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void automatic1111IsRead() {
        const ForeignSettings settings = parameters(kParameters);
        QCOMPARE(settings.prompt,
                 std::optional<std::string>("a mug on a beach,  low sun\nsecond line"));
        QCOMPARE(settings.negative_prompt, std::optional<std::string>("blur,\ntext"));
        QCOMPARE(settings.num_inference_steps, std::optional(30));
        QCOMPARE(settings.scheduler, std::optional(SchedulerKind::ddim));
        QCOMPARE(settings.guidance_scale, std::optional(6.5));
        QCOMPARE(settings.seed, std::optional(18446744073709551615ULL));
        QCOMPARE(settings.width, std::optional(640));
        QCOMPARE(settings.height, std::optional(512));
        QCOMPARE(settings.model, std::optional<std::string>("dreamy"));
        QCOMPARE(settings.clip_skip, std::optional(1));
        QCOMPARE(texts(settings.not_honoured),
                 (std::vector<std::string>{"LoRA film (0.8)", "Denoising strength 0.4"}));
    }

    void whatIsNotThereIsListedAndLeftAlone() {
        const ForeignSettings settings = parameters(
            "a <b> < c\nSteps: 5000, Sampler: DPM fast, CFG scale: nan, Seed: -1, Size: 9x, "
            "Model: other, Clip skip: 0");
        QCOMPARE(settings.prompt, std::optional<std::string>("a <b> < c"));
        QVERIFY(!settings.num_inference_steps && !settings.scheduler && !settings.guidance_scale &&
                !settings.seed && !settings.width && !settings.height && !settings.model);
        for (const char* what : {"num_inference_steps", "sampler DPM fast", "guidance_scale",
                                 "seed", "width", "height", "model other"}) {
            QVERIFY2(lost(settings, what), what);
        }
        GenerationRequest before{.model = "starter", .prompt = "mine", .seed = 7};
        before.references.push_back({.path = "mug.png"});
        const GenerationRequest after = with_foreign_settings(before, settings, "sd15");
        QCOMPARE(after.model, std::string("starter"));
        QCOMPARE(after.seed, 7U);
        QCOMPARE(after.prompt, std::string("a <b> < c"));
        QCOMPARE(after.references, before.references);
    }

    // AUTOMATIC1111 writes neither an empty negative prompt nor a clip skip of 1.
    void whatAutomatic1111LeavesOutIsItsDefault() {
        const GenerationRequest before{.prompt = "mine", .negative_prompt = "old", .clip_skip = 1};
        const GenerationRequest after =
            with_foreign_settings(before, parameters("a mug\nSteps: 20, Seed: 3"), "sd15");
        QCOMPARE(after.negative_prompt, std::string());
        QCOMPARE(after.clip_skip, 0);
        const ForeignSettings wrong = parameters("a mug\nSteps: 20, Clip skip: none");
        QVERIFY(!wrong.clip_skip && lost(wrong, "clip_skip none"));
    }

    // It keeps the number, but reads the same layer of an SDXL model whatever it is.
    void clipSkipCountsForNoSdxl() {
        const auto skip = [](const std::string& told, const std::string& family) {
            return with_foreign_settings({.clip_skip = 4}, parameters("a mug\nSteps: 20, " + told),
                                         family)
                .clip_skip;
        };
        QCOMPARE(skip("Clip skip: 2", "sd15"), 1);
        QCOMPARE(skip("Clip skip: 2", ""), 1);
        QCOMPARE(skip("Clip skip: 2", "sdxl"), 0);
        QCOMPARE(skip("Clip skip: 2, Model: dreamy", "sdxl"), 1);
        QCOMPARE(skip("Clip skip: 2, Model: dreamy_xl", "sd15"), 0);
        QCOMPARE(skip("Clip skip: 2, Model: gone", "sdxl"), 0);
    }

    void comfyUiIsRead() {
        const ForeignSettings settings = *read_foreign_settings({.prompt = kPrompt}, family_of);
        QCOMPARE(settings.prompt, std::optional<std::string>("a duck"));
        QCOMPARE(settings.negative_prompt, std::optional<std::string>("blur"));
        QCOMPARE(settings.num_inference_steps, std::optional(25));
        QCOMPARE(settings.scheduler, std::optional(SchedulerKind::euler_karras));
        QCOMPARE(settings.guidance_scale, std::optional(7.5));
        QCOMPARE(settings.seed, std::optional(std::uint64_t{42}));
        QCOMPARE(settings.width, std::optional(768));
        QCOMPARE(settings.model, std::optional<std::string>("dreamy"));
        QVERIFY(lost(settings, "LoRA film.safetensors (0.8)"));
        QCOMPARE(settings.not_honoured.size(), 1U);
    }

    void schedulersOfOtherProgramsAreKnown_data() {
        QTest::addColumn<QString>("sampler");
        QTest::addColumn<QString>("schedule");
        QTest::addColumn<QString>("here"); // a "!" at its end: with other noise levels
        const auto row = [](const char* sampler, const char* schedule, const char* here) {
            QTest::addRow("%s, %s", sampler, schedule) << sampler << schedule << here;
        };
        row("Euler a", "Automatic", "euler_ancestral");
        row("Euler a", "Karras", "euler_ancestral!");
        row("DPM++ 2M Karras", "", "dpmpp_2m_karras");
        row("DPM++ 2M", "Karras", "dpmpp_2m_karras");
        row("DPM++ 2M", "Automatic", "dpmpp_2m_karras");
        row("DPM++ 2M", "", "dpmpp_2m");
        row("DPM++ 2M", "Uniform", "dpmpp_2m");
        row("DPM++ 2M SDE", "Automatic", "dpmpp_2m_sde_exponential");
        row("DPM++ 2M SDE Exponential", "", "dpmpp_2m_sde_exponential");
        row("DPM++ SDE Karras", "", "dpmpp_sde_karras");
        row("DPM++ SDE", "Automatic", "dpmpp_sde_karras");
        row("DPM++ SDE", "Exponential", "dpmpp_sde_exponential");
        row("euler", "exponential", "euler_exponential");
        row("euler_ancestral", "exponential", "euler_ancestral!");
        row("euler", "beta", "euler!"); // of the timesteps there, of the noise levels here
        row("DPM2 a Karras", "", "dpm2_ancestral_karras");
        row("DPM2", "Automatic", "dpm2_karras");
        row("LMS Karras", "", "lms_karras");
        row("LMS", "Automatic", "lms");
        row("DPM++ 2S a", "Automatic", "");
        row("DPM++ 2M SDE Karras", "", "dpmpp_2m_sde_karras");
        row("PLMS", "Automatic", "pndm");
        row("Heun", "Automatic", "heun");
        row("heun", "karras", "heun_karras");
        row("dpm_2_ancestral", "normal", "dpm2_ancestral");
        row("dpm_2", "karras", "dpm2_karras");
        row("dpmpp_sde_gpu", "karras", "dpmpp_sde_karras");
        row("uni_pc", "karras", "unipc_karras");
        row("heunpp2", "normal", "");
        row("kdpm_2_a_k", "", "dpm2_ancestral_karras");
        row("kdpm_2", "", "dpm2");
        row("dpmpp_2s_k", "", "dpmpp_2s_karras");
        row("dpmpp_sde", "", "dpmpp_sde");
        row("unipc_k", "", "unipc_karras");
        row("lms_k", "", "lms_karras");
        row("dpmpp_2m", "karras", "dpmpp_2m_karras");
        row("dpmpp_2m_sde_gpu", "normal", "dpmpp_2m_sde");
        row("euler_ancestral", "normal", "euler_ancestral");
        row("uni_pc_bh2", "simple", "unipc!");
        row("lcm", "sgm_uniform", "lcm!");
        row("euler_k", "", "euler_karras");
        row("dpmpp_2m_sde_k", "", "dpmpp_2m_sde_karras");
        row("ddpm", "", "ddpm");
        row("euler_a", "discrete", "euler_ancestral");
        row("dpm++2m", "karras", "dpmpp_2m_karras");
    }

    void schedulersOfOtherProgramsAreKnown() {
        QFETCH(QString, sampler);
        QFETCH(QString, schedule);
        QFETCH(QString, here);
        const auto found = scheduler_of_names(sampler.toStdString(), schedule.toStdString());
        QCOMPARE(QString(found.kind ? to_string(*found.kind) : "") +
                     (found.kind && !found.knows_schedule ? "!" : ""),
                 here);
    }

    void aDrawnGraphIsReadToo() {
        const ForeignSettings settings = *read_foreign_settings({.workflow = kWorkflow}, family_of);
        QCOMPARE(settings.prompt, std::optional<std::string>("a duck"));
        QCOMPARE(settings.negative_prompt, std::optional<std::string>("blur"));
        QCOMPARE(settings.num_inference_steps, std::optional(25));
        QCOMPARE(settings.scheduler, std::optional(SchedulerKind::ddim));
        QCOMPARE(settings.height, std::optional(512));
        QCOMPARE(texts(settings.not_honoured), (std::vector<std::string>{"model unknown"}));
    }

    void damagedTextIsRefused() {
        QVERIFY(!read_foreign_settings({}, family_of));
        for (const std::string& text :
             {std::string(), std::string("only words"), std::string("Negative prompt: x")}) {
            QCOMPARE(refusal({.parameters = text}), std::optional(ErrorCode::file_damaged));
        }
        const std::string whole = kPrompt;
        for (std::size_t length = 0; length < whole.size() - 1; length += 7) {
            QCOMPARE(refusal({.prompt = whole.substr(0, length)}),
                     std::optional(ErrorCode::file_damaged));
        }
        for (const char* text : {"[]", "null", "{}", "{\"1\":{\"class_type\":3,\"inputs\":{}}}",
                                 "{\"1\":{\"class_type\":\"KSampler\",\"inputs\":[]}}"}) {
            QCOMPARE(refusal({.prompt = text}), std::optional(ErrorCode::file_damaged));
            QCOMPARE(refusal({.workflow = text}), std::optional(ErrorCode::file_damaged));
        }
        QCOMPARE(refusal({.prompt = std::string(100'000, '[')}),
                 std::optional(ErrorCode::file_too_large));
        QCOMPARE(refusal({.parameters = std::string(2'000'000, 'a') + "\nSteps: 2"}),
                 std::optional(ErrorCode::file_too_large));
    }

    void aGraphThatRunsInCirclesEnds() {
        const ForeignSettings settings = *read_foreign_settings(
            {.prompt = R"({"1": {"class_type": "KSampler", "inputs": {"positive": ["2", 0],
              "negative": ["2", 0], "model": ["3", 0], "latent_image": ["1", 0], "steps": ["4", 0]}},
              "2": {"class_type": "Combine", "inputs": {"conditioning": ["2", 0]}},
              "3": {"class_type": "Patch", "inputs": {"model": ["3", 0]}},
              "4": {"class_type": "Loop", "inputs": {"value": ["4", 0]}}})"},
            family_of);
        QVERIFY(!settings.num_inference_steps);
        QVERIFY(lost(settings, "Patch"));
    }
};

QTEST_APPLESS_MAIN(TestForeignSettings)
#include "test_foreign_settings.moc"
