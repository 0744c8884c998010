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
"""The colours by meaning. All but the grid have a contrast of at least 4.5 on paper."""

DARK = {
    "ink": "#e3e6ea",
    "quiet": "#98a1ae",
    "grid": "#3a3f47",
    "paper": "#131416",
    "forward": "#4aa8ee",
    "backward": "#f08a4b",
    "third": "#2fc79b",
    "fourth": "#e8a6e0",
}
"""The same on a dark page. Figures are drawn in `COLOURS`; the site has both in its style."""
