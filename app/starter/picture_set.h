#pragma once

#include "app/starter/options.h"
#include "core/synth/world.h"
#include "core/tensor/tensor.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace likeness::starter {

// Of --device. Throws Error{bad_request} where there is none such.
at::Device device_of(const Options& options);

// How a set of pictures is made from its ids: picture i shows subject i / scenes_per_subject in a
// scene of its own.
struct SetRecipe {
    std::int64_t count = 0;
    int size = 128;
    int scenes_per_subject = 5;
    std::uint64_t first_subject = 0; // sets of different numbers share nothing
    double occluder = 0.15, styled = 0.15;
    // Share of a product's pictures, but for its first kAlwaysShown, that leave its decal out, as
    // from behind.
    double hidden_decal = 0;
};

constexpr std::int64_t kAlwaysShown = 2;

// What the profile's stage render asks for; --count and --seed stand over it.
SetRecipe set_recipe(const nlohmann::json& profile, const Options& options);

// One picture's ids, told.
struct Pictured {
    synth::Subject subject{};
    synth::Scene scene{};
    bool hides_decal = false; // which the product has; `subject` is told without it
};

Pictured pictured(const SetRecipe& recipe, std::int64_t index);

// Rendered pictures in a folder: rgb.u8 and mask.u8 (raw, one after the other) and set.json. Read
// through the page cache, or held whole on a GPU.
class PictureSet {
public:
    // Throws Error{file_missing, file_damaged}.
    explicit PictureSet(const std::filesystem::path& folder, at::Device device = at::kCPU);
    ~PictureSet();
    PictureSet(const PictureSet&) = delete;
    PictureSet& operator=(const PictureSet&) = delete;

    // Takes in what has been rendered since.
    void grow();

    std::int64_t size() const { return static_cast<std::int64_t>(told_.size()); }

    const SetRecipe& recipe() const { return recipe_; }

    const Pictured& told(std::int64_t index) const {
        return told_[static_cast<std::size_t>(index)];
    }

    at::Device device() const { return device_; }

    // Numbers of pictures as the calls below take them: int64 [B] where the pictures are.
    Tensor on_device(const std::vector<std::int64_t>& indices) const;

    // indices int64 [B] -> [B, 3, S, S] float32 in -1..1, channels last.
    Tensor pictures(const Tensor& indices) const;

    // [B, 1, S, S] float32 in 0..1: the subject's share of each pixel.
    Tensor masks(const Tensor& indices) const;

private:
    struct Map;
    std::filesystem::path folder_;
    at::Device device_;
    SetRecipe recipe_;
    std::unique_ptr<Map> rgb_map_, mask_map_;
    Tensor rgb_, mask_; // [N, S, S, 3], [N, S, S, 1] uint8 over the maps, or on the device
    std::vector<Pictured> told_;
};

// The set of --data on --device; stages that run in one process share it.
std::shared_ptr<PictureSet> picture_set(const Options& options);

// A vector's numbers on a device.
Tensor to_tensor(const std::vector<std::int64_t>& values, at::Device device);
Tensor to_tensor(const std::vector<float>& values, at::Device device);

} // namespace likeness::starter
