"""Notebooks that come back: read without trusting them, marked one after another.

`notebook` takes a file apart, `python` makes Python of a cell, or says why it is none, and `read`
says what a notebook's text tells without being run. `mark` has the rest run in a child process,
marks what came of it by the rules of each part, and says what a person should know; what goes
wrong meanwhile, and what this machine lacks, is in `troubles`. `batch` goes through files and
folders on all cores, `learners` tells whose work each notebook is, `report` writes tables, and
`command` is ``python -m mlp_exercise mark``.
"""

__all__ = ()  # the command is what is used; how it marks is nobody's to import
