"""What lies beside a folder that is named as a platform's: whether it is one, or a learner's own.

A learner can put any names below their own folder. So names below what may be a learner's count
only if all that lies beside it holds such names as well: then these are folders of classes.
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from mlp_exercise.classroom.collecting.archives import is_archive
from mlp_exercise.classroom.collecting.learners import (
    Learner,
    first_real,
    name_in,
    person,
    stem_of,
    unnamed_learner,
)
from mlp_exercise.classroom.collecting.listing import Parts, is_notebook
from mlp_exercise.classroom.collecting.platforms import Named, named


def whole_of(path: str) -> Parts:
    """Return all parts of a path; as it was typed it may say nothing: "." has no name."""
    return Path(os.path.abspath(path)).parts  # noqa: PTH100


class Beside:
    """All that was found, and what of it platforms have named."""

    def __init__(
        self,
        top: int,
        found_in: Mapping[Parts, Sequence[Parts]],
        exercises: Sequence[str],
    ) -> None:
        self._top, self._found_in, self._exercises = top, found_in, exercises
        self._found = [
            (*folder, *parts) for folder, found in found_in.items() for parts in found
        ]
        self.refused: dict[
            Parts, str
        ] = {}  # by somebody's folder: whose names it holds

    def name_of(self, parts: Parts) -> Named | None:
        """Return the name that a platform has given to a file."""
        return name_in(parts, self._top, self._exercises, self._is_platforms)

    def unnamed(self, path: str, below: Parts) -> Learner:
        """Return whose a file is that no platform has named."""
        whole = (*whole_of(path), *below)
        for number in range(1, len(whole)):
            if whole[:number] in self._of_one_each:
                above = str(Path(*whole[: number - 1]))
                return unnamed_learner(above, whole[number - 1 :], self._exercises)
        return unnamed_learner(path, below, self._exercises)

    @cached_property
    def _of_one_each(self) -> set[Parts]:
        """Return the folders that were named and are each somebody's, as ``class/*`` names them.

        Half of those beside each other hold a notebook that says nobody's name.
        """
        beside: dict[Parts, dict[Parts, bool]] = defaultdict(dict)
        for folder, found in self._found_in.items():
            if folder and person(folder[-1], self._exercises):
                own = any(self._is_nobodys(parts) for parts in found)
                beside[folder[:-1]][folder] = own
        return {
            folder
            for several in beside.values()
            if len(several) > 1 and 2 * sum(several.values()) >= len(several)
            for folder in several
        }

    def _is_nobodys(self, parts: Parts) -> bool:
        *folders, file = parts
        stems = [*folders, stem_of(file)]
        return is_notebook(file) and not any(person(s, self._exercises) for s in stems)

    def _is_platforms(self, name: Named, people: Sequence[Parts]) -> bool:
        """Return whether a name is a platform's, below what may be somebody's."""
        if not name.sure and name.place not in self._of_several:
            return False
        for parts in people:
            if not all(self._beside[self._above(parts)].values()):
                self.refused[parts] = name.platform
                return False
        return True

    @cached_property
    def _of_several(self) -> set[Parts]:
        """Return the folders where names that others use too are those of several people.

        There each has a login of its own, and files that lie there as they were handed in.
        """
        found: dict[Parts, set[tuple[str, str, str]]] = defaultdict(set)
        for parts in self._found:
            for start in range(self._top, len(parts) - 1):
                if start == len(parts) - 2 or is_archive(parts[start + 1]):
                    for name in named(parts, start, certain=True):
                        who = name.name, name.ids.get("login", ""), parts[start]
                        if not name.sure:
                            found[name.place].add(who)
        return {
            place
            for place, people in found.items()
            if len({login for _, login, _ in people}) == len(people)
            if len({name for name, *_ in people}) > 1
        }

    @cached_property
    def _beside(self) -> dict[Parts, dict[str, bool]]:
        """Return whose folders lie beside each other, and whether they hold platforms' names."""
        found: dict[Parts, dict[str, bool]] = defaultdict(dict)
        for parts in self._found:
            starts = range(self._top, len(parts))
            names = {start for start in starts if self._is_named(parts, start)}
            above: Parts = ()
            for start in starts:
                is_file = start == len(parts) - 1 and not is_archive(parts[start])
                if is_file or start in names:
                    break
                if who := person(parts[start], self._exercises):
                    holds = any(later > start for later in names)
                    found[above][who] = found[above].get(who, False) or holds
                    above = (*above, who)
        return found

    def _is_named(self, parts: Parts, start: int) -> bool:
        names: Iterable[Named] = named(parts, start, certain=False)
        names = (n for n in names if n.sure or n.place in self._of_several)
        return first_real(names, self._exercises) is not None

    def _above(self, parts: Parts) -> Parts:
        """Return the people above somebody's folder."""
        people = (person(part, self._exercises) for part in parts[self._top : -1])
        return tuple(filter(None, people))
