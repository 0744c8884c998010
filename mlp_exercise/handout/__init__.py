"""Notebooks that go out: `source` reads a text into cells, `notebook` makes notebooks of them.

`plain` makes their Markdown independent of the site, and `class_list` gives every learner
numbers of their own. `command` is ``python -m mlp_exercise variant`` and ``notebooks``.
"""
