#include "core/training/latent_fold.h"

#include "core/base/check.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>

namespace likeness {

TensorMap fold_latent_statistics(TensorMap autoencoder, const Tensor& mean,
                                 const Tensor& deviation) {
    const at::NoGradGuard no_grad;
    const auto m = mean.to(at::kDouble), s = deviation.to(at::kDouble);
    const auto value = [&autoencoder](const char* name) {
        const auto found = autoencoder.find(name);
        LIKENESS_CHECK(found != autoencoder.end(), name);
        return found->second.detach().to(at::kDouble).contiguous();
    };
    // quant_conv gives [mean, log variance] of the posterior: z' = (z - m) / s, logvar' = logvar -
    // 2 ln s.
    const auto quant = value("quant_conv.weight").chunk(2);
    const auto quant_bias = value("quant_conv.bias").chunk(2);
    LIKENESS_CHECK(quant[0].size(0) == m.size(0) && s.size(0) == m.size(0), m.sizes());
    autoencoder["quant_conv.weight"] =
        at::cat({quant[0] / s.view({-1, 1, 1, 1}), quant[1]}).to(at::kFloat);
    autoencoder["quant_conv.bias"] =
        at::cat({(quant_bias[0] - m) / s, quant_bias[1] - 2 * s.log()}).to(at::kFloat);

    // post_quant_conv reads s z' + m.
    const auto post = value("post_quant_conv.weight");
    autoencoder["post_quant_conv.weight"] = (post * s.view({1, -1, 1, 1})).to(at::kFloat);
    autoencoder["post_quant_conv.bias"] =
        (value("post_quant_conv.bias") + post.flatten(1).matmul(m)).to(at::kFloat);
    return autoencoder;
}

} // namespace likeness
