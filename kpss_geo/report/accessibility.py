"""The accessibility statement (§ 8 of Act no. 99/2019 Coll.): what is met, what is not."""

import re
from typing import Final

from kpss_geo.errors import N_
from kpss_geo.report.html import render
from kpss_geo.text import Words

ASSESSED: Final = "2026-11-22"
"""Day of the last own assessment: changed by whoever repeats it."""
MET: Final = (
    N_("every page can be used by keyboard alone; what a click on the map does, a select box "
       "does too"),
    N_("every map has an equal table or list beside it, with a caption and headings"),
    N_("colours never carry a meaning alone: words, signs and patterns say the same"),
    N_("the page says its language, has headings in order and named fields; it fits a phone"),
    N_("numbers explain themselves at a press, without hovering"),
)  # fmt: skip
NOT_MET: Final = (
    (N_("The matrix of served obce on the page Plan is drawn as a picture of cells; a screen "
        "reader reads only a part of it."),
     N_("Download it as XLSX, fill it in, and load it back on the same page.")),
    (N_("A few words of the program that draws the pages stay English, for instance at loading "
        "a file or where a select box finds nothing."),
     N_("They do not carry a meaning of their own; the labels around them are translated.")),
    (N_("Wide tables (all types of services, all obce) have to be moved sideways on a phone."),
     N_("Choose one obec, or download the table as CSV.")),
    (N_("Names and addresses from the register are as providers wrote them, with abbreviations "
        "and capitals."),
     N_("Ask the operator for the wording, or the provider by telephone.")),
    (N_("Workbooks (XLSX) and Word files were not assessed with assistive technology; the PDF "
        "files are tagged (PDF/UA-1)."),
     N_("The same numbers stand on the pages as tables.")),
)  # fmt: skip
"""What is not accessible, and how to get the content otherwise."""
OUT_OF_SCOPE: Final = (
    N_("The maps themselves: § 1 (3) a) of the Act does not cover them; the tables beside them "
       "give the same."),
)  # fmt: skip
MAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def statement(words: Words, *, operator: str, contact: str) -> str:
    """Write the statement in the form of the Act; what the operator has not filled in is said."""
    return render(
        "accessibility.html",
        promise=words.t(
            "{operator} undertakes to make these pages accessible under Act no. 99/2019 Coll., on "
            "the accessibility of websites and mobile applications, which implements Directive "
            "(EU) 2016/2102.",
            operator=operator or words.t("The operator of this page (not filled in yet)"),
        ),
        contact=contact,
        mail=contact if MAIL.fullmatch(contact) else "",
        met=[words.t(each) for each in MET],
        not_met=[(words.t(what), words.t(instead)) for what, instead in NOT_MET],
        out_of_scope=[words.t(each) for each in OUT_OF_SCOPE],
        assessed=words.t(
            "By the program's own assessment on {date}: the tool axe-core on every page, walks by "
            "keyboard alone, views at 1366 and 390 points of width, print. People with "
            "disabilities and real screen readers have not tried it yet.",
            date=words.date(ASSESSED),
        ),
        t=words.t,
    )
