#pragma once

#include "core/pickle/unpickler.h"

#include <map>
#include <string>

namespace likeness {

// The tensors of a pickled object by name. Dictionaries in dictionaries become dotted names
// (`ip_adapter.1.to_k_ip.weight`); what only wraps them (`state_dict`, a single unnamed layer) is
// taken off; what is no tensor is passed over. Throws Error where there are none, and where a
// tensor is of a kind that is not read.
std::map<std::string, Unpickler::Id> named_tensors(const Unpickler& pickle, Unpickler::Id root,
                                                   const std::string& file);

} // namespace likeness
