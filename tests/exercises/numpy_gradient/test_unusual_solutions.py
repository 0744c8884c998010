"""Pieces of Part 2 that are right, though few would write them so."""

from __future__ import annotations

import pytest

from tests.exercises.numpy_gradient.solutions import executed, marks, sources

PIECES = {
    "einsum": """
class Linear:
    def __init__(self, in_features, out_features, rng):
        bound = 1 / np.sqrt(in_features)
        self.weight = rng.uniform(-bound, bound, (out_features, in_features))
        self.bias = rng.uniform(-bound, bound, out_features)


    def forward(self, x):
        self.x = x
        return np.einsum('ni,oi->no', x, self.weight) + self.bias
    def backward(self, G):
        self.weight_gradient = np.einsum('no,ni->oi', G, self.x)
        self.bias_gradient = np.einsum('no->o', G)
        return np.einsum('no,oi->ni', G, self.weight)
""",
    "gradients in memory of the layer": """
class Linear:
    def __init__(self, in_features, out_features, rng):
        bound = 1 / np.sqrt(in_features)
        self.weight = rng.uniform(-bound, bound, (out_features, in_features))
        self.bias = rng.uniform(-bound, bound, out_features)
        self.weight_gradient = np.zeros_like(self.weight)
        self.bias_gradient = np.zeros_like(self.bias)


    def forward(self, x):
        self.x = x
        return x @ self.weight.T + self.bias

    def backward(self, G):
        np.matmul(G.T, self.x, out=self.weight_gradient)
        np.sum(G, axis=0, out=self.bias_gradient)
        return G @ self.weight
""",
    "gradients as views": """
class Linear:
    def __init__(self, in_features, out_features, rng):
        bound = 1 / np.sqrt(in_features)
        self.weight = rng.uniform(-bound, bound, (out_features, in_features))
        self.bias = rng.uniform(-bound, bound, out_features)


    def forward(self, x):
        self.x = x
        return x @ self.weight.T + self.bias

    def backward(self, G):
        self.flat = np.empty(self.weight.size + self.bias.size)
        self.weight_gradient = self.flat[:self.weight.size].reshape(self.weight.shape)
        self.bias_gradient = self.flat[self.weight.size:]
        self.weight_gradient[...] = G.T @ self.x
        self.bias_gradient[...] = G.sum(0)
        return G @ self.weight
""",
    "a stack of inputs": """
class Linear:
    def __init__(self, in_features, out_features, rng):
        bound = 1 / np.sqrt(in_features)
        self.weight = rng.uniform(-bound, bound, (out_features, in_features))
        self.bias = rng.uniform(-bound, bound, out_features)


    def forward(self, x):
        self.x = x
        self.stack = [x]
        return x @ self.weight.T + self.bias
    def backward(self, G):
        x = self.stack.pop()
        self.weight_gradient = G.T @ x
        self.bias_gradient = G.sum(axis=0)
        return G @ self.weight
""",
    "gradients when asked for": """
class Linear:
    def __init__(self, in_features, out_features, rng):
        bound = 1 / np.sqrt(in_features)
        self.weight = rng.uniform(-bound, bound, (out_features, in_features))
        self.bias = rng.uniform(-bound, bound, out_features)


    def forward(self, x):
        self.x = x
        return x @ self.weight.T + self.bias
    def backward(self, G):
        self._G = G
        return G @ self.weight
    @property
    def weight_gradient(self):
        return self._G.T @ self.x
    @property
    def bias_gradient(self):
        return self._G.sum(axis=0)
""",
    "the other order in memory": """
class Linear:
    def __init__(self, in_features, out_features, rng):
        bound = 1 / np.sqrt(in_features)
        self.weight = rng.uniform(-bound, bound, (out_features, in_features))
        self.bias = rng.uniform(-bound, bound, out_features)


    def forward(self, x):
        self.x = np.asfortranarray(x)
        return np.asfortranarray(x @ self.weight.T + self.bias)
    def backward(self, G):
        self.weight_gradient = (self.x.T @ G).T
        self.bias_gradient = (G.T @ np.ones(len(G)))
        return (self.weight.T @ G.T).T
""",
    "weight and bias at once": """
class Linear:
    def __init__(self, in_features, out_features, rng):
        bound = 1 / np.sqrt(in_features)
        self.weight = rng.uniform(-bound, bound, (out_features, in_features))
        self.bias = rng.uniform(-bound, bound, out_features)


    def forward(self, x):
        self.x = x
        a = np.empty((len(x), len(self.bias)))
        a[:] = self.bias
        a += x @ self.weight.T
        return a
    def backward(self, G):
        ext = G.T @ np.hstack([self.x, np.ones((len(G), 1))])
        self.weight_gradient, self.bias_gradient = ext[:, :-1], ext[:, -1]
        return sum(np.outer(G[:, k], self.weight[k]) for k in range(G.shape[1]))
""",
    "loops": """
class Linear:
    def __init__(self, in_features, out_features, rng):
        bound = 1 / np.sqrt(in_features)
        self.weight = rng.uniform(-bound, bound, (out_features, in_features))
        self.bias = rng.uniform(-bound, bound, out_features)


    def forward(self, x):
        self.x = x
        out = np.zeros((x.shape[0], self.weight.shape[0]))
        for n in range(x.shape[0]):
            for o in range(self.weight.shape[0]):
                out[n, o] = self.bias[o] + sum(self.weight[o, i] * x[n, i] for i in range(x.shape[1]))
        return out
    def backward(self, G):
        self.weight_gradient = np.array([[sum(G[n, o] * self.x[n, i] for n in range(len(G))) for i in range(self.x.shape[1])] for o in range(G.shape[1])])
        self.bias_gradient = np.array([sum(G[n, o] for n in range(len(G))) for o in range(G.shape[1])])
        return np.matmul(G, self.weight)
""",
    "a buffer that nobody else sees": """
class Tanh:

    def forward(self, x):
        if getattr(self, "buffer", None) is None or self.buffer.shape != x.shape:
            self.buffer = np.empty_like(x)
        np.tanh(x, out=self.buffer)
        self.z = self.buffer
        return self.buffer.copy()
    def backward(self, G):
        return G * (1 - self.z ** 2)
""",
    "a copy of its own, changed in place": """
class Tanh:

    def forward(self, x):
        self.z = np.tanh(x)
        return self.z.copy()
    def backward(self, G):
        self.z *= self.z
        np.subtract(1, self.z, out=self.z)
        self.z *= G
        return self.z
""",
    "an output that cannot be written to": """
class Tanh:

    def forward(self, x):
        self.z = np.tanh(x)
        self.z.flags.writeable = False
        return self.z
    def backward(self, G):
        return G * (1 - self.z * self.z)
""",
    "a dataclass": """
from dataclasses import dataclass, field
@dataclass
class Tanh:
    z: object = None
    def forward(self, x):
        self.z = np.tanh(x)
        return self.z
    def backward(self, G):
        return G * (1 - np.square(self.z))
""",
    "slots": """
class Tanh:
    __slots__ = ("z",)
    def forward(self, x):
        self.z = np.tanh(x)
        return self.z
    def backward(self, G):
        return G - G * self.z**2
""",
    "its own difference changed in place": """
class MSELoss:

    def forward(self, y, t):
        self.error = y - t
        return np.mean(self.error**2)

    def backward(self):
        self.error *= 2
        self.error /= self.error.size
        return self.error
""",
    "the gradient computed ahead": """
class MSELoss:

    def forward(self, y, t):
        self.error = y - t
        self.gradient = 2 / y.size * self.error
        return np.vdot(self.error, self.error) / y.size
    def backward(self):
        return self.gradient
""",
    "the norm": """
class MSELoss:

    def forward(self, y, t):
        self.error = y - t
        return np.linalg.norm(self.error)**2 / self.error.size
    def backward(self):
        N, D = self.error.shape
        return 2 * self.error / (N * D)
""",
    "an array without axes": """
class MSELoss:

    def forward(self, y, t):
        self.error = y - t
        return np.array(np.mean(self.error**2))
    def backward(self):
        return self.error * (2 / np.prod(self.error.shape))
""",
    "reduce": """
class Sequential:
    def __init__(self, *layers):
        self.layers = layers


    def forward(self, x):
        from functools import reduce
        return reduce(lambda x, layer: layer.forward(x), self.layers, x)
    def backward(self, G):
        from functools import reduce
        return reduce(lambda G, layer: layer.backward(G), self.layers[::-1], G)
""",
    "recursion": """
class Sequential:
    def __init__(self, *layers):
        self.layers = layers


    def forward(self, x, k=0):
        return x if k == len(self.layers) else self.forward(self.layers[k].forward(x), k + 1)
    def backward(self, G, k=None):
        k = len(self.layers) if k is None else k
        return G if k == 0 else self.backward(self.layers[k - 1].backward(G), k - 1)
""",
    "networks of the other layers": """
class Sequential:
    def __init__(self, *layers):
        self.layers = layers


    def forward(self, x):
        if not self.layers: return x
        first, *others = self.layers
        return Sequential(*others).forward(first.forward(x))
    def backward(self, G):
        if not self.layers: return G
        *others, last = self.layers
        return Sequential(*others).backward(last.backward(G))
""",
    "all activations kept": """
class Sequential:
    def __init__(self, *layers):
        self.layers = layers


    def forward(self, x):
        self.activations = [x]
        for layer in self.layers:
            self.activations.append(layer.forward(self.activations[-1]))
        return self.activations[-1]
    def backward(self, G):
        self.grads = [G]
        i = len(self.layers) - 1
        while i >= 0:
            self.grads.insert(0, self.layers[i].backward(self.grads[0]))
            i -= 1
        return self.grads[0]
""",
    "copies": """
class Sequential:
    def __init__(self, *layers):
        self.layers = layers


    def forward(self, x):
        z = x.copy()
        for layer in self.layers:
            z = layer.forward(z)
        return z.copy()
    def backward(self, G):
        G = G.copy()
        for layer in reversed(list(self.layers)):
            G = layer.backward(G)
        return np.array(G)
""",
    "all but activations": """
class SGD:
    def __init__(self, network, lr):
        self.network, self.lr = network, lr


    def step(self):
        for layer in self.network.layers:
            if not isinstance(layer, Tanh):
                layer.weight[:] -= self.lr * layer.weight_gradient
                layer.bias[:] -= self.lr * layer.bias_gradient
""",
    "layers asked for forgiveness": """
class SGD:
    def __init__(self, network, lr):
        self.network, self.lr = network, lr


    def step(self):
        for layer in self.network.layers:
            try:
                w, b = layer.weight, layer.bias
            except AttributeError:
                continue
            np.subtract(w, self.lr * layer.weight_gradient, out=w)
            np.subtract(b, self.lr * layer.bias_gradient, out=b)
""",
    "layers collected at first": """
class SGD:
    def __init__(self, network, lr):
        self.network, self.lr = network, lr
        self.linear = [l for l in network.layers if isinstance(l, Linear)]
    def step(self):
        for l in self.linear:
            l.weight -= self.lr * l.weight_gradient
            l.bias -= self.lr * l.bias_gradient
            l.weight_gradient = l.bias_gradient = None
""",
    "a pattern": """
class SGD:
    def __init__(self, network, lr):
        self.network, self.lr = network, lr


    def step(self):
        for layer in self.network.layers:
            match layer:
                case Linear():
                    layer.weight -= self.lr * layer.weight_gradient
                    layer.bias -= self.lr * layer.bias_gradient
""",
    "evaluations on the way": """
def train(network, loss, optimizer, X, T, epochs, batch_size, rng):
    history = []
    for epoch in range(epochs):
        order = rng.permutation(len(X))
        of = []
        for i in range(0, len(X), batch_size):
            rows = order[i:i+batch_size]
            for layer in network.layers:
                layer.weight_gradient = layer.bias_gradient = None
            before = loss.forward(network.forward(X), T)
            of.append(loss.forward(network.forward(X[rows]), T[rows]))
            network.backward(loss.backward())
            optimizer.step()
            network.forward(X)
        history.append(float(sum(of) / len(of)))
        val = loss.forward(network.forward(X), T)
    return history
""",
    "the same inputs twice": """
def train(network, loss, optimizer, X, T, epochs, batch_size, rng):
    history = []
    for epoch in range(epochs):
        order = rng.permutation(len(X))
        of = []
        for i in range(0, len(X), batch_size):
            rows = order[i:i+batch_size]
            y = network.forward(X[rows])
            of.append(loss.forward(y, T[rows]))
            network.forward(X[rows])
            network.backward(loss.backward())
            optimizer.step()
        history.append(np.mean(of))
    return history
""",
}


@pytest.mark.parametrize("piece", PIECES.values(), ids=list(PIECES))
def test_an_unusual_piece_is_as_right(piece: str) -> None:
    cells = sources()
    head = next(
        line for line in piece.splitlines() if line.startswith(("class", "def"))
    )
    (place,) = (
        n for n, cell in enumerate(cells) if head.partition("(")[0].rstrip(":") in cell
    )
    cells[place] = piece
    assert [mark.verdict for mark in marks(executed(cells))] == ["correct"] * 10
