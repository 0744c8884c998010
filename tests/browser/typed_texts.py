"""Random texts of a box: numbers and calculations as people write them, also mistyped."""

import random

NUMBERS = ("0", "7", "12", "0.5", ".5", "5.", "0,29", ",5", "2,5e1", "1e-3", "007", "e")
BETWEEN = ("+", " + ", "-", " − ", "–", "*", "·", "×", "/", " ÷ ", ":", "⁄")
PIECES = (
    *("+", "-", "−", "*", "**", "/", ".", ",", "(", ")", "²", "³", "^", "=", ":", "_"),
    *(" ", "\t", "\n", "\u00a0", "\u2009", "\u3000", "\u200b", "\ufeff", "\u2028"),
    *("\x00", "\x1c", "\x85", "½", "x", "z[0]", "E", "1e308", "5e-324", "1e400", "10"),
    *("１", "．", "，", "－", "：", "（", "）", "'", "None", "0x1f", "٣", "😀"),
    *("tanh", "Tanh(", "exp(", "math.", "np.tanh(", "sqrt(2)"),
)
"""What is typed by mistake, beside what a calculation is made of."""


def number(rng: random.Random) -> str:
    """Write a number in one of many ways."""
    decimals = rng.randint(0, 4)
    drawn = f"{rng.uniform(0, 9):.{decimals}f}"
    return rng.choice((drawn, drawn.replace(".", ","), rng.choice(NUMBERS)))


def calculation(rng: random.Random, depth: int) -> str:
    """Write a calculation, perhaps with brackets, powers and functions."""
    kind = rng.random() if depth else 0
    if kind < 0.3:
        return number(rng)
    inner = calculation(rng, depth - 1)
    if kind < 0.65:
        return f"{inner}{rng.choice(BETWEEN)}{calculation(rng, depth - 1)}"
    return rng.choice(
        (
            *(f"({inner})", f"−{inner}", f"{number(rng)}({inner})", f"{inner}²"),
            *(f"({inner})^{rng.randint(-3, 3)}", f"tanh({inner})", f"exp({inner})"),
            f"e^({inner})",
        )
    )


def mistyped(rng: random.Random, text: str) -> str:
    """Drop characters and put in others, or none."""
    characters = [*text]
    for _ in range(rng.choice((0, 0, 1, 2))):
        place = rng.randint(0, len(characters))
        characters[place : place + rng.randint(0, 1)] = [rng.choice(("", *PIECES))]
    return "".join(characters)


def text(rng: random.Random) -> str:
    """Write what may stand in a box."""
    if rng.random() < 0.3:
        return "".join(rng.choices((*PIECES, *NUMBERS), k=rng.randint(0, 6)))
    return mistyped(rng, calculation(rng, depth=4))
