"""Part 2: ten pieces of a network in NumPy, each tried out on its own.

`steps` lists them. `trials` calls what a learner wrote on random batches and takes down what comes
of it; where that builds on other pieces, `stand_ins` take their place, so that a mistake costs
its own point only. `expected` computes what should have come, with this course's own network,
`marking` compares, and `symptoms` finds the words. `checks` answers inside a notebook.
"""
