#include "app/starter/methods/sheets.h"

#include "core/imageio/save.h"
#include "core/imageio/sheet.h"

#include <algorithm>

namespace likeness::starter::methods {

namespace {

std::string words_of(const Method& method) {
    std::string words = method.name;
    std::ranges::replace(words, '_', ' ');
    return words;
}

void save(const std::vector<std::vector<SheetCell>>& lines, const std::string& title, int size,
          const std::filesystem::path& path) {
    save_image(path, make_sheet(lines, title, size));
}

} // namespace

void write_sheets(const Order& order, const std::vector<std::vector<ImagePtr>>& references,
                  const std::vector<Filmed>& filmed, int size) {
    std::filesystem::create_directories(order.sheets);
    std::vector<std::vector<SheetCell>> lines, classes;
    for (int p = 0; p < order.subjects; ++p) {
        const SheetCell reference{references[static_cast<std::size_t>(p)].front(), "reference"};
        auto& line = lines.emplace_back(std::vector{reference});
        auto& of_class = classes.emplace_back(std::vector{reference});
        for (std::size_t m = 0; m < order.methods.size(); ++m) {
            const auto& row = filmed[m].row;
            const auto shot = std::ranges::find(row.shots, bench::Shot{p, 0, 0});
            line.push_back({row.images.at(static_cast<std::size_t>(shot - row.shots.begin())),
                            words_of(order.methods[m])});
            int shown = 0;
            for (const auto& [product, image] : filmed[m].class_pictures) {
                if (product == p && shown++ < 2) {
                    of_class.push_back({image, words_of(order.methods[m])});
                }
            }
        }
    }
    save(lines, "one prompt and seed by every method", size, order.sheets / "methods.png");
    save(classes, "the class by its own prompt", size, order.sheets / "class.png");
}

} // namespace likeness::starter::methods
