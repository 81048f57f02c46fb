"""The plan file: everything the team typed, in one SQLite file that it owns.

Thresholds, served obce, working groups, territories and corrections of the register, each
with who wrote it, when and why. Official data are read from elsewhere and never overwrite
it. Copying the file copies the plan.
"""

from kpss_geo.plan.correction_files import corrections_csv, corrections_table, corrections_xlsx
from kpss_geo.plan.corrections import (
    STATE_WORDS,
    Correction,
    corrections,
    corrections_digest,
    propose,
    set_correction,
    with_state,
)
from kpss_geo.plan.editorial import apply_corrections
from kpss_geo.plan.fields import place_keys
from kpss_geo.plan.file import (
    NOT_SAID,
    PLAN_NAME,
    Plan,
    copy_plan,
    find_plan,
    open_plan,
    plan_bytes,
)
from kpss_geo.plan.groups import (
    OwnGroup,
    OwnTerritory,
    every_working_group,
    own_territories,
    remove_territory,
    remove_working_group,
    replace_working_groups,
    set_territory,
    set_working_groups,
    working_groups,
)
from kpss_geo.plan.intake import ServedFile, read_served
from kpss_geo.plan.limits import (
    Threshold,
    Thresholds,
    read_default_thresholds,
    remove_threshold,
    set_threshold,
    thresholds,
)
from kpss_geo.plan.personal import personal_data
from kpss_geo.plan.reactions import KINDS, NOBODY, Reactions, react, reactions
from kpss_geo.plan.records import erase, history
from kpss_geo.plan.remarks import (
    COORDINATOR,
    DECISIONS,
    PUBLISHED,
    REFUSED,
    ROLES,
    STATES,
    WAITING,
    Erased,
    Remark,
    erase_remark,
    erased_remarks,
    remarks,
    settle_remark,
    write_remark,
)
from kpss_geo.plan.statements import any_of_type, served, state_served
from kpss_geo.plan.takeover import Preview, preview, write_served
from kpss_geo.plan.template import field_services, served_csv, served_template

__all__ = [
    "COORDINATOR",
    "DECISIONS",
    "KINDS",
    "NOBODY",
    "NOT_SAID",
    "PLAN_NAME",
    "PUBLISHED",
    "REFUSED",
    "ROLES",
    "STATES",
    "STATE_WORDS",
    "WAITING",
    "Correction",
    "Erased",
    "OwnGroup",
    "OwnTerritory",
    "Plan",
    "Preview",
    "Reactions",
    "Remark",
    "ServedFile",
    "Threshold",
    "Thresholds",
    "any_of_type",
    "apply_corrections",
    "copy_plan",
    "corrections",
    "corrections_csv",
    "corrections_digest",
    "corrections_table",
    "corrections_xlsx",
    "erase",
    "erase_remark",
    "erased_remarks",
    "every_working_group",
    "field_services",
    "find_plan",
    "history",
    "open_plan",
    "own_territories",
    "personal_data",
    "place_keys",
    "plan_bytes",
    "preview",
    "propose",
    "react",
    "reactions",
    "read_default_thresholds",
    "read_served",
    "remarks",
    "remove_territory",
    "remove_threshold",
    "remove_working_group",
    "replace_working_groups",
    "served",
    "served_csv",
    "served_template",
    "set_correction",
    "set_territory",
    "set_threshold",
    "set_working_groups",
    "settle_remark",
    "state_served",
    "thresholds",
    "with_state",
    "working_groups",
    "write_remark",
    "write_served",
]
