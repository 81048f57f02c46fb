"""What a filled-in table would change in the plan, shown before anything is written."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from kpss_geo.plan import records
from kpss_geo.plan.file import Plan
from kpss_geo.plan.intake import CONTRADICTS, ServedFile
from kpss_geo.plan.records import NEW, SERVED, Change
from kpss_geo.plan.statements import served
from kpss_geo.plan.typed import text
from kpss_geo.schema import CODE, SERVICE_ID

KEY: Final = [SERVICE_ID, CODE]


@dataclass(frozen=True)
class Preview:
    """What a file would change.

    new, changed, taken_back
        `service_id`, `code`, `serves`, `note`, `row`, `column`, `sheet` of the file, and of
        the plan `was`, `author`, `when`, `revision` (of a new one empty). `changed` says
        otherwise than the plan does, or gives another note; `taken_back` is not known again.
    same
        How many statements the plan holds already.
    contradicting
        Cells by which the file contradicts itself; none of them is taken.
    """

    new: pd.DataFrame
    changed: pd.DataFrame
    taken_back: pd.DataFrame
    same: int
    contradicting: pd.DataFrame

    @property
    def changes(self) -> int:
        """How many statements would be written."""
        return len(self.new) + len(self.changed) + len(self.taken_back)


def preview(plan: Plan | None, file: ServedFile) -> Preview:
    """Compare what a file says with what the plan holds; nothing is written."""
    known = served(plan).rename(columns={"serves": "was", "note": "old_note"})
    both = file.statements.merge(known, on=KEY, how="left")
    is_new = both["revision"].isna()
    takes_back = both["serves"].isna()
    differs = ~is_new & ~takes_back & (both["serves"] != both["was"])
    noted = ~is_new & ~takes_back & (both["note"] != "") & (both["note"] != both["old_note"])
    shown = both.drop(columns="old_note")
    return Preview(
        new=_part(shown, is_new & ~takes_back),
        changed=_part(shown, differs | noted),
        taken_back=_part(shown, takes_back & ~is_new),
        same=int((~is_new & ~takes_back & ~differs & ~noted).sum()),
        contradicting=file.apart[file.apart["why"] == CONTRADICTS].reset_index(drop=True),
    )


def write_served(plan: Plan, chosen: Preview, *, reason: str) -> int:
    """Write what a preview showed, all or nothing; give the number of statements written.

    `reason` is kept with statements that have no note of their own.

    Raises
    ------
    ChangedMeanwhile
        Somebody changed one of the statements since the preview; nothing is written.
    """
    why = text(reason, option="reason")
    parts = [chosen.new, chosen.changed, chosen.taken_back]
    rows = [row for part in parts for row in part.to_dict("records")]
    changes = [
        Change(
            SERVED,
            (str(row[SERVICE_ID]), str(row[CODE])),
            None if row["serves"] is None else (int(row["serves"]),),
            NEW if pd.isna(row["revision"]) else int(row["revision"]),
            str(row["note"]) or why,
        )
        for row in rows
    ]
    return len(records.write(plan, changes))


def _part(table: pd.DataFrame, mask: pd.Series) -> pd.DataFrame:
    return table[mask].reset_index(drop=True)
