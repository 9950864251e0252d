"""The errors a user may see. Each carries what it is about and says, in one line, what to do."""


class NewsmillError(Exception):
    """Base of all errors that are shown as one line instead of a traceback. ``exit_code`` is the command's."""

    exit_code = 1


class UsageError(NewsmillError):
    """The command, its arguments or its environment are off."""

    exit_code = 2


class NoLake(UsageError):
    """Nothing has been published at ``uri`` yet."""

    def __init__(self, uri: str) -> None:
        super().__init__(f"there is no lake at {uri} yet; a first run makes it")
        self.uri = uri

    def __reduce__(self) -> tuple[type["NoLake"], tuple[str]]:
        return type(self), (self.uri,)


class SqlRefused(UsageError):
    """A query is off. ``place`` shows the line of it and, below, a mark at what is wrong; empty if it is not known."""

    def __init__(self, said: str, place: str = "") -> None:
        super().__init__(said)
        self.place = place

    def __reduce__(self) -> tuple[type["SqlRefused"], tuple[str, str]]:
        return type(self), (str(self), self.place)


class ConfigError(UsageError):
    """``newsmill.toml`` or a ``NEWSMILL_*`` variable is off."""


class StorageError(NewsmillError):
    """A lake or a source could not be read or written."""


class NotStored(StorageError):
    """No object stands under the key."""


class Damaged(StorageError):
    """What stands in the store is not what was written there."""


class CommitConflict(StorageError):
    """Another run published in between; the commit can be tried again on the newer state."""


class CatalogBehind(NewsmillError):
    """A catalog service could not be told of what has been published; the lake itself stands."""


class LedgerMismatch(NewsmillError):
    """The ledger does not go with the articles, or was made by another version."""


class LedgerChanged(NewsmillError):
    """What a date was decided by has changed before it was published; decide it again."""


class NeighboursChanged(NewsmillError):
    """What a date's quotations and stories were compared with has changed before it was published; compare again."""


class InputsChanged(NewsmillError):
    """The sources of a date do not hold any more what it was made of."""


class DateChanged(NewsmillError):
    """A date has been published since it was compared with what a model makes of it."""


class RunInProgress(NewsmillError):
    """Another run of the same date is at work."""


class SchemaConflict(NewsmillError):
    """The lake's tables have columns that this version of newsmill would rename or retype."""


class ModelError(NewsmillError):
    """The language model is missing or unfit."""


class ServerLost(NewsmillError):
    """The Prefect server has gone away in the middle of a command."""


class ClusterError(NewsmillError):
    """The cluster does not answer, or one of its workers cannot do what this process would."""


class NotValidated(NewsmillError):
    """The rows of a run could not be looked at, so nothing was published."""


class ValidationStopped(NewsmillError):
    """A batch rule failed, so nothing was published. ``failures`` names each failed rule and what it saw."""

    exit_code = 3

    def __init__(self, failures: tuple[str, ...], report: str) -> None:
        super().__init__(
            f"validation stopped the publish: {'; '.join(failures)}; the lake is as it was. Report: {report}"
        )
        self.failures = failures
        self.report = report

    def __reduce__(self) -> tuple[type["ValidationStopped"], tuple[tuple[str, ...], str]]:
        return type(self), (self.failures, self.report)
