#include "core/pipelines/picture_noise.h"

namespace likeness {

PictureNoise::PictureNoise(const GenerationRequest& request) : stream_(request.seed) {
    for (const Variation& variation : request.variations) {
        variations_.push_back({NoiseStream(variation.seed), variation.strength});
    }
}

Tensor PictureNoise::draw(at::IntArrayRef shape) {
    Tensor noise = stream_.draw(shape);
    for (Towards& variation : variations_) {
        noise = between_noises(noise, variation.stream.draw(shape), variation.strength);
    }
    return noise;
}

void PictureNoise::skip(at::IntArrayRef shape, int count) {
    for (int i = 0; i < count; ++i) {
        (void)stream_.draw(shape);
        for (Towards& variation : variations_) {
            (void)variation.stream.draw(shape);
        }
    }
}

} // namespace likeness
