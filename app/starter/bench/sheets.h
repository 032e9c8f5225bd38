#pragma once

#include "app/starter/bench/rows.h"

#include <filesystem>

namespace likeness::starter::bench {

// Pictures to be looked at, into `folder`: sheet.png (eight products: reference, render, oracle,
// text only, each adapter), ladder.png (a product at every scale), references.png (one to ten),
// places.png (products in places, made for it).
void write_sheets(const Plan& plan, const Cast& cast, const Rows& rows, Studio& studio,
                  const std::filesystem::path& folder);

} // namespace likeness::starter::bench
