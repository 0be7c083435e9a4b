"""Keeping: the columns of a generation, made when they are first needed and kept beside its store.

In: a generation. Out: `Elements`. Making them takes seconds where there are many models, which a build has no room
for; whoever needs them first makes them, under a lock that others wait for, and they go with the generation.
"""

import fcntl
import shutil
import tempfile
from pathlib import Path
from typing import Final

from pyoxigraph import Store

from kg.build.generations import Generation
from kg.errors import BuildError
from kg.linking.elements import Elements, open_elements
from kg.linking.indexing import make_elements
from kg.linking.reading import read_things
from kg.namespaces import Names

_LOCK: Final = "linking.lock"


def elements_of(generation: Generation) -> Elements:
    """The columns of a generation; they are made where there are none yet.

    Raises:
        BuildError: they are damaged, or cannot be written.
    """
    folder = generation.linking
    elements = open_elements(folder)
    return elements if elements is not None else _make(generation, folder)


def _make(generation: Generation, folder: Path) -> Elements:
    try:
        with (generation.folder / _LOCK).open("w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            elements = open_elements(folder)  # of whoever held the lock before
            if elements is not None:
                return elements
            for left in generation.folder.glob(".linking-*"):
                shutil.rmtree(left, ignore_errors=True)
            names = Names(generation.manifest.base_iri)
            elements = make_elements(read_things(Store.read_only(str(generation.store)), names))
            _write(elements, folder)
            return elements
    except OSError as error:
        what = f"the index of elements cannot be written: {error.strerror or error}"
        raise BuildError(what, where=str(error.filename or folder), hint="make room or mend the path") from error


def _write(elements: Elements, folder: Path) -> None:
    """Write the columns and put them in place whole; what stood there of another version goes."""
    new = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".linking-"))
    try:
        elements.write(new)
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)
