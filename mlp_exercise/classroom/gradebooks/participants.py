"""Who takes part in one of Moodle's assignments, which numbers its participants anew."""

from collections import Counter
from collections.abc import Container, Mapping, Sequence

from mlp_exercise.classroom.batches.batch import Result
from mlp_exercise.classroom.gradebooks.columns import Target
from mlp_exercise.classroom.gradebooks.layouts import Layout
from mlp_exercise.classroom.gradebooks.matching import Key, Person, person, same_name
from mlp_exercise.classroom.gradebooks.sheet import SheetError
from mlp_exercise.classroom.standing import Standing, exercise_of, whose


def parted(
    classroom: Sequence[Standing], layout: Layout, people: Mapping[Key, Person]
) -> tuple[list[Standing], list[Standing]]:
    """Part those who may be in a sheet from those of Moodle's other assignments."""
    if layout.platform != "moodle":
        return list(classroom), []
    blind = person(layout.word)
    here: list[Standing] = []
    elsewhere: list[Standing] = []
    for one in classroom:
        known = one.known_as()
        of_moodle = [(kind, value) for kind, value in known.ids if kind == "moodle"]
        found = [people[key] for key in of_moodle if key in people]
        fits = [
            not each.names or same_name(known, each) or same_name(known, blind)
            for each in found
        ]
        (here if any(fits) or not of_moodle else elsewhere).append(one)
    if elsewhere and not here:
        raise SheetError(
            "none of its participants has handed in one of these notebooks, "
            "so it is the worksheet of another assignment"
        )
    return here, elsewhere


def present_in(here: Sequence[Standing], people: Container[Key]) -> Counter[str]:
    """Count who handed in which exercise; of Moodle, for this very assignment if for any."""
    everywhere, of_this = Counter[str](), Counter[str]()
    for one in here:
        of_each = {(exercise_of(r), _number_of(r) in people) for r in one.results}
        everywhere.update({name for name, _ in of_each if name})
        of_this.update({name for name, found in of_each if name and found})
    return of_this or everywhere


def by_number(layout: Layout) -> dict[Key, Person]:
    """Return the participants of Moodle by their numbers."""
    return {key: one for one in layout.people for key in one.ids if key[0] == "moodle"}


def counts_here(one: Standing, target: Target, numbers: Container[Key]) -> bool:
    """Return whether what counts was handed in for this assignment, or in no way for one."""
    counting = [one.counting[name] for name in target.exercises if name in one.counting]
    given = {_number_of(result) for result in counting} - {("moodle", "")}
    return all(key in numbers for key in given)


def _number_of(result: Result) -> Key:
    """Return the number that Moodle gave a learner for an assignment, if it did."""
    who = whose(result)
    number = who.ids.get("number", "") if who.platform == "moodle" else ""
    return "moodle", number
