"""The kinds of source, in the order in which they are asked to recognise a file.

In: the first bytes of a file and its name, or the name of a kind. Out: a loader. Not more than one loader recognises
a file, so the order matters to speed alone.
"""

from typing import Final

from kg.errors import UsageError
from loaders.ai_projects import AiProjectsLoader
from loaders.organisations import OrganisationsLoader
from loaders.protocol import Loader
from loaders.rdf import RdfLoader

LOADERS: Final[tuple[Loader, ...]] = (RdfLoader(), AiProjectsLoader(), OrganisationsLoader())
"""Every kind of source that can be loaded."""


def find_loader(head: bytes, name: str) -> Loader | None:
    """The loader that recognises a file by its first 64 kB (unzipped) and its name."""
    return next((loader for loader in LOADERS if loader.recognises(head, name)), None)


def get_loader(kind: str) -> Loader:
    """The loader of a kind.

    Raises:
        UsageError: there is no such kind.
    """
    for loader in LOADERS:
        if loader.kind == kind:
            return loader
    known = ", ".join(loader.kind for loader in LOADERS)
    raise UsageError(f"no kind of source is called {kind!r}", hint=f"the kinds are: {known}")
