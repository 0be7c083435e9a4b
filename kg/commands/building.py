"""Building from the command line: sources and settings in, a report out.

Apart from `kg.cli`, because the pipeline takes half a second to import, with all its loaders, and no other command
needs it.
"""

from collections.abc import Sequence
from typing import Any

from kg import console
from kg.build.generations import Home
from kg.build.harvest import HarvestLimits
from kg.build.pipeline import BuildPlan, build
from kg.build.report import Report
from kg.build.sources import Source
from kg.config import Settings
from loaders.registry import get_loader


def build_sources(sources: Sequence[Source], settings: Settings, **options: Any) -> Report:
    """Build a generation, with progress on the terminal; the options are fields of `BuildPlan`.

    Raises:
        UsageError: a source is of a kind that does not exist.
        BuildError: nothing could be built.
    """
    for source in sources:
        if source.kind is not None:
            get_loader(source.kind)  # said before anything is harvested
    plan = BuildPlan(
        base_iri=settings.base_iri,
        contact_points=settings.contact_points,
        keep_generations=settings.keep_generations,
        query_folders=settings.query_folders,
        limits=HarvestLimits(settings.download_mb << 20, settings.download_timeout),
        **options,
    )
    with console.progress() as watch:
        return build(sources, plan, Home(settings.home), watch)
