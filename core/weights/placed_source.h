#pragma once

#include "core/checkpoint/tensor_places.h"
#include "core/weights/safetensors.h"

#include <memory>

namespace likeness {

// One component of a file that calls its tensors otherwise, under the network's names. Nothing is
// read or copied before a tensor is taken.
class PlacedSource : public WeightSource {
public:
    PlacedSource(std::shared_ptr<SafetensorsFile> file, TensorPlaces places)
        : file_(std::move(file)), places_(std::move(places)) {}

    std::optional<std::vector<int64_t>> shape(const std::string& name) const override;
    Tensor take(const std::string& name) override;
    Tensor take_in_pieces(const std::string& name, const std::function<void()>& between) override;
    std::vector<std::string> names() const override;

private:
    std::shared_ptr<SafetensorsFile> file_;
    TensorPlaces places_;
};

} // namespace likeness
