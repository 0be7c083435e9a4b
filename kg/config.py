"""Settings: one row per setting, from which follow the environment variable, the README's table and the default.

In: environment variables `KG_…` and what the command line sets. Out: one frozen `Settings`. Only `kg.cli` and the
application factory read settings; everything below takes plain values.
"""

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from kg.errors import UsageError
from kg.namespaces import DEFAULT_BASE_IRI
from kg.terms import writable_iri


class Settings(BaseSettings):
    """What an operator can set; every field is also an environment variable with the prefix `KG_`."""

    model_config = SettingsConfigDict(env_prefix="KG_", frozen=True, extra="ignore")

    home: Path = Field(Path("kg-home"), description="Folder of the archive and the generations.")
    base_iri: str = Field(DEFAULT_BASE_IRI, description="Base of the IRIs that the service mints; ends with /.")
    host: str = Field("127.0.0.1", description="Address the server listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port the server listens on; 0 picks a free one.")
    workers: int = Field(
        default_factory=lambda: max(4, 2 * (os.cpu_count() or 2)),
        ge=1,
        le=256,
        description="Places in the fast lane.",
    )
    timeout: float = Field(10.0, gt=0, le=3600, description="Seconds a query may take; `timeout=` is clamped to it.")
    tier: Literal["auto", "memory", "disk"] = Field(
        "auto", description="Where queries run: a copy in memory, the store on disk, or memory if it fits."
    )
    worker_memory_mb: int = Field(1024, ge=64, description="Memory that one query may add to its worker.")
    answer_mb: int = Field(512, ge=1, description="Largest answer; a larger one is an error, never cut.")
    spool_mb: int = Field(4096, ge=1, description="All answers that wait for their readers, together.")
    slow_after_ms: int = Field(250, ge=1, description="After this time a query moves to the slow lane.")
    slow_places: int = Field(2, ge=1, description="Queries that the slow lane runs at once.")
    slow_queue: int = Field(4, ge=0, description="Paused queries that may wait for a place in the slow lane.")
    queue: int = Field(256, ge=0, description="Queries that may wait for a worker.")
    client_queries: int = Field(32, ge=1, description="Queries that one client may have under way.")
    client_rate: float = Field(
        0.0, ge=0, description="Requests that one client may make a second, over a while; 0 is without limit."
    )
    client_burst: int = Field(100, ge=1, description="Requests that a client with such a limit may make at once.")
    trusted_proxies: frozenset[str] = Field(
        frozenset(),
        description="Proxies whose word on who asks is believed (a JSON list of addresses and networks).",
    )
    api_keys: Path | None = Field(None, description="File of API keys: names, hashes and rates.")
    cache_mb: int = Field(64, ge=0, description="Answers that are kept in memory; 0 keeps none.")
    query_log: str | None = Field(None, description="File that gets a JSON line for each query; `-` is stderr.")
    query_log_text: bool = Field(False, description="Whether those lines have the queries' texts, without literals.")
    max_query_length: int = Field(1_000_000, ge=1, description="Longest query text, in characters.")
    max_body_mb: int = Field(4, ge=1, description="Largest request body.")
    allowed_services: frozenset[str] = Field(
        frozenset(), description="SPARQL endpoints that a query may name in SERVICE (a JSON list of IRIs)."
    )
    contact_points: Literal["organisational", "all", "none"] = Field(
        "organisational", description="Which contact points are loaded from sources."
    )
    keep_generations: int = Field(10, ge=1, description="Newest generations that `kg build` keeps; also one a month.")
    query_folders: tuple[Path, ...] = Field(
        (), description="Folders of named queries of your own, beside ours (a JSON list of paths)."
    )
    reload_queries: bool = Field(False, description="Whether changed files of named queries are read again.")
    download_mb: int = Field(512, ge=1, description="Largest file that is fetched from a URL.")
    download_timeout: float = Field(120.0, gt=0, description="Seconds that fetching one URL may take.")

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies_are_addresses(cls, values: frozenset[str]) -> frozenset[str]:
        for value in values:
            ip_network(value)
        return values

    @field_validator("base_iri")
    @classmethod
    def _base_is_a_writable_http_iri(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")) or not value.endswith("/") or writable_iri(value) != value:
            raise ValueError("must be an http or https IRI that ends with /")
        return value


def read_settings(**overrides: object) -> Settings:
    """Read the environment, with what the command line set on top (`None` means not set).

    Raises:
        UsageError: a value is wrong; `where` names the setting.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except SettingsError as error:  # it names the field in its text alone
        named = next((name for name in Settings.model_fields if f'"{name}"' in str(error)), "settings")
        raise UsageError(
            "is not a JSON list",
            where=f"setting {named}",
            hint=f"""KG_{named.upper()}='["…", "…"]'; README.md lists the settings""",
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "settings"
        raise UsageError(
            f"{first['msg']}, not {first['input']!r}",
            where=f"setting {name}",
            hint=f"set KG_{name.upper()} or the command's option; README.md lists the settings",
        ) from error
