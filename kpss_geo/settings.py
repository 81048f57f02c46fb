"""One frozen `Settings`, read from the environment variables `KPSS_*`."""

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from kpss_geo.errors import N_, BadOption

PACKAGE_DIR = Path(__file__).parent


def shipped_root() -> Path:
    """Folder that holds `app.py`, `geodata/` and `static/`.

    In a checkout that is the project's own folder; in an installed wheel it is the
    folder `_shipped` inside the package.
    """
    installed = PACKAGE_DIR / "_shipped"
    return installed if installed.is_dir() else PACKAGE_DIR.parent


EMAIL = re.compile(r"^[^@\s]+@[^@\s]+$")
Url = Annotated[str, Field(pattern=r"^https?://\S+$")]


class OfficialSources(BaseSettings):
    """Where official data are fetched from, how patiently, and when they count as stale."""

    ruian_url: Url = "https://ags.cuzk.cz/arcgis/rest/services/RUIAN/MapServer"
    gisco_lau_url: Url = (
        "https://gisco-services.ec.europa.eu/distribution/v2/lau/geojson/"
        "LAU_RG_01M_2024_4326.geojson"
    )
    addresses_url: Url = "https://vdp.cuzk.gov.cz/vymenny_format/csv"
    addresses_atom_url: Url = "https://atom.cuzk.gov.cz/get.ashx?theme=RUIAN-CSV-ADR-ST"
    csu_ages_url: Url = Field(
        default="https://data.csu.gov.cz/opendata/sady/OBY02E/130149-25data052025.zip",
        description="Three age groups per obec; the name changes with every yearly edition.",
    )
    csu_census_url: Url = (
        "https://csu.gov.cz/docs/107508/669330fa-7201-a927-a7c8-16e45db63de0/"
        "sldb2021_vek5_pohlavi.csv"
    )
    rpss_url: Url = "https://data.mpsv.cz/od/soubory"
    geofabrik_url: Url = "https://download.geofabrik.de/europe/czech-republic"
    gtfs_urls: tuple[tuple[str, Url], ...] = Field(
        default=(
            ("pid", "https://data.pid.cz/PID_GTFS.zip"),
            ("kordis", "https://kordis-jmk.cz/gtfs/gtfs.zip"),
        ),
        description="Timetables by a name of their own; a name not known here is always fetched.",
    )
    boundary_detail_m: float = Field(
        default=10.0, ge=0, le=1000, description="How far a boundary may be straightened."
    )
    fetch_tries: int = Field(default=5, ge=1, le=20)
    fetch_timeout_s: float = Field(
        default=60.0, gt=0, description="How long a silent server is waited for."
    )
    fetch_pause_s: float = Field(
        default=1.0, ge=0, description="Pause before the second try; it doubles with each."
    )
    fetch_longest_pause_s: float = Field(
        default=120.0, ge=0, description="Bound of a pause, also of one the server asks for."
    )
    fetch_longest_s: float = Field(
        default=3600.0, gt=0, description="Time after which one file is given up."
    )
    stale_days: tuple[tuple[str, int], ...] = Field(
        default=(
            ("boundaries", 400),
            ("parts", 400),
            ("people", 600),
            ("register", 45),
            ("roads", 200),
            ("timetables", 30),
            ("addresses", 120),
        ),
        description="Age of the data, in days, from which a source is called stale.",
    )


class Settings(OfficialSources):
    """Everything that may differ from one office to another, with its unit."""

    model_config = SettingsConfigDict(env_prefix="KPSS_", frozen=True, extra="ignore")

    geo_data: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("kpss_geo", appauthor=False)),
        description="Folder with the office's own data; what is not there comes from geodata/.",
    )
    cache: Path = Field(
        default_factory=lambda: Path(platformdirs.user_cache_dir("kpss_geo", appauthor=False)),
        description="Folder for what can be made again from the data, such as prepared roads.",
    )
    plan: Path | None = Field(
        default=None,
        description="The plan file; by default plan.sqlite in the folder with own data.",
    )
    author: str = Field(
        default="neuvedeno",
        description="In whose name the plan is written: a role, not the name of a person.",
    )
    editors: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="E-mails of those who may change the plan after they log in, with commas "
        "between; empty, and no login set: everybody at this computer may.",
    )
    operator: str = Field(
        default="",
        max_length=200,
        description="Office that runs the app and publishes what it exports, by name.",
    )
    contact: str = Field(
        default="",
        max_length=200,
        description="Where people report what is not accessible: e-mail, telephone or address.",
    )
    operator_ico: str = Field(
        default="", pattern=r"^(\d{8})?$", description="IČO of that office, eight digits."
    )
    language: Literal["cs", "en", "uk"] = Field(default="cs")
    detour_factor: float = Field(
        default=1.4,
        ge=1.0,
        le=3.0,
        description=(
            "Road length divided by straight length. Median of 17 217 pairs of obce "
            "10-20 km apart on the generalised road table is 1.38 (quartiles 1.27-1.52); "
            "shown by `kpss-geo bench detour`."
        ),
    )
    straight_speed_kmh: float = Field(
        default=50.0,
        gt=0,
        le=130,
        description="Speed that turns an estimated road length into minutes; a working value.",
    )
    walk_speed_kmh: float = Field(
        default=4.5,
        gt=0,
        le=10,
        description="Walking speed where only an estimate of the way is known.",
    )
    reach_km: float = Field(
        default=15.0, ge=0.1, le=200, description="Reach asked when nobody said otherwise."
    )
    field_km: float = Field(
        default=40.0,
        ge=0,
        le=200,
        description="How near a seat or a district without data must be for a field service "
        "from there to be asked whether it serves an obec; a working value.",
    )
    surroundings_km: float = Field(
        default=20.0,
        ge=0,
        le=100,
        description="How far around a territory obce and places are drawn and listed.",
    )

    @field_validator("editors", mode="before")
    @classmethod
    def _each_editor(cls, given: object) -> object:
        """Take e-mails with commas, semicolons or spaces between."""
        if not isinstance(given, str):
            return given
        emails = [part for part in re.split(r"[,;\s]+", given) if part]
        if any(not EMAIL.match(email) for email in emails):
            raise ValueError(N_("e-mails with commas between"))
        return emails

    @property
    def plan_path(self) -> Path:
        """Where the plan file is."""
        return self.plan or self.geo_data / "plan.sqlite"


@cache
def current() -> Settings:
    """Give the settings of this process, read once."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        raise BadOption(
            given=first["input"],
            option=f"KPSS_{str(first['loc'][0]).upper()}",
            possible=first["msg"],
        ) from error
