"""The layers: every forward step with its backward steps right below it.

The gradient of the parameters and the gradient of the input are two methods,
so that a network need not compute the input gradient of its first layer, which nobody uses.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from mlp_reference.arrays import Array, check_batch


class Module:
    """One step of a network. Without parameters, unless a subclass has some.

    Attributes
    ----------
    parameters : ndarray, shape (P,)
        The parameters in one flat vector.
    gradient : ndarray, shape (P,)
        ∂L/∂θ of each of them, as the last `backward_parameters` left it.
    """

    parameters: Array = np.empty(0)
    gradient: Array = np.empty(0)

    def __call__(self, x: Array) -> Array:
        """Check the input, then compute the output: `module(x)` is `module.forward(x)`."""
        self.check(x)
        return self.forward(x)

    def check(self, x: Array) -> None:
        """Refuse an input that does not fit; a module without parameters takes any.

        Parameters
        ----------
        x : ndarray, shape (N, D_in)
            Input, one sample a row.
        """

    def forward(self, x: Array) -> Array:
        """Compute the output and keep what the backward steps need.

        Parameters
        ----------
        x : ndarray, shape (N, D_in)
            Input, one sample a row.

        Returns
        -------
        ndarray, shape (N, D_out)
            Output.
        """
        raise NotImplementedError

    def backward_parameters(self, G: Array) -> None:
        """Write the gradient of the parameters into `gradient`; nothing to do without any.

        Parameters
        ----------
        G : ndarray, shape (N, D_out)
            Gradient of the loss with respect to the output of the last forward step.
        """

    def backward_input(self, G: Array) -> Array:
        """Compute the gradient of the input.

        Parameters
        ----------
        G : ndarray, shape (N, D_out)
            Gradient of the loss with respect to the output of the last forward step.

        Returns
        -------
        ndarray, shape (N, D_in)
            Gradient of the loss with respect to the input.
        """
        raise NotImplementedError

    def place(self, parameters: Array, gradient: Array) -> None:
        """Let the parameters and their gradient live in these vectors from now on.

        Parameters
        ----------
        parameters : ndarray, shape (P,)
            Holds the values of the parameters already.
        gradient : ndarray, shape (P,)
            Where `backward_parameters` writes.
        """

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore views as views: copying and unpickling would give each its own memory."""
        self.__dict__.update(state)
        self.place(self.parameters, self.gradient)


class Linear(Module):
    """Affine map A = Z_prev Wᵀ + 1 bᵀ.

    Parameters
    ----------
    in_features : int
        D_in, the columns of the input.
    out_features : int
        D_out, the columns of the output.
    rng : numpy.random.Generator
        Draws weight and bias uniformly from ±1/√D_in, as `torch.nn.Linear` does.
    dtype : dtype, optional
        Type of the parameters, float64 unless said.

    Raises
    ------
    TypeError
        If the type is neither float32 nor float64.
    ValueError
        If a number of features is below 1.

    Attributes
    ----------
    weight, weight_gradient : ndarray, shape (D_out, D_in)
        W and ∂L/∂W, views of `parameters` and `gradient`.
    bias, bias_gradient : ndarray, shape (D_out,)
        b and ∂L/∂b, views of `parameters` and `gradient`.
        Write into them, as in ``layer.bias[:] = 0``: another array in their place is not used.
    weight_T, bias_T : ndarray, shapes (D_in, D_out) and (1, D_out)
        Wᵀ and bᵀ, as the forward step needs them: views again.
    ones : ndarray, shape (N,)
        The vector 1 that sums over the samples of the last batch.
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        rng: np.random.Generator,
        dtype: DTypeLike = np.float64,
    ) -> None:
        if in_features < 1 or out_features < 1:
            raise ValueError(
                f"Linear({in_features}, {out_features}): both must be at least 1"
            )
        if np.dtype(dtype) not in (np.float32, np.float64):
            raise TypeError(f"dtype is {np.dtype(dtype)}, expected float32 or float64")
        self.in_features, self.out_features = in_features, out_features
        self.ones: Array = np.empty(0)
        bound = 1 / math.sqrt(in_features)
        drawn = rng.uniform(-bound, bound, (in_features + 1) * out_features).astype(
            dtype
        )
        self.place(drawn, np.zeros_like(drawn))

    def place(self, parameters: Array, gradient: Array) -> None:
        """Make weight and bias, and their gradients, views of these vectors."""
        shape = (self.out_features, self.in_features)
        weights = self.out_features * self.in_features
        self.parameters, self.gradient = parameters, gradient
        self.weight = parameters[:weights].reshape(shape)
        self.bias = parameters[weights:]
        self.weight_T, self.bias_T = self.weight.T, self.bias[np.newaxis]
        self.weight_gradient = gradient[:weights].reshape(shape)
        self.bias_gradient = gradient[weights:]

    def check(self, x: Array) -> None:
        """Refuse what is not a batch of D_in columns and of the type of the parameters."""
        check_batch(x, self.in_features, self.weight.dtype)

    def forward(self, x: Array) -> Array:
        """Compute A = Z_prev Wᵀ + 1 bᵀ and keep Z_prev."""
        self.x = x
        if self.ones.size != len(x):
            self.ones = np.ones_like(x[:, 0])
        a: Array = x.dot(self.weight_T) + self.bias_T
        return a

    def backward_parameters(self, G: Array) -> None:
        """Write G_W = G_Aᵀ Z_prev and G_b = G_Aᵀ 1."""
        G.T.dot(self.x, self.weight_gradient)
        self.ones.dot(G, self.bias_gradient)

    def backward_input(self, G: Array) -> Array:
        """Compute G_Zprev = G_A W."""
        gradient: Array = G.dot(self.weight)
        return gradient


class Tanh(Module):
    """Activation Z = tanh(A)."""

    def forward(self, x: Array) -> Array:
        """Compute Z = tanh(A) and keep Z."""
        self.z = np.tanh(x)
        return self.z

    def backward_input(self, G: Array) -> Array:
        """Compute G_A = G_Z ⊙ (1 − Z²), multiplied out: G_Z − Z² ⊙ G_Z."""
        gradient: Array = G - self.z * self.z * G
        return gradient


class ReLU(Module):
    """Activation Z = max(A, 0). Its slope at 0 is taken as 0, as in PyTorch."""

    def forward(self, x: Array) -> Array:
        """Compute Z = max(A, 0) and keep Z."""
        z: Array = np.maximum(x, 0)
        self.z = z
        return z

    def backward_input(self, G: Array) -> Array:
        """Compute G_A = G_Z where Z > 0, and 0 elsewhere."""
        gradient: Array = G * (self.z > 0)
        return gradient
