"""Part 2: ten pieces of a network in NumPy, each tried out on its own.

`steps` lists them. `trials` calls what a learner wrote on random batches and takes down what
comes of it: `passes` runs it forward and backward, `derivatives` differentiates it
numerically, `sgd_trial` and `loop_trial` try the rest. Where that builds on other pieces,
`stand_ins` take their place by `substitution`, so that a mistake costs its own point only.
`reference` tells what should have come: the same trials on the stand-ins. `marking` compares,
and `symptoms` and `loop` find the words.
`checks` answers inside a notebook.
"""
