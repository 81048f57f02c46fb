"""What can be wrong: errors that stop, and findings that are reported while the rest goes on.

Both carry a *template* (an English sentence that is also the key of the translation
catalogues) and the *fields* that fill it. The Czech sentence is made at the edge, by
`kpss_geo.text`, so that no module in the core formats words for people.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal


class Phrase(str):
    """A text of ours that stands in the catalogues; what comes from files is a plain `str`."""

    __slots__ = ()


def N_(template: str) -> Phrase:  # noqa: N802 - the name gettext tools look for
    """Mark a template for the translation catalogues."""
    return Phrase(template)


class KpssGeoError(Exception):
    """Any error of this package. `template` and `fields` make the sentence people read."""

    template: ClassVar[str] = N_("Something went wrong: {what}.")

    def __init__(self, **fields: object) -> None:
        self.fields: dict[str, object] = fields
        super().__init__(self.template.format(**fields))


class FileNotUsable(KpssGeoError, OSError):
    """A file that cannot be opened at all: absent, empty, cut, or of another kind."""

    template = N_("The file {file} cannot be read: {why}. Replace it with a whole file.")


class TableNotUsable(FileNotUsable):
    """A file that is there but holds no table that can be read within bounds."""

    template = N_(
        "The file {file} cannot be read as a table: {why}. Save only the table itself as XLSX or "
        "“CSV UTF-8” and try again."
    )


class RowNotUsable(TableNotUsable):
    """A row that stops the reading of its file."""

    template = N_("The file {file} cannot be read from row {row} on: {why}. Correct that row.")


class CannotWrite(KpssGeoError, OSError):
    """A file that cannot be written: no right, no room, or open in another program."""

    template = N_(
        "The file {file} cannot be written: {why}. Close it in other programs, or choose a "
        "folder with free space that you may write into."
    )


class ExportEnded(KpssGeoError, RuntimeError):
    """Outputs that were being made and were ended from outside, as when memory ran out."""

    template = N_(
        "The outputs were not finished ({why}), and nothing of them is offered. Choose fewer of "
        "them and try again."
    )


class MissingColumns(KpssGeoError, ValueError):
    """A table without a column it must have."""

    template = N_(
        "The file {file} has no column {columns}. Add it, or rename the column that holds it. "
        "Columns found: {found}."
    )


class MissingCrs(KpssGeoError, ValueError):
    """Geometry that does not say in which coordinates it is."""

    template = N_(
        "The file {file} does not say its coordinate system. "
        "Save it again with EPSG:5514 (S-JTSK / Krovak East North) or EPSG:4326."
    )


class CrsDisagrees(KpssGeoError, ValueError):
    """Coordinates whose size contradicts the coordinate system the file claims."""

    template = N_(
        "The file {file} claims {crs}, but its coordinates lie outside Czechia "
        "(for instance {sample}). {hint}"
    )


class WrongGeometryKind(KpssGeoError, ValueError):
    """Points where areas are needed, or the like."""

    template = N_(
        "The file {file}, row {row}: expected {expected}, found {found}. "
        "Choose the layer that holds {expected}."
    )


class MissingExtra(KpssGeoError, ImportError):
    """An optional package that is not installed."""

    template = N_(
        "The package {package} is needed for {what}. "
        "Install it with: pip install 'kpss-geo[{extra}]'."
    )


class NothingToUndo(KpssGeoError, LookupError):
    """Taking back where nothing was taken over."""

    template = N_("Nothing was taken over into {file}, so there is nothing to take back.")


class NotComparable(KpssGeoError, ValueError):
    """Two results about different things."""

    template = N_(
        "“{first}” and “{second}” cannot be compared. Ask both sides about the same type of "
        "service and the same people."
    )


class NoRoads(KpssGeoError, ValueError):
    """Roads that cannot carry anybody: none in the file, or none that join."""

    template = N_(
        "The file {file} holds no road to use for {profile}: {why}. "
        "Choose an extract that covers the territory, or measure by straight line."
    )


class RoadsMissing(KpssGeoError, LookupError):
    """Travel by road was asked for, and the data folder holds no roads."""

    template = N_(
        "The data folder holds no roads, so ways by road cannot be measured. Take them over "
        "with: kpss-geo data roads FILE. Or measure by straight line (--travel straight)."
    )


class RoadsDoNotCover(KpssGeoError, ValueError):
    """Points of which none is near any road: the extract is of another place."""

    template = N_(
        "The roads of {file} do not cover the points asked about: none of {count} lies within "
        "{limit} m of a road. Choose an extract that covers them, or measure by straight line."
    )


class UnknownTerritory(KpssGeoError, LookupError):
    """A territory id that is not defined."""

    template = N_("The territory {given} is not known. Nearest: {nearest}.")


class UnknownServiceType(KpssGeoError, LookupError):
    """A service type given by a code, a paragraph or a name that no type has."""

    template = N_("The service type {given} is not known. Nearest: {nearest}.")


class UnknownTargetGroup(KpssGeoError, LookupError):
    """A target group that is not in the list."""

    template = N_("The target group {given} is not known. Nearest: {nearest}.")


class UnknownObec(KpssGeoError, LookupError):
    """A territory that names an obec code which does not exist."""

    template = N_(
        "The territory {territory} in {file} names obec codes that do not exist: {codes}. "
        "Check them in the RÚIAN list of obce."
    )


class NoSuchObec(KpssGeoError, LookupError):
    """An obec given by a code or a name that no obec has."""

    template = N_("The obec {given} is not known. Nearest: {nearest}.")


class SeveralObce(KpssGeoError, LookupError):
    """A name that several obce have."""

    template = N_("Several obce are called {given}. Give the code: {possible}.")


class UnknownSituation(KpssGeoError, LookupError):
    """A life situation that is not in the list."""

    template = N_("The situation {given} is not known. Nearest: {nearest}.")


class UnknownArea(KpssGeoError, LookupError):
    """An ORP, district or region that does not exist."""

    template = N_("The area {given} is not known. Nearest: {nearest}.")


class UnclearObce(KpssGeoError, ValueError):
    """A list of obce in which some lines do not say for certain which obec is meant."""

    template = N_(
        "{count} lines of the list do not say for certain which obec is meant, such as “{given}”. "
        "Write the code or the district beside them."
    )


class BadTerritory(KpssGeoError, ValueError):
    """A territory definition that cannot be used."""

    template = N_("The territory {territory} in {file} cannot be used: {why}.")


class BadOption(KpssGeoError, ValueError):
    """A value that an option does not take."""

    template = N_("The value {given} is not possible for {option}. Possible: {possible}.")


class ReasonMissing(BadOption):
    """A change of the plan without a reason."""

    template = N_("No reason is given. Write why it is so, and save again.")


class PlanNotUsable(KpssGeoError, OSError):
    """A plan file that cannot be opened, read or written."""

    template = N_("The plan file {file} cannot be used: {why}.")


class PlanTooNew(KpssGeoError, ValueError):
    """A plan file written by a later version of the program."""

    template = N_(
        "The plan file {file} was written by a newer program (form {found}; this one knows forms "
        "up to {known}). Update the program; the file was left as it is."
    )


class PlanLocked(KpssGeoError, TimeoutError):
    """A plan file that somebody else has been writing for too long."""

    template = N_(
        "Somebody else has been writing into the plan file {file} for more than {seconds} s. "
        "Nothing was written; try again in a moment."
    )


class ChangedMeanwhile(KpssGeoError, RuntimeError):
    """A row that somebody else changed after it was read. Nothing was written."""

    template = N_(
        "{what} was changed meanwhile: {author}, {when}. It now says: {present}. "
        "Nothing was written; look at it and write again."
    )


class TextEmpty(KpssGeoError, ValueError):
    """A remark that says nothing."""

    template = N_("Nothing is written yet. Write the remark and send it again.")


class TextTooLong(KpssGeoError, ValueError):
    """A remark longer than the plan keeps."""

    template = N_(
        "The text has {count} characters, at most {most} are kept. Make it shorter by {over}; "
        "nothing of it was lost."
    )


class NoSuchRemark(KpssGeoError, LookupError):
    """A remark that was erased meanwhile, or that is not published."""

    template = N_("The remark no. {number} is not here any more. Somebody erased it meanwhile.")


class TooManyWaiting(KpssGeoError, RuntimeError):
    """More remarks of the public wait for approval than a coordinator can read."""

    template = N_(
        "{count} remarks wait for approval already, more are not taken now. Tell it to the "
        "coordinator of the plan, and send it later."
    )


class OnlyEditors(KpssGeoError, PermissionError):
    """A change of the plan by a visitor who is not logged in as an editor."""

    template = N_("Only editors who have logged in may change this. Nothing was written.")


class OnlyAtHome(BadOption):
    """Access to a service that nobody travels to."""

    template = N_(
        "Nobody travels to {service}: the field form comes to people, so there is no way to "
        "measure. Ask for its coverage instead."
    )


class DownloadFailed(KpssGeoError, OSError):
    """An official source that did not give what it should, after every try."""

    template = N_(
        "{source} could not be fetched: {why}. What is in the data folder stays as it was; "
        "try again later."
    )


class DownloadTooLarge(KpssGeoError, ValueError):
    """More bytes, or more bytes after unpacking, than such a source ever has."""

    template = N_(
        "{source} was refused: {megabytes} MB is more than the {limit} MB it may have. "
        "What is in the data folder stays as it was."
    )


class AnswerNotUsable(KpssGeoError, ValueError):
    """An official source that answered with something else than its form."""

    template = N_(
        "{source} did not answer in its form: {why}. What is in the data folder stays as it was."
    )


class SourceFormChanged(KpssGeoError, ValueError):
    """An official source without a column or attribute it has always had."""

    template = N_(
        "{source} has changed its form: {columns} is missing (found: {found}). "
        "What is in the data folder stays as it was; look for a newer version of kpss_geo."
    )


class OwnFileKept(KpssGeoError, ValueError):
    """A file in the data folder that no fetch wrote, or that was changed since."""

    template = N_(
        "{file} in the data folder was not written by a fetch, or was changed since. It is kept; "
        "--replace takes the official one instead."
    )


class FetchRuns(KpssGeoError, RuntimeError):
    """Two fetches into one data folder at once."""

    template = N_("Another fetch into this data folder is running. Wait until it ends.")


Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Finding:
    """One line of the quality report: a fault in the data, and what was done about it.

    `row` is the line of the file as a person sees it in a spreadsheet (the heading is
    row 1); None when the finding is about the whole file.
    """

    severity: Severity
    file: str
    template: str
    row: int | None = None
    column: str | None = None
    fields: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (
                self.file,
                f"row {self.row}" if self.row is not None else "",
                f"column {self.column}" if self.column else "",
            )
            if part
        )
        return f"{place}: {self.template.format(**self.fields)}"
