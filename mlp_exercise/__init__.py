"""The exercises: handed out blank, worked, and marked so that no mistake is punished twice.

`pen_and_paper` holds the twelve answers of Part 1 and the rule that marks them,
`handouts` writes the notebooks that go out, `submissions` reads those that come back.
Marking knows nothing of files, and reading knows nothing of right or wrong.
"""
