"""Every sentence that the marking of Part 1 can say, as templates for `str.format`.

They stand in one place because two programs speak them: this package, and the worksheet of
the site, which gets them as data (see `rules`).
"""

PHRASES = {
    "correct": "Correct.",
    "follow-through": "Follows from your earlier answers.",
    "missing": "No answer yet.",
    "partly missing": "A None is left in it.",
    "holds": "holds {found}",
    "ragged": "has rows of different lengths",
    "shape": "has the shape {shape}",
    "transpose": "has the shape {shape}, the transpose",
    "twice as many": (
        "has the shape {shape}; a decimal comma makes two numbers of one, write a point"
    ),
    "one number": "one number",
    "numbers": "numbers in the shape {shape}",
    "unexpected": "{step} {detail}; expected {wanted}.",
    "decimal comma": "{words} Write a decimal point, and no quotes.",
    "numbers are right": "{words} The numbers themselves are right.",
    "blocked": "Cannot be checked without {steps}.",
    "and": " and ",
    "truncated": "This looks truncated, not rounded: mind the third decimal.",
    "mistake": "It looks as if you {name}.",
    "close": "Close; look again at {places}. Did you round something on the way?",
    "partly right": "Partly right; look again at {places}.",
    "wrong": "Not what comes of the numbers before it.",
}
"""By key; a placeholder in braces is filled in where the words are needed."""


def say(key: str, **filled: object) -> str:
    """Fill in a phrase.

    Parameters
    ----------
    key : str
        Which one of `PHRASES`.
    **filled : object
        What its placeholders stand for.

    Returns
    -------
    str
        The words.
    """
    return PHRASES[key].format(**filled)
