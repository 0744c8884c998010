"""Ids: a page holds many pictures, and each refers to its own parts only."""

import re
from xml.etree import ElementTree as ET

from course.svg.clean import PictureError

REFERENCE = re.compile(r"(?<=url\(#)[^)]+(?=\))|(?<=^#).+")


def rename_ids(svg: ET.Element, prefix: str) -> None:
    """Keep the ids that something refers to, under names that no other picture has."""
    wanted = {
        name
        for element in svg.iter()
        for value in _references(element).values()
        for name in REFERENCE.findall(value)
    }
    new: dict[str, str] = {}
    for element in svg.iter():
        old = element.attrib.pop("id", "")
        if old in new:
            raise PictureError(f"has the id {old} twice")
        if old in wanted:
            new[old] = element.attrib["id"] = f"{prefix}-{len(new) + 1}"
    if wanted - new.keys():
        raise PictureError(
            f"refers to {min(wanted - new.keys())}, which it does not hold"
        )
    for element in svg.iter():
        for name, value in _references(element).items():
            element.set(name, REFERENCE.sub(lambda match: new[match[0]], value))


def _references(element: ET.Element) -> dict[str, str]:
    found = {
        name: value
        for name, value in element.items()
        if name == "href" or value.startswith("url(")
    }
    for value in found.values():
        if not REFERENCE.search(value):
            raise PictureError(f"refers to {value}, which is not part of it")
    return found
