#include "core/models/tiled_decode.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/sum.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace likeness {

namespace {

// A norm whose statistics are known: y = silu(x * scale + shift), each [B, C, 1, 1] float32.
struct KnownNorm {
    Tensor scale{}, shift{};

    Tensor operator()(const Tensor& x) const {
        Tensor y = at::mul(x.to(at::kFloat), scale).add_(shift);
        return at::silu_(y).to(x.scalar_type()).contiguous(at::MemoryFormat::ChannelsLast);
    }
};

// Sums of a norm's groups over the tiles, [B, groups] float64.
class Statistics {
public:
    explicit Statistics(const GroupNorm& norm) : norm_(norm) {}

    void add(const Tensor& x) { // [B, C, h, w]
        const Tensor values = x.to(at::kFloat).contiguous().view({x.size(0), norm_.groups, -1});
        const Tensor sum = values.sum(-1, false, at::kDouble);
        const Tensor squares = values.square().sum(-1, false, at::kDouble);
        sum_ = sum_.defined() ? sum_ + sum : sum;
        squares_ = squares_.defined() ? squares_ + squares : squares;
        count_ += values.size(-1);
    }

    KnownNorm norm() const {
        const int64_t batch = sum_.size(0), channels = norm_.weight.size(0);
        const Tensor mean = sum_ / count_;
        const Tensor deviation =
            ((squares_ / count_ - mean.square()).clamp_min(0) + norm_.eps).rsqrt();
        const auto by_channel = [&](const Tensor& of_groups) {
            return of_groups.unsqueeze(-1)
                .expand({batch, norm_.groups, channels / norm_.groups})
                .reshape({batch, channels, 1, 1});
        };
        const Tensor weight = norm_.weight.to(at::kDouble).view({1, -1, 1, 1});
        const Tensor bias = norm_.bias.to(at::kDouble).view({1, -1, 1, 1});
        const Tensor scale = by_channel(deviation) * weight;
        return {.scale = scale.to(at::kFloat),
                .shift = (bias - by_channel(mean) * scale).to(at::kFloat)};
    }

private:
    const GroupNorm& norm_;
    Tensor sum_, squares_;
    double count_ = 0;
};

// A tile before the upsampler: the part of the result that it gives, and what is read for it.
struct Tile {
    struct Span {
        int64_t begin = 0, end = 0;           // of the result
        int64_t read_begin = 0, read_end = 0; // with its border, where the picture has one
    };

    Span rows{}, columns{};
};

std::vector<Tile::Span> spans(int64_t length, int64_t side, int64_t border) {
    std::vector<Tile::Span> all;
    for (int64_t begin = 0; begin < length; begin += side) {
        const int64_t end = std::min(length, begin + side);
        all.push_back(
            {begin, end, std::max<int64_t>(0, begin - border), std::min(length, end + border)});
    }
    return all;
}

// All from the last upsampler on.
class LastPart {
public:
    LastPart(const VaeDecoder& decoder, const Tensor& input, int64_t side)
        : decoder_(decoder), sampler_(*decoder.up_blocks[decoder.up_blocks.size() - 2].sampler),
          resnets_(decoder.up_blocks.back().resnets), input_(input) {
        // Every convolution reaches one place further, those of the doubled picture half a one.
        const auto convolutions = 2 + 2 * static_cast<int64_t>(resnets_.size());
        const int64_t border = (convolutions + 1) / 2;
        for (const Tile::Span& rows : spans(input.size(2), side, border)) {
            for (const Tile::Span& columns : spans(input.size(3), side, border)) {
                tiles_.push_back({rows, columns});
            }
        }
    }

    const std::vector<Tile>& tiles() const { return tiles_; }

    // How many norms there are.
    std::size_t norms() const { return 2 * resnets_.size() + 1; }

    const GroupNorm& norm(std::size_t number) const {
        return number == 2 * resnets_.size() ? decoder_.conv_norm_out
               : number % 2 == 0             ? resnets_[number / 2].norm1
                                             : resnets_[number / 2].norm2;
    }

    // What the norm after the `known` ones reads in that tile; the result where all are known.
    // Without the border.
    Tensor run(const Tile& tile, const std::vector<KnownNorm>& known) const {
        const Tensor read = input_.slice(2, tile.rows.read_begin, tile.rows.read_end)
                                .slice(3, tile.columns.read_begin, tile.columns.read_end)
                                .contiguous(at::MemoryFormat::ChannelsLast);
        Tensor h = sampler_.upsampled(read, 2 * read.size(2), 2 * read.size(3));
        for (std::size_t i = 0; i < resnets_.size(); ++i) {
            const VaeResnet& resnet = resnets_[i];
            if (known.size() == 2 * i) {
                return inner(h, tile);
            }
            const Tensor residual = resnet.conv_shortcut ? (*resnet.conv_shortcut)(h) : h;
            h = resnet.conv1(known[2 * i](h));
            if (known.size() == 2 * i + 1) {
                return inner(h, tile);
            }
            h = resnet.conv2(known[2 * i + 1](h), {.residual = residual});
        }
        return inner(known.size() < norms() ? h : decoder_.conv_out(known.back()(h)), tile);
    }

private:
    static Tensor inner(const Tensor& x, const Tile& tile) {
        const auto part = [](const Tensor& t, int64_t dimension, const Tile::Span& span) {
            return t.slice(dimension, 2 * (span.begin - span.read_begin),
                           2 * (span.end - span.read_begin));
        };
        return part(part(x, 2, tile.rows), 3, tile.columns);
    }

    const VaeDecoder& decoder_;
    const Conv2d& sampler_;
    const std::vector<VaeResnet>& resnets_;
    Tensor input_;
    std::vector<Tile> tiles_;
};

} // namespace

Tensor decode_in_tiles(const AutoencoderKL& vae, const Tensor& latents,
                       const BetweenLayers& between, int64_t side) {
    if (vae.decoder.up_blocks.size() < 2) {
        return vae.decode(latents, between); // nothing is upsampled
    }
    const Tensor input = vae.decoder.before_last_upsampler(vae.decoder_input(latents), between);
    const LastPart part(vae.decoder, input, side);
    std::vector<KnownNorm> known;
    while (known.size() < part.norms()) {
        Statistics statistics(part.norm(known.size()));
        for (const Tile& tile : part.tiles()) {
            next_layer(between);
            statistics.add(part.run(tile, known));
        }
        known.push_back(statistics.norm());
    }
    Tensor picture;
    for (const Tile& tile : part.tiles()) {
        next_layer(between);
        const Tensor pixels = part.run(tile, known);
        if (!picture.defined()) {
            picture =
                at::empty({input.size(0), pixels.size(1), 2 * input.size(2), 2 * input.size(3)},
                          pixels.options());
        }
        picture.slice(2, 2 * tile.rows.begin, 2 * tile.rows.end)
            .slice(3, 2 * tile.columns.begin, 2 * tile.columns.end)
            .copy_(pixels);
    }
    return picture;
}

} // namespace likeness
