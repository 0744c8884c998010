"""The sentences of the explorer; names in braces are filled in by the program."""

WORDS = {
    "place": "{symbol}: value {value}, gradient {gradient}",
    "covered": "covered",
    "graph": "The network. Each place is a button that shows how its gradient comes about.",
    "step": "Step {step} of {steps}, {stage}: {title}.",
    "given": "Before the first step there are only the numbers that are given.",
    "all": "All {steps} steps are shown. Go through them one by one, or choose a place.",
    "choose": "Choose a number in the picture to see where its gradient comes from.",
    "upstream": "upstream",
    "local": "local",
    "paths": "Each path to the loss adds its part.",
    "loss": "The gradient starts here: ∂L/∂L = 1.",
    "saturated": "tanh is saturated here: {a} = {value}, and its slope 1 − {z}² is only "
    "{slope}. What comes from above is multiplied by that.",
    "zero": "A factor is zero, and so is the whole gradient.",
    "notANumber": "Enter a number from {least} to {most}, such as {example}. "
    "The network stays as it was.",
    "numberExample": "0.25",
    "start": "No update yet: the loss is {loss}. The next one would make it {next}.",
    "fell": "Update {updates}: the loss fell from {before} to {after}.",
    "rose": "Update {updates}: the loss rose from {before} to {after}. The step was too long: "
    "it jumped over the valley. Try a smaller η.",
    "stayed": "Update {updates}: the loss stays at {after}.",
    "diverged": "Stopped after {updates} updates: the loss has grown beyond all bounds "
    "({after}). Go back to the start and try a smaller η.",
    "enough": "{updates} updates are as many as the curve holds. Go back to the start to go on.",
    "curve": "Loss over {updates} updates: from {first} to {last}, it {change}.",
    "curveFell": "fell at every update",
    "curveRose": "rose at {rises} of the updates",
    "predict": "What is {gradient}? Guess its sign or its value.",
    "choosePredict": "Choose a place in the picture and guess its gradient.",
    "guessFirst": "Choose a sign or enter a value first.",
    "right": "Yes, {gradient} is {number}.",
    "wrong": "Not quite: {gradient} is {number}.",
    "because": "Its factors are {factors}: {negative}.",
    "noMinus": "none is negative, so the product is positive",
    "oneMinus": "one is negative, so the product is negative",
    "evenMinus": "{count} are negative, so the product is positive",
    "oddMinus": "{count} are negative, so the product is negative",
    "hasZero": "one is zero, so the product is zero",
    "sum": "It adds up {parts}, one for each path.",
    "score": "{right} of {guessed} right",
    "play": "Play",
    "pause": "Pause",
}
"""What the explorer says, by occasion."""
