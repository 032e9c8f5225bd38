#include "app/starter/bench/sheets.h"

#include "core/imageio/save.h"
#include "core/imageio/sheet.h"

#include <algorithm>

#include <fmt/format.h>

namespace likeness::starter::bench {

namespace {

constexpr int kSheetRows = 8, kLadderProducts = 3, kCrowdShown = 4;

using Lines = std::vector<std::vector<SheetCell>>;

// A product's first picture of a row, where the row has one; below it the row's name in words.
void add_first(std::vector<SheetCell>& line, const Rows& rows, const std::string& name,
               int product) {
    const auto row = rows.find(name);
    if (row == rows.end()) {
        return;
    }
    const auto& shots = row->second.shots;
    const auto shot = std::ranges::find(shots, Shot{product, 0, 0});
    if (shot != shots.end()) {
        std::string words = name;
        std::ranges::replace(words, '_', ' ');
        if (const auto dot = words.find('.'); dot != std::string::npos) { // "plain.scale_0.6"
            words[dot] = ' ';
        }
        line.push_back({row->second.images[static_cast<std::size_t>(shot - shots.begin())], words});
    }
}

void save(const Lines& lines, const std::string& title, int size,
          const std::filesystem::path& path) {
    if (!lines.empty()) {
        save_image(path, make_sheet(lines, title, size));
    }
}

Lines overview(const Cast& cast, const Rows& rows, int size) {
    Lines lines;
    const auto& group = cast.unseen;
    for (int p = 0; p < std::min(kSheetRows, static_cast<int>(group.products.size())); ++p) {
        const auto number = static_cast<std::size_t>(p);
        const auto& product = group.products[number];
        auto& line = lines.emplace_back();
        line.push_back({group.references[number], "reference"});
        const std::vector<Pictured> wanted{{product.subject, product.cases.at(0).scene}};
        line.push_back({render_all(wanted, size)[0], "render"});
        for (const auto* const name : {"oracle", "text_only"}) {
            add_first(line, rows, name, p);
        }
        for (const auto& adapter : kAdapters) {
            for (const double scale : {0.6, 1.0}) {
                add_first(line, rows, std::string(adapter.row) + "." + scale_name(scale), p);
            }
        }
    }
    return lines;
}

Lines ladder(const Plan& plan, const Cast& cast, const Rows& rows) {
    Lines lines;
    for (int p = 0; p < std::min(kLadderProducts, plan.ladder_subjects); ++p) {
        for (const auto& adapter : kAdapters) {
            std::vector<SheetCell> line{
                {cast.unseen.references.at(static_cast<std::size_t>(p)), "reference"}};
            add_first(line, rows, "shape_only", p);
            for (const double scale : kScales) {
                add_first(line, rows, std::string(adapter.row) + "." + scale_name(scale), p);
            }
            if (line.size() > 2) {
                lines.push_back(std::move(line));
            }
        }
    }
    return lines;
}

Lines references(const Plan& plan, const Cast& cast, const Rows& rows) {
    Lines lines;
    for (int p = 0; p < std::min(kLadderProducts, plan.references_subjects); ++p) {
        for (const auto& adapter : kAdapters) {
            const auto& crowd = cast.decals.crowds.at(static_cast<std::size_t>(p));
            std::vector<SheetCell> line;
            for (int i = 0; i < kCrowdShown; ++i) {
                line.push_back(
                    {crowd[static_cast<std::size_t>(i)], fmt::format("reference {}", i + 1)});
            }
            for (const int count : kReferenceCounts) {
                add_first(line, rows, fmt::format("{}.references_{}", adapter.row, count), p);
            }
            for (const int count : kAveragedCounts) {
                add_first(line, rows, fmt::format("{}.averaged_{}", adapter.row, count), p);
            }
            if (static_cast<int>(line.size()) > kCrowdShown) {
                lines.push_back(std::move(line));
            }
        }
    }
    return lines;
}

// Made for the sheet: with the best adapter there is, the last in the table.
Lines places(const Plan& plan, const Cast& cast, Studio& studio) {
    Lines lines;
    const AdapterName* best = nullptr;
    for (const auto& adapter : kAdapters) {
        best = studio.has(adapter) ? &adapter : best;
    }
    if (best == nullptr || plan.place_sheet == 0) {
        return lines;
    }
    studio.use(*best);
    const auto& group = cast.unseen;
    for (int p = 0; p < std::min(plan.place_sheet, static_cast<int>(group.products.size())); ++p) {
        const auto number = static_cast<std::size_t>(p);
        const auto& product = group.products[number];
        auto& line = lines.emplace_back();
        line.push_back({group.references[number], "reference"});
        for (int place = 0; place < std::min(plan.place_sheet_places, synth::kPlaces); ++place) {
            auto scene = product.cases.at(0).scene;
            scene.place = static_cast<synth::Place>(place);
            const auto prompt =
                synth::caption(product.subject, scene, 0, synth::CaptionKind::shape_only);
            line.push_back({studio.make({.prompt = prompt,
                                         .seed = product.cases.at(0).seed,
                                         .references = {group.references[number]},
                                         .scale = 0.8})[0],
                            synth::to_string(scene.place)});
        }
    }
    return lines;
}

} // namespace

void write_sheets(const Plan& plan, const Cast& cast, const Rows& rows, Studio& studio,
                  const std::filesystem::path& folder) {
    const int size = studio.size();
    std::filesystem::create_directories(folder);
    save(overview(cast, rows, size), "unseen products", size, folder / "sheet.png");
    save(ladder(plan, cast, rows), "one product at every scale", size, folder / "ladder.png");
    save(references(plan, cast, rows), "one, two, four and ten references", size,
         folder / "references.png");
    save(places(plan, cast, studio), "products in places", size, folder / "places.png");
}

} // namespace likeness::starter::bench
