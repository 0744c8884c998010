"""Notebooks that come back: read without trusting them, marked one after another.

`notebook_file` takes a file apart, `recognise` tells which exercise it is, and of what numbers.
`literals` reads answers off the page (`magics` puts IPython's own lines into Python first,
`broken` says what is the matter where that cannot be done, `expressions` tells what a
statement is made of);
what must be computed, `guarded` runs in a child process, as `runs` asks for it: that is `child`
behind `guards`, the walls of the `kernel` and the limits of `resources`; it reads in a few
`places` only, and `editors` stands in for what programs for notebooks bring.
`troubles` tells what went wrong meanwhile, and marks nothing where this machine is to blame.
`answers` conducts these and says which value counts, `part_one` hands them to the marking;
`part_two` and `part_three` mark `code` by its trials.
`batch` goes through files and folders on all `cores` that it may use, `report` writes what came
of it, and `command` is ``python -m mlp_exercise mark``. What they pass to each other stands in
`records`.
`learners` tells whose work each notebook is; from it, `class_table` and `class_report` make
a row for each learner.
"""

__all__ = ()  # the command is what is used; how it marks is nobody's to import
