"""Writes safetensors_reference.safetensors: one tensor of every dtype, as the reference writer orders and pads them.

    python tests/golden/make_safetensors_fixture.py
"""

import pathlib

import torch
from safetensors.torch import save_file


def counted(shape, dtype):
    return torch.arange(torch.Size(shape).numel()).to(dtype).reshape(shape)


TENSORS = {
    "z.half": counted((2, 3), torch.float16),
    "a.half": counted((3,), torch.float16),
    "bf16": counted((2, 2), torch.bfloat16),
    "float": counted((5,), torch.float32),
    "double": counted((1,), torch.float64),
    "long": counted((2,), torch.int64),
    "int": counted((3,), torch.int32),
    "short": counted((1,), torch.int16),
    "byte": counted((7,), torch.uint8),
    "char": counted((2,), torch.int8),
    "bool": counted((2,), torch.bool),
    "f8 e4m3": counted((3,), torch.float8_e4m3fn),
    "f8 e5m2": counted((2,), torch.float8_e5m2),
    "scalar": torch.tensor(2.5),
    "empty": torch.empty(0, 4),
    "naïve \"名\"\\": counted((1,), torch.float32),
}
save_file(TENSORS, pathlib.Path(__file__).parent / "safetensors_reference.safetensors", {"format": "pt"})
