"""A project as CSV: its findings, and every step with the statements that it rests on.

In: a project as JSON. Out: CSV (RFC 4180), one row per finding and one per statement of a step. What a spreadsheet
would take for a formula begins with an apostrophe, whoever wrote it.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any, Final

COLUMNS: Final = (
    "element",
    "record",
    "kind",
    "text_nb",
    "text_en",
    "from",
    "from_label",
    "from_agency",
    "to",
    "to_label",
    "to_agency",
    "evidence",
    "subject",
    "predicate",
    "object",
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def project_table(project: Mapping[str, Any]) -> str:
    """The rows of a project."""
    out = io.StringIO()
    rows = csv.DictWriter(out, COLUMNS, restval="", quoting=csv.QUOTE_ALL)
    rows.writeheader()
    for row in (*_findings(project), *_steps(project)):
        rows.writerow({name: plain(value) for name, value in row.items()})
    return out.getvalue()


def plain(value: str) -> str:
    """A cell that no spreadsheet calculates; without NUL, which CSV cannot hold.

    >>> plain("=1+1"), plain("kommune")
    ("'=1+1", 'kommune')
    """
    text = value.replace("\0", "")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def _findings(project: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for finding in project["findings"]:
        row = {"record": "finding", "kind": finding["kind"]}
        row |= {"text_nb": finding["text"]["nb"], "text_en": finding["text"]["en"]}
        row |= finding.get("missing", {})
        for element in finding["elements"]:
            yield {"element": element, **row}


def _steps(project: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for entry in project["elements"]:
        trace = entry["trace"]
        nodes = {node["iri"]: node for node in trace["nodes"]}
        agencies = {agency["iri"]: agency["name"] for agency in trace["agencies"]}
        for edge in trace["edges"]:
            row = {"element": entry["element"], "record": "step", "kind": edge["path"], "evidence": edge["evidence"]}
            for end in ("from", "to"):
                node = nodes.get(edge[end], {"label": "", "agency": None})
                agency = node["agency"] or ""
                row |= {
                    end: edge[end],
                    f"{end}_label": node["label"],
                    f"{end}_agency": agencies.get(agency, agency),
                }
            if "reason" in edge:
                row |= {"text_nb": edge["reason"]["nb"], "text_en": edge["reason"]["en"]}
            for triple in edge["triples"]:
                yield {**row, **triple}
