"""Rules that Sphinx does not check: alternative texts, and complete API pages."""

import ast
import importlib
import inspect
import pkgutil
import sys
import typing
from collections.abc import Iterator
from pydoc import locate
from types import ModuleType

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

logger = logging.getLogger(__name__)


def warn_of_pictures_without_text(_app: Sphinx, doctree: nodes.document) -> None:
    """Warn of every image without an alternative text."""
    for image in doctree.findall(nodes.image):
        if not image.get("alt", "").strip():
            logger.warning(
                "the image %s has no alternative text", image.get("uri"), location=image
            )


def public_names(module: ModuleType) -> list[str]:
    """Return the public names of a module: its ``__all__``, or the names that it defines."""
    if hasattr(module, "__all__"):
        return sorted(module.__all__)
    assigned = _assigned_names(module)
    return sorted(
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and typing.get_origin(value) is None
        and (name in assigned or getattr(value, "__module__", None) == module.__name__)
    )


def _assigned_names(module: ModuleType) -> set[str]:
    if not getattr(module, "__file__", None):
        return set()
    return {
        target.id
        for node in ast.parse(inspect.getsource(module)).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }


def names_of(package: ModuleType) -> Iterator[str]:
    """Yield the public names of a package and of all its modules."""
    found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    # A module whose name begins with an underscore is private, as a name in it would be.
    names = [info.name for info in found if "._" not in info.name]
    for name in sorted([package.__name__, *names]):
        module = importlib.import_module(name)
        if not hasattr(sys.modules[name.rpartition(".")[0] or name], "__all__"):
            yield from (f"{name}.{public}" for public in public_names(module))
        # Otherwise the package around it lists the public names.


def warn_of_undocumented_names(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of every public name that no API page documents."""
    documented = {id(locate(name)) for name in env.domains.python_domain.objects}
    documented.discard(id(None))
    package = importlib.import_module(app.config.course_packages[0])
    for name in (*names_of(package), *app.config.course_public):
        value = locate(name)
        if id(value) not in documented:
            logger.warning("no API page documents %s", name)
        for method in _undocumented_methods(value):
            logger.warning("%s.%s has no docstring", name, method)


def _undocumented_methods(value: object) -> list[str]:
    if not inspect.isclass(value):
        return []
    return [
        name
        for name, member in vars(value).items()
        if not name.startswith("_")
        and callable(member)
        and not inspect.getdoc(getattr(value, name))
    ]


def setup(app: Sphinx) -> None:
    """Connect the checks to Sphinx's events."""
    app.connect("doctree-read", warn_of_pictures_without_text)
    app.connect("env-check-consistency", warn_of_undocumented_names)
