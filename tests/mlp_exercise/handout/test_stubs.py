"""What a learner finds in an answer cell, and what stands there in the end."""

from mlp_exercise.handout.stubs import solution, stub

CELL = """\
# A comment
a = [None, None]
### BEGIN SOLUTION
a = [1, 2]
### END SOLUTION"""

FUNCTION = """\
def double(x):
    \"\"\"Double it.\"\"\"
    ### BEGIN SOLUTION
    y = x + x
    return y
    ### END SOLUTION


def half(x):
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION"""


def test_a_stub_stands_where_the_solution_stood() -> None:
    assert stub(CELL) == (
        "# A comment\na = [None, None]\n# YOUR CODE HERE\nraise NotImplementedError()"
    )


def test_every_solution_of_a_cell_is_replaced_at_its_own_depth() -> None:
    assert stub(FUNCTION) == (
        'def double(x):\n    """Double it."""\n    # YOUR CODE HERE\n'
        "    raise NotImplementedError()\n\n\n"
        "def half(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    )


def test_a_solution_has_neither_markers_nor_placeholders() -> None:
    assert solution(CELL) == "# A comment\na = [1, 2]"
    matrix = CELL.replace("[None, None]", "[[None],\n     [None]]")
    assert solution(matrix) == "# A comment\na = [1, 2]"
    scalar = CELL.replace("[None, None]", "None")
    assert solution(scalar) == "# A comment\na = [1, 2]"


def test_a_solution_keeps_all_else_that_is_assigned() -> None:
    kept = CELL.replace("[None, None]", "[None, 0.5]")
    assert solution(kept) == "# A comment\na = [None, 0.5]\na = [1, 2]"
    assert solution(FUNCTION).count("return") == 2
