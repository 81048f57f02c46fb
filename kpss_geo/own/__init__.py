"""The team's own tables: columns guessed, a dry run with every fault named, then taken over.

`check_table` reads a table and says what would be taken; `take_table` writes just that into
the data folder, whole or not at all, with a note of what it came from.
"""

from kpss_geo.own.take import Checked, check_table, take_table
from kpss_geo.own.template import template_xlsx, write_template
from kpss_geo.own.undo import can_undo, undo_table

__all__ = [
    "Checked",
    "can_undo",
    "check_table",
    "take_table",
    "template_xlsx",
    "undo_table",
    "write_template",
]
