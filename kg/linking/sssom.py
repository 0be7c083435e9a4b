"""SSSOM TSV in and out: decisions as a file of mappings that other tools read (https://w3id.org/sssom/).

In: decisions. Out: a TSV file whose head, in lines that begin with #, is YAML; and back. Writing and reading are
inverse: what SSSOM has no slot for, the decision and its time of day, stands in `other` as NAME=VALUE.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import yaml

from kg.errors import ParameterError, SourceError
from kg.linking.decision import Decision
from kg.linking.statement import (
    NEGATED,
    SEMAPV,
    SSSOM,
    Importer,
    MappingFile,
    MappingStatement,
    RowProblem,
    curie_map,
    cut_of,
    stated,
)
from kg.namespaces import OWL, RDF, RDFS, SKOS

MEDIA_TYPE: Final = "text/tab-separated-values"
LICENCE: Final = "https://w3id.org/sssom/license/unspecified"
COLUMNS: Final = (
    "subject_id",
    "predicate_id",
    "predicate_modifier",
    "object_id",
    "mapping_justification",
    "author_label",
    "mapping_date",
    "confidence",
    "comment",
    "other",
)
MAX_BYTES: Final = 64 << 20
_MAX_HEAD: Final = 1 << 20

# Known to every file without being declared (SSSOM, section on CURIEs).
_BUILT_IN: Final = {"owl": OWL, "rdf": RDF, "rdfs": RDFS, "semapv": SEMAPV, "skos": SKOS, "sssom": SSSOM}
_REQUIRED: Final = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_PIPE: Final = re.compile(r"(?<!\\)\|")


def write_sssom(decisions: Iterable[Decision], set_id: str) -> str:
    """A file of mappings, in an order that depends on the mappings alone."""
    statements = [stated(decision) for decision in sorted(decisions, key=lambda each: (each.left, each.right))]
    iris = frozenset(iri for each in statements for iri in (each.subject, each.object))
    prefixes = curie_map({"semapv": SEMAPV, "skos": SKOS}, iris)
    names = {start: name for name, start in prefixes.items()}
    head = {"mapping_set_id": set_id, "license": LICENCE, "curie_map": prefixes}
    out = io.StringIO()
    for line in yaml.safe_dump(head, allow_unicode=True, sort_keys=True, width=1 << 30).splitlines():
        out.write(f"#{line}\n")
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(each, names) for each in statements)
    return out.getvalue()


def read_sssom(text: str, importer: Importer) -> MappingFile:
    """The decisions in a file of mappings; rows that say nothing usable are told of and passed over.

    Raises:
        SourceError: it is no SSSOM file.
    """
    head, body = _parted(text)
    prefixes = {**_BUILT_IN, **_prefixes(head)}
    reader = csv.reader(io.StringIO(body, newline=""), delimiter="\t")
    try:
        columns = next(reader, [])
        missing = [name for name in _REQUIRED if name not in columns and name not in head]
        if missing or len(set(columns)) != len(columns):
            raise SourceError(
                f"lacks the columns {', '.join(missing)}" if missing else "has a column twice",
                hint="SSSOM is a table with tabs, whose first line that does not begin with # names the columns",
            )
        return _decisions(
            ((number, _cells(columns, row, head)) for number, row in enumerate(reader, 1) if row), prefixes, importer
        )
    except csv.Error as error:
        raise SourceError(f"is no table: {error}", where=f"row {reader.line_num}") from error


def _decisions(
    rows: Iterable[tuple[int, Mapping[str, str]]], prefixes: Mapping[str, str], importer: Importer
) -> MappingFile:
    decisions: dict[str, Decision] = {}
    problems = []
    for number, cells in rows:
        try:
            decision = _statement(cells, prefixes).decided(importer)
        except ParameterError as error:
            problems.append(RowProblem(number, f"{error.parameter}: {error.what}"))
            continue
        if decision.id in decisions:
            problems.append(
                RowProblem(number, f"the pair stands in an earlier row too; this one holds: {decision.left}")
            )
        decisions[decision.id] = decision
    return MappingFile(tuple(decisions.values()), tuple(problems))


def _row(each: MappingStatement, names: Mapping[str, str]) -> list[str]:
    def curie(iri: str) -> str:
        cut = cut_of(iri)
        return f"{names[iri[:cut]]}:{iri[cut:]}"

    return [
        curie(each.subject),
        curie(each.predicate),
        each.modifier,
        curie(each.object),
        curie(each.justification),
        each.author.replace("\\", "\\\\").replace("|", "\\|"),
        each.date[:10],
        each.confidence,
        each.comment,
        f"decision={each.decision}|decided={each.date}",
    ]


def _statement(cells: Mapping[str, str], prefixes: Mapping[str, str]) -> MappingStatement:
    other = dict(part.partition("=")[::2] for part in cells.get("other", "").split("|"))
    day = cells.get("mapping_date", "")
    decided = other.get("decided", "")
    return MappingStatement(
        subject=_iri(cells, "subject_id", prefixes),
        predicate=_iri(cells, "predicate_id", prefixes),
        object=_iri(cells, "object_id", prefixes),
        modifier=NEGATED if cells.get("predicate_modifier", "") == NEGATED else cells.get("predicate_modifier", ""),
        justification=_iri(cells, "mapping_justification", prefixes),
        author=_author(cells),
        date=decided if day in {"", decided[:10]} and decided else day,
        comment=cells.get("comment", ""),
        confidence=cells.get("confidence", ""),
        decision=other.get("decision", ""),
    )


def _author(cells: Mapping[str, str]) -> str:
    for slot in ("author_label", "reviewer_label", "author_id", "reviewer_id", "creator_label", "creator_id"):
        parts = [re.sub(r"\\(.)", r"\1", part.strip()) for part in _PIPE.split(cells.get(slot, ""))]
        if any(parts):
            return ", ".join(filter(None, parts))
    return ""


def _iri(cells: Mapping[str, str], slot: str, prefixes: Mapping[str, str]) -> str:
    text = cells.get(slot, "")
    prefix, colon, local = text.partition(":")
    if colon and prefix in prefixes:
        return prefixes[prefix] + local
    if colon and prefix in {"http", "https", "urn"}:
        return text
    raise ParameterError(f"{text[:200]!r} is no CURIE with a prefix of the file's curie_map", parameter=slot)


def _cells(columns: Sequence[str], row: Sequence[str], head: Mapping[str, Any]) -> Mapping[str, str]:
    """The slots of a row; what the head says of the whole set holds for each row that does not say it."""
    common = {name: str(value) for name, value in head.items() if isinstance(value, str | int | float)}
    for name in ("creator_label", "creator_id"):
        if isinstance(head.get(name), list):
            common[name] = "|".join(map(str, head[name]))
    common.pop("comment", None)
    common.pop("other", None)
    if "mapping_date" in head:
        common["mapping_date"] = str(head["mapping_date"])
    return {**common, **{name: cell for name, cell in zip(columns, row, strict=False) if cell}}


def _parted(text: str) -> tuple[Mapping[str, Any], str]:
    """The head of a file as values, and the rest."""
    text = text.removeprefix("\ufeff")
    end = 0
    while text.startswith("#", end):
        line = text.find("\n", end)
        end = line + 1 if line >= 0 else len(text)
    if end > _MAX_HEAD:
        raise SourceError("has a head of more than a megabyte")
    try:
        head = yaml.safe_load("\n".join(line[1:] for line in text[:end].splitlines()))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SourceError(f"has a head that is not YAML: {' '.join(str(error).split())[:200]}") from error
    if head is not None and not isinstance(head, dict):
        raise SourceError("has a head that is no YAML mapping")
    return {str(name): value for name, value in (head or {}).items()}, text[end:]


def _prefixes(head: Mapping[str, Any]) -> Mapping[str, str]:
    declared = head.get("curie_map") or {}
    if not isinstance(declared, dict):
        raise SourceError("has a curie_map that is none")
    return {str(name): str(start) for name, start in declared.items()}
