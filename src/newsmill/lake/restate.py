"""A table's metadata made anew: where it is damaged, or names the place that the lake was moved or copied from."""

from dataclasses import dataclass
from datetime import date

from pyiceberg.manifest import DataFile
from pyiceberg.table import Table

from newsmill.errors import Damaged, NotStored, StorageError
from newsmill.lake.head import Head
from newsmill.lake.iceberg import Lost, Plan, PointerCatalog
from newsmill.lake.read import lost_dates, planned, salvaged
from newsmill.schemas.record import Record
from newsmill.storage import ObjectStore


@dataclass(frozen=True, slots=True)
class MadeOut:
    """A table as far as it can be made out: its files, as the metadata has them or, where that is damaged, by key.

    ``former`` is the table at its present metadata, if that can be read. ``damage`` says what of it cannot, ``anew`` of
    which dates the files were found without it, and ``left_out`` why dates are missing, each in one line.
    """

    former: Table | None
    files: tuple[DataFile | str, ...]
    damage: tuple[str, ...]
    anew: tuple[date, ...]
    left_out: tuple[str, ...]


def made_out(
    store: ObjectStore,
    head: Head,
    record: type[Record],
    *,
    without: date | None = None,
    lenient: bool = False,
    headless: StorageError | None = None,
) -> MadeOut:
    """What a table holds, read without a trust in its metadata; ``headless`` says why there is no head to trust.

    A date that cannot be made out is left out if it is ``without`` or if ``lenient``; else Damaged is raised.
    """
    catalog, name = PointerCatalog(store), record.table
    former: Table | None = None
    past: list[str] = []
    plan = Plan((), (Lost(headless, date.min, date.max),) if headless else ())
    if name in head.tables:
        plan = planned(store, head, name)
        try:
            former = catalog.load(name, head.tables[name])
            catalog.reachable(former)
        except (Damaged, NotStored) as error:
            past = [str(error)]
    stated = catalog.stated(former) if former and plan.files else {}
    listed = sorted(plan.files, key=lambda file: (file.logical_date, file.key))
    files: list[DataFile | str] = [stated.get(file.key, file.key) for file in listed]
    anew: list[date] = []
    left_out: list[str] = []
    for _, day in lost_dates(store, name, plan):
        try:
            files += salvaged(store, head, name, day)
            anew.append(day)
        except Damaged as error:
            if day != without and not lenient:
                raise
            left_out.append(str(error))
    damage = dict.fromkeys([*(str(lost.error) for lost in plan.lost), *past])
    return MadeOut(former, tuple(files), tuple(damage), tuple(anew), tuple(left_out))
