"""One frozen `Settings`, read from the environment variables `KPSS_*`."""

from functools import cache
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from kpss_geo.errors import BadOption

PACKAGE_DIR = Path(__file__).parent


def shipped_root() -> Path:
    """Folder that holds `app.py`, `geodata/` and `static/`.

    In a checkout that is the project's own folder; in an installed wheel it is the
    folder `_shipped` inside the package.
    """
    installed = PACKAGE_DIR / "_shipped"
    return installed if installed.is_dir() else PACKAGE_DIR.parent


class Settings(BaseSettings):
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
