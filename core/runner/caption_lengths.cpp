#include "core/runner/caption_lengths.h"

#include "core/request/check_pictures.h"

#include <algorithm>

namespace likeness {

std::optional<TrainingFinding> check_caption_lengths(const TrainingRequest& request,
                                                     const ClipTokenizer& tokenizer) {
    const auto most = static_cast<std::size_t>(tokenizer.max_length() - 2); // start and end
    std::size_t longest = 0;
    TrainingFinding finding{.kind = TrainingFindingKind::captions, .is_fine = false};
    for (std::size_t i = 0; i < request.pictures.size(); ++i) {
        const std::string& own = request.pictures[i].caption;
        const std::size_t tokens =
            tokenizer.tokenize(own.empty() ? request.instance_prompt : own).size();
        if (tokens > most) {
            finding.pictures.push_back(i);
            longest = std::max(longest, tokens);
        }
    }
    if (finding.pictures.empty()) {
        return std::nullopt;
    }
    finding.title =
        message("{} of {} captions are too long", finding.pictures.size(), request.pictures.size());
    finding.detail = message("the model reads {} tokens of each, and nothing of what comes after "
                             "is learned; the longest has {}: {}",
                             most, longest, picture_names(request, finding.pictures));
    return finding;
}

} // namespace likeness
