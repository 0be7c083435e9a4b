"""Records of a CSV file, with the lines that they begin on (RFC 4180: a cell may hold line breaks).

In: a reader of the csv module behind a header. Out: the records that hold anything; what cannot be read is told of and
passed over.
"""

import csv
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import _csv


def csv_records(
    reader: "_csv.Reader", before: int, report: Callable[[int, str, str], None]
) -> Iterator[tuple[int, list[str]]]:
    """The records, each with its line.

    Args:
        reader: of the rest of the file.
        before: how many lines are before it.
        report: is told the line of what cannot be read, what is wrong, and what to do.
    """
    while True:
        line = before + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            report(line, f"cannot be read: {error}", "look for a quotation mark too few or too many")
            continue
        if any(cell.strip() for cell in cells):
            yield line, cells
