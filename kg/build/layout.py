"""The layout of a generation's folder: what of it is where, while it is built and when it is published.

In: a folder. Out: the paths in it. Nothing is read or written here.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class GenerationFolder:
    """The folder of a generation, or of what is to become one."""

    folder: Path

    @property
    def manifest_file(self) -> Path:
        """What it holds and how it was made (`kg.build.manifest`); a folder without it is no generation."""
        return self.folder / "manifest.json"

    @property
    def store(self) -> Path:
        """The folder of the Oxigraph store."""
        return self.folder / "store"

    @property
    def quads(self) -> Path:
        """The N-Quads file that the store was loaded from."""
        return self.folder / "quads.nq"

    @property
    def lease(self) -> Path:
        """The file that whoever reads the generation holds a shared lock on."""
        return self.folder / "lease"

    @property
    def problems(self) -> Path:
        """The build log: a JSON line for each problem."""
        return self.folder / "problems.jsonl"

    @property
    def aliases(self) -> Path:
        """The aliases, a line for each; older ones and raw ones lack the file."""
        return self.folder / "aliases.tsv"

    @property
    def statistics(self) -> Path:
        """The file of statistics; older ones lack it."""
        return self.folder / "statistics.json"

    @property
    def dumps(self) -> Path:
        """The folder of the dumps, which are made after the generation is published."""
        return self.folder / "dumps"

    @property
    def search(self) -> Path:
        """The folder of the text index, which older ones and raw ones lack."""
        return self.folder / "search"

    @property
    def linking(self) -> Path:
        """The folder of the elements as they are compared, which is made when it is first needed."""
        return self.folder / "linking"
