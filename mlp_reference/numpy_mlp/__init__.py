"""A multi-layer perceptron in NumPy with a hand-written backward pass.

Names are those of `torch.nn`.
A batch has one sample a row: X is (N, D_in), a weight is (D_out, D_in).
"""

from mlp_reference.numpy_mlp.layers import Linear, Module, ReLU, Tanh
from mlp_reference.numpy_mlp.losses import MSELoss
from mlp_reference.numpy_mlp.network import MLP, Sequential, from_worked_example

__all__ = [
    "MLP",
    "Linear",
    "MSELoss",
    "Module",
    "ReLU",
    "Sequential",
    "Tanh",
    "from_worked_example",
]
