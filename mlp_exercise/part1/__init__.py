"""Part 1: twelve answers, and the follow-through rule that marks them.

`steps` says what each answer is computed from, `boxes` carries what rounding leaves open
through those formulas, `marking` decides, `feedback` finds the words among the `phrases`.
`values` reads whatever a learner assigned as numbers, `checks` answers inside a notebook,
`variants` draws fresh numbers and `simulation` puts the rule to the test.
`rules` writes all of it down as data, for the worksheet of the site.
"""
