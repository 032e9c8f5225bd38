#include "core/training/recompute.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

namespace likeness {

namespace {

using Part = std::function<Tensor(const std::vector<Tensor>&)>;
using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

struct PartOfNetwork : torch::CustomClassHolder {
    explicit PartOfNetwork(Part part) : run(std::move(part)) {}

    Part run;
};

// The first input is there to require a gradient: what the part learns is no input of it.
struct Again : torch::autograd::Function<Again> {
    static Variable forward(AutogradContext* kept, const Part& part, at::TensorList inputs) {
        kept->save_for_backward(inputs.vec());
        kept->saved_data["part"] =
            c10::IValue::make_capsule(c10::make_intrusive<PartOfNetwork>(part));
        return part({inputs.begin() + 1, inputs.end()}); // without a graph
    }

    static variable_list backward(AutogradContext* kept, const variable_list& gradients) {
        const auto part =
            c10::static_intrusive_pointer_cast<PartOfNetwork>(kept->saved_data["part"].toCapsule());
        std::vector<Tensor> inputs;
        for (const Variable& input : kept->get_saved_variables()) {
            inputs.push_back(input.detach().set_requires_grad(input.requires_grad()));
        }
        {
            const at::AutoGradMode learns(true);
            const Tensor made = part->run({inputs.begin() + 1, inputs.end()});
            if (made.requires_grad()) { // not where nothing in it or before it learns
                made.backward(gradients.front());
            }
        }
        variable_list found{Variable()}; // of the function itself
        for (const Tensor& input : inputs) {
            found.push_back(input.grad());
        }
        return found;
    }
};

} // namespace

Recompute recompute_in_backward(at::Device device) {
    const Tensor anchor = at::zeros({}, at::TensorOptions().device(device)).set_requires_grad(true);
    return [anchor](const Part& part, const std::vector<Tensor>& inputs) {
        if (!at::GradMode::is_enabled()) {
            return part(inputs);
        }
        variable_list all{anchor};
        all.insert(all.end(), inputs.begin(), inputs.end());
        return Again::apply(part, at::TensorList(all));
    };
}

} // namespace likeness
