"""The links of the wheel's metadata, which are known only where the course is hosted."""

import os
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

LINKS = {"Homepage": "COURSE_BASE_ADDRESS", "Source": "COURSE_REPOSITORY"}
"""The environment variables of a build of the site, as the README lists them."""


class Links(MetadataHookInterface):
    """Add those links whose addresses the environment gives."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Write them as project URLs."""
        known = {label: os.environ.get(name, "") for label, name in LINKS.items()}
        if source := known["Source"]:
            known["Issues"] = f"{source}/issues"
        metadata["urls"] = {
            label: address for label, address in known.items() if address
        }
