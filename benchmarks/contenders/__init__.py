"""Ways to compute a training step, each as a course would show it.

A contender is built from the same `Problem` and moves its own copy of the parameters.
"""
