"""`/`: what is in the graph, and a box to ask it, as plain HTML that needs no script."""

import html

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kg.api.status import only
from kg.services import Services

EXAMPLE_QUERY = """SELECT ?type (COUNT(?resource) AS ?count)
WHERE { ?resource a ?type }
GROUP BY ?type
ORDER BY DESC(?count)
LIMIT 20"""

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b2a33}"
    "textarea{width:100%;height:12rem;font:14px/1.4 ui-monospace,monospace;box-sizing:border-box}"
    "table{border-collapse:collapse}td,th{padding:.2rem .8rem .2rem 0;text-align:left}td.n{text-align:right}"
    "input[type=search]{font:inherit;padding:.3rem;width:50%}"
    "button{font:inherit;padding:.3rem 1rem}"
)


async def start_page(request: Request) -> Response:
    """The start page of the served generation."""
    only(request)
    services: Services = request.app.state.services
    generation = services.keeper.generation
    assert generation is not None, "the application starts serving only when there is one"
    manifest = generation.manifest
    rows = "".join(
        f"<tr><td>{html.escape(entry.id)}</td><td class=n>{entry.triples:,}</td><td class=n>{entry.resources:,}</td>"
        f"<td>{html.escape(entry.state.harvested)}</td></tr>"
        for entry in manifest.sources
    )
    return HTMLResponse(
        f"""<!doctype html>
<html lang="nb"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Kunnskapsgraf over Norges offentlige data</title><style>{_STYLE}</style></head><body>
<h1>Kunnskapsgraf over Norges offentlige data</h1>
<p>Generasjon {manifest.number} fra {html.escape(manifest.created)}: {manifest.asserted:,} tripler fra
{len(manifest.sources)} kilder. <span lang="en">A knowledge graph of Norway's public data, asked by SPARQL.</span></p>
<form action="search" method="get" role="search"><p><label for="q">Søk / Search</label>
<input type="search" id="q" name="q" maxlength="500" required placeholder="kommunenummer">
<input type="hidden" name="format" value="html"> <button>Søk / Search</button></p></form>
<p><a href="queries">Ferdige spørsmål / Named queries</a></p>
<form action="sparql" method="get"><p><label for="query">SPARQL</label>
<textarea id="query" name="query" spellcheck="false">{html.escape(EXAMPLE_QUERY)}</textarea></p>
<p><label>Format <select name="format"><option>json<option>csv<option>tsv<option>xml<option>turtle
<option>ntriples</select></label> <button>Spør / Ask</button></p></form>
<h2>Kilder / Sources</h2>
<table><tr><th>Kilde<th>Tripler<th>Ressurser<th>Hentet</tr>{rows}</table>
<p><a href="graphs">Grafer</a> · <a href=".well-known/void">Innhold (VoID)</a> · <a href="dumps/">Nedlasting</a> ·
<a href="ready">Status</a></p></body></html>""",
        headers={"X-Generation": str(generation.number)},
    )
