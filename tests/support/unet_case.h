#pragma once

#include "core/adapters/ip_adapter.h"
#include "core/models/unet_2d_condition.h"
#include "tests/support/fixture.h"

#include <memory>
#include <string>

namespace likeness::test {

// The fixture's UNet with its adapter (plain, three tokens) and everything it is called with.
struct UnetCase {
    explicit UnetCase(const std::string& name)
        : fixture(name), unet(build(fixture)),
          adapter(fixture.weights(), unet, ClipVisionConfig{.projection_dim = 6}) {
        if (fixture.has("input.time_ids")) {
            added = {.text_embeds = fixture.input("text_embeds"),
                     .time_ids = fixture.input("time_ids")};
        }
    }

    static UNet2DCondition build(const Fixture& fixture, const WeightOptions& options = {}) {
        TensorMap tensors = fixture.tensors();
        std::erase_if(tensors, [](const auto& item) {
            return item.first.starts_with("image_proj.") || item.first.starts_with("ip_adapter.");
        });
        const Weights weights(std::make_shared<MapSource>(tensors), options);
        UNet2DCondition network(weights, UNet2DConditionConfig::from_json(fixture.config));
        weights.finish("unet");
        return network;
    }

    AttentionContext text() const {
        return {.text = unet.text_key_values(fixture.input("encoder_hidden_states"))};
    }

    // Both of the fixture's references attended in one softmax.
    AttentionContext with_references(double scale) const {
        const Tensor embeds = fixture.input("image_embeds"); // [B, references, D]
        const Tensor tokens =
            adapter.project(embeds.flatten(0, 1)).view({2, -1, unet.config.cross_attention_dim});
        auto layers = adapter.key_values(tokens);
        for (KeyValue& layer : layers) {
            layer.value = layer.value * scale;
        }
        AttentionContext context = text();
        context.references.push_back({.layers = layers});
        return context;
    }

    Tensor run(const AttentionContext& context, const char* sample = "sample") const {
        return unet(fixture.input(sample), fixture.input("timestep"), context, added);
    }

    Fixture fixture;
    UNet2DCondition unet;
    IpAdapter adapter;
    AddedConditions added{};
};

} // namespace likeness::test
