"""Pages about models: text of a source stays text, whatever it holds and wherever it stands."""

from html.parser import HTMLParser
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.api.models_view import comparison_view, coverage_view, gaps_view, impact_view
from kg.api.pages import make_templates
from kg.models.comparison import comparison_json
from kg.models.coverage import coverage_json, gaps_json
from kg.models.impact import Impact, Reach
from kg.models.model import About, Model, Part

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
HOSTILE = "\"'></a><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"
ALLOWED = frozenset(
    ("html", "head", "meta", "title", "style", "body", "p", "a", "h1", "nav", "dl", "dt", "dd", "div", "table",
     "caption", "thead", "tr", "th", "tbody", "td")
)  # fmt: skip


class Tags(HTMLParser):
    """The tags of a page and the addresses that it leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name == "href"]


def model(text: str) -> Model:
    part = Part(f"urn:{text}", "", text, text, text, (text,), (text,), text, (text,), (text,), text, text, ())
    other = Part(f"urn:b{text}", f"urn:{text}", text, text, "", (), (text,), "", (), (), "", "", ())
    return Model(text, text, text, (part, other), {text: About(text, text, text)})


def views(text: str) -> list[Any]:
    candidate = {"id": text, "left": f"urn:b{text}", "right": text, "score": 0.5, "relation": text}
    found = {"candidates": [{**candidate, "reasons": [{"nb": text, "en": text}]}], "things": {text: {"label": text}}}
    impact = Impact(text, {f"x{text}": Reach(text, "means", 1)}, complete=False)
    return [
        coverage_view(coverage_json(model(text)), "nb"),
        gaps_view({**gaps_json(model(text), found), "candidates_missing": text}, "en"),
        impact_view(impact.to_json({text: f"<{text}>"}), "nb"),
        comparison_view(comparison_json(model(text), model(f"{text}x")), "en"),
    ]


@given(text=TEXTS)
@example(HOSTILE)
@settings(max_examples=30)
def test_a_page_has_our_tags_alone_and_leads_only_within_the_service(text: str) -> None:
    template = make_templates().get_template("model.html")
    for view in views(text):
        page = Tags()
        page.feed(template.render(view=view, language="nb", root=""))
        assert page.tags <= ALLOWED
        assert page.attributes <= {"lang", "charset", "name", "content", "href", "class", "scope"}
        own = ("/", "../resource?", "../queries/", "coverage?", "gaps?", "impact?")
        assert all(address.startswith(own) for address in page.addresses)
