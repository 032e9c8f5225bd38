#pragma once

#include "core/request/generation_request.h"
#include "core/request/job_event.h"
#include "core/request/measure.h"
#include "core/request/progress.h"

namespace likeness {

// Does one job at a time. Made, used and destroyed on the worker thread: it may own the device.
class Runner {
public:
    virtual ~Runner() = default;

    // Throws Error, Cancelled (through progress.check()) or anything else for a mistake of ours.
    virtual Result run(const GenerationRequest& request, const Progress& progress) = 0;

    // Does ahead of time what the next run of this request would do first (open the model, encode
    // the references), so that pressing Generate finds it done. Reports stages like run().
    virtual void prepare(const GenerationRequest& request, const Progress& progress) = 0;

    // How near finished pictures are to the request's references and prompt, by the encoders that
    // are loaded anyway: one measurement a picture. A runner without encoders measures nothing.
    virtual Result measure(const MeasureRequest& /*request*/, const Progress& /*progress*/) {
        return {};
    }
};

} // namespace likeness
