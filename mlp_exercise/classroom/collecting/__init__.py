"""What was handed in: `collect` finds it as platforms give it, and `learners` whose it is.

`beside` says which names are platforms' and which a learner has made up.
`listing` walks through folders and `archives`, whose `directory` says what may be read. What a
platform's names mean is a row of `platforms`; `metadata` is what it writes beside the files.
"""
