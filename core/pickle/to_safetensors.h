#pragma once

#include "core/pickle/pickle_file.h"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace likeness {

// The start of the safetensors file of those tensors: the header's length and the header, ordered
// as the reference writer does. Sorts `tensors` into that order.
std::string safetensors_start_of(std::vector<PickledTensor>& tensors);

// Where written bytes go.
using WriteBytes = std::function<void(std::span<const std::byte>)>;

// The values of those tensors, in order, piece by piece: memory stays at a few megabytes whatever
// the file's size.
void write_values(const ByteSource& source, const std::vector<PickledTensor>& tensors,
                  const WriteBytes& write);

} // namespace likeness
