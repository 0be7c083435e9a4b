"""Problems: every error as application/problem+json (RFC 9457).

In: an exception of ours. Out: a response. `PROBLEMS` is the one table of error class to status, type and words; it is
looked up along the class hierarchy, so that a subclass needs a row only where it differs.
"""

import json
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from kg import errors
from kg.errors import KgError
from kg.sparql.tokens import excerpt_at


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One kind of problem: its status, the name in its `type`, and what its page says."""

    status: int
    name: str
    title: str
    title_nb: str
    text: str
    text_nb: str


PROBLEMS: Final[dict[type[KgError], ProblemType]] = {
    KgError: ProblemType(
        500, "internal", "The service failed", "Tjenesten feilet",
        "Something went wrong that is not your query's fault. It has been logged.",
        "Noe gikk galt som ikke skyldes spørringen din. Det er logget.",
    ),
    errors.NotFound: ProblemType(
        404, "not-found", "There is no such thing", "Det finnes ikke",
        "Nothing is served under this address, or no such graph or generation exists.",
        "Det finnes ingenting på denne adressen, eller ingen slik graf eller generasjon.",
    ),
    errors.RequestError: ProblemType(
        400, "bad-request", "The request cannot be read", "Forespørselen kan ikke leses",
        "The request is not of a form that this service knows; the detail says what is wrong.",
        "Forespørselen har ikke en form som tjenesten kjenner; detaljene sier hva som er galt.",
    ),
    errors.ParameterError: ProblemType(
        422, "parameter", "A parameter is wrong", "En parameter er feil",
        "A parameter has a value that it cannot have. `parameter` names it.",
        "En parameter har en verdi den ikke kan ha. «parameter» sier hvilken.",
    ),
    errors.NotAcceptable: ProblemType(
        406, "not-acceptable", "No such format", "Ukjent format",
        "None of the formats that you accept can be made of this answer; the hint lists those that can.",
        "Svaret kan ikke gis i noe format du godtar; tipset lister dem som finnes.",
    ),
    errors.UnsupportedMediaType: ProblemType(
        415, "media-type", "The body is of a type that is not read here", "Innholdstypen leses ikke her",
        "Send a form (application/x-www-form-urlencoded) or the query itself (application/sparql-query).",
        "Send et skjema (application/x-www-form-urlencoded) eller selve spørringen (application/sparql-query).",
    ),
    errors.BodyTooLarge: ProblemType(
        413, "body-too-large", "The body is too large", "Innholdet er for stort",
        "The body of the request is over the limit.",
        "Innholdet i forespørselen er over grensen.",
    ),
    errors.KeyUnknown: ProblemType(
        401, "key-unknown", "The API key is not known", "API-nøkkelen er ikke kjent",
        "The request shows a key that this service does not know. No key is needed: without one, requests are counted "
        "by address.",
        "Forespørselen har en nøkkel som tjenesten ikke kjenner. Ingen nøkkel trengs: uten nøkkel telles forespørsler "
        "etter adresse.",
    ),
    errors.TokenNeeded: ProblemType(
        401, "token-needed", "A reviewer's token is needed", "Det trengs et token for kontrollører",
        "Decisions on links are taken by those whom the operator has given a token (`kg tokens new`). Send it as "
        "Authorization: Bearer.",
        "Avgjørelser om koblinger tas av dem som driftsansvarlig har gitt et token (`kg tokens new`). Send det som "
        "Authorization: Bearer.",
    ),
    errors.NotPermitted: ProblemType(
        403, "not-permitted", "The token does not extend to this", "Tokenet gjelder ikke for dette",
        "The token is known, and was made for other things than the two that this link is between.",
        "Tokenet er kjent, men er laget for andre ting enn de to koblingen er mellom.",
    ),
    errors.NotRecorded: ProblemType(
        500, "not-recorded", "The decision was not recorded", "Avgjørelsen ble ikke lagret",
        "The decision could not be brought to disk. Nothing was acknowledged; try again when this is mended.",
        "Avgjørelsen kunne ikke skrives til disk. Ingenting er bekreftet; prøv igjen når driftsansvarlig har rettet "
        "feilen.",
    ),
    errors.RateLimited: ProblemType(
        429, "rate", "Too many requests", "For mange forespørsler",
        "This client asks more often than one client may. Try again after the time in Retry-After.",
        "Denne klienten spør oftere enn én klient kan. Prøv igjen etter tiden i Retry-After.",
    ),
    errors.QueryError: ProblemType(
        422, "query", "The query got no answer", "Spørringen fikk ikke svar",
        "The query was understood but could not be answered; the detail says why.",
        "Spørringen ble forstått, men kunne ikke besvares; detaljene sier hvorfor.",
    ),
    errors.SyntaxFault: ProblemType(
        400, "syntax", "The query is not SPARQL", "Spørringen er ikke SPARQL",
        "The text cannot be read as a SPARQL query. `line` and `column` count from 1 and point to where reading "
        "stopped; the mistake is there or just before.",
        "Teksten kan ikke leses som en SPARQL-spørring. «line» og «column» teller fra 1 og peker dit lesingen "
        "stanset; feilen er der eller like før.",
    ),
    errors.LimitExceeded: ProblemType(
        400, "limit", "The query is over a limit", "Spørringen er over en grense",
        "Queries are bounded in length, nesting and size of pattern, because the planning of larger ones would take "
        "longer than any answer is worth. `limit` names the limit.",
        "Spørringer er begrenset i lengde, nøsting og størrelse på mønster, fordi planleggingen av større "
        "spørringer tar lengre tid enn svaret er verdt. «limit» sier hvilken grense.",
    ),
    errors.ServiceRefused: ProblemType(
        400, "service-refused", "SERVICE is refused", "SERVICE er ikke tillatt",
        "This service does not call other endpoints for its clients, except those its operator has listed. Also "
        "SERVICE SILENT is refused: an answer that silently lacks a part would be a wrong answer.",
        "Tjenesten kaller ikke andre endepunkter for klientene sine, bortsett fra dem driftsansvarlig har ført opp. "
        "Også SERVICE SILENT avvises: et svar som i stillhet mangler en del, ville være et galt svar.",
    ),
    errors.AnswerTooLarge: ProblemType(
        413, "answer-too-large", "The answer is too large", "Svaret er for stort",
        "The whole answer is over the limit. Answers are never cut: ask for less, or for one part after another.",
        "Hele svaret er over grensen. Svar kuttes aldri: spør om mindre, eller om én del etter en annen.",
    ),
    errors.EngineFailed: ProblemType(
        422, "engine", "The engine failed on this query", "Motoren feilet på denne spørringen",
        "The query made the engine refuse, stop or run out of memory. Only this query is affected.",
        "Spørringen fikk motoren til å avvise den, stanse eller gå tom for minne. Bare denne spørringen er berørt.",
    ),
    errors.DeadlinePassed: ProblemType(
        504, "deadline", "No answer in time", "Ikke svar i tide",
        "There was no whole answer within `limit_seconds`, so there is none at all.",
        "Det fantes ikke et helt svar innen «limit_seconds», og derfor gis det ikke noe svar.",
    ),
    errors.ClientBusy: ProblemType(
        429, "client-busy", "Too many queries at once", "For mange spørringer samtidig",
        "This client has as many queries under way as one client may. Wait for their answers.",
        "Denne klienten har så mange spørringer i gang som én klient kan ha. Vent på svarene.",
    ),
    errors.QueueFull: ProblemType(
        503, "queue-full", "The service is full", "Tjenesten er full",
        "Too many queries wait already. Try again after the time in Retry-After.",
        "For mange spørringer venter allerede. Prøv igjen etter tiden i Retry-After.",
    ),
}  # fmt: skip
UNKNOWN_PARAMETER: Final = ProblemType(
    400, "unknown-parameter", "Unknown parameter", "Ukjent parameter",
    "The address or form has a parameter that is not known here. It is refused because an ignored parameter would "
    "give a wrong answer.",
    "Adressen eller skjemaet har en parameter som ikke er kjent her. Den avvises fordi en ignorert parameter ville "
    "gitt et galt svar.",
)  # fmt: skip
METHOD: Final = ProblemType(
    405, "method", "The method is not allowed here", "Metoden er ikke tillatt her",
    "This address does not take requests of this method; Allow lists those it takes.",
    "Adressen tar ikke imot forespørsler med denne metoden; Allow lister dem den tar.",
)  # fmt: skip

_DETAILS: Final = ("line", "column", "excerpt", "parameter", "limit", "limit_seconds")


def problem_type(error: KgError) -> ProblemType:
    """The row of an error, along its class hierarchy."""
    if isinstance(error, errors.ParameterError) and error.unknown:
        return UNKNOWN_PARAMETER
    return next(PROBLEMS[cls] for cls in type(error).__mro__ if cls in PROBLEMS)


def all_problem_types() -> list[ProblemType]:
    """Every kind of problem."""
    return [*PROBLEMS.values(), UNKNOWN_PARAMETER, METHOD]


def problem_response(error: KgError, *, query: str = "", root: str = "", kind: ProblemType | None = None) -> Response:
    """The response that tells a client of an error; `query` is the text that lines and columns are of."""
    row = kind or problem_type(error)
    body: dict[str, object] = {
        "type": f"{root}/problems/{row.name}",
        "title": row.title,
        "status": row.status,
        "detail": f"{error.where}: {error.what}" if error.where else error.what,
    }
    if error.hint:
        body["hint"] = error.hint
    for name in _DETAILS:
        if value := getattr(error, name, None):
            body[name] = value
    if query and "excerpt" not in body and isinstance(line := body.get("line"), int):
        body["excerpt"] = excerpt_at(query, line, int(str(body.get("column", 1))))
    headers = {"Cache-Control": "no-store"}
    if retry := getattr(error, "retry_after", None):
        headers["Retry-After"] = str(retry)
    if row.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    content = json.dumps(body, ensure_ascii=False, indent=1) + "\n"
    return Response(content.encode("utf-8", "replace"), row.status, headers, "application/problem+json")
