"""The registry finds loaders by content and by name."""

import doctest
import importlib
import pkgutil

import pytest

import loaders
from kg.errors import UsageError
from loaders.registry import LOADERS, find_loader, get_loader


def test_each_kind_is_found_by_its_name() -> None:
    for loader in LOADERS:
        assert get_loader(loader.kind) is loader


def test_an_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"'excel'.*rdf, ai_projects"):
        get_loader("excel")


def test_content_that_nobody_knows_finds_no_loader() -> None:
    assert find_loader(b"navn;antall\nOla;3\n", "tabell.csv") is None


MODULES = [module.name for module in pkgutil.iter_modules(loaders.__path__, "loaders.")]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings_run(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
