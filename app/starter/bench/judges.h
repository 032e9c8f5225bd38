#pragma once

#include "app/starter/bench/suite.h"
#include "app/starter/evaluators.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace likeness::starter::bench {

// What the judging networks say of some pictures, on the CPU.
struct Judged {
    std::vector<std::vector<double>> readings{}; // by attribute of all_attributes(), then picture
    Tensor features{};                           // [N, F] of E1, in its deviations on clean renders
    Tensor embeds{};                             // [N, D] of E2, of length 1
    Tensor positions{};                          // [N, 2]: x and y as Scene has them

    std::int64_t size() const { return features.defined() ? features.size(0) : 0; }
};

// E1, E2, and a reading of where the product stands, learned from E1's last map.
class Judges {
public:
    // From `folder`: attributes.safetensors and identity.safetensors. Throws Error{file_missing}
    // that names what is missing, Error{model_mismatch}.
    Judges(const std::filesystem::path& folder, at::Device device);

    // Takes the deviations of the features, and learns to read positions. Before the first judging.
    void learn(const std::vector<Pictured>& lessons, int size);

    Judged judge(const std::vector<ImagePtr>& pictures) const;

    // [N, F]: E1's features of what surrounds the product, whose middle is covered with grey.
    Tensor surroundings(const std::vector<ImagePtr>& pictures) const;

    // How well positions are read: the share of their variance that is explained on renders which
    // were not learned from.
    double position_share() const { return position_share_; }

    // The place of an attribute in Judged::readings.
    std::size_t attribute(const std::string& name) const;

    const std::vector<Attribute>& attributes() const { return evaluator_.heads.attributes; }

private:
    Tensor to_network(const std::vector<ImagePtr>& pictures, std::size_t from,
                      std::size_t to) const;

    at::Device device_;
    AttributeEvaluator evaluator_;
    IdentityEncoder encoder_;
    Tensor deviations_{};                         // [F]
    Tensor position_mean_{}, position_weights_{}; // of the flattened map
    double position_share_ = 0;
};

} // namespace likeness::starter::bench
