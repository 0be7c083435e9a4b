"""The report of a project as values: what its template shows, in one language.

In: a project as JSON. Out: a `ProjectView`: its findings by kind, then each element with its drawing and its steps.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kg.api.trace_view import FINDING_NAMES, FindingView, TraceView, trace_view
from kg.namespaces import Names


@dataclass(frozen=True, slots=True)
class ElementView:
    """An element of the project; `place` counts them from 1."""

    place: int
    trace: TraceView
    is_known: bool


@dataclass(frozen=True, slots=True)
class ProjectView:
    """What the report shows."""

    title: str
    description: str
    generation: int
    agencies: tuple[str, ...]
    counts: tuple[tuple[str, int], ...]
    findings: tuple[tuple[FindingView, tuple[str, ...]], ...]
    elements: tuple[ElementView, ...]


def project_view(project: Mapping[str, Any], names: Names, language: str, root: str) -> ProjectView:
    """The report in a language, "nb" or "en".

    Args:
        project: as `kg.trace.project.gather` makes it.
        names: the IRIs of the generation.
        language: of the words around names.
        root: what addresses of the service begin with.
    """
    together = {
        "element": project["title"],
        "findings": project["findings"],
        "choices": [],
        "nodes": [node for entry in project["elements"] for node in entry["trace"]["nodes"]],
        "edges": [],
        "agencies": project["agencies"],
        "total": {"nodes": 0},
    }
    findings = trace_view(together, names, language, root=root).findings
    elements = tuple(
        ElementView(
            place, trace_view(entry["trace"], names, language, root=root), is_known=bool(entry["trace"]["nodes"])
        )
        for place, entry in enumerate(project["elements"], 1)
    )
    return ProjectView(
        title=project["title"],
        description=project["description"],
        generation=project["generation"],
        agencies=tuple(agency["name"] for agency in project["agencies"]),
        counts=tuple((FINDING_NAMES[language][kind], count) for kind, count in project["counts"].items()),
        findings=tuple(
            (view, tuple(finding["elements"])) for view, finding in zip(findings, project["findings"], strict=True)
        ),
        elements=elements,
    )
