#include "app/starter/picture_set.h"

#include "app/starter/options.h"
#include "app/starter/parallel.h"
#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/synth/random.h"
#include "core/tensor/device.h"
#include "core/training/trainer.h"

#include <ATen/Context.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/tensor.h>

#include <chrono>
#include <fstream>
#include <map>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace likeness::starter {

namespace {

nlohmann::json to_json(const SetRecipe& recipe, std::int64_t done) {
    return {{"count", recipe.count},
            {"done", done},
            {"size", recipe.size},
            {"scenes_per_subject", recipe.scenes_per_subject},
            {"first_subject", recipe.first_subject},
            {"occluder", recipe.occluder},
            {"styled", recipe.styled},
            {"hidden_decal", recipe.hidden_decal}};
}

struct Progressed {
    SetRecipe recipe{};
    std::int64_t done = 0;
};

Progressed read_set(const std::filesystem::path& folder) {
    std::ifstream file(folder / "set.json");
    if (!file) {
        throw Error(ErrorCode::file_missing,
                    message("{} holds no rendered pictures; the stage render makes them.",
                            folder.string()));
    }
    const auto json = nlohmann::json::parse(file);
    return {{json.at("count"), json.at("size"), json.at("scenes_per_subject"),
             json.at("first_subject"), json.at("occluder"), json.at("styled"),
             json.value("hidden_decal", 0.0)},
            json.at("done")};
}

// A file of that size, written piece by piece.
class RawFile {
public:
    RawFile(const std::filesystem::path& path, std::int64_t item_bytes)
        : path_(path), item_bytes_(item_bytes),
          descriptor_(::open(path.c_str(), O_RDWR | O_CREAT, 0644)) {
        if (descriptor_ < 0) {
            throw Error(ErrorCode::write_failed, message("{} cannot be written.", path.string()));
        }
    }

    ~RawFile() { ::close(descriptor_); }

    RawFile(const RawFile&) = delete;
    RawFile& operator=(const RawFile&) = delete;

    void write(std::int64_t index, const Image& image) const {
        const auto bytes = image.bytes.size();
        if (::pwrite(descriptor_, image.bytes.data(), bytes, index * item_bytes_) !=
            static_cast<ssize_t>(bytes)) {
            throw Error(ErrorCode::write_failed, message("{}: the disk is full.", path_.string()));
        }
    }

private:
    std::filesystem::path path_;
    std::int64_t item_bytes_;
    int descriptor_;
};

} // namespace

Pictured pictured(const SetRecipe& recipe, std::int64_t index) {
    const auto subject_id =
        recipe.first_subject + static_cast<std::uint64_t>(index / recipe.scenes_per_subject);
    const auto scene_id = step_seed(recipe.first_subject, static_cast<std::uint64_t>(index));
    const synth::SceneMix mix{.occluder = recipe.occluder, .styled = recipe.styled};
    Pictured told;
    told.subject = synth::make_subject(subject_id, synth::Split::train);
    told.scene = synth::make_scene(scene_id, told.subject, synth::Split::train, mix);
    constexpr std::uint64_t kHiding = 7; // a draw of its own: the scenes stay as they are
    told.hides_decal = told.subject.has_decal &&
                       index % recipe.scenes_per_subject >= kAlwaysShown &&
                       synth::Random(step_seed(scene_id, kHiding)).chance(recipe.hidden_decal);
    told.subject.has_decal = told.subject.has_decal && !told.hides_decal;
    return told;
}

struct PictureSet::Map {
    Map(const std::filesystem::path& path, std::int64_t wanted)
        : bytes(static_cast<size_t>(wanted)) {
        const int descriptor = ::open(path.c_str(), O_RDONLY);

        struct stat status {};

        if (descriptor < 0 || ::fstat(descriptor, &status) != 0 || status.st_size < wanted) {
            if (descriptor >= 0) {
                ::close(descriptor);
            }
            throw Error(ErrorCode::file_damaged,
                        message("{} is shorter than its set.json says.", path.string()));
        }
        start = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, descriptor, 0);
        ::close(descriptor);
        if (start == MAP_FAILED) {
            throw Error(ErrorCode::out_of_memory, message("{} cannot be mapped.", path.string()));
        }
    }

    ~Map() { ::munmap(start, bytes); }

    Map(const Map&) = delete;
    Map& operator=(const Map&) = delete;

    void* start = nullptr;
    std::size_t bytes;
};

at::Device device_of(const Options& options) {
    const auto device = choose_placement(options.device, "float32").device;
    // The shapes of a stage stay the same: cuDNN may try what is fastest for each.
    at::globalContext().setBenchmarkCuDNN(device.is_cuda());
    return device;
}

Tensor to_tensor(const std::vector<std::int64_t>& values, at::Device device) {
    return at::tensor(values, at::kLong).to(device);
}

Tensor to_tensor(const std::vector<float>& values, at::Device device) {
    return at::tensor(values, at::kFloat).to(device);
}

PictureSet::PictureSet(const std::filesystem::path& folder, at::Device device)
    : folder_(folder), device_(device) {
    grow();
}

PictureSet::~PictureSet() = default;

void PictureSet::grow() {
    const auto set = read_set(folder_);
    const std::int64_t before = size(), n = set.done, s = set.recipe.size;
    if (n == before) {
        return;
    }
    recipe_ = set.recipe;
    auto rgb_map = std::make_unique<Map>(folder_ / "rgb.u8", n * s * s * 3);
    auto mask_map = std::make_unique<Map>(folder_ / "mask.u8", n * s * s);
    const auto rgb = at::from_blob(rgb_map->start, {n, s, s, 3}, at::kByte);
    const auto mask = at::from_blob(mask_map->start, {n, s, s, 1}, at::kByte);
    if (device_.is_cpu()) {
        rgb_ = rgb;
        mask_ = mask;
        rgb_map_ = std::move(rgb_map);
        mask_map_ = std::move(mask_map);
    } else {
        if (!rgb_.defined()) {
            const auto options = at::TensorOptions().dtype(at::kByte).device(device_);
            const auto all = std::max(recipe_.count, n);
            rgb_ = at::empty({all, s, s, 3}, options);
            mask_ = at::empty({all, s, s, 1}, options);
        }
        rgb_.narrow(0, before, n - before).copy_(rgb.narrow(0, before, n - before));
        mask_.narrow(0, before, n - before).copy_(mask.narrow(0, before, n - before));
    }
    told_.resize(static_cast<std::size_t>(n));
    in_parallel(before, n, [this](std::int64_t i) {
        told_[static_cast<std::size_t>(i)] = pictured(recipe_, i);
    });
}

Tensor PictureSet::on_device(const std::vector<std::int64_t>& indices) const {
    return to_tensor(indices, device_);
}

Tensor PictureSet::pictures(const Tensor& indices) const {
    return rgb_.index_select(0, indices).permute({0, 3, 1, 2}).to(at::kFloat) / 127.5 - 1.0;
}

Tensor PictureSet::masks(const Tensor& indices) const {
    return mask_.index_select(0, indices).permute({0, 3, 1, 2}).to(at::kFloat) / 255.0;
}

std::shared_ptr<PictureSet> picture_set(const Options& options) {
    // Never destroyed: a GPU's memory cannot be given back once its driver has gone.
    static auto& open = *new std::map<std::filesystem::path, std::shared_ptr<PictureSet>>;
    auto& set = open[options.data];
    if (!set) {
        set = std::make_shared<PictureSet>(options.data, device_of(options));
    } else {
        set->grow();
    }
    return set;
}

SetRecipe set_recipe(const nlohmann::json& profile, const Options& options) {
    const auto& wanted = profile.at("stages").at("render");
    return {.count = options.count > 0 ? options.count : wanted.at("count").get<std::int64_t>(),
            .size = profile.at("size"),
            .scenes_per_subject = wanted.at("scenes_per_subject"),
            .first_subject = options.seed * 10'000'000,
            .occluder = wanted.at("occluder"),
            .styled = wanted.at("styled"),
            .hidden_decal = wanted.value("hidden_decal", 0.0)};
}

void run_render(const Options& options) {
    const auto profile = read_profile(options);
    auto recipe = set_recipe(profile, options);
    std::filesystem::create_directories(options.data);
    std::int64_t done = 0;
    if (std::filesystem::exists(options.data / "set.json")) {
        const auto old = read_set(options.data);
        done = old.done;
        recipe = old.recipe;
        recipe.count = std::max(recipe.count, options.count);
    }
    const std::int64_t pixels = std::int64_t{recipe.size} * recipe.size;
    const RawFile rgb(options.data / "rgb.u8", pixels * 3), mask(options.data / "mask.u8", pixels);
    const auto start = std::chrono::steady_clock::now();
    const auto minutes = [&start] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / 60;
    };
    const double limit = options.minutes > 0 ? options.minutes : 60;
    constexpr std::int64_t kPiece = 1000;
    const std::int64_t first = done;
    while (done < recipe.count && minutes() < limit && !stop_requested()) {
        const auto end = std::min(done + kPiece, recipe.count);
        in_parallel(done, end, [&](std::int64_t i) {
            const auto told = pictured(recipe, i);
            const auto picture = synth::render(told.subject, told.scene, recipe.size);
            rgb.write(i, picture.rgb);
            mask.write(i, picture.mask);
        });
        done = end;
        write_file_atomically(options.data / "set.json", to_json(recipe, done).dump() + "\n");
        log_line({{"stage", "render"},
                  {"done", done},
                  {"of", recipe.count},
                  {"per_second", static_cast<double>(done - first) / (60 * minutes())}});
    }
}

} // namespace likeness::starter
