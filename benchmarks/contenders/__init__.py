"""Ways to compute a training step, each as a course would show it.

All contenders are built from the same `Problem`, and each moves its own copy of the parameters.
"""
