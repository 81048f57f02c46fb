"""The register of providers (RPSS) of MPSV with its code lists, kept as they are published.

What they mean is read elsewhere; here the files are fetched, judged by their form and put
into the cache: they hold names of people, which only the import leaves behind.
"""

from pathlib import Path
from typing import Final

import msgspec

from kpss_geo.errors import N_, AnswerNotUsable, Finding, KpssGeoError, SourceFormChanged
from kpss_geo.sources.fetch.catalogue import REGISTER
from kpss_geo.sources.fetch.forms import BOM
from kpss_geo.sources.fetch.kept_file import Facts, fetch_file
from kpss_geo.sources.fetch.line import Job, Wanted
from kpss_geo.sources.fetch.manifest import Fetched

FILE: Final = "rpss.json"
LISTS_FOLDER: Final = "code_lists"
CODE_LISTS: Final = (
    "druhy-socialni-sluzby",
    "cilove-skupiny-osoby",
    "formy-soc-sluzby",
    "typy-kapacity-socialni-sluzby",
    "vekove-skupiny-osoby",
    "kraje",
    "okresy",
    "obce",
    "casti-obci",
)
MAX_BYTES: Final = 600_000_000
MAX_LIST_BYTES: Final = 60_000_000


class _Document(msgspec.Struct):
    polozky: list[msgspec.Raw]


def fetch_register(job: Job) -> Fetched:
    """Fetch the register and its code lists; a list that fails is named, the rest goes on.

    Raises
    ------
    OwnFileKept, DownloadFailed, DownloadTooLarge, AnswerNotUsable, SourceFormChanged
        The register itself cannot be had.
    """
    base = job.line.settings.rpss_url.rstrip("/")
    wanted = Wanted(REGISTER.title, f"{base}/rpss/rpss.json", "json", MAX_BYTES)
    got = fetch_file(
        job,
        wanted,
        job.cache / FILE,
        source=REGISTER,
        judge=count_entries,
    )
    manifests, findings = list(got.manifests), list(got.findings)
    for name in CODE_LISTS:
        url = f"{base}/ciselniky/{name}.json"
        target = job.cache / LISTS_FOLDER / f"{name}.json"
        wanted = Wanted(REGISTER.title, url, "json", MAX_LIST_BYTES)
        try:
            fetched = fetch_file(job, wanted, target, source=REGISTER, judge=count_entries)
            manifests += fetched.manifests
        except KpssGeoError as error:
            findings.append(Finding("warning", target.name, error.template, fields=error.fields))
    return Fetched(tuple(manifests), tuple(findings), unchanged=got.unchanged)


def count_entries(path: Path) -> Facts:
    """Judge `{"polozky": [...]}`: whole JSON with at least one entry.

    Raises
    ------
    AnswerNotUsable, SourceFormChanged
    """
    content = path.read_bytes().removeprefix(BOM)
    try:
        entries = msgspec.json.decode(content, type=_Document).polozky
    except msgspec.ValidationError as error:
        raise SourceFormChanged(
            source=REGISTER.title, columns="polozky", found=str(error)[:200]
        ) from error
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        why = N_("it is no whole JSON")
        raise AnswerNotUsable(source=REGISTER.title, why=why) from error
    if not entries:
        raise AnswerNotUsable(source=REGISTER.title, why=N_("it is empty"))
    return Facts(rows=len(entries))
