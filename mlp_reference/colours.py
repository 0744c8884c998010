"""The colours of every figure, each with one meaning; no library is needed to read them."""

COLOURS = {
    "ink": "#1b1f24",
    "quiet": "#6b7280",
    "grid": "#d9dce1",
    "paper": "#ffffff",
    "forward": "#0067a5",  # values, what the forward pass computes
    "backward": "#b8470a",  # gradients, what the backward pass computes
    "third": "#00795a",
    "fourth": "#8b4a9c",
}
"""The colours by meaning. Each of the last four has a contrast of at least 4.5 on paper."""
