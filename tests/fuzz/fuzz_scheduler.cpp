#include "core/request/model_folder.h"
#include "core/schedulers/scheduler_config.h"
#include "tests/fuzz/fuzz.h"

#include <nlohmann/json.hpp>

// scheduler_config.json: what is read is written so that the same is read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace likeness;
    fuzz::values_or_refusal([&] {
        const auto json = parse_json_file(fuzz::text_of(bytes, size), "scheduler_config.json");
        const SchedulerConfig config = SchedulerConfig::from_json(json);
        const std::string written = config.to_json().dump();
        fuzz::expect(SchedulerConfig::from_json(nlohmann::json::parse(written)).to_json().dump() ==
                     written);
    });
    return 0;
}
