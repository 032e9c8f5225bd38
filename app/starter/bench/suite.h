#pragma once

#include "app/starter/picture_set.h"
#include "core/image/image.h"
#include "core/synth/world.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What the bench asks for: products, scenes, prompts and references. All of it is a function of the
// plan, so that every run of a suite asks the same.
namespace likeness::starter::bench {

// How large a suite is. A case is a product in a scene to be made.
struct Plan {
    std::string name{};
    int subjects = 0;            // of combinations that training never sees
    int prompts = 0;             // cases of each
    int seeds = 0;               // pictures of a case from its explicit caption alone
    int adapter_seeds = 0;       // and with a reference at scale 1
    int seen_subjects = 0;       // of combinations that training does see
    int seen_prompts = 0;        // cases of each, one picture a case
    int ladder_subjects = 0;     // the first of them: at every scale
    int ladder_prompts = 0;      // the first cases of each
    int references_subjects = 0; // products with a decal: by several references
    int references_prompts = 0;
    int pairs = 0; // of two different products of one shape
    int pair_prompts = 0;
    int gallery = 0;            // subjects among which E2 has to find the right one
    int neighbours = 0;         // of them: a product with one attribute changed
    int clean = 0;              // renders on which the judges themselves are judged
    int reconstructed = 0;      // of them: through the autoencoder
    int probed = 0;             // renders for the linear probe of the image encoder; 0: no probe
    int located = 0;            // renders from which the reading of positions is learned
    int place_sheet = 0;        // products shown in that many ...
    int place_sheet_places = 0; // ... places
};

// "full" or "mini"; with a count, that many subjects and the rest in proportion. Throws
// Error{bad_request} naming the suites for any other word.
Plan make_plan(const std::string& suite, std::int64_t count = 0);

// Scales of the ladder, 0 first; 0.6 and 1.0 are rows of their own as well.
inline constexpr double kScales[] = {0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2};
inline constexpr int kReferenceCounts[] = {1, 2, 4, 10};
inline constexpr int kAveragedCounts[] = {4, 10};
inline constexpr int kMostReferences = 10;
inline constexpr double kHidden = 0.4; // chance that one of several references hides the decal
inline constexpr int kRealRenders = 4; // of each product, for similarity
inline constexpr std::uint64_t kSeeds = 1'000'000; // of pictures: from here on

struct Case {
    synth::Scene scene{};
    std::string explicit_prompt{}; // every attribute
    std::string bare_prompt{};     // shape and place; the rest has to come from the reference
    std::uint64_t seed = 0;
};

// A product as the bench knows it.
struct Product {
    synth::Subject subject{};
    std::vector<Case> cases{};
    synth::Scene reference{};          // in a place that none of the cases asks for
    std::vector<synth::Scene> crowd{}; // of several references
    std::vector<bool> hides_decal{};   // of each of them
    std::vector<synth::Scene> real{};  // other scenes, for similarity
    synth::Scene portrait{}, query{};  // in the gallery, and to be found there
};

// Products of unseen combinations from 0 on; `with_decal`: only such.
std::vector<Product> unseen_products(int count, int cases);
std::vector<Product> seen_products(int count, int cases);
std::vector<Product> decal_products(int count, int cases);

// Another product of that one's shape, its main colour at least 60 degrees away.
Product partner_of(const Product& product, std::uint64_t number);

// That product with one attribute changed; which one goes round with `number`.
synth::Subject neighbour_of(const synth::Subject& subject, int number);

// A subject of the gallery with a render of it and another to be found by.
struct Portrait {
    synth::Subject subject{};
    synth::Scene scene{}, query{};
};

// The products first, then their neighbours, then strangers; `plan.gallery` in all.
std::vector<Portrait> make_gallery(const Plan& plan, const std::vector<Product>& products);

// Clear pictures of unseen combinations, each of a subject of its own.
std::vector<Pictured> clean_renders(int count);

// Clear pictures of seen combinations, each of a subject of its own, to learn a reading from.
std::vector<Pictured> lesson_renders(int count);

// The same scene as far as a caption tells it, seen anew: another angle, size and position.
synth::Scene seen_anew(const Pictured& pictured, std::uint64_t number);

// Renders on all threads, in order.
std::vector<ImagePtr> render_all(const std::vector<Pictured>& pictures, int size);

struct RenderedPair {
    ImagePtr rgb{}, mask{};
};

std::vector<RenderedPair> render_with_masks(const std::vector<Pictured>& pictures, int size);

// Whether a hue lies within 15 degrees of one that bears the same name as `asked`.
bool shows_colour(double hue, double asked);

} // namespace likeness::starter::bench
