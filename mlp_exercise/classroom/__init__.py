"""A class: its notebooks are collected and marked, and what came of them goes back.

`collecting` finds what was handed in, and whose it is; `batches` marks it, on all cores or on
other machines. `standing` says where each learner stands. From that, `tables` writes the report,
`gradebooks` fills the course's own sheets, `for_learners` writes feedback and `for_instructors`
a page about the class. `command` is ``python -m mlp_exercise mark``: what is wrong with it is told
`beforehand`, and what is `going_back` is written at the end.
"""

__all__ = ()  # the command is what is used; how it works is nobody's to import
