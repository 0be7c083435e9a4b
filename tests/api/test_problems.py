"""Every error has a status, a page and an exit code."""

import inspect

from kg import errors
from kg.api.problems import PROBLEMS, all_problem_types, problem_type


def _classes() -> list[type[errors.KgError]]:
    return [
        cls
        for _, cls in inspect.getmembers(errors, inspect.isclass)
        if issubclass(cls, errors.KgError) and cls.__module__ == errors.__name__
    ]


def test_every_error_that_a_request_can_meet_has_a_row_of_its_own() -> None:
    served = {cls for cls in _classes() if issubclass(cls, errors.RequestError | errors.QueryError | errors.NotFound)}
    assert served <= set(PROBLEMS)


def test_every_error_resolves_and_no_two_rows_share_a_page() -> None:
    assert all(problem_type(cls("x")).status >= 400 for cls in _classes())
    names = [row.name for row in all_problem_types()]
    assert len(names) == len(set(names))


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    for cls in _classes():
        assert cls.__name__ in (errors.__doc__ or "")
