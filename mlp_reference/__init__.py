"""One multi-layer perceptron, three ways, and the tools to learn how its gradients are computed.

`worked_example` holds the 3-2-1 networks of the exercise and of lesson 1 as data.
`manual` works one out with pen and paper, `plain_mlp` in NumPy as the exercise asks for it,
`numpy_mlp` in NumPy and fast, `torch_mlp` in PyTorch; all agree to the last digits.
`optimizers`, `datasets` and `training` train it, `gradient_check` tests any gradient,
`mistakes` gets it wrong on purpose, `walkthrough` explains it, `plotting` draws the figures.
Importing this package imports none of them, so import the module that you need.
"""

from typing import TYPE_CHECKING

__version__: str

if not TYPE_CHECKING:  # else it would allow any name

    def __getattr__(name: str) -> str:
        """Return ``__version__``, which is computed only for those who ask."""
        if name == "__version__":
            from mlp_reference._version import version

            return version()
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
