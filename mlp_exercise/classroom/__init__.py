"""A class: its notebooks are collected and marked, and what came of them goes back.

`collect` finds what was handed in and `learners` whose it is, `batch` marks it on all cores,
`standing` says where each learner stands, and `tables` writes it down. `command` is
``python -m mlp_exercise mark``.
"""

__all__ = ()  # the command is what is used; how it works is nobody's to import
