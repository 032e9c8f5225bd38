#include "ui/model/reading_runner.h"

#include "core/base/error.h"
#include "core/imageio/load.h"
#include "core/imageio/training_folder.h"
#include "core/request/model_folder.h"
#include "core/request/resolve.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <utility>

namespace likeness {

namespace {

class ReadingRunner : public Runner {
public:
    explicit ReadingRunner(std::unique_ptr<Runner> runner) : runner_(std::move(runner)) {}

    Result run(const GenerationRequest& request, const Progress& progress) override {
        std::vector<Message> changed;
        Result result = runner_->run(read(request, progress, &changed), progress);
        std::ranges::move(changed, std::back_inserter(result.notices));
        return result;
    }

    void prepare(const GenerationRequest& request, const Progress& progress) override {
        runner_->prepare(read(request, progress), progress);
    }

    Result measure(const MeasureRequest& request, const Progress& progress) override {
        MeasureRequest whole = request;
        whole.request = read(request.request, progress);
        return runner_->measure(whole, progress);
    }

    TrainingResult train(const TrainingRequest& request, const Progress& progress,
                         const TrainingListener& listener) override {
        return runner_->train(read(request, progress), progress, listener);
    }

    TrainingCheck check_training(const TrainingRequest& request,
                                 const Progress& progress) override {
        return runner_->check_training(read(request, progress), progress);
    }

private:
    struct Known {
        std::filesystem::file_time_type changed{};
        std::uintmax_t bytes = 0;
        std::weak_ptr<const Image> pixels{};
        std::string sha256{};
    };

    // `changed` gets the files that are not what the request was made with.
    GenerationRequest read(const GenerationRequest& request, const Progress& progress,
                           std::vector<Message>* changed = nullptr) {
        std::erase_if(known_, [](const auto& each) { return each.second.pixels.expired(); });
        // False where the pixels are there; a mask that is missing beside them was told when it
        // was.
        const auto needs = [&](const auto& picture, const Message& name) {
            if (!picture.image && picture.path.empty()) {
                throw Error(ErrorCode::bad_request,
                            message("{} has no picture and names no file.", name));
            }
            progress.check();
            return !picture.image;
        };
        const auto read_hashed = [&](auto& picture, const Message& name) {
            HashedImage file = read_picture(picture.path);
            picture.image = std::move(file.image);
            if (changed && !picture.sha256.empty() && picture.sha256 != file.sha256) {
                changed->push_back(is_another_picture(name, picture.path));
            }
            picture.sha256 = std::move(file.sha256);
        };
        const auto read_mask = [&](ImagePtr& mask, const std::string& path) {
            if (!path.empty()) {
                mask = read_picture(path).image;
            }
        };
        const auto read_input = [&](InputImage& input, const Message& name) {
            if (needs(input, name)) {
                read_hashed(input, name);
                read_mask(input.mask, input.mask_path);
            }
        };
        const auto read_reference = [&](ReferenceImage& reference, const Message& name) {
            if (needs(reference, name)) {
                read_hashed(reference, name);
                read_mask(reference.mask, reference.mask_path);
                read_mask(reference.view.look_mask, reference.look_mask_path);
            }
        };
        return with_references(with_inputs(request, read_input), read_reference);
    }

    TrainingRequest read(TrainingRequest request, const Progress& progress) {
        const ModelTraits traits = traits_of(request.model);
        for (TrainingPicture& picture : request.pictures) {
            progress.check();
            if (!picture.image && !picture.path.empty()) {
                TrainingPicture whole = read_training_picture(picture.path, request, traits);
                picture.image = std::move(whole.image);
                picture.mask = std::move(whole.mask);
                picture.width = whole.width;
                picture.height = whole.height;
            }
        }
        return request;
    }

    static ModelTraits traits_of(const std::string& model) {
        try {
            return read_model_folder(find_model(model)).traits;
        } catch (const Error&) { // told when it is trained
            return {};
        }
    }

    // What the file holds now; pixels that somebody still has are not read again.
    HashedImage read_picture(const std::string& path) {
        std::error_code unknown; // then loading tells why
        const Known now{.changed = std::filesystem::last_write_time(path, unknown),
                        .bytes = std::filesystem::file_size(path, unknown)};
        Known& known = known_[path];
        HashedImage file{.image = known.pixels.lock(), .sha256 = known.sha256};
        if (!file.image || known.changed != now.changed || known.bytes != now.bytes) {
            file = load_hashed_image(path);
            known = now;
            known.pixels = file.image;
            known.sha256 = file.sha256;
        }
        return file;
    }

    std::unique_ptr<Runner> runner_;
    std::map<std::string, Known> known_{}; // by path
};

} // namespace

Engine::MakeRunner reading(Engine::MakeRunner make_runner) {
    return [make_runner = std::move(make_runner)] {
        return std::make_unique<ReadingRunner>(make_runner());
    };
}

} // namespace likeness
