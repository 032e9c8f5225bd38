#include "app/cli/picture_job.h"

#include "core/base/wording.h"
#include "core/imageio/save.h"
#include "core/request/json.h"

#include <chrono>
#include <optional>
#include <variant>

#include <fmt/format.h>

namespace likeness::cli {

namespace {

Json image_words(const std::filesystem::path& path, const ResultImage& result) {
    return {{"path", path.string()},
            {"seed", result.request.seed},
            {"width", result.image->width},
            {"height", result.image->height}};
}

// Takes the events of one job as they come.
class Telling {
public:
    Telling(Console& console, const PictureJob& job) : console_(console), job_(job) {}

    void take(const JobEvent& event) {
        id_ = job_.id != 0 ? job_.id : event.job;
        std::visit([this](const auto& what) { tell(what); }, event.what);
    }

private:
    // What a training tells, which no picture does.
    template <typename TrainingNews>
    void tell(const TrainingNews& /*news*/) {}

    void tell(const Started& started) {
        console_.begin_job(id_);
        console_.event({{"event", "started"},
                        {"job", id_},
                        {"request", Json::parse(to_json(started.request))}});
    }

    void tell(const Planned& planned) {
        const MemoryPlan& plan = planned.plan;
        Json event = {{"event", "plan"},
                      {"job", id_},
                      {"predicted_peak_bytes", plan.predicted_peak_bytes},
                      {"available_bytes", plan.available_bytes},
                      {"steps", Json::array()}};
        std::vector<Message> words{memory_words(plan)};
        for (const MemoryStep step : plan.steps) {
            event["steps"].push_back(to_string(step));
            words.push_back(step_words(step));
        }
        console_.event(event);
        console_.line_once("memory: " + joined(words, "; ").text());
    }

    void tell(const Stepped& stepped) {
        console_.begin_job(id_);
        console_.event({{"event", "step"},
                        {"job", id_},
                        {"stage", to_string(stepped.stage)},
                        {"step", stepped.step},
                        {"total", stepped.total},
                        {"image", stepped.image_index},
                        {"seconds", stepped.seconds}});
        std::string title = job_.title;
        if (job_.request.num_images > 1) {
            title += fmt::format("{}picture {} of {}", title.empty() ? "" : ", ",
                                 stepped.image_index + 1, job_.request.num_images);
        }
        console_.progress(title, stepped);
        if (stepped.preview && !job_.preview_folder.empty()) {
            save_image(job_.preview_folder / fmt::format("preview-{}-{:04}.png",
                                                         job_.first_index + stepped.image_index,
                                                         stepped.step),
                       *stepped.preview);
        }
    }

    void tell(const ImageReady& ready) {
        const auto& path = job_.paths.at(static_cast<std::size_t>(ready.image_index));
        save_image(path, *ready.result.image, {.request_json = to_json(ready.result.request)});
        images_.push_back(image_words(path, ready.result));
        console_.line(fmt::format("saved {} ({} x {}, seed {})", in_quotes(path.string()),
                                  ready.result.image->width, ready.result.image->height,
                                  ready.result.request.seed));
    }

    void tell(const Finished& finished) {
        Json event = {{"event", "finished"},
                      {"job", id_},
                      {"images", images_},
                      {"seconds", finished.result.seconds},
                      {"peak_memory_bytes", finished.result.peak_memory_bytes}};
        if (!finished.result.notices.empty()) {
            event["notices"] = texts(finished.result.notices);
        }
        console_.event(event);
        for (const std::string& notice : texts(finished.result.notices)) {
            console_.line(notice);
        }
    }

    void tell(const Stopped&) {
        console_.event({{"event", "stopped"}, {"job", id_}, {"images", images_}});
    }

    void tell(const Failed&) {} // the caller of the command tells it

    Console& console_;
    const PictureJob& job_;
    JobId id_ = 0;
    Json images_ = Json::array();
};

} // namespace

std::vector<Result> render_together(Session& session, Console& console,
                                    const std::vector<PictureJob>& jobs) {
    std::vector<GenerationRequest> requests;
    std::vector<Telling> tellings;
    for (const PictureJob& job : jobs) {
        requests.push_back(job.request);
        tellings.emplace_back(console, job);
    }
    std::optional<JobId> first;
    return session.run_together(requests, [&](const JobEvent& event) {
        first = first.value_or(event.job);
        tellings.at(event.job - *first).take(event);
    });
}

Result render(Session& session, Console& console, const PictureJob& job) {
    Telling telling(console, job);
    return session.run(job.request, [&](const JobEvent& event) { telling.take(event); });
}

} // namespace likeness::cli
