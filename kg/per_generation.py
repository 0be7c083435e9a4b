"""What is read of the generations that answer now, each once: how one names things, its index.

In: the home and a way to read a generation's folder. Out: what belongs to the generation that gave an answer.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from kg.aliases import Aliases, read_aliases
from kg.build.generations import Generation, Home
from kg.errors import KgError
from kg.identities import catalogue_id
from kg.namespaces import Names


@dataclass(frozen=True, slots=True)
class Naming:
    """How one generation names things.

    Attributes:
        names: the IRIs under its own base.
        aliases: which IRIs are other forms of which.
        former_ids: what data.norge.no's ids of the aliases lead to; those of canonical IRIs are in the records.
    """

    generation: int
    names: Names
    aliases: Aliases
    former_ids: Mapping[str, str]


def read_naming(generation: Generation) -> Naming:
    """The naming of a generation, from its folder.

    Raises:
        BuildError: its file of aliases is damaged.
    """
    aliases = read_aliases(generation.aliases)
    former_ids = {catalogue_id(alias): canonical for alias, canonical in aliases.items()}
    return Naming(generation.number, Names(generation.manifest.base_iri), aliases, former_ids)


Read = TypeVar("Read")


@dataclass(slots=True)
class PerGeneration(Generic[Read]):
    """What is read from the folders of the generations that answer now, by number, each once.

    An answer says which generation gave it, and that one's naming or index is asked for: so they belong together while
    one generation takes over from another, and no request waits for the change.
    """

    home: Home
    read: Callable[[Generation], Read]
    _read: dict[int, asyncio.Task[Read]] = field(default_factory=dict)

    async def of(self, number: int) -> Read:
        """What is read of a generation.

        Raises:
            NotFound: it was pruned since it answered, or has nothing of the kind.
            BuildError: its folder is damaged.
        """
        if number not in self._read:
            while len(self._read) > 1:  # the one before may still be answering
                del self._read[next(iter(self._read))]
            reading = asyncio.to_thread(lambda: self.read(self.home.get_generation(number)))
            self._read[number] = asyncio.get_running_loop().create_task(reading)
        task = self._read[number]
        try:
            # Shielded, because others may wait for the same file when this caller goes away.
            return await asyncio.shield(task)
        except KgError:
            if self._read.get(number) is task:
                del self._read[number]
            raise
