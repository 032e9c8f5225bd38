#pragma once

#include "app/cli/problems.h"
#include "core/request/generation_request.h"
#include "core/request/model_folder.h"

#include <filesystem>
#include <optional>
#include <string>

namespace likeness::cli {

// Where something of that name or path lies: as find_model() has it, else anything called so in the
// folders that the person keeps models in. Throws Error{file_missing}, and Error{bad_request} where
// several are called so.
std::filesystem::path find_installed(const std::string& name_or_path);

// The names in a request, of its model, VAE, LoRAs and learned words, become paths where a file of
// that kind is called so in the person's folders; paths and what nothing is called stay as they
// are. Several of one name are a problem that lists them.
void find_named_files(GenerationRequest& request, Problems& problems);

// The same for a VAE.
void find_named_vae(std::string& vae, Problems& problems);

// The same for an adapter, by a name that `model` does not bring itself.
void find_named_adapter(std::string& adapter, const ModelFolder& model, Problems& problems);

// The same for a request's adapters and their image encoders.
void find_named_adapters(GenerationRequest& request, const ModelFolder& model, Problems& problems);

// That a file or folder is there; an empty path names none.
void look_for(const std::string& path, Problems& problems);

} // namespace likeness::cli
