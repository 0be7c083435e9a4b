"""What reasons say: that every signal has a sentence, and that the sentences are true of the demo."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from kg.linking.elements import Elements
from kg.linking.embedding import extended, with_embedder
from kg.linking.finding import Matcher
from kg.linking.scoring import Scorer
from kg.linking.signals import SIGNALS
from kg.linking.wish import Wish
from kg.linking.wording import SENTENCES, Wording
from tests.linking.conftest import FromTurtle

NAV = "https://demo.kunnskapsgraf.example/nav/modell/arbeid-og-ytelse"

PAIR = """
m:a a modelldcatno:InformationModel ; modelldcatno:containsModelElement m:ac, m:al .
m:b a modelldcatno:InformationModel ; modelldcatno:containsModelElement m:bc, m:bl .
m:ac a modelldcatno:ObjectType ; dct:title "{name}"@nb ; dct:description "{meaning}"@nb ;
  modelldcatno:hasProperty m:ap .
m:bc a modelldcatno:ObjectType ; dct:title "{other}"@nb ; dct:description "{other_meaning}"@nb ;
  modelldcatno:hasProperty m:bp .
m:ap a modelldcatno:Attribute ; dct:title "status"@nb ; modelldcatno:hasValueFrom m:al .
m:bp a modelldcatno:Attribute ; dct:title "status"@nb ; modelldcatno:hasValueFrom m:bl .
m:al a modelldcatno:CodeList ; dct:title "Liste"@nb . m:bl a modelldcatno:CodeList ; dct:title "Koder"@nb .
m:al1 a modelldcatno:CodeElement ; skos:inScheme m:al ; skos:prefLabel "gift"@nb ; skos:notation "1" .
m:bl1 a modelldcatno:CodeElement ; skos:inScheme m:bl ; skos:prefLabel "Gift"@nb ; skos:notation "1" .
"""


def told(elements: Elements, scorer: Scorer, left: str, right: str) -> dict[str, tuple[str, str]]:
    candidate = Matcher(elements, scorer).score(f"https://m.example/{left}", f"https://m.example/{right}")
    assert candidate is not None
    return {reason.signal: (reason.nb, reason.en) for reason in candidate.reasons}


def pair(from_turtle: FromTurtle, name: str, other: str, meaning: str = "", other_meaning: str = "") -> Elements:
    text = PAIR.replace("{name}", name).replace("{other}", other).replace("{meaning}", meaning)
    return from_turtle(text.replace("{other_meaning}", other_meaning))


def test_every_signal_that_speaks_for_a_pair_has_a_sentence() -> None:
    assert SENTENCES.keys() >= {each.name for each in SIGNALS if not each.against} - {"lone-name"}


@pytest.mark.parametrize(
    ("name", "other", "signal", "sentence"),
    [
        ("Kommune", "Kommune", "same-name", "begge heter «Kommune», og ingen andre har det navnet"),
        ("KommuneNr", "kommunenummer", "same-name", "navnene «KommuneNr» og «kommunenummer» er det samme"),
        ("Adressen", "Adresser", "same-stem", "«Adressen» og «Adresser» er samme navn i ulik bøyning"),
        ("Adressatypen", "Adressatyppen", "like-name", "«Adressatypen» og «Adressatyppen» skrives nesten likt"),
        ("Stor hest", "Svart, stor hest", "shared-words", "navnene «Stor hest» og «Svart, stor hest» har ord"),
    ],
)
def test_names_are_told_as_they_are_written(
    from_turtle: FromTurtle, scorer: Scorer, name: str, other: str, signal: str, sentence: str
) -> None:
    assert told(pair(from_turtle, name, other), scorer, "ac", "bc")[signal][0].startswith(sentence)


def test_definitions_codes_and_places_are_told(from_turtle: FromTurtle, scorer: Scorer) -> None:
    elements = pair(from_turtle, "Kommune", "kommune", "en norsk kommunal enhet", "kommunale enheter i landet")
    sentences = told(elements, scorer, "ac", "bc")
    assert sentences["like-definition"] == (
        "definisjonene har til felles: kommunal, enhet",
        "the definitions share: kommunal, enhet",
    )
    assert sentences["shared-neighbours"][1] == "beside both stands something of the same name"
    assert told(elements, scorer, "ap", "bp")["same-parent"][0] == "de er deler av «Kommune» og «kommune»"
    assert told(elements, scorer, "al", "bl")["shared-codes"][1] == "the code lists share 2 names and codes"


def test_a_composed_name_is_told(from_turtle: FromTurtle, scorer: Scorer) -> None:
    elements = from_turtle(
        "m:a a modelldcatno:InformationModel ; modelldcatno:containsModelElement m:ac ."
        'm:ac a modelldcatno:ObjectType ; dct:title "Person"@nb ; modelldcatno:hasProperty m:ap .'
        'm:ap a modelldcatno:Attribute ; dct:title "navn"@nb .'
        'c:1 a skos:Concept, kg:CatalogueConcept ; skos:prefLabel "personnavn"@nb .'
    )
    (found,) = Matcher(elements, scorer).find(Wish("https://m.example/ap", concepts=True, least=0.0)).candidates
    assert found.reasons[0].nb == "«personnavn» er «Person» og «navn» i ett ord"


def test_a_name_composed_with_one_of_several_classes_is_told(from_turtle: FromTurtle, scorer: Scorer) -> None:
    elements = from_turtle(
        "m:a a modelldcatno:InformationModel ; modelldcatno:containsModelElement m:ac, m:bc ."
        'm:ac a modelldcatno:ObjectType ; dct:title "Foretak"@nb ; modelldcatno:hasProperty m:ap .'
        'm:bc a modelldcatno:ObjectType ; dct:title "Adresse"@nb ; modelldcatno:hasProperty m:ap .'
        'm:ap a modelldcatno:Attribute ; dct:title "navn"@nb .'
        'c:1 a skos:Concept, kg:CatalogueConcept ; skos:prefLabel "foretaksnavn"@nb .'
        'c:2 a skos:Concept, kg:CatalogueConcept ; skos:prefLabel "adressenavn"@nb .'
    )
    found = Matcher(elements, scorer).find(Wish("https://m.example/ap", concepts=True, least=0.0)).candidates
    assert {each.reasons[0].nb for each in found} == {
        "«adressenavn» er «Adresse» og «navn» i ett ord",
        "«foretaksnavn» er navnet på klassen og «navn» i ett",
    }


def test_control_characters_of_a_name_reach_no_terminal(from_turtle: FromTurtle, scorer: Scorer) -> None:
    elements = pair(from_turtle, "\\u001B[31mHest\\u0007", "Hest", "det\\u0085 er\\u202E en hest")
    for reason in told(elements, scorer, "ac", "bc").values():
        assert all(each.isprintable() for each in reason)
    row = elements.iris.find("https://m.example/ac")
    assert elements.labels[row] == "[31mHest"
    assert elements.definitions[row] == "det er en hest"


def test_labels_in_reasons_are_names_of_the_two(demo_elements: Elements, scorer: Scorer) -> None:
    found = Matcher(demo_elements, scorer).find(Wish(NAV, least=0.0, limit=1_000))
    wording = Wording(demo_elements)
    for each in found.candidates:
        for reason in each.reasons:
            if reason.signal == "same-name":
                rows = [demo_elements.iris.find(iri) for iri in (each.left, each.right)]
                names = [{name for _, name in demo_elements.named(row)} for row in rows]
                said = [part.split("»")[0] for part in reason.nb.split("«")[1:]]
                assert said[0] in names[0]
                assert said[-1] in names[1]
                assert wording.reader.form(said[0]).key == wording.reader.form(said[-1]).key


def test_an_embedder_adds_a_signal_with_its_reason(from_turtle: FromTurtle, scorer: Scorer) -> None:
    class Toy:
        """Of two dimensions: what is about animals, and what is not."""

        def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
            about = ["hest" in text or "gamp" in text for text in texts]
            return np.array([[1.0, 0.0] if each else [0.0, 1.0] for each in about], np.float32)

    elements = pair(from_turtle, "Hesten min", "Gampen min", "hest", "gamp")
    one, other = "https://m.example/ac", "https://m.example/bc"
    plain = Matcher(elements, scorer).score(one, other)
    signals = with_embedder(elements, Toy())
    richer = Matcher(elements, extended(scorer, signals), signals).score(one, other)
    assert plain is not None
    assert richer is not None
    assert richer.score > plain.score
    assert "like-meaning" in {reason.signal for reason in richer.reasons}
    assert "like-meaning" not in plain.features
