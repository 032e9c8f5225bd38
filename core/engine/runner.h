#pragma once

#include "core/request/generation_request.h"
#include "core/request/job_event.h"
#include "core/request/measure.h"
#include "core/request/progress.h"
#include "core/request/training_request.h"

#include <cstddef>
#include <functional>
#include <vector>

namespace likeness {

// Does one job at a time. Made, used and destroyed on the worker thread: it may own the device.
class Runner {
public:
    virtual ~Runner() = default;

    // Throws Error, Cancelled (through progress.check()) or anything else for a mistake of ours.
    virtual Result run(const GenerationRequest& request, const Progress& progress) = 0;

    // Makes the pictures of requests that belong together, such as the rungs of a ladder, each to
    // the byte as run() makes it; several at once where that is quicker. `progress`: one each;
    // every result is told when it is there.
    using OnResult = std::function<void(std::size_t index, Result result)>;

    virtual void run_together(const std::vector<GenerationRequest>& requests,
                              const std::vector<Progress>& progress, const OnResult& on_result) {
        for (std::size_t i = 0; i < requests.size(); ++i) {
            on_result(i, run(requests[i], progress[i]));
        }
    }

    // Does ahead of time what the next run of this request would do first (open the model, encode
    // the references), so that pressing Generate finds it done. Reports stages like run().
    virtual void prepare(const GenerationRequest& request, const Progress& progress) = 0;

    // How near finished pictures are to the request's references and prompt, by the encoders that
    // are loaded anyway: one measurement a picture. A runner without encoders measures nothing.
    virtual Result measure(const MeasureRequest& /*request*/, const Progress& /*progress*/) {
        return {};
    }

    // Trains, proves what was learned and writes it to `request.out` and nowhere before. `progress`
    // hears the stages around the steps. A training that was stopped leaves its checkpoint and
    // throws Cancelled. run(), prepare() and measure() may be called from `listener.wish`.
    virtual TrainingResult train(const TrainingRequest& /*request*/, const Progress& /*progress*/,
                                 const TrainingListener& /*listener*/) {
        throw Error(ErrorCode::internal, message("This runner does not train."));
    }

    // Looks at what a training would learn from and how long it would take here; writes nothing.
    // Findings of pixels alone come without an estimate where the model cannot be opened.
    virtual TrainingCheck check_training(const TrainingRequest& /*request*/,
                                         const Progress& /*progress*/) {
        return {};
    }
};

} // namespace likeness
