"""The loss: mean squared error, forward and backward."""

import numpy as np

from mlp_reference.arrays import Array


class MSELoss:
    """Mean squared error L = 1/(N·D_out) Σ (Y − T)², as `torch.nn.MSELoss()`."""

    def __init__(self) -> None:
        self.error: Array = np.empty(0)

    def __call__(self, y: Array, t: Array) -> float:
        """Compute the loss: `loss(y, t)` is `loss.forward(y, t)`."""
        return self.forward(y, t)

    def forward(self, y: Array, t: Array) -> float:
        """Compute L and keep Y − T. Shapes that differ are refused, never broadcast."""
        if y.shape != t.shape or not y.size:
            raise ValueError(
                f"y has shape {y.shape} and t {t.shape}, expected the same, not empty"
            )
        if y.dtype.kind != "f" or y.dtype != t.dtype:
            raise TypeError(
                f"y is {y.dtype} and t is {t.dtype}, expected floats of the same type"
            )
        self.error = y - t
        e = self.error.ravel()
        return float(e.dot(e)) / e.size

    def backward(self) -> Array:
        """Compute G_Y = 2 (Y − T) / (N·D_out)."""
        if not self.error.size:
            raise ValueError(
                "backward was called first, expected a call of forward before it"
            )
        return self.error * (2 / self.error.size)
