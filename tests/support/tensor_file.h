#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace likeness::test {

using TensorShapes = std::map<std::string, std::vector<std::int64_t>>;

// A safetensors file with those tensors in float16 and nothing but a hole for their values.
inline std::filesystem::path
write_tensor_file(const std::filesystem::path& path, const TensorShapes& tensors,
                  const std::map<std::string, std::string>& notes = {}) {
    nlohmann::json header = nlohmann::json::object();
    std::uint64_t at = 0;
    for (const auto& [name, shape] : tensors) {
        std::uint64_t bytes = 2;
        for (const std::int64_t side : shape) {
            bytes *= static_cast<std::uint64_t>(side);
        }
        header[name] = {{"dtype", "F16"}, {"shape", shape}, {"data_offsets", {at, at + bytes}}};
        at += bytes;
    }
    if (!notes.empty()) {
        header["__metadata__"] = notes;
    }
    const std::string text = header.dump();
    const std::uint64_t length = text.size();
    std::filesystem::create_directories(path.parent_path());
    {
        std::ofstream file(path, std::ios::binary);
        file.write(reinterpret_cast<const char*>(&length), sizeof length);
        file << text;
    }
    std::filesystem::resize_file(path, sizeof length + length + at);
    return path;
}

// A LoRA of one cross-attention layer of a UNet that reads `width` values a token.
inline TensorShapes lora_shapes(std::int64_t width) {
    const std::string layer =
        "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.";
    return {{layer + "lora_up.weight", {8, 2}}, {layer + "lora_down.weight", {2, width}}};
}

// The published plain adapter for SD 1.5 in small, which reads ViT-H: its tensors' names and
// telling widths.
inline TensorShapes adapter_shapes() {
    TensorShapes shapes{{"image_proj.proj.weight", {4 * 768, 1024}},
                        {"image_proj.proj.bias", {4 * 768}},
                        {"image_proj.norm.weight", {768}},
                        {"image_proj.norm.bias", {768}}};
    for (int i = 0; i < 16; ++i) {
        const std::string layer = "ip_adapter." + std::to_string(2 * i + 1);
        shapes[layer + ".to_k_ip.weight"] = {8, 768};
        shapes[layer + ".to_v_ip.weight"] = {8, 768};
    }
    return shapes;
}

} // namespace likeness::test
