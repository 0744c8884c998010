"""Notebooks that go out: `source` reads a text into cells, `notebook` makes notebooks of them.

`plain` makes their Markdown independent of the site, and `class_list` gives every learner
numbers of their own. The commands are `variant_command` and `notebooks_command`.
"""
