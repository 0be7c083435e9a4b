"""Where a benchmark works: a new folder of its own, removed at the end unless it is to be kept."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.errors import UsageError


@contextmanager
def working_folder(within: Path | None, *, keep: bool) -> Iterator[Path]:
    """A new folder, in the system's temporary folder if none is named.

    Raises:
        UsageError: there is no writing there.
    """
    try:
        if within is not None:
            within.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="kg-bench-", dir=within)).resolve()
    except OSError as error:
        raise UsageError(
            f"cannot be written to: {error.strerror}", where=str(within or tempfile.gettempdir())
        ) from error
    try:
        yield folder
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
