"""A reasoner in DuckDB, as a peer to measure against: the same rules as SQL over a table of triples.

In: two files of N-Triples, axioms and data. Out: a third, what follows and is not in them. Terms are numbered; axioms
and data stand each in one table of three numbers, and a rule is one join of them per premise that may be new
(semi-naive). The axioms are closed first, so that the rules over the data meet a schema that stands still. It is one
honest attempt at a general reasoner in SQL, not the best that could be made of DuckDB for these axioms.

Its rules are those of OWL 2 RL that the benchmark's axioms use, without those that find contradictions, and without
hasKey, cardinalities and equality of classes and properties: `RULES` names them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg.namespaces import OWL, RDF, RDFS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

RULES: Final = (
    # Over axioms alone.
    ("scm-sco", "?a rdfs:subClassOf ?b . ?b rdfs:subClassOf ?c |", "?a rdfs:subClassOf ?c"),
    ("scm-eqc1", "?a owl:equivalentClass ?b |", "?a rdfs:subClassOf ?b"),
    ("scm-eqc1", "?a owl:equivalentClass ?b |", "?b rdfs:subClassOf ?a"),
    ("scm-eqc2", "?a rdfs:subClassOf ?b . ?b rdfs:subClassOf ?a |", "?a owl:equivalentClass ?b"),
    ("scm-spo", "?a rdfs:subPropertyOf ?b . ?b rdfs:subPropertyOf ?c |", "?a rdfs:subPropertyOf ?c"),
    ("scm-eqp1", "?a owl:equivalentProperty ?b |", "?a rdfs:subPropertyOf ?b"),
    ("scm-eqp1", "?a owl:equivalentProperty ?b |", "?b rdfs:subPropertyOf ?a"),
    ("scm-eqp2", "?a rdfs:subPropertyOf ?b . ?b rdfs:subPropertyOf ?a |", "?a owl:equivalentProperty ?b"),
    ("scm-dom1", "?p rdfs:domain ?a . ?a rdfs:subClassOf ?b |", "?p rdfs:domain ?b"),
    ("scm-dom2", "?q rdfs:domain ?a . ?p rdfs:subPropertyOf ?q |", "?p rdfs:domain ?a"),
    ("scm-rng1", "?p rdfs:range ?a . ?a rdfs:subClassOf ?b |", "?p rdfs:range ?b"),
    ("scm-rng2", "?q rdfs:range ?a . ?p rdfs:subPropertyOf ?q |", "?p rdfs:range ?a"),
    ("scm-int", "?c owl:intersectionOf ?l . ?l list:member ?d |", "?c rdfs:subClassOf ?d"),
    ("scm-uni", "?c owl:unionOf ?l . ?l list:member ?d |", "?d rdfs:subClassOf ?c"),
    ("cls-oo", "?c owl:oneOf ?l . ?l list:member ?x |", "?x a ?c"),
    # Over axioms and data.
    ("cax-sco", "?c rdfs:subClassOf ?d | ?x a ?c", "?x a ?d"),
    ("prp-dom", "?p rdfs:domain ?c | ?x ?p ?y", "?x a ?c"),
    ("prp-rng", "?p rdfs:range ?c | ?x ?p ?y", "?y a ?c"),
    ("prp-spo1", "?p rdfs:subPropertyOf ?q | ?x ?p ?y", "?x ?q ?y"),
    ("prp-inv1", "?p owl:inverseOf ?q | ?x ?p ?y", "?y ?q ?x"),
    ("prp-inv2", "?p owl:inverseOf ?q | ?x ?q ?y", "?y ?p ?x"),
    ("prp-symp", "?p a owl:SymmetricProperty | ?x ?p ?y", "?y ?p ?x"),
    ("prp-trp", "?p a owl:TransitiveProperty | ?x ?p ?y . ?y ?p ?z", "?x ?p ?z"),
    ("prp-spo2", "?p list:chain2 ?l . ?l list:first ?q . ?l list:second ?r | ?x ?q ?y . ?y ?r ?z", "?x ?p ?z"),
    (
        "prp-spo2",
        "?p list:chain3 ?l . ?l list:first ?q . ?l list:second ?r . ?l list:third ?s | ?x ?q ?y . ?y ?r ?z . ?z ?s ?w",
        "?x ?p ?w",
    ),
    ("cls-svf1", "?c owl:someValuesFrom ?d . ?c owl:onProperty ?p | ?x ?p ?y . ?y a ?d", "?x a ?c"),
    ("cls-svf2", "?c owl:someValuesFrom owl:Thing . ?c owl:onProperty ?p | ?x ?p ?y", "?x a ?c"),
    ("cls-avf", "?c owl:allValuesFrom ?d . ?c owl:onProperty ?p | ?x a ?c . ?x ?p ?y", "?y a ?d"),
    ("cls-hv1", "?c owl:hasValue ?v . ?c owl:onProperty ?p | ?x a ?c", "?x ?p ?v"),
    ("cls-hv2", "?c owl:hasValue ?v . ?c owl:onProperty ?p | ?x ?p ?v", "?x a ?c"),
    ("cls-int1", "?c list:both ?l . ?l list:first ?d . ?l list:second ?e | ?x a ?d . ?x a ?e", "?x a ?c"),
    ("prp-fp", "?p a owl:FunctionalProperty | ?x ?p ?y . ?x ?p ?z", "?y owl:sameAs ?z"),
    ("prp-ifp", "?p a owl:InverseFunctionalProperty | ?y ?p ?x . ?z ?p ?x", "?y owl:sameAs ?z"),
    ("eq-sym", "| ?x owl:sameAs ?y", "?y owl:sameAs ?x"),
    ("eq-trans", "| ?x owl:sameAs ?y . ?y owl:sameAs ?z", "?x owl:sameAs ?z"),
    ("eq-rep-s", "| ?x owl:sameAs ?y . ?x ?p ?z", "?y ?p ?z"),
    ("eq-rep-o", "| ?x owl:sameAs ?y . ?z ?p ?x", "?z ?p ?y"),
)
"""The rules: name, premises (those on axioms, a bar, those on data), conclusion. Lists of two and three are spelled."""

_PREFIXES: Final = {"rdf": RDF, "rdfs": RDFS, "owl": OWL, "list": "list:"}
_SCHEMA: Final = "schema"
_Pattern = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class SqlRule:
    """A rule as patterns of three terms, each a variable (`?x`) or the text of a term."""

    schema: tuple[_Pattern, ...]
    data: tuple[_Pattern, ...]
    head: _Pattern


def read_rule(premises: str, conclusion: str) -> SqlRule:
    """A rule from its text.

    >>> read_rule("?p rdfs:range ?c | ?x ?p ?y", "?y a ?c").data
    (('?x', '?p', '?y'),)
    """
    schema, _bar, data = premises.partition("|")
    return SqlRule(tuple(_patterns(schema)), tuple(_patterns(data)), next(_patterns(conclusion)))


def _patterns(text: str) -> Iterator[_Pattern]:
    for pattern in text.split(" . "):
        if pattern.strip():
            subject, predicate, object_ = (_term(word) for word in pattern.split())
            yield subject, predicate, object_


def _term(word: str) -> str:
    if word.startswith("?"):
        return word
    prefix, _colon, name = ("rdf:type" if word == "a" else word).partition(":")
    return f"<{_PREFIXES[prefix]}{name}>"


def rule_sql(patterns: Sequence[tuple[str, _Pattern]], head: _Pattern, numbers: dict[str, int]) -> str:
    """The query that finds what a rule concludes from patterns, each on a table."""
    places: dict[str, str] = {}
    conditions = []
    for position, (_table, pattern) in enumerate(patterns):
        for column, term in zip("spo", pattern, strict=True):
            here = f"t{position}.{column}"
            if not term.startswith("?"):
                conditions.append(f"{here} = {numbers[term]}")
            elif term in places:
                conditions.append(f"{here} = {places[term]}")
            else:
                places[term] = here
    columns = ", ".join(
        f"{places[term] if term.startswith('?') else numbers[term]} AS {column}"
        for column, term in zip("spo", head, strict=True)
    )
    tables = ", ".join(f"{table} t{position}" for position, (table, _pattern) in enumerate(patterns))
    if head[1] == f"<{OWL}sameAs>":
        conditions.append(f"{places[head[0]]} <> {places[head[2]]}")
    return f"SELECT {columns} FROM {tables} WHERE {' AND '.join(conditions) or 'true'}"  # noqa: S608


def reason_in_duckdb(ontology: Path, catalogue: Path, out: Path, ended: Callable[[str], None]) -> int:
    """Write what follows; how many triples it is. `ended` is told the name of each stage at its end."""
    import duckdb  # noqa: PLC0415 - a peer that need not be installed

    with duckdb.connect(":memory:") as database:
        ended("start")
        database.execute("SET memory_limit = '8GB'")
        database.execute("SET preserve_insertion_order = false")
        _read(database, ontology, catalogue)
        ended("encode")
        rules = [read_rule(premises, conclusion) for _name, premises, conclusion in RULES]
        numbers = _number_constants(database, rules)
        _spell_lists(database, numbers)
        _close_schema(database, [rule for rule in rules if not rule.data], numbers)
        _close_data(database, [rule for rule in rules if rule.data], numbers)
        ended("reason")
        written = _write(database, numbers, out)
        ended("write")
        return written


def _read(database: "DuckDBPyConnection", ontology: Path, catalogue: Path) -> None:
    """Read the triples and number their terms; `known` is all, `schema` the axioms."""
    for table, file in (("axiom_text", ontology), ("data_text", catalogue)):
        database.execute(
            f"""CREATE TEMP TABLE {table} AS
            SELECT line[:a - 1] AS s, line[a + 1:a + b - 1] AS p, line[a + b + 1:-3] AS o
            FROM (SELECT line, a, position(' ' IN line[a + 1:]) AS b
                  FROM (SELECT line, position(' ' IN line) AS a
                        FROM read_csv(?, columns = {{'line': 'VARCHAR'}}, header = false, delim = '\x01', quote = '',
                                      escape = '', auto_detect = false)))""",  # noqa: S608 - the names are ours
            [str(file)],
        )
    both = "(SELECT * FROM axiom_text UNION ALL SELECT * FROM data_text)"
    database.execute(
        f"""CREATE TEMP TABLE term AS SELECT row_number() OVER () AS id, text
        FROM (SELECT DISTINCT unnest([s, p, o]) AS text FROM {both})"""  # noqa: S608
    )
    for table, text in ((_SCHEMA, "axiom_text"), ("known", both)):
        database.execute(
            f"""CREATE TEMP TABLE {table} AS SELECT DISTINCT a.id AS s, b.id AS p, c.id AS o
            FROM {text} t JOIN term a ON a.text = t.s JOIN term b ON b.text = t.p JOIN term c ON c.text = t.o"""  # noqa: S608
        )
    database.execute("DROP TABLE axiom_text; DROP TABLE data_text; CREATE TEMP TABLE given AS SELECT * FROM known")


def _number_constants(database: "DuckDBPyConnection", rules: Sequence[SqlRule]) -> dict[str, int]:
    named = {term for rule in rules for pattern in (*rule.schema, *rule.data, rule.head) for term in pattern}
    lists = {f"<{RDF}{name}>" for name in ("first", "rest", "nil")} | {f"<{OWL}propertyChainAxiom>"}
    constants = [[text] for text in sorted(named | lists) if not text.startswith("?")]
    database.execute("CREATE TEMP TABLE constant (text VARCHAR)")
    database.executemany("INSERT INTO constant VALUES (?)", constants)
    database.execute(
        """INSERT INTO term SELECT (SELECT max(id) FROM term) + row_number() OVER (), text
        FROM constant WHERE text NOT IN (SELECT text FROM term)"""
    )
    return dict(database.execute("SELECT text, id FROM term SEMI JOIN constant USING (text)").fetchall())


def _spell_lists(database: "DuckDBPyConnection", numbers: dict[str, int]) -> None:
    """Write lists as triples that a join can use: their members, and the first three by place."""
    first, rest = numbers[f"<{RDF}first>"], numbers[f"<{RDF}rest>"]
    database.execute(
        f"""CREATE TEMP TABLE place AS WITH RECURSIVE walk(list, node, nth) AS (
            SELECT s, s, 1 FROM {_SCHEMA} WHERE p = {first}
            UNION ALL SELECT w.list, t.o, w.nth + 1 FROM walk w JOIN {_SCHEMA} t ON t.s = w.node AND t.p = {rest})
        SELECT w.list, w.nth, t.o AS member FROM walk w JOIN {_SCHEMA} t ON t.s = w.node AND t.p = {first}"""  # noqa: S608
    )
    for name, where in (("member", "true"), ("first", "nth = 1"), ("second", "nth = 2"), ("third", "nth = 3")):
        database.execute(
            f"INSERT INTO {_SCHEMA} SELECT list, {numbers[f'<list:{name}>']}, member FROM place WHERE {where}"  # noqa: S608
        )
    for name, predicate, size in (("chain2", "propertyChainAxiom", 2), ("chain3", "propertyChainAxiom", 3)):
        _name_lists(database, numbers, name, predicate, size)
    _name_lists(database, numbers, "both", "intersectionOf", 2)


def _name_lists(database: "DuckDBPyConnection", numbers: dict[str, int], name: str, predicate: str, size: int) -> None:
    database.execute(
        f"""INSERT INTO {_SCHEMA} SELECT s, {numbers[f"<list:{name}>"]}, o FROM {_SCHEMA}
        WHERE p = {numbers[f"<{OWL}{predicate}>"]}
        AND o IN (SELECT list FROM place GROUP BY list HAVING count(*) = {size})"""  # noqa: S608
    )


def _close_schema(database: "DuckDBPyConnection", rules: Sequence[SqlRule], numbers: dict[str, int]) -> None:
    """Close the axioms, which are few, by applying all of their rules until nothing new follows."""
    queries = " UNION ".join(
        rule_sql([(_SCHEMA, pattern) for pattern in rule.schema], rule.head, numbers) for rule in rules
    )
    while _count(database, f"INSERT INTO {_SCHEMA} ({queries}) EXCEPT SELECT * FROM {_SCHEMA}"):  # noqa: S608
        pass
    helpers = ", ".join(str(number) for text, number in numbers.items() if text.startswith("<list:"))
    database.execute(
        f"INSERT INTO known SELECT * FROM {_SCHEMA} WHERE p NOT IN ({helpers}) EXCEPT SELECT * FROM known"  # noqa: S608
    )


def _close_data(database: "DuckDBPyConnection", rules: Sequence[SqlRule], numbers: dict[str, int]) -> None:
    """Close the data, semi-naively: in each round at least one premise of each rule is new."""
    queries = []
    for rule in rules:
        schema = [(_SCHEMA, pattern) for pattern in rule.schema]
        for new in range(len(rule.data)):
            data = [("fresh" if place == new else "known", pattern) for place, pattern in enumerate(rule.data)]
            queries.append(rule_sql([*schema, *data], rule.head, numbers))
    database.execute("CREATE TEMP TABLE fresh AS SELECT * FROM known")
    while True:
        database.execute(
            f"""CREATE TEMP TABLE following AS SELECT DISTINCT * FROM ({" UNION ALL ".join(queries)}) f
            ANTI JOIN known USING (s, p, o)"""  # noqa: S608
        )
        database.execute("DROP TABLE fresh; ALTER TABLE following RENAME TO fresh")
        if not _count(database, "INSERT INTO known SELECT * FROM fresh"):
            return


def _write(database: "DuckDBPyConnection", numbers: dict[str, int], out: Path) -> int:
    return _count(
        database,
        f"""COPY (SELECT concat(a.text, ' ', b.text, ' ', c.text, ' .')
            FROM (SELECT * FROM known ANTI JOIN given USING (s, p, o)) k
            JOIN term a ON a.id = k.s JOIN term b ON b.id = k.p JOIN term c ON c.id = k.o
            WHERE a.text[1] <> '"' AND (k.p <> {numbers[f"<{OWL}sameAs>"]} OR k.s <> k.o))
        TO '{str(out).replace("'", "''")}' (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01')""",  # noqa: S608
    )


def _count(database: "DuckDBPyConnection", statement: str) -> int:
    """Carry out a statement that says how many rows it wrote."""
    told = database.execute(statement).fetchone()
    return int(told[0]) if told else 0
