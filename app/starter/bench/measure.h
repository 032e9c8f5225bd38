#pragma once

#include "app/starter/bench/rows.h"

namespace likeness::starter::bench {

// E2's view of the products: their real renders, and the gallery in which one has to be found.
class Faces {
public:
    Faces(const Plan& plan, const Cast& cast, const Judges& judges, int size);

    // [R, D] of the real renders of a product of that group, of length 1.
    const Tensor& real(const Group& group, int product) const;

    // Where the group's first product stands in the gallery; nullopt: it does not.
    std::optional<std::int64_t> in_gallery(const Group& group) const;

    // [G, D], of length 1; and another render of each, to be found by.
    const Tensor& gallery() const { return gallery_; }

    const std::vector<Portrait>& portraits() const { return portraits_; }

private:
    std::map<const Group*, std::vector<Tensor>> real_;
    std::map<const Group*, std::int64_t> places_;
    std::vector<Portrait> portraits_;
    Tensor gallery_;
};

// G0 to G2: the judges, the autoencoder and the encoders by themselves.
void measure_parts(const Plan& plan, const Faces& faces, const Judges& judges, Studio& studio,
                   Measures& measures);

// Everything that the rows tell: "<row>.attr_i.shape", "<row>.recall", "plus.ladder.id_falls", ...
void measure_rows(const Plan& plan, const Cast& cast, const Rows& rows, const Faces& faces,
                  const Judges& judges, int size, Measures& measures);

} // namespace likeness::starter::bench
