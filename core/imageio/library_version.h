#pragma once

#include <string>

namespace likeness {

// OpenImageIO's, as it runs: "2.4.7".
std::string imageio_version();

} // namespace likeness
