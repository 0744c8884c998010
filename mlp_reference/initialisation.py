"""Initial weights whose scale suits the layers, as `torch.nn.init` draws them."""

import math

import numpy as np

from mlp_reference.numpy_mlp import Linear, Sequential


def initialise(network: Sequential, scheme: str, rng: np.random.Generator) -> None:
    """Draw the weights of all linear layers anew, uniformly within ± a bound, and no bias.

    Parameters
    ----------
    network : Sequential
        Its parameters are changed in place; biases become 0.
    scheme : {"default", "glorot", "he"}
        The bound: 1/√D_in, as `Linear` has it; √(6/(D_in + D_out)), for activations of slope
        1 around 0 such as tanh (`xavier_uniform_` in PyTorch); √(6/D_in), for ReLU
        (`kaiming_uniform_` with `nonlinearity="relu"`).
    rng : numpy.random.Generator
        Draws layer by layer.

    References
    ----------
    X. Glorot and Y. Bengio, Understanding the difficulty of training deep feedforward neural
    networks, AISTATS (2010). K. He, X. Zhang, S. Ren and J. Sun, Delving deep into rectifiers,
    ICCV (2015).
    """
    for layer in network.layers:
        if isinstance(layer, Linear):
            bound = weight_bound(scheme, layer.in_features, layer.out_features)
            layer.weight[:] = rng.uniform(-bound, bound, layer.weight.shape)
            layer.bias[:] = 0


def weight_bound(scheme: str, d_in: int, d_out: int) -> float:
    """Return the largest initial weight of a layer.

    Parameters
    ----------
    scheme : {"default", "glorot", "he"}
        As for `initialise`.
    d_in, d_out : int
        Inputs and outputs of the layer.

    Returns
    -------
    float
    """
    squares = {"default": 1 / d_in, "glorot": 6 / (d_in + d_out), "he": 6 / d_in}
    if scheme not in squares:
        raise ValueError(f"scheme is {scheme!r}, expected one of {[*squares]}")
    return math.sqrt(squares[scheme])
