"""Who is in the class, so that whoever has handed in nothing is seen."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from mlp_exercise.classroom.layouts import layout_of
from mlp_exercise.classroom.matching import person
from mlp_exercise.classroom.sheet import SheetError, content_of, read
from mlp_exercise.classroom.standing import ClassList
from mlp_exercise.handout.class_list import folder_of, read_names


def class_lists(class_list: str | None, gradebooks: Sequence[str]) -> list[ClassList]:
    """Return who is in the class: as its list says, or else the gradebooks.

    A list that cannot be read raises; a gradebook says what is wrong when it is to be filled.
    """
    if class_list is not None:
        names = read_names(Path(class_list).read_bytes())
        # Handed-out notebooks lie in folders that are called nearly as their learners.
        people = [person(name, folder=folder_of(name)) for name in names]
        return [ClassList(people, "class list")]
    found: list[ClassList] = []
    for file in gradebooks:
        with suppress(SheetError, OSError):
            found.append(ClassList(layout_of(read(content_of(Path(file)))).people))
    return found
