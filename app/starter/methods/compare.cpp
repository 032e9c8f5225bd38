#include "app/starter/methods/compare.h"

#include "app/starter/bench/report.h"
#include "app/starter/bench/row_scores.h"
#include "app/starter/methods/scores.h"
#include "app/starter/methods/sheets.h"
#include "app/starter/options.h"
#include "core/base/check.h"
#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/request/model_folder.h"
#include "core/runner/torch_runner.h"
#include "core/tensor/device.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>

#include <fmt/format.h>

namespace likeness::starter::methods {

namespace {

namespace fs = std::filesystem;

using bench::Shot;

const char* word(Learned learned) {
    switch (learned) {
    case Learned::nothing:
        return "nothing";
    case Learned::lora:
        return "lora";
    case Learned::dreambooth:
        return "dreambooth";
    case Learned::dreambooth_no_prior:
        return "dreambooth_no_prior";
    case Learned::style:
        return "style";
    }
    return "";
}

std::vector<ImagePtr> references_of(const bench::Product& product, int count, int size) {
    std::vector<Pictured> shown;
    for (int i = 0; i < count; ++i) {
        shown.push_back({product.subject, product.crowd.at(static_cast<std::size_t>(i))});
    }
    return bench::render_all(shown, size);
}

// Of what a training begins with, wherever it lies: all of the model but its adapters.
std::string weights_hash(const fs::path& folder) {
    std::string text;
    const auto hashes = bench::file_hashes(folder);
    for (const auto& [file, hash] : hashes.items()) {
        if (!file.starts_with("ip_adapter/")) {
            text += file + " " + hash.get<std::string>() + "\n";
        }
    }
    return sha256(std::as_bytes(std::span(text)));
}

// Makes and keeps the pictures of every method.
class Photographer {
public:
    Photographer(const Order& order, const std::vector<bench::Product>& products)
        : order_(order), products_(products), folder_(read_model_folder(order.folder)),
          trainings_(order.work, weights_hash(order.folder)),
          runner_(make_torch_runner({.previews = false})) {
        for (const auto& product : products) {
            references_.push_back(references_of(product, order.references, size()));
        }
        if (std::ranges::any_of(order.methods, &Method::styled)) {
            train(style_lesson(folder_.path, size(), order.lessons), Learned::style, -1);
        }
    }

    int size() const { return folder_.traits.default_width; }

    const std::vector<std::vector<ImagePtr>>& references() const { return references_; }

    const std::map<std::string, Trained>& trainings() const { return trained_; }

    int pictures() const { return pictures_; }

    // Trains what the method needs of that product, and makes its pictures.
    void show(const Method& method, int product, Filmed& filmed) {
        const auto number = static_cast<std::size_t>(product);
        if (method.is_trained() && !find(method.subject, product)) {
            train(subject_lesson(method.subject, folder_.path, products_[number],
                                 references_[number], order_.lessons),
                  method.subject, product);
        }
        const auto prompt = [&](const std::string& bare) {
            return method.is_trained() ? with_identifier(bare) : bare;
        };
        const auto& cases = products_[number].cases;
        const auto start = std::chrono::steady_clock::now();
        for (int c = 0; c < order_.cases; ++c) {
            const auto& one = cases[static_cast<std::size_t>(c)];
            int seed = 0;
            for (auto& image :
                 make(method, product, prompt(one.bare_prompt), one.seed, order_.seeds)) {
                filmed.row.shots.push_back({product, c, seed++});
                filmed.row.images.push_back(std::move(image));
            }
        }
        const double seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        filmed.seconds.push_back({product, seconds / (order_.cases * order_.seeds)});
        if (method.adapter == nullptr && !method.styled) {
            for (auto& image : make(method, product, class_prompt(products_[number].subject.shape),
                                    cases.front().seed, order_.class_pictures)) {
                filmed.class_pictures.emplace_back(product, std::move(image));
            }
        }
        const auto* const trained =
            method.is_trained() ? &trained_.at(label(method.subject, product)) : nullptr;
        filmed.train_seconds.push_back({product, trained != nullptr ? trained->seconds : 0});
    }

private:
    std::string label(Learned learned, int product) const {
        return product < 0 ? word(learned)
                           : fmt::format("{} {}", word(learned), order_.first + product);
    }

    bool find(Learned learned, int product) const {
        return trained_.contains(label(learned, product));
    }

    void train(const TrainingRequest& request, Learned learned, int product) {
        auto name = label(learned, product);
        std::ranges::replace(name, ' ', '_');
        trained_[label(learned, product)] = trainings_.get(request, name, *runner_);
    }

    std::vector<ImagePtr> make(const Method& method, int product, const std::string& prompt,
                               std::uint64_t seed, int count) {
        GenerationRequest request{.model = folder_.path.string(),
                                  .prompt = prompt,
                                  .num_inference_steps =
                                      order_.num_inference_steps > 0
                                          ? order_.num_inference_steps
                                          : folder_.traits.default_num_inference_steps,
                                  .guidance_scale = folder_.traits.default_guidance_scale,
                                  .seed = seed,
                                  .num_images = count,
                                  .device = order_.lessons.device,
                                  .threads = order_.lessons.threads};
        if (method.is_trained()) {
            const auto& weights = trained_.at(label(method.subject, product)).weights;
            if (fs::is_directory(weights)) {
                request.model = weights.string();
            } else {
                request.loras.push_back({.path = weights.string()});
            }
        }
        if (method.styled) {
            request.loras.push_back(
                {.path = trained_.at(label(Learned::style, -1)).weights.string()});
        }
        if (method.adapter != nullptr) {
            const auto& adapters = folder_.ip_adapters;
            const auto file =
                std::ranges::find(adapters, std::string(method.adapter->file), &AdapterFile::name);
            if (file == adapters.end()) {
                throw Error(ErrorCode::model_incomplete,
                            message("{} has no adapter {}, which the method {} is.",
                                    folder_.path.string(), method.adapter->file, method.name));
            }
            request.ip_adapter = file->path.string();
            request.image_encoder = folder_.image_encoder.string();
            for (const auto& image : references_[static_cast<std::size_t>(product)]) {
                request.references.push_back({.image = image, .ip_adapter_scale = method.scale});
            }
        }
        std::vector<ImagePtr> images;
        for (const auto& made : runner_->run(request, bench::stoppable()).images) {
            images.push_back(made.image);
        }
        pictures_ += count;
        return images;
    }

    const Order& order_;
    const std::vector<bench::Product>& products_;
    ModelFolder folder_;
    Trainings trainings_;
    std::unique_ptr<Runner> runner_;
    std::vector<std::vector<ImagePtr>> references_;
    std::map<std::string, Trained> trained_;
    int pictures_ = 0;
};

// Scores every picture.
class Scorer {
public:
    Scorer(const Order& order, const bench::Cast& cast, int size)
        : order_(order), cast_(cast), size_(size),
          judges_(order.evaluators, choose_placement(order.lessons.device, {}).device) {
        judges_.learn(bench::lesson_renders(order.lessons_of_judges), size);
        faces_.emplace(bench::Plan{.gallery = order.gallery, .neighbours = order.gallery / 5}, cast,
                       judges_, size);
        const auto renders = judges_.judge(bench::render_all(seen_anew(), size)).features;
        real_variety_ = mean_over_cases(renders);
    }

    // Of real renders of every case, through the model's autoencoder.
    void oracle(std::vector<ImagePtr> images, const std::vector<Shot>& shots) {
        bench::Row row{.group = &cast_.unseen, .shots = shots, .images = std::move(images)};
        row.judged = judges_.judge(row.images);
        surroundings_apart_ = bench::mean_distance(judges_.surroundings(row.images));
        scores_["oracle"] = bench::row_scores(row, judges_, *faces_);
    }

    void add(const Method& method, Filmed& filmed) {
        auto& row = filmed.row;
        row.judged = judges_.judge(row.images);
        auto& scores = scores_[method.name];
        scores = bench::row_scores(row, judges_, *faces_);
        const auto surroundings = judges_.surroundings(row.images);
        if (method.name == all_methods().front().name) {
            base_surroundings_ = surroundings;
        }
        LIKENESS_CHECK(base_surroundings_.defined(), "text only comes first");
        const auto moved = (surroundings - base_surroundings_).norm(2, {1}) / surroundings_apart_;
        const auto& places = row.judged.readings[judges_.attribute("place")];
        const auto& styles = row.judged.readings[judges_.attribute("style")];
        for (std::size_t i = 0; i < row.shots.size(); ++i) {
            const int product = row.shots[i].product;
            scores["drift"].push_back(
                {product, moved[static_cast<std::int64_t>(i)].item<double>()});
            scores["in_reference_place"].push_back(
                {product, is_place_of_reference(product, places[i]) ? 1.0 : 0.0});
            scores["style"].push_back({product, styles[i] == static_cast<int>(kStyle) ? 1.0 : 0.0});
        }
        variety(row, scores["div"]);
        scores["seconds"] = filmed.seconds;
        scores["train_seconds"] = filmed.train_seconds;
        of_class(filmed, scores);
    }

    const MethodScores& scores() const { return scores_; }

private:
    std::vector<Pictured> seen_anew() const {
        std::vector<Pictured> renders;
        for (const auto& product : cast_.unseen.products) {
            for (const auto& one : product.cases) {
                for (int i = 0; i < kViews; ++i) {
                    renders.push_back(
                        {product.subject, bench::seen_anew({product.subject, one.scene},
                                                           static_cast<std::uint64_t>(i))});
                }
            }
        }
        return renders;
    }

    // The mean distance of the views of a case, over the cases.
    static double mean_over_cases(const Tensor& features) {
        double sum = 0;
        for (std::int64_t at = 0; at < features.size(0); at += kViews) {
            sum += bench::mean_distance(features.narrow(0, at, kViews));
        }
        return sum * kViews / static_cast<double>(features.size(0));
    }

    bool is_place_of_reference(int product, double place) const {
        const auto& crowd = cast_.unseen.products[static_cast<std::size_t>(product)].crowd;
        return std::any_of(
            crowd.begin(), crowd.begin() + order_.references,
            [&](const synth::Scene& scene) { return place == static_cast<int>(scene.place); });
    }

    // The distance between pictures of one case in shares of that between real renders.
    void variety(const bench::Row& row, std::vector<bench::SubjectScore>& into) const {
        std::map<std::pair<int, int>, std::vector<Tensor>> alike;
        for (std::size_t i = 0; i < row.shots.size(); ++i) {
            alike[{row.shots[i].product, row.shots[i].part}].push_back(
                row.judged.features[static_cast<std::int64_t>(i)].unsqueeze(0));
        }
        for (const auto& [key, pictures] : alike) {
            if (pictures.size() > 1) {
                into.push_back(
                    {key.first, bench::mean_distance(at::cat(pictures)) / real_variety_});
            }
        }
    }

    // What became of the class: how near its pictures are to the product, and to each other.
    void of_class(const Filmed& filmed, bench::Scores& scores) const {
        std::vector<ImagePtr> images;
        for (const auto& [product, image] : filmed.class_pictures) {
            images.push_back(image);
        }
        if (images.empty()) {
            return;
        }
        const auto judged = judges_.judge(images);
        bench::Row alike{.judged = judged};
        for (std::size_t i = 0; i < images.size(); ++i) {
            const int product = filmed.class_pictures[i].first;
            alike.shots.push_back({product, 0, static_cast<int>(i)});
            scores["class_similarity"].push_back(
                {product, bench::similarity(judged.embeds[static_cast<std::int64_t>(i)],
                                            faces_->real(cast_.unseen, product))});
        }
        variety(alike, scores["class_div"]);
    }

    static constexpr int kViews = 4;

    const Order& order_;
    const bench::Cast& cast_;
    int size_;
    bench::Judges judges_;
    std::optional<bench::Faces> faces_;
    double real_variety_ = 1, surroundings_apart_ = 1;
    Tensor base_surroundings_{};
    MethodScores scores_;
};

} // namespace

Order make_order(const std::string& suite, std::int64_t count) {
    Order order;
    if (suite == "mini") {
        order.subjects = 2;
        order.cases = 1;
        order.class_pictures = 2;
        order.gallery = 10;
        order.lessons_of_judges = 30;
        order.lessons.steps = 4;
    } else if (suite != "full") {
        throw Error(ErrorCode::bad_request,
                    message("There is no suite \"{}\"; --suite takes full or mini.", suite));
    }
    if (count > 0) {
        order.subjects = static_cast<int>(count);
    }
    return order;
}

Findings compare(const Order& order) {
    Findings found;
    auto last = std::chrono::steady_clock::now();
    const auto clock = [&](const char* part) {
        const auto now = std::chrono::steady_clock::now();
        found.seconds[part] += std::chrono::duration<double>(now - last).count();
        last = now;
    };
    bench::Cast cast;
    auto& products = cast.unseen.products;
    products = bench::unseen_products(order.first + order.subjects, order.cases);
    products.erase(products.begin(), products.begin() + order.first);
    Photographer photographer(order, cast.unseen.products);
    std::vector<Filmed> filmed(order.methods.size());
    for (int p = 0; p < order.subjects; ++p) {
        for (std::size_t m = 0; m < order.methods.size(); ++m) {
            filmed[m].row.group = &cast.unseen;
            photographer.show(order.methods[m], p, filmed[m]);
        }
        log_line(
            {{"stage", "methods"}, {"subjects", p + 1}, {"pictures", photographer.pictures()}});
    }
    clock("trainings and pictures");
    {
        bench::Studio studio(order.folder, order.lessons.device, bench::Degrade::none);
        Scorer scorer(order, cast, photographer.size());
        std::vector<Pictured> wanted;
        std::vector<Shot> shots;
        for (int p = 0; p < order.subjects; ++p) {
            const auto& product = cast.unseen.products[static_cast<std::size_t>(p)];
            for (int c = 0; c < order.cases; ++c) {
                shots.push_back({p, c, 0});
                wanted.push_back(
                    {product.subject, product.cases[static_cast<std::size_t>(c)].scene});
            }
        }
        const auto real = bench::render_all(wanted, photographer.size());
        scorer.oracle(studio.reconstruct(real), shots);
        for (std::size_t m = 0; m < order.methods.size(); ++m) {
            scorer.add(order.methods[m], filmed[m]);
        }
        measure_methods(scorer.scores(), found.measures);
        found.gates = bench::judge(method_rules(), found.measures);
        clock("judging");
    }
    if (!order.sheets.empty()) {
        write_sheets(order, photographer.references(), filmed, photographer.size());
        clock("sheets");
    }
    found.trainings = photographer.trainings();
    found.pictures = photographer.pictures();
    return found;
}

} // namespace likeness::starter::methods
