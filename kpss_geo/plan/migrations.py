"""The form of the plan file, version by version; a file only ever moves forward.

`PRAGMA user_version` of a file says how many of these steps it has been through. A step
that has been released is never edited: what comes later is a new step at the end.
"""

from typing import Final

MOMENT: Final = "changed_at TEXT NOT NULL CHECK (changed_at GLOB '2???-??-??T??:??:??+00:00')"
TRACE: Final = f"""reason TEXT NOT NULL,
        author TEXT NOT NULL,
        {MOMENT},
        revision INTEGER NOT NULL REFERENCES history (id)"""
"""What every row says of itself: why, who, when (UTC), and which change made it."""

FIRST: Final = (
    f"""
    CREATE TABLE history (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        {MOMENT},
        author TEXT NOT NULL,
        action TEXT NOT NULL CHECK (action IN ('written', 'removed', 'erased')),
        table_name TEXT NOT NULL,
        row_key TEXT NOT NULL,
        before TEXT,
        after TEXT,
        reason TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX history_of_a_row ON history (table_name, row_key)",
    f"""
    CREATE TABLE thresholds (
        type_code TEXT NOT NULL,
        form TEXT NOT NULL CHECK (form IN ('pob', 'amb', 'ter')),
        value REAL CHECK (value > 0),
        unit TEXT CHECK (unit IN ('km', 'min')),
        per_1000 REAL CHECK (per_1000 > 0),
        capacity_unit TEXT,
        {TRACE},
        PRIMARY KEY (type_code, form),
        CHECK ((value IS NULL) = (unit IS NULL)),
        CHECK ((per_1000 IS NULL) = (capacity_unit IS NULL))
    ) STRICT
    """,
    f"""
    CREATE TABLE served (
        service_id TEXT NOT NULL,
        code TEXT NOT NULL CHECK (length(code) = 6),
        serves INTEGER NOT NULL CHECK (serves IN (0, 1)),
        {TRACE},
        PRIMARY KEY (service_id, code)
    ) STRICT
    """,
    f"""
    CREATE TABLE working_groups (
        territory TEXT NOT NULL,
        name TEXT NOT NULL,
        position INTEGER NOT NULL,
        type_codes TEXT NOT NULL,
        {TRACE},
        PRIMARY KEY (territory, name)
    ) STRICT
    """,
    f"""
    CREATE TABLE corrections (
        service_id TEXT NOT NULL,
        place TEXT NOT NULL,
        field TEXT NOT NULL,
        original TEXT NOT NULL,
        new TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('open', 'reported', 'withdrawn')),
        {TRACE},
        PRIMARY KEY (service_id, place, field)
    ) STRICT
    """,
    f"""
    CREATE TABLE territories (
        id TEXT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        in_name TEXT NOT NULL,
        codes TEXT NOT NULL,
        surroundings_km REAL CHECK (surroundings_km >= 0),
        {TRACE}
    ) STRICT
    """,
)

REMARKS: Final = (
    f"""
    CREATE TABLE remarks (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        territory TEXT NOT NULL,
        code TEXT NOT NULL CHECK (code = '' OR length(code) = 6),
        type_code TEXT NOT NULL,
        service_id TEXT NOT NULL,
        place TEXT NOT NULL,
        role TEXT NOT NULL,
        working_group TEXT NOT NULL,
        text TEXT NOT NULL CHECK (text <> ''),
        written_at TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'published', 'refused')),
        answer TEXT NOT NULL,
        decision TEXT NOT NULL,
        answered_at TEXT NOT NULL,
        {TRACE}
    ) STRICT
    """,
    "CREATE INDEX remarks_of_a_territory ON remarks (territory)",
    f"""
    CREATE TABLE reactions (
        number INTEGER NOT NULL REFERENCES remarks (number),
        visit TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('agree', 'disagree', 'more')),
        {MOMENT},
        PRIMARY KEY (number, visit)
    ) STRICT
    """,
)
"""Numbers of remarks never come again. Reactions have no names and so no trace of changes."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (FIRST, REMARKS)
