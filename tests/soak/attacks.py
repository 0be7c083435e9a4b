"""Hostile queries: what a client could send to hold up, crash or misuse the service.

`attacks(random, port)` yields endless (name, query) pairs; `port` is one of ours that nobody may connect to.
"""

import random as random_module
from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import Final

Random = random_module.Random


def _nested_braces(random: Random, _port: int) -> str:
    depth = random.choice((20, 127, 129, 3_000, 50_000))
    return "SELECT * WHERE " + "{" * depth + " ?s ?p ?o " + "}" * depth


def _nested_collections(random: Random, _port: int) -> str:
    depth = random.choice((10, 45, 100, 800))
    return "SELECT * WHERE { ?s ?p " + "( ?x " * depth + ")" * depth + " }"


def _nested_expressions(random: Random, _port: int) -> str:
    depth = random.choice((100, 5_000, 100_000))
    return f"SELECT * WHERE {{ ?s ?p ?o FILTER({'(' * depth}1{')' * depth} = 1) }}"


def _negations(random: Random, _port: int) -> str:
    return f"SELECT * WHERE {{ ?s ?p ?o FILTER({random.choice('!-') * random.choice((100, 200_000))}true) }}"


def _cross_product(random: Random, _port: int) -> str:
    patterns = " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(random.randint(2, 6)))
    return random.choice(("SELECT (COUNT(*) AS ?n)", "SELECT *", "SELECT DISTINCT *")) + f" WHERE {{ {patterns} }}"


def _order_everything(random: Random, _port: int) -> str:
    return f"SELECT * WHERE {{ ?s ?p ?o . ?s2 ?p2 ?o2 }} ORDER BY {random.choice(('?o', 'DESC(STR(?o))', 'RAND()'))}"


def _order_mixed(random: Random, _port: int) -> str:
    values = " ".join(
        random.choice(("1", "'a'", "'b'@en", "2.5", "true", "<x:y>", "1e9", "'2020'^^xsd:gYear")) for _ in range(300)
    )
    return f"SELECT * WHERE {{ VALUES ?x {{ {values} }} }} ORDER BY ?x"


def _path_bomb(random: Random, _port: int) -> str:
    path = random.choice(
        ("(!<x:y>)*", "(!<x:y>|^!<x:y>)+", "(!<x:y>/!<x:y>?)*", "((!<x:y>)*)*", "(!<x:y>|!<z:z>)*/(!<x:y>)*")
    )
    return f"SELECT (COUNT(*) AS ?n) WHERE {{ ?s {path} ?o . ?o {path} ?q }}"


def _long_path(random: Random, _port: int) -> str:
    step = random.choice(("/", "|"))
    return f"SELECT * WHERE {{ ?s {step.join(['<x:y>'] * random.choice((50, 5_000, 60_000)))} ?o }}"


def _regex_bomb(random: Random, _port: int) -> str:
    pattern = random.choice(("(a+)+$", "(a|aa)+$", "(.*a){25}", "((a{1,100}){1,100}){1,100}", "(x+x+)+y"))
    return f"SELECT * WHERE {{ ?s ?p ?o . ?q ?r ?t FILTER(REGEX(STR(?o), '{pattern}', 'i')) }}"


def _string_bomb(random: Random, _port: int) -> str:
    steps = random.choice((5, 12, 40))
    binds = " ".join(f"BIND(CONCAT(?a{n},?a{n},?a{n},?a{n}) AS ?a{n + 1})" for n in range(steps))
    return f"SELECT (STRLEN(?a{steps}) AS ?n) WHERE {{ BIND('aaaaaaaaaaaaaaaa' AS ?a0) {binds} }}"


def _replace_bomb(_random: Random, _port: int) -> str:
    binds = " ".join(f"BIND(REPLACE(?a{n}, 'a', 'aaaaaaaaaaaaaaaa') AS ?a{n + 1})" for n in range(10))
    return f"SELECT (STRLEN(?a10) AS ?n) WHERE {{ BIND('a' AS ?a0) {binds} }}"


def _group_bomb(_random: Random, _port: int) -> str:
    return "SELECT (GROUP_CONCAT(?o) AS ?all) WHERE { ?s ?p ?o . ?a ?b ?c . ?x ?y ?z }"


def _service(random: Random, port: int) -> str:
    spelling = random.choice(
        ("SERVICE", "service", "SeRvIcE SILENT", "S\\u0045RVICE", "\\U00000053ERVICE", "SERVICE#c\n")
    )
    host = random.choice(("127.0.0.1", "localhost", "[::1]", "0x7f000001", "2130706433", "127.1"))
    inner = f"{spelling} <http://{host}:{port}/sparql> {{ ?s ?p ?o }}"
    return f"SELECT * WHERE {{ {random.choice((inner, f'OPTIONAL {{ {inner} }}', f'{{ SELECT * {{ {inner} }} }}'))} }}"


def _service_variable(_random: Random, port: int) -> str:
    return f"SELECT * WHERE {{ BIND(<http://127.0.0.1:{port}/> AS ?e) SERVICE ?e {{ ?s ?p ?o }} }}"


def _load(random: Random, port: int) -> str:
    return random.choice(
        (
            f"LOAD <http://127.0.0.1:{port}/>",
            "DROP ALL",
            f"SELECT * FROM <http://127.0.0.1:{port}/> {{ ?s ?p ?o }}",
        )
    )


def _huge_in_list(random: Random, _port: int) -> str:
    members = ",".join(f"<https://x.example/{n}>" for n in range(random.choice((1_000, 20_000))))
    return f"SELECT * WHERE {{ ?s ?p ?o FILTER(?o IN ({members})) }}"


def _huge_values(random: Random, _port: int) -> str:
    members = " ".join(f"(<https://x.example/{n}> {n})" for n in range(random.choice((1_000, 20_000))))
    return f"SELECT * WHERE {{ VALUES (?s ?n) {{ {members} }} ?a ?b ?c }}"


def _many_unions(random: Random, _port: int) -> str:
    return "SELECT * WHERE { " + " UNION ".join(["{ ?s ?p ?o }"] * random.choice((50, 400, 20_000))) + " }"


def _many_optionals(random: Random, _port: int) -> str:
    count = random.choice((20, 200, 20_000))
    return "SELECT * WHERE { ?s ?p ?o " + " ".join(f"OPTIONAL {{ ?s ?p{n} ?o{n} }}" for n in range(count)) + " }"


def _many_patterns(random: Random, _port: int) -> str:
    return (
        "SELECT * WHERE { "
        + " . ".join(f"?s{n} ?p{n} ?s{n + 1}" for n in range(random.choice((12, 100, 20_000))))
        + " }"
    )


def _describe_all(_random: Random, _port: int) -> str:
    return "DESCRIBE * WHERE { ?s ?p ?o . ?a ?b ?c }"


def _construct_all(_random: Random, _port: int) -> str:
    return "CONSTRUCT { ?s ?p ?o . ?a ?b ?c } WHERE { ?s ?p ?o . ?a ?b ?c }"


def _stampede(_random: Random, _port: int) -> str:
    """The same text from every client, so that they wait for one another, each with a deadline of its own."""
    return "SELECT (COUNT(*) AS ?stampede) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def _fill_cache(random: Random, _port: int) -> str:
    return f"SELECT * WHERE {{ ?s ?p ?o }} LIMIT {random.randrange(100, 300)} OFFSET {random.randrange(5_000)}"


def _noise(random: Random, _port: int) -> str:
    letters = "{}()[]<>\"'?$:;.,*+/|^!&=@#\\ \n\tSELECTWHRselectuU0123\x00\u202e\ufffdæøå"
    return "SELECT * WHERE { " + "".join(random.choices(letters, k=random.choice((50, 5_000)))) + " }"


ATTACKS: Final[MappingProxyType[str, Callable[[Random, int], str]]] = MappingProxyType(
    {
        function.__name__.strip("_"): function
        for function in (
            _nested_braces, _nested_collections, _nested_expressions, _negations, _cross_product, _order_everything,
            _order_mixed, _path_bomb, _long_path, _regex_bomb, _string_bomb, _replace_bomb, _group_bomb, _service,
            _service_variable, _load, _huge_in_list, _huge_values, _many_unions, _many_optionals, _many_patterns,
            _describe_all, _construct_all, _stampede, _fill_cache, _noise,
        )
    }
)  # fmt: skip


def attacks(random: Random, port: int) -> Iterator[tuple[str, str]]:
    """Attacks in random order, without end."""
    names = sorted(ATTACKS)
    while True:
        name = random.choice(names)
        yield name, ATTACKS[name](random, port)
