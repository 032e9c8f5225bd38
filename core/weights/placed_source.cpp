#include "core/weights/placed_source.h"

namespace likeness {

std::optional<std::vector<int64_t>> PlacedSource::shape(const std::string& name) const {
    const auto found = places_.find(name);
    return found == places_.end() ? std::nullopt : std::optional(found->second.shape);
}

Tensor PlacedSource::take(const std::string& name) {
    return take_in_pieces(name, {});
}

Tensor PlacedSource::take_in_pieces(const std::string& name, const std::function<void()>& between) {
    const TensorPlace& place = places_.at(name);
    if (place.parts > 1) {
        return file_->take_rows(place.name, place.part * place.shape[0], place.shape[0]);
    }
    const Tensor whole = file_->take_in_pieces(place.name, between);
    return place.transposed ? whole.t().contiguous() : whole.view(place.shape);
}

std::vector<std::string> PlacedSource::names() const {
    std::vector<std::string> names;
    for (const auto& [name, place] : places_) {
        names.push_back(name);
    }
    return names;
}

} // namespace likeness
