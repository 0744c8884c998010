"""What goes back to learners: `feedback` writes it where `returned` says the platform takes it.

`parts` says what of it does. `learner_page` and the `annotated` notebook say the same, which is
`advice`: what became of a step, the `sections` to read again, the `working` with the learner's
numbers, their `own_code`.
"""
