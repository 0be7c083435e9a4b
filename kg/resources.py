"""The folders of data that travel with the package: `demo`, `ontologies` and `queries`.

In a wheel they lie in `kg/share/`; in a checkout they are the folders beside `kg/` (see pyproject.toml).
"""

from pathlib import Path

from kg.errors import NotFound


def folder(name: str) -> Path:
    """The folder `name`, wherever the package is installed.

    Raises:
        NotFound: the installation lacks it.
    """
    package = Path(__file__).resolve().parent
    for candidate in (package / "share" / name, package.parent / name):
        if candidate.is_dir():
            return candidate
    raise NotFound(f"the folder {name!r} is missing from this installation", hint="install the package again")
