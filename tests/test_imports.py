"""Who may import whom: imports run one way, so that any file can be read first."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LEAVES = (
    "kg.clock",
    "kg.errors",
    "kg.namespaces",
    "kg.terms",
    "kg.resources",
    "kg.organisation_numbers",
    "kg.identities",
    "kg.aliases",
    "kg.statistics",
    "kg.dumps",
)
BUILD_STAGES = ("kg.build.pipeline", "kg.build.intake", "kg.build.report")

# What each part may import of ours, beside itself; the first prefix that fits a module is its part.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "kg.clock": (),
    "kg.errors": (),
    "kg.namespaces": (),
    "kg.organisation_numbers": (),
    "kg.identities": LEAVES,
    "kg.aliases": LEAVES,
    "kg.statistics": LEAVES,
    "kg.dumps": LEAVES,
    "kg.terms": LEAVES,
    "kg.resources": LEAVES,
    "kg.config": LEAVES,
    "loaders": LEAVES,
    "kg.reason": LEAVES,
    "kg.explain": (*LEAVES, "kg.reason"),
    "kg.search": (*LEAVES, "kg.sparql"),
    "kg.trace.tree": (*LEAVES, "kg.trace.web", "kg.explain.tree"),
    "kg.trace.words": (*LEAVES, "kg.search"),
    "kg.trace": (*LEAVES, "kg.search.vocabulary", "kg.search.folding"),
    "kg.linking.keeping": (*LEAVES, "kg.linking", "kg.build.generations"),
    "kg.linking.process": (
        *LEAVES,
        "kg.linking",
        "kg.build.generations",
        "kg.engine.frames",
        "kg.engine.exchanges",
        "kg.engine.confinement",
    ),
    "kg.proposing": (*LEAVES, "kg.build.generations", "kg.engine", "kg.linking"),
    "kg.linking": (*LEAVES, "kg.reason", "kg.explain", "kg.search"),
    "kg.models": LEAVES,
    "kg.quality.report": (*LEAVES, "kg.build.generations", "kg.build.log", "loaders.protocol"),
    "kg.quality": (*LEAVES, "kg.reason"),
    "kg.build": (
        *LEAVES,
        "kg",
        "kg.reason",
        "kg.quality.contradictions",
        "kg.named",
        "kg.search",
        "kg.linking",
        "loaders",
    ),
    "kg.sparql": LEAVES,
    "kg.engine.preparation": (*LEAVES, "kg.engine.frames", "kg.sparql"),
    "kg.engine.tasks": (*LEAVES, "kg.engine.frames", "kg.engine.sink", "kg.explain", "kg.linking", "kg.trace"),
    "kg.engine.plans": (*LEAVES, "kg.engine.confinement"),
    "kg.engine.worker": (
        *LEAVES,
        "kg.engine.plans",
        "kg.engine.frames",
        "kg.engine.preparation",
        "kg.engine.sink",
        "kg.engine.tasks",
    ),
    "kg.engine.forkserver": (
        *LEAVES,
        "kg.engine.plans",
        "kg.engine.preparation",
        "kg.engine.worker",
        "kg.engine.confinement",
    ),
    "kg.named.parsing": ("kg.engine.confinement",),
    "kg.named.checking": (*LEAVES, "kg.named", "kg.engine.guard", "kg.engine.limits"),
    "kg.named.library": (*LEAVES, "kg.named", "kg.engine.limits"),
    "kg.named": (*LEAVES, "kg.sparql"),
    "kg.engine": (*LEAVES, "kg.sparql", "kg.build.generations"),
    "kg.export": (*LEAVES, "kg.build.generations"),
    "kg.access": LEAVES,
    "kg.metrics": (*LEAVES, "kg.engine"),
    "kg.querylog": (*LEAVES, "kg.engine", "kg.sparql"),
    "kg.per_generation": (*LEAVES, "kg.build.generations"),
    "kg.written": (*LEAVES, "kg.engine.orders"),
    "kg.reviewing": (*LEAVES, "kg.access", "kg.linking"),
    "kg.searching": (*LEAVES, "kg.per_generation", "kg.engine", "kg.search", "kg.sparql", "kg.trace.words"),
    "kg.services": (
        *LEAVES,
        "kg.per_generation",
        "kg.written",
        "kg.searching",
        "kg.proposing",
        "kg.reviewing",
        "kg.linking",
        "kg.config",
        "kg.build",
        "kg.engine",
        "kg.linking",
        "kg.named",
        "kg.search",
        "kg.sparql",
        "kg.access",
        "kg.metrics",
        "kg.querylog",
    ),
    "kg.bench.explaining": (*LEAVES, "kg.bench", "kg.build", "kg.explain", "kg.reason"),
    "kg.bench.linking": (*LEAVES, "kg.bench", "kg.build", "kg.linking", "kg.search"),
    "kg.bench.linking_sets": (*LEAVES, "kg.bench", "kg.linking"),
    "kg.bench.linking_report": (*LEAVES, "kg.bench", "kg.linking"),
    "kg.bench.linking_measures": (*LEAVES, "kg.linking"),
    "kg.bench": (*LEAVES, "kg", "kg.build", "kg.engine.limits", "kg.named", "kg.per_generation", "kg.reason"),
    "kg.api": (
        *LEAVES,
        "kg",
        "kg.config",
        "kg.per_generation",
        "kg.written",
        "kg.services",
        "kg.models",
        "kg.reviewing",
        "kg.linking",
        "kg.build",
        "kg.engine",
        "kg.explain",
        "kg.linking",
        "kg.named",
        "kg.search",
        "kg.sparql",
        "kg.trace",
        "kg.access",
        "kg.metrics",
        "kg.querylog",
    ),
    "kg.console": (*LEAVES, "kg.build", "kg.linking", "kg.quality", "kg.search", "loaders.protocol"),
    "kg.commands": ("kg", "loaders"),
    "kg.cli": ("kg", "kg.console", "kg.errors"),
    "kg.__main__": ("kg.cli",),
    "kg": (),
}
WITHOUT_ASYNCIO = (
    "kg.build",
    "kg.linking",
    "kg.search",
    "kg.sparql",
    "loaders",
    "kg.engine.worker",
    "kg.engine.forkserver",
    "kg.engine.guard",
    "kg.engine.exchanges",
    "kg.trace",
)


def paths() -> dict[str, Path]:
    """Our modules, by name."""
    files = [path for top in ("kg", "loaders") for path in sorted((ROOT / top).rglob("*.py"))]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in files}


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    """The modules that each of our modules imports; those of ours by their own names."""
    known = set(paths())
    return {name: imported(parse(path), known) for name, path in paths().items()}


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module, known: set[str]) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{alias.name}" for alias in node.names} & known
            names.update(inside or {node.module})
    return names


def is_within(name: str, part: str) -> bool:
    return name == part or name.startswith(f"{part}.")


def test_imports_run_one_way(imports: dict[str, set[str]]) -> None:
    wrong = []
    for name, targets in imports.items():
        part = next(part for part in MAY_IMPORT if is_within(name, part))
        for target in targets & imports.keys():
            allowed = is_within(target, part) or any(
                target == other if other == "kg" else is_within(target, other) for other in MAY_IMPORT[part]
            )
            if not allowed and not (part == "kg.commands" and target.startswith("kg.") and target != "kg.cli"):
                wrong.append(f"{name} imports {target}")
    assert wrong == []


def test_no_module_is_imported_in_a_circle(imports: dict[str, set[str]]) -> None:
    graph = {name: targets & imports.keys() - {name} for name, targets in imports.items()}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " → ".join((*path, name))
        if name not in done:
            for target in graph[name]:
                visit(target, (*path, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_only_the_pipeline_knows_the_order_of_the_stages(imports: dict[str, set[str]]) -> None:
    for name, targets in imports.items():
        if is_within(name, "kg.build") and name not in BUILD_STAGES:
            assert not {"kg.build.pipeline", "kg.build.intake"} & targets, name


def test_what_blocks_and_what_waits_do_not_mix(imports: dict[str, set[str]]) -> None:
    for name, targets in imports.items():
        if any(is_within(name, part) for part in WITHOUT_ASYNCIO):
            assert "asyncio" not in targets, name


def test_every_module_says_what_it_is_for() -> None:
    for name, path in paths().items():
        assert ast.get_docstring(parse(path)), name
