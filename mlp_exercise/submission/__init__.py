"""Notebooks that are handed in: read without trusting them, marked one after another.

`notebook` takes a file apart, `python` makes Python of a cell or says why it is none, `read` finds
the answers that need no execution. `mark` has the rest run (`run`), in a fork of a warm `process`
that becomes a `child` behind a `fence` and the walls of the `kernel`, with stand-ins for what
`editors` bring; `troubles` are what goes wrong there. `batch` goes through files and folders on
all cores, `learners` finds whose work each notebook is, `report` writes tables, and `command` is
``python -m mlp_exercise mark``.
"""

__all__ = ()  # the command is what is used; how it marks is nobody's to import
