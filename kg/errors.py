"""The exception tree: what went wrong, where, and what to do next.

    KgError
    ├── UsageError                 the command or configuration is wrong
    ├── SourceError                a source cannot be read at all
    ├── BuildError                 a build, publication or rollback did not happen
    │   ├── HomeBusy               another build holds the home
    │   └── StoreTooNew            the home was written by a newer version
    ├── NotFound                   no such generation, graph or page
    ├── NotRecorded                a decision is not on disk, or cannot be read from there
    ├── RequestError               the request cannot be served as it was put
    │   ├── ParameterError         a parameter is unknown or has a wrong value
    │   ├── NotAcceptable          no format that the client accepts
    │   ├── UnsupportedMediaType   a body of a type that is not read here
    │   ├── BodyTooLarge           a body over the limit
    │   ├── KeyUnknown             an API key that is none
    │   ├── TokenNeeded            only who shows a token of a reviewer may do this
    │   ├── NotPermitted           the token does not extend to this
    │   └── RateLimited            this client asks too often
    └── QueryError                 a query got no answer
        ├── SyntaxFault            not SPARQL, or empty; with line and column
        ├── LimitExceeded          over the limits of length, nesting or size of pattern
        ├── ServiceRefused         names a SERVICE that is not on the allow-list
        ├── AnswerTooLarge         the whole answer does not fit the cap
        ├── EngineFailed           the engine refused, crashed or ran out of memory on it
        ├── DeadlinePassed         no whole answer within the deadline
        ├── ClientBusy             this client has too many queries under way
        └── QueueFull              the service has too many queries waiting

Lower layers raise these and know no status code; `kg.api.problems` maps them to problem+json and `kg.cli` to
exit codes, both by class hierarchy.
"""

from dataclasses import dataclass


@dataclass(eq=False)
class KgError(Exception):
    """Base of all errors that this package raises on purpose.

    Attributes:
        what: one sentence that says what happened.
        where: file and line, source, parameter or path; empty where `what` says it.
        hint: what to do next; empty where nothing helps.
    """

    what: str
    where: str = ""
    hint: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text} ({self.hint})" if self.hint else text


class UsageError(KgError):
    """The command or the configuration is wrong."""


class SourceError(KgError):
    """A source cannot be read at all, so its last good state stays in place."""


class BuildError(KgError):
    """A build, publication or rollback did not happen; what is served is unchanged."""


class HomeBusy(BuildError):
    """Another build holds the home."""


class StoreTooNew(BuildError):
    """The home or a generation was written by a newer version of this program."""


class NotFound(KgError):
    """No such generation, graph, source or page."""


class NotRecorded(KgError):
    """A decision is not on disk, or those there cannot be read; nothing was acknowledged."""


class RequestError(KgError):
    """The request cannot be served as it was put."""


@dataclass(eq=False)
class ParameterError(RequestError):
    """A parameter is unknown or has a wrong value; `unknown` tells the two apart."""

    parameter: str = ""
    unknown: bool = False


class NotAcceptable(RequestError):
    """No format of ours is one that the client accepts."""


class UnsupportedMediaType(RequestError):
    """A body of a type that is not read here."""


class BodyTooLarge(RequestError):
    """A body over the limit."""


class KeyUnknown(RequestError):
    """The request shows an API key that is none."""


class TokenNeeded(RequestError):
    """Only who shows a valid token of a reviewer may do this."""


class NotPermitted(RequestError):
    """The token is valid, and does not extend to this."""


@dataclass(eq=False)
class RateLimited(RequestError):
    """This client asks more often than it may; `retry_after` is in seconds."""

    retry_after: int = 1


class QueryError(KgError):
    """A query got no answer."""


@dataclass(eq=False)
class SyntaxFault(QueryError):
    """The text is empty or not SPARQL; `line` and `column` count from 1, 0 where unknown."""

    line: int = 0
    column: int = 0
    excerpt: str = ""


@dataclass(eq=False)
class LimitExceeded(QueryError):
    """The query is over a limit of length, nesting or size of pattern; `limit` names it."""

    limit: str = ""
    line: int = 0
    column: int = 0
    excerpt: str = ""


@dataclass(eq=False)
class ServiceRefused(QueryError):
    """The query names a SERVICE that is not on the allow-list."""

    line: int = 0
    column: int = 0
    excerpt: str = ""


class AnswerTooLarge(QueryError):
    """The whole answer does not fit the cap, and a cut answer would be a wrong one."""


class EngineFailed(QueryError):
    """The engine refused the query, crashed or ran out of memory on it."""


@dataclass(eq=False)
class DeadlinePassed(QueryError):
    """No whole answer within the deadline of `limit_seconds`."""

    limit_seconds: float = 0.0


@dataclass(eq=False)
class ClientBusy(QueryError):
    """This client has too many queries under way; `retry_after` is in seconds."""

    retry_after: int = 1


@dataclass(eq=False)
class QueueFull(QueryError):
    """The service has too many queries waiting; `retry_after` is in seconds."""

    retry_after: int = 1
