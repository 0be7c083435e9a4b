"""The guard and SERVICE: every spelling that the engine reads as one is refused, and what is none passes.

Everything that the engine is asked here it is asked in a process of its own (`tests.sparql.engine`), with an endpoint
whose port its HTTP client refuses to connect to.
"""

import random
import re

import pytest

from kg.engine.guard import GuardLimits, check
from kg.errors import QueryError, ServiceRefused, SyntaxFault
from tests.sparql.engine import ENDPOINT, ask_engine

LIMITS = GuardLimits()


def pattern(inside: str) -> str:
    return f"SELECT * {{ {inside} }}"


REFUSED = [
    "SERVICE <{0}> {{}}",
    "service <{0}> {{}}",
    "SeRvIcE<{0}>{{}}",
    "SERVICE SILENT <{0}> {{}}",
    "SERVICESILENT<{0}>{{}}",
    "SERVICE ?x {{}}",
    "BIND(<{0}> AS ?x) SERVICE ?x {{}}",
    "SERVICE :x {{}}",
    "SERVICE:x {{}}",
    "SERVICE#comment\n<{0}>#comment\n{{}}",
    "OPTIONAL {{ SERVICE <{0}> {{}} }}",
    "{{ SELECT * {{ SERVICE <{0}> {{}} }} }}",
    "FILTER EXISTS {{ SERVICE <{0}> {{}} }}",
    "FILTER(?a < ?b || EXISTS {{ SERVICE <{0}> {{}} }})",
    "GRAPH ?g {{ {{}} UNION {{ SERVICE <{0}> {{}} }} }}",
    "?s ?p true.SERVICE<{0}>{{}}",
    "?s ?p trueSERVICE<{0}>{{}}",
    "?s ?p 5SERVICE<{0}>{{}}",
    "?s ?p 1e5SERVICE:x{{}}",
    "?s ?p trueSERVICE:x{{}}",
    "?s ?p true.SERVICE:x{{}}",
    "?s ?p falseSERVICESILENT:x{{}}",
    "?s ?p ex:a.b.SERVICE<{0}>{{}}",
    "?s ?p ex:a.b.SERVICE:x{{}}",
    "?s ?p port:SERVICE<{0}>{{}}",
    "?s ?p port:SERVICE:x{{}}",
    "?s ?p port:5SERVICE SILENT <{0}>{{}}",
    "?s ?p slash:SERVICE:x{{}}",
    "?s ?p hash:SERVICE:x\\#{{}}",
    "FILTER(?a<?b&&'>'=?c) SERVICE<{0}>{{}} FILTER('5'=?c) #')\n",
    "FILTER(?a<?b#>'''\n) SERVICE <{0}> {{}} #''')\n",
    "FILTER(?a<<x:y#'>) SERVICE <{0}> {{}} #')\n",
    "?s ?p port:FILTER(?a<?b#>'''\n) SERVICE <{0}> {{}} #''')\n",
    "?s ?p port:FILTER ex:f(?a<?b#>'''\n) SERVICE <{0}> {{}} #''')\n",
    "?s ?p port:FILTER STR(?a<?b#>'''\n) SERVICE <{0}> {{}} #''')\n",
    "?s ?p ex:a.b.FILTER(?a<?b#>'''\n) SERVICE <{0}> {{}} #''')\n",
    "?s ?p port:FILTER(?a<<x:y#'>) SERVICE <{0}> {{}} #')\n",
    "FILTER:f(?a<?b#>'''\n) SERVICE <{0}> {{}} #''')\n",
    "VALUES ?x {{ \"\"\"a\"#\\uD800\n }} SERVICE <{0}> {{}} #\"\"\"\n",
    "SERV\\u0049CE <{0}> {{}}",
    "\\U00000053ERVICE <{0}> {{}}",
    "?s ?p \"\\u0022 . SERVICE <{0}> {{}} ?s ?p \\u0022\"",
    "# \\u000A SERVICE <{0}> {{}}\n",
]  # fmt: skip
PREFIXES = {
    "": ENDPOINT,
    "ex": f"{ENDPOINT}e/",
    "port": "http://127.0.0.1:9",
    "hash": f"{ENDPOINT}#",
    "slash": r"http:\u002F\u002F127.0.0.1:9",
}


def whole(template: str) -> str:
    """A query of a template, with the prefixes that it uses and no others."""
    used = [f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items() if f"{name}:" in template]
    return "".join(used) + pattern(template.format(ENDPOINT))


@pytest.mark.parametrize("template", REFUSED)
def test_every_spelling_of_a_service_is_refused(template: str) -> None:
    with pytest.raises(QueryError) as caught:
        check(whole(template), LIMITS)
    assert isinstance(caught.value, ServiceRefused | SyntaxFault)
    if isinstance(caught.value, SyntaxFault):
        assert re.search("may be an IRI, or an operator|an escape that does not exist", caught.value.what)
    assert caught.value.line >= 1
    assert caught.value.excerpt


def test_the_engine_would_call_out_for_most_of_these_spellings() -> None:
    verdicts = ask_engine([whole("?s ?p ?o . " + template) for template in REFUSED])
    assert verdicts.count("called") > len(REFUSED) * 2 / 3


@pytest.mark.parametrize(
    "text",
    [
        "?service ex:service service:x . service:x a cpsvno:Service",
        "?s ?p 'SERVICE <http://x/> {}', \"SERVICE\", '''\nSERVICE <http://x/> {}''' # SERVICE <http://x/> {}\n",
        "?s ?p <http://x/SERVICE> , <http://x/#SERVICE> . # it's a SERVICE\n",
        "GRAPH service:x { ?s ?p ex:service }",
        "?s a cpsvno:Service { ?s ?p ?o } UNION { ?s ?q ?o }",
        "_:service ?p 'x'@service-no",
        "?s ?p dcat:DataService OPTIONAL { ?s ?q ?o }",
        "VALUES (?a ?b) { (<http://x/a#b> <http://x/service#c>) ('x' <http://x/it's#c>) }",
        "?s ?p (<http://x/a#b> <http://x/it's#c> 'a service')",
        "?s ex:filter (ex:a <http://x/a#b>) ; ex:a.b.filter 5 . ?s ?p (ex:a <http://x/a#b> <http://x/c'd>)",
    ],
)
def test_a_service_that_is_none_passes(text: str) -> None:
    check(pattern(text), LIMITS)


def test_an_endpoint_on_the_list_passes_in_any_case_of_the_word_and_in_its_exact_form_only() -> None:
    limits = GuardLimits(allowed_services=frozenset(("https://x.example/sparql", "https://b.example/search")))
    outline = check(pattern("SERVICE <https://x.example/sparql> {} service<https://x.example/sparql>{}"), limits)
    assert outline.services == ("https://x.example/sparql",)
    for endpoint in ("https://x.example/sparql/", "https://x.example/SPARQL", "HTTPS://x.example/sparql", "sparql", ""):
        with pytest.raises(ServiceRefused) as caught:
            check(pattern(f"SERVICE <{endpoint}> {{}}"), limits)
        assert "https://b.example/search, https://x.example/sparql" in caught.value.hint
    with pytest.raises(ServiceRefused):
        check(pattern("SERVICE <https://x.example/spar\\u0071l> {}"), limits)
    for text, said in (
        ("SERVICE SILENT <https://x.example/sparql>", "SILENT"),
        ("SERVICE ?x", "IRI"),
        ("SERVICE ex:x", "IRI"),
    ):
        with pytest.raises(ServiceRefused) as caught:
            check(pattern(f"{text} {{}}"), limits)
        assert said in caught.value.what
        assert (caught.value.line, caught.value.column) == (1, 12)


FRAGMENTS = (
    "SERVICE ", "SERVICE", "SILENT ", f"<{ENDPOINT}>", f"SERVICE<{ENDPOINT}>{{}}", "SERVICE:x{}", "SERVICE ?x {}",
    ":x", "ex:a ", "ex:p ", "port:", "port:SERVICE", "port:FILTER", "hash:SERVICE:x\\#{}", "ex:a.b.",
    "ex:a.b.SERVICE:x{}", "trueSERVICE:x{}", "5SERVICE:x{}", "true", "true ", "5 ", "5.", "1e3", "{", "}", "{}", "(",
    ")", "[", "]", "?a", "?b", "?s ?p ?o . ", "?s ?p ?o ", "ex:a ex:p ", "FILTER(", "FILTER ex:f(", "BIND(1 AS ?z)",
    "VALUES ?v {", "VALUES ?v {1}", "OPTIONAL {", "UNION ", "EXISTS{", "NOT EXISTS{", "GRAPH ?g {", "{SELECT * ",
    "STR(", "IN(", "?a<?b", "<?b&&'>", "<?b#>", "<?b#>'", "<x:y#'>", "<<", "<", ">", "=", "&&", "||", "'", "'''",
    '"', '"""', "#", "#'", "#'''", "\n", " ", "'x'", '"""x"""', "@en", "^^", ".", ";", ",", "a ", "_:a", "|", "/",
    "*", "\\u0027", "\\#", "%41",
)  # fmt: skip


def mutations(seed: int, count: int) -> list[str]:
    """Queries that differ from known tricks in a few fragments."""
    chance = random.Random(seed)
    # IRIs stay whole, so that no mutation has another host.
    seeds = [re.split(r"(<[^<>]*>|\W)", "?s ?p ?o . " + template.format(ENDPOINT)) for template in REFUSED]
    heads = "".join(f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items())
    made = []
    for _ in range(count):
        parts = list(chance.choice(seeds))
        for _ in range(chance.choice((1, 1, 2, 3))):
            place = chance.randrange(len(parts) + 1)
            parts[place : place + chance.randrange(2)] = [chance.choice(FRAGMENTS)]
        made.append(heads + pattern("".join(parts)))
    return made


def test_no_mutation_of_the_known_tricks_calls_out_past_the_guard() -> None:
    queries = mutations(seed=11, count=5_000)
    verdicts = ask_engine(queries)
    called = [query for query, verdict in zip(queries, verdicts, strict=True) if verdict == "called"]
    assert len(called) > 80, "the mutations are too broken to show anything"
    for query in called:
        with pytest.raises(QueryError):
            check(query, LIMITS)
