"""Binding: a client's values in the places of a query's parameters.

In: a query and texts by parameter. Out: terms by parameter, and SPARQL with those terms in the VALUES blocks. No text
of a client ever becomes SPARQL: it becomes a term, and the term is written by the engine's own serialiser.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal

from kg.errors import ParameterError
from kg.named.front_matter import Parameter
from kg.named.query import NamedQuery
from kg.named.types import MAX_VALUE_LENGTH, PARAMETER_TYPES, Reading, Term
from kg.namespaces import Names

MAX_VALUES: Final = 100
"""Values of one repeated parameter: so many beside the largest pattern still plan in a moment."""

Values = Mapping[str, Sequence[Term]]


def read_values(query: NamedQuery, given: Mapping[str, Sequence[str]], reading: Reading) -> Values:
    """The terms of each parameter: those given, those by default, or none.

    An empty text counts as not given, as a form sends its empty fields along.

    Raises:
        ParameterError: a value is wrong, missing or one too many; the error names the parameter.
    """
    found: dict[str, tuple[Term, ...]] = {}
    for name, parameter in query.front.parameters.items():
        texts = [text for text in given.get(name, ()) if text]
        if not texts and parameter.required:
            hint = f"for example {name}={parameter.example or PARAMETER_TYPES[parameter.type].example}"
            raise ParameterError(f"the parameter {name!r} is missing", hint=hint, parameter=name)
        found[name] = read_terms(name, parameter, texts or parameter.default or (), reading)
    return MappingProxyType(found)


def read_terms(name: str, parameter: Parameter, texts: Sequence[str], reading: Reading) -> tuple[Term, ...]:
    """The terms that texts stand for, each once; a text with languages is one literal in each of them.

    A label is found by its whole literal, tag and all, in a look-up. Comparing the text of every label, or making the
    literal by STRLANG, goes through all of them: the engine does not look up what BIND has made.

    Raises:
        ParameterError: one stands for none that the parameter may have, or there are too many.
    """
    if len(texts) > 1 and not parameter.repeatable:
        raise ParameterError(f"{name!r} is given more than once", hint="give it once", parameter=name)
    if len(texts) > MAX_VALUES:
        what = f"{name!r} is given {len(texts):,} times; the limit is {MAX_VALUES}"
        raise ParameterError(what, hint="ask several times", parameter=name)
    try:
        terms = dict.fromkeys(_read_term(parameter, text, reading) for text in texts)
        if parameter.enum is not None:
            _check_listed(parameter, parameter.enum, tuple(terms), reading)
    except ParameterError as error:
        error.parameter = name
        raise
    if parameter.languages is None:
        return tuple(terms)
    return tuple(_tagged(term.value, tag) for term in terms for tag in parameter.languages)


def bind(query: NamedQuery, values: Values, names: Names) -> str:
    """The query with these values, its own IRIs under the base of a generation; without its front matter."""
    return "".join(part.fill(values, names) for part in (query.prologue, query.body, query.order))


def _read_term(parameter: Parameter, text: str, reading: Reading) -> Term:
    if len(text) > MAX_VALUE_LENGTH:
        raise ParameterError(f"the value has {len(text):,} characters; the limit is {MAX_VALUE_LENGTH:,}")
    if "\0" in text or not is_text(text):
        raise ParameterError("the value holds a character that no text can have", hint="send it as UTF-8, without NUL")
    return PARAMETER_TYPES[parameter.type].parse(text, reading)


def _tagged(text: str, tag: str) -> Literal:
    return Literal(text, language=tag) if tag else Literal(text)


def _check_listed(parameter: Parameter, listed: Sequence[str], terms: Sequence[Term], reading: Reading) -> None:
    possible = {_read_term(parameter, text, reading) for text in listed}
    for term in terms:
        if term not in possible:
            shown = term.value if len(term.value) <= 100 else f"{term.value[:99]}…"
            raise ParameterError(f"{shown!r} is not one of its values", hint=f"one of {', '.join(listed)[:1000]}")


def is_text(text: str) -> bool:
    """Whether a text has no half of a surrogate pair in it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
