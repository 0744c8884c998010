"""Notebooks that go out: from an exercise's text to one notebook for each learner.

`source` finds the text, and `reader` reads it into `cells`. `numbers` puts a variant's
numbers in, `stubs` takes the solutions out, `prose` makes Markdown of it that needs no
Sphinx, and `figures` draws what it shows. `notebook` makes notebooks of all that;
their first cell is `installation`'s, and `instructor` makes those for nbgrader.
`class_list` gives every learner numbers of their own, and `command` is
``python -m mlp_exercise variant``.
"""
