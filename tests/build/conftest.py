"""One build of the real catalogue files, where they lie beside the checkout."""

from pathlib import Path

import pytest

from kg.build.generations import Home
from kg.build.pipeline import BuildPlan, build
from kg.build.report import Report
from kg.build.sources import Source
from kg.namespaces import DEFAULT_BASE_IRI

DATA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"
FOLDERS = (
    "concepts",
    "dataservices",
    "datasets",
    "infomodels",
    "ki",
    "organizations",
    "reference",
    "services",
    "snapshots",
)


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A generation of all real files, each folder a source; built once, so no test may change it."""
    if not DATA.is_dir():
        pytest.skip("the real catalogue files are not beside this checkout")
    home = Home(tmp_path_factory.mktemp("real") / "home")
    sources = [Source(folder, str(DATA / folder)) for folder in FOLDERS]
    return build(sources, BuildPlan(DEFAULT_BASE_IRI), home, lambda *_: None)
