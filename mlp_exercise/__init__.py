"""Exercise 1: handed out, checked in the notebook, and marked when it comes back.

`part1`, `part2` and `part3` hold the steps of each part, what tries them out and what judges
them; `handout` writes the notebooks, `submission` marks those that are handed in. What all parts
have in common stands beside them: `check`, `observations`, `loop`, `values`. A notebook imports
`Checks` of its part; everything else is behind ``python -m mlp_exercise``.
"""
