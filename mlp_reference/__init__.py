"""One multi-layer perceptron, three ways, and the tools to learn how its gradients are computed.

`worked_example` holds the exercise's 3-2-1 network as data.
`manual` works it out with pen and paper, `numpy_mlp` with NumPy and a hand-written backward pass,
`torch_mlp` with PyTorch; all three agree to the last digits.
`optimizers`, `datasets` and `training` train it, `gradient_check` tests any gradient,
`mistakes` gets it wrong on purpose, and `plotting` draws the figures.
Importing this package imports none of them: take the room you need.
"""

__version__ = "0.1.0"
