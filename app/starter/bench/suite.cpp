#include "app/starter/bench/suite.h"

#include "app/starter/parallel.h"
#include "core/base/error.h"
#include "core/synth/random.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace likeness::starter::bench {

namespace {

// Ids of subjects, far from training's; each use has a range of its own.
constexpr std::uint64_t kUnseen = 800'000'000, kSeen = 810'000'000, kDecals = 820'000'000,
                        kPartners = 830'000'000, kStrangers = 840'000'000, kClean = 850'000'000,
                        kLessons = 860'000'000;
constexpr std::uint64_t kScenesOfOne = 1000; // ids of scenes that one subject may use
constexpr synth::SceneMix kClear{.occluder = 0.0, .styled = 0.0};

const Plan kPlans[] = {
    {.name = "full",
     .subjects = 30,
     .prompts = 4,
     .seeds = 4,
     .adapter_seeds = 2,
     .seen_subjects = 30,
     .seen_prompts = 4,
     .ladder_subjects = 30,
     .ladder_prompts = 2,
     .references_subjects = 25,
     .references_prompts = 2,
     .pairs = 15,
     .pair_prompts = 2,
     .gallery = 1000,
     .neighbours = 200,
     .clean = 2000,
     .reconstructed = 500,
     .probed = 5000,
     .located = 2000,
     .place_sheet = 6,
     .place_sheet_places = 8},
    {.name = "mini",
     .subjects = 10,
     .prompts = 1,
     .seeds = 2,
     .adapter_seeds = 1,
     .seen_subjects = 2,
     .seen_prompts = 1,
     .ladder_subjects = 2,
     .ladder_prompts = 1,
     .references_subjects = 1,
     .references_prompts = 1,
     .pairs = 1,
     .pair_prompts = 1,
     .gallery = 200,
     .neighbours = 40,
     .clean = 200,
     .reconstructed = 60,
     .probed = 0,
     .located = 400,
     .place_sheet = 0,
     .place_sheet_places = 0},
};

// Scenes of one subject, one after the other.
class Scenes {
public:
    Scenes(const synth::Subject& subject, std::uint64_t first, synth::Split split)
        : subject_(subject), next_(first), split_(split) {}

    synth::Scene next() { return synth::make_scene(next_++, subject_, split_, kClear); }

    // The next one in none of these places.
    synth::Scene elsewhere(const std::set<synth::Place>& places) {
        auto scene = next();
        while (places.contains(scene.place)) {
            scene = next();
        }
        return scene;
    }

private:
    synth::Subject subject_;
    std::uint64_t next_;
    synth::Split split_;
};

Product make_product(const synth::Subject& subject, std::uint64_t id, synth::Split split,
                     int cases) {
    Product product{.subject = subject};
    Scenes scenes(subject, id * kScenesOfOne, split);
    std::set<synth::Place> places;
    for (int i = 0; i < cases; ++i) {
        const auto scene = scenes.elsewhere(places);
        // Every place once, then from the beginning: the reference needs one that is left.
        if (static_cast<int>(places.size()) + 2 < synth::kPlaces) {
            places.insert(scene.place);
        }
        product.cases.push_back(
            {.scene = scene,
             .explicit_prompt = synth::caption(subject, scene, 0, synth::CaptionKind::explicit_all),
             .bare_prompt = synth::caption(subject, scene, 0, synth::CaptionKind::shape_only),
             .seed = kSeeds +
                     synth::mix(id * kScenesOfOne + static_cast<std::uint64_t>(i)) % kSeeds * 10});
    }
    product.reference = scenes.elsewhere(places);
    synth::Random random(id);
    for (int i = 0; i < kMostReferences; ++i) {
        product.crowd.push_back(scenes.elsewhere(places));
        product.hides_decal.push_back(random.chance(kHidden));
    }
    for (int i = 0; i < kRealRenders; ++i) {
        product.real.push_back(scenes.next());
    }
    product.portrait = scenes.next();
    product.query = scenes.next();
    return product;
}

std::vector<Product> make_products(int count, int cases, std::uint64_t first, synth::Split split,
                                   bool with_decal) {
    std::vector<Product> products;
    for (auto id = first; static_cast<int>(products.size()) < count; ++id) {
        const auto subject = synth::make_subject(id, split);
        if (subject.has_decal || !with_decal) {
            products.push_back(make_product(subject, id, split, cases));
        }
    }
    return products;
}

std::vector<Pictured> singles(int count, std::uint64_t first, synth::Split split) {
    std::vector<Pictured> pictures;
    for (int i = 0; i < count; ++i) {
        const auto id = first + static_cast<std::uint64_t>(i);
        auto& picture = pictures.emplace_back();
        picture.subject = synth::make_subject(id, split);
        picture.scene = synth::make_scene(id, picture.subject, split, kClear);
    }
    return pictures;
}

double turned(double hue, double degrees) {
    return std::fmod(hue + degrees + 360.0, 360.0);
}

double apart(double a, double b) {
    return std::abs(std::remainder(a - b, 360.0));
}

template <typename Enum>
Enum next_of(Enum value, int count) {
    return static_cast<Enum>((static_cast<int>(value) + 1) % count);
}

} // namespace

Plan make_plan(const std::string& suite, std::int64_t count) {
    const auto found =
        std::ranges::find_if(kPlans, [&](const Plan& plan) { return plan.name == suite; });
    if (found == std::end(kPlans)) {
        throw Error(ErrorCode::bad_request,
                    message("There is no suite \"{}\"; --suite takes full or mini.", suite));
    }
    Plan plan = *found;
    if (count > 0) {
        const double share = static_cast<double>(count) / plan.subjects;
        plan.name += " of " + std::to_string(count);
        for (int* const number : {&plan.subjects, &plan.seen_subjects, &plan.ladder_subjects,
                                  &plan.references_subjects, &plan.pairs}) {
            *number = std::max(1, static_cast<int>(std::lround(*number * share)));
        }
    }
    return plan;
}

std::vector<Product> unseen_products(int count, int cases) {
    return make_products(count, cases, kUnseen, synth::Split::held_out, false);
}

std::vector<Product> seen_products(int count, int cases) {
    return make_products(count, cases, kSeen, synth::Split::train, false);
}

std::vector<Product> decal_products(int count, int cases) {
    return make_products(count, cases, kDecals, synth::Split::held_out, true);
}

Product partner_of(const Product& product, std::uint64_t number) {
    constexpr double kApart = 60.0;
    auto id = kPartners + number * kScenesOfOne;
    auto subject = synth::make_subject(id, synth::Split::held_out);
    while (subject.shape != product.subject.shape ||
           apart(subject.hue, product.subject.hue) < kApart) {
        subject = synth::make_subject(++id, synth::Split::held_out);
    }
    return make_product(subject, id, synth::Split::held_out, 0);
}

synth::Subject neighbour_of(const synth::Subject& subject, int number) {
    constexpr double kTurn = 45.0;
    constexpr int kWays = 7;
    auto other = subject;
    switch (number % kWays) {
    case 0:
        other.hue = turned(subject.hue, kTurn);
        break;
    case 1:
        other.pattern = next_of(subject.pattern, synth::kPatterns);
        break;
    case 2: // another glyph, or one where there is none
        other.has_decal = true;
        other.glyph = next_of(subject.glyph, synth::kGlyphs);
        break;
    case 3:
        if (subject.has_decal) {
            other.decal_colour = next_of(subject.decal_colour, synth::kDecalColours);
        } else {
            other.shape = next_of(subject.shape, synth::kShapes);
        }
        break;
    case 4:
        other.material = next_of(subject.material, synth::kMaterials);
        break;
    case 5:
        other.second_hue = turned(subject.second_hue, kTurn);
        break;
    default:
        other.slimness = subject.slimness < 0.5 ? subject.slimness + 0.5 : subject.slimness - 0.5;
        break;
    }
    return other;
}

std::vector<Portrait> make_gallery(const Plan& plan, const std::vector<Product>& products) {
    std::vector<Portrait> gallery;
    for (const auto& product : products) {
        gallery.push_back({product.subject, product.portrait, product.query});
    }
    const auto add = [&gallery](const synth::Subject& subject, std::uint64_t id) {
        Scenes scenes(subject, id * kScenesOfOne, synth::Split::held_out);
        auto& one = gallery.emplace_back();
        one.subject = subject;
        one.scene = scenes.next();
        one.query = scenes.next();
    };
    const auto room = [&] { return plan.gallery - static_cast<int>(gallery.size()); };
    for (int i = 0; i < plan.neighbours && !products.empty() && room() > 0; ++i) {
        const auto n = static_cast<int>(products.size());
        const auto& subject = products[static_cast<std::size_t>(i % n)].subject;
        add(neighbour_of(subject, i / n + i), kStrangers - 1 - static_cast<std::uint64_t>(i));
    }
    for (auto id = kStrangers; room() > 0; ++id) {
        add(synth::make_subject(id, synth::Split::held_out), id);
    }
    return gallery;
}

std::vector<Pictured> clean_renders(int count) {
    return singles(count, kClean, synth::Split::held_out);
}

std::vector<Pictured> lesson_renders(int count) {
    return singles(count, kLessons, synth::Split::train);
}

synth::Scene seen_anew(const Pictured& pictured, std::uint64_t number) {
    auto scene = pictured.scene;
    const auto other = synth::make_scene(pictured.scene.seed ^ synth::mix(number), pictured.subject,
                                         synth::Split::held_out, kClear);
    scene.yaw = other.yaw;
    scene.pitch = other.pitch;
    scene.coverage = other.coverage;
    scene.x = other.x;
    scene.y = other.y;
    scene.seed = other.seed;
    return scene;
}

std::vector<RenderedPair> render_with_masks(const std::vector<Pictured>& pictures, int size) {
    std::vector<RenderedPair> rendered(pictures.size());
    in_parallel(0, static_cast<std::int64_t>(pictures.size()), [&](std::int64_t number) {
        const auto i = static_cast<std::size_t>(number);
        auto one = synth::render(pictures[i].subject, pictures[i].scene, size);
        rendered[i] = {std::make_shared<const Image>(std::move(one.rgb)),
                       std::make_shared<const Image>(std::move(one.mask))};
    });
    return rendered;
}

std::vector<ImagePtr> render_all(const std::vector<Pictured>& pictures, int size) {
    std::vector<ImagePtr> images;
    for (auto& one : render_with_masks(pictures, size)) {
        images.push_back(std::move(one.rgb));
    }
    return images;
}

bool shows_colour(double hue, double asked) {
    constexpr double kTolerance = 15.0, kBin = 30.0;
    const double centre = kBin * std::round(asked / kBin);
    return apart(hue, centre) <= kBin / 2 + kTolerance;
}

} // namespace likeness::starter::bench
