"""People of ČSÚ: official sums kept exactly, finer bands divided by the census and named so."""

import io
import zipfile

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from official.forms import NEWEST, census, yearly_ages, zipped
from official.office import gives, status, web_page
from official.world import World, whole_country

from kpss_geo import population
from kpss_geo.errors import AnswerNotUsable, DownloadFailed, OwnFileKept, SourceFormChanged
from kpss_geo.schema import AGE_BANDS
from kpss_geo.sources import obce
from kpss_geo.sources.fetch import csu_people, csu_tables
from kpss_geo.sources.fetch.csu_people import divide, fetch_people
from kpss_geo.sources.fetch.csu_tables import GROUPS, read_census, read_groups
from kpss_geo.sources.fetch.line import Job, open_line
from kpss_geo.sources.fetch.manifest import read_manifest
from kpss_geo.sources.files import Found

RUMBURK = "562777"
COUNTRY = whole_country()
FEW = World(COUNTRY.obce, COUNTRY.people.loc[[RUMBURK, "562882", "503941"]].sort_index())


@pytest.fixture
def job(offices, tmp_path):
    settings = offices.office.settings(tmp_path)
    with open_line(settings) as line:
        yield Job(line, settings.geo_data, settings.cache)


def _zip(tmp_path, csv, name="a.csv"):
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({name: csv}))
    return path


def _yearly_text(world=FEW):
    with zipfile.ZipFile(io.BytesIO(yearly_ages(world))) as archive:
        return archive.read(archive.namelist()[0]).decode()


class TestTables:
    def test_the_newest_year_of_obce_only(self, tmp_path):
        (tmp_path / "a.zip").write_bytes(yearly_ages(FEW))
        people = read_groups(tmp_path / "a.zip")
        assert people.as_of == NEWEST
        assert people.contradicting == []
        expected = FEW.groups() + 1
        pd.testing.assert_frame_equal(people.table, expected, check_names=False, check_dtype=False)

    def test_the_census_by_sex_with_one_open_band(self, tmp_path):
        (tmp_path / "c.csv").write_bytes(census(FEW))
        people = read_census(tmp_path / "c.csv")
        assert people.as_of == "2021-03-26"
        expected = FEW.people.sort_index()
        pd.testing.assert_frame_equal(people.table, expected, check_names=False, check_dtype=False)

    def test_older_names_separators_and_dates(self, tmp_path):
        text = _yearly_text().replace("uzemi_", "vuzemi_").replace("obdobi", "rok")
        text = text.replace(NEWEST, NEWEST[:4]).replace("2024-12-31", "2024").replace(",", ";")
        people = read_groups(_zip(tmp_path, text.replace("Obec", "Příbram").encode("cp1250")))
        assert people.as_of == NEWEST
        assert len(people.table) == 3
        assert csu_tables._day("26.03.2021") == csu_tables._day("26. 3. 2021") == "2021-03-26"
        assert csu_tables._day("neznámo") == ""

    @pytest.mark.parametrize("column", ["hodnota", "vek_kod", "uzemi_kod", "uzemi_cis", "obdobi"])
    def test_a_missing_column_is_named(self, tmp_path, column):
        text = _yearly_text().replace(f'"{column}"', '"nove_jmeno"', 1)
        with pytest.raises(SourceFormChanged, match=f"{column} is missing.*nove_jmeno"):
            read_groups(_zip(tmp_path, text.encode()))

    def test_a_missing_age_is_named(self, tmp_path):
        text = _yearly_text().replace("410065799999000", "410065610070000")
        with pytest.raises(SourceFormChanged, match=r"65\+ is missing \(found: 0-14, 15-64, 65-69"):
            read_groups(_zip(tmp_path, text.encode()))

    @pytest.mark.parametrize("spoiled", ['"-5"', '"1.5"', '""', '"i.d."', '"9999"'])
    def test_figures_that_contradict_themselves_are_set_apart(self, tmp_path, spoiled):
        count = int(FEW.groups().loc[RUMBURK, "65+"]) + 1
        text = _yearly_text().replace(
            f'"{count}","2406","","","7700","410065799999000"',
            f'{spoiled},"2406","","","7700","410065799999000"',
        )
        people = read_groups(_zip(tmp_path, text.encode()))
        assert people.contradicting == [RUMBURK]
        assert RUMBURK not in people.table.index
        assert len(people.table) == 2

    @pytest.mark.parametrize(
        ("content", "error"),
        [
            (b"", SourceFormChanged),
            (b"<html>", SourceFormChanged),
            (b"x" * 100_000, SourceFormChanged),
            (",".join(f"c{n}" for n in range(1_000_000)).encode(), SourceFormChanged),
        ],
    )
    def test_other_things(self, tmp_path, content, error):
        with pytest.raises(error):
            read_groups(_zip(tmp_path, content))

    def test_no_obec_in_it(self, tmp_path):
        text = _yearly_text().replace('"43"', '"101"')
        with pytest.raises(AnswerNotUsable, match="holds no obec"):
            read_groups(_zip(tmp_path, text.encode()))

    def test_rows_longer_than_the_heading(self, tmp_path):
        text = _yearly_text() + '"1","2","3","4","5","6","7","8","9","10","11","12","13","14"\n'
        with pytest.raises(AnswerNotUsable, match="cannot be told apart"):
            read_groups(_zip(tmp_path, text.encode()))


@st.composite
def _places(draw):
    n = draw(st.integers(1, 5))
    codes = [f"5{number:05}" for number in range(n)]
    counts = arrays.arrays(np.int64, (n, 3), elements=st.integers(0, 400_000))
    shares = arrays.arrays(np.int64, (2 * n, 18), elements=st.integers(0, 9_000))
    groups = pd.DataFrame(draw(counts), index=codes, columns=list(GROUPS))
    index = pd.MultiIndex.from_product([codes, ["female", "male"]], names=["code", "sex"])
    return groups, pd.DataFrame(draw(shares), index=index, columns=list(AGE_BANDS))


class TestDividing:
    @given(_places())
    def test_sums_stay_and_nobody_is_halved(self, places):
        groups, structure = places
        divided = divide(groups, structure)
        both = divided.table.groupby(level="code").sum()
        for name, bands in GROUPS.items():
            some = structure[list(bands)].to_numpy().sum() > 0
            if some:
                assert both[list(bands)].sum(axis=1).equals(groups[name].rename(None))
        assert (divided.table.to_numpy() >= 0).all()
        assert set(divided.as_country) <= set(groups.index)

    @given(_places())
    def test_each_share_is_within_one_person_of_the_exact(self, places):
        groups, structure = places
        table = divide(groups, structure).table
        for code in groups.index:
            for name, bands in GROUPS.items():
                weights = structure.loc[code, list(bands)].to_numpy(dtype=float)
                if weights.sum():
                    exact = groups.at[code, name] * weights / weights.sum()
                    given = table.loc[code, list(bands)].loc[["female", "male"]].to_numpy()
                    assert (np.abs(given - exact) < 1 + 1e-6).all()

    def test_it_is_what_the_other_implementation_gives(self):
        structure = COUNTRY.people[COUNTRY.people["65-69"].groupby("code").transform("sum") > 0]
        groups = COUNTRY.groups().loc[structure.index.get_level_values("code").unique()] + 3
        table = divide(groups, structure).table
        weights = pd.Series(structure[list(GROUPS["65+"])].to_numpy().ravel())
        keys = pd.Series(np.repeat(structure.index.get_level_values("code"), 5))
        other = population.apportion(keys, weights, groups["65+"])
        both = other.to_numpy().reshape(-1, 5)
        ours = table.loc[structure.index, list(GROUPS["65+"])].to_numpy()
        assert ours.sum() == both.sum()
        assert np.abs(ours - both).max() <= 1  # equal remainders may be broken another way
        assert (ours == both).mean() > 0.95

    def test_unchanged_sums_give_the_census_itself(self):
        table = divide(COUNTRY.groups(), COUNTRY.people).table
        assert table.loc[COUNTRY.people.index].equals(COUNTRY.people)

    def test_where_the_census_counted_nobody_the_country_divides(self):
        structure = COUNTRY.people.copy()
        structure.loc[RUMBURK, list(GROUPS["0-14"])] = 0
        divided = divide(COUNTRY.groups(), structure)
        assert divided.as_country == [RUMBURK]
        children = int(divided.table.loc[RUMBURK, list(GROUPS["0-14"])].to_numpy().sum())
        assert children == COUNTRY.groups().loc[RUMBURK, "0-14"]


class TestFetch:
    def test_the_product_reads_what_was_fetched(self, job, data):
        fetched = fetch_people(job, before=COUNTRY.people)
        path = job.folder / "population.csv"
        read = obce.read_population(Found(path, own=True), known=data.obce.index)
        assert read.findings == []
        seniors = read.table[list(GROUPS["65+"])].sum(axis=1)
        assert seniors.equals((COUNTRY.groups()["65+"] + 1).rename(None))
        manifest = read_manifest(path)
        assert manifest.as_of == NEWEST
        assert "estimate by the census of 2021" in manifest.note
        assert fetched.manifests == (manifest,)

    def test_without_the_census_the_shipped_table_divides_and_it_is_said(self, offices, job):
        offices.office.spoil("/csu/sldb2021", status(503), forever=True)
        fetched = fetch_people(job, before=COUNTRY.people)
        assert "31 December 2020" in fetched.manifests[0].note
        assert "Census 2021" in str(fetched.findings[0])

    @pytest.mark.parametrize("fault", [status(500), web_page(), gives(b"PK\x03\x04 cut")])
    def test_without_the_yearly_table_nothing_is_written(self, offices, job, fault):
        offices.office.spoil("/csu/130149", fault, forever=True)
        with pytest.raises((DownloadFailed, AnswerNotUsable), match=r"People by age per obec"):
            fetch_people(job, before=COUNTRY.people)
        assert not (job.folder / "population.csv").exists()

    def test_a_failure_leaves_the_table_before(self, offices, job):
        fetch_people(job, before=COUNTRY.people)
        before = (job.folder / "population.csv").read_bytes()
        offices.office.spoil("/csu/130149", gives(zipped({"a.csv": b"a,b\n1,2\n"})))
        with pytest.raises(SourceFormChanged):
            fetch_people(job, before=COUNTRY.people)
        assert (job.folder / "population.csv").read_bytes() == before

    def test_a_table_of_a_few_obce_is_refused(self, offices, job):
        offices.office.spoil("/csu/130149", gives(yearly_ages(FEW)))
        with pytest.raises(AnswerNotUsable, match="far fewer obce"):
            fetch_people(job, before=COUNTRY.people)

    def test_the_second_time_little_is_sent(self, offices, job):
        fetch_people(job, before=COUNTRY.people)
        offices.office.log.clear()
        assert fetch_people(job, before=COUNTRY.people).unchanged
        assert [request.headers.get("if-none-match", "")[:1] for request in offices.office.log] == [
            '"'
        ]

    def test_an_own_table_stays(self, offices, job):
        job.folder.mkdir()
        (job.folder / csu_people.FILE).write_text("code,sex\n", encoding="utf-8")
        with pytest.raises(OwnFileKept):
            fetch_people(job, before=COUNTRY.people)
        assert offices.office.log == []
