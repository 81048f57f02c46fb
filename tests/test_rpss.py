"""The official register: every trap of its form, nothing personal or secret past the door."""

import copy
import json
import re
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpss_geo import errors
from kpss_geo.sources import rpss, rpss_codes, rpss_record
from kpss_geo.sources.rpss import Imported

import rpss_made as made

DAY = date(2026, 8, 31)


@pytest.fixture(scope="session")
def codes(tmp_path_factory):
    """Code lists in their official form, every type and group in them."""
    folder = made.write_lists(tmp_path_factory.mktemp("lists"))
    return rpss_codes.read_codes(folder)[0]


@pytest.fixture
def read(tmp_path, codes):
    def go(*records: object) -> Imported:
        path = made.write(tmp_path / "rpss.json", list(records))  # type: ignore[arg-type]
        return rpss.import_rpss(path, codes=codes, as_of=DAY)

    return go


def _found(imported: Imported, text: str) -> list[errors.Finding]:
    return [f for f in imported.findings if text in str(f)]


def _only(imported: Imported, text: str) -> errors.Finding:
    found = _found(imported, text)
    assert len(found) == 1, [str(f) for f in imported.findings]
    return found[0]


def _everything(imported: Imported) -> str:
    tables = (imported.services, imported.capacities, imported.places, imported.names)
    words = [table.to_json(date_format="iso", force_ascii=False) for table in tables]
    return "\n".join([*words, *(f"{f} {f.fields} {f.column}" for f in imported.findings)])


class TestShape:
    def test_the_one_real_record(self, read):
        """The fragment of the real register, read field by field by eye."""
        record = made.service(
            4951,
            datumPoskytovaniOd="2014-03-01",
            poskytovatel=made.provider("CARVAC s. r. o.", "63504260"),
            zarizeni=[
                made.facility(
                    made.address("554499", point=11867906, street="Nemocniční", house=2272,
                                 orientation="54", part="405507", postcode="35201"),
                    nazev="Domov pro seniory Carvac s.r.o.", poskytujeOd="2014-03-01",
                )
            ],
            formy=[made.form("pob", ("luzka", 32))],
        )  # fmt: skip
        imported = read(record)
        assert imported.findings == ()
        service = imported.services.iloc[0]
        assert (service.service_id, service.type_code, service.source) == (
            "mpsv-4951",
            "13",
            "MPSV",
        )
        assert (service.provider, service.ico) == ("CARVAC s. r. o.", "63504260")
        assert (service.since, service.until) == (date(2014, 3, 1), None)
        assert service.register_groups == ("senioři",)
        assert json.loads(service.opening) == {"pob": {"continuous": True}}
        assert imported.capacities.to_numpy().tolist() == [["mpsv-4951", "pob", "luzka", 32.0]]
        place = imported.places.iloc[0].to_dict()
        wanted = {
            "name": "Domov pro seniory Carvac s.r.o.", "address_code": "11867906",
            "street": "Nemocniční", "house_number": "2272", "orientation_number": "54",
            "postcode": "35201", "code": "554499", "obec_part_code": "405507", "house_kind": "1",
            "since": date(2014, 3, 1), "until": None, "secret": False,
        }  # fmt: skip
        assert {key: place[key] for key in wanted} == wanted

    def test_order_of_the_file_changes_nothing(self, read):
        records = list(made.made(60, documents=1))
        one, other = read(*records), read(*records[::-1])
        for name in ("services", "capacities", "places"):
            columns = [c for c in getattr(one, name).columns if c != "record"]
            by = [c for c in ("service_id", "facility", "form", "unit", "count") if c in columns]
            a, b = (getattr(x, name)[columns].sort_values(by, ignore_index=True)
                    for x in (one, other))  # fmt: skip
            pd.testing.assert_frame_equal(a, b)

    def test_byte_order_mark(self, tmp_path, codes):
        path = tmp_path / "rpss.json"
        path.write_bytes(b"\xef\xbb\xbf" + json.dumps({"polozky": [made.service()]}).encode())
        assert len(rpss.import_rpss(path, codes=codes, as_of=DAY).services) == 1


class TestTraps:
    def test_capacity_belongs_to_the_registration_however_many_places_it_has(self, read):
        """A naive sum over the places gave 215 beds where there are 120."""
        beds, places = (20, 5, 95), (1, 1, 2)
        imported = read(*(
            made.service(n, zarizeni=[made.facility() for _ in range(many)],
                         formy=[made.form("pob", ("luzka", count))])
            for n, (count, many) in enumerate(zip(beds, places, strict=True))
        ))  # fmt: skip
        assert imported.capacities["count"].sum() == 120
        naive = imported.places.merge(imported.capacities, on="service_id")["count"].sum()
        assert naive == 215

    def test_five_units_stay_apart(self, read):
        units = ("luzka", "klient", "kontakt", "interv", "hovor")
        imported = read(made.service(formy=[made.form("amb", *((u, 7) for u in units))]))
        assert imported.capacities["unit"].tolist() == list(units)
        assert imported.capacities["count"].tolist() == [7.0] * 5

    def test_two_ends_are_kept_apart(self, read):
        imported = read(
            made.service(1, datumPoskytovaniDo="2020-05-31"),
            made.service(2, zarizeni=[made.facility(poskytujeDo="2019-01-31"), made.facility()]),
        )
        assert imported.services["until"].tolist() == [date(2020, 5, 31), None]
        assert imported.places["until"].tolist() == [None, date(2019, 1, 31), None]

    def test_regions_by_the_codes_of_the_country(self, read):
        """Carvac stands in obec 554499; its region by RÚIAN 51 is CZ041 by the statistics."""
        shapes = ([{"kraj": made.entry("Kraj", 51)}, {"kraj": made.entry("Kraj", 19)}],
                  [made.entry("Kraj", 60)], [])  # fmt: skip
        imported = read(
            *(made.service(n, rozsirenePusobnostiVKraji=s) for n, s in enumerate(shapes))
        )
        assert imported.services["regions"].tolist() == [("CZ041", "CZ010"), ("CZ042",), ()]

    def test_age_bands_and_groups_by_name(self, read):
        imported = read(
            made.service(
                vekoveSkupiny=[{"vekovaSkupina": made.entry("VekovaSkupinaOsoby", 9)}],
                ciloveSkupiny=[
                    {"cilovaSkupina": made.entry("CilovaSkupinaOsoby", c)} for c in (24, 30, 99)
                ],
            )
        )
        assert imported.services["age_bands"].iloc[0] == ("starší senioři (nad 80 let)",)
        groups = ("senioři", "osoby žijící s demencí", "CilovaSkupinaOsoby/99")
        assert imported.services["register_groups"].iloc[0] == groups
        assert "99" in str(_only(imported, "is not in the code list"))

    def test_contact_of_the_service_else_of_its_provider(self, read):
        own = {"weby": [{"web": "own.cz"}], "emaily": [], "telefony": [{"telefon": "123"}]}
        imported = read(made.service(1, **own), made.service(2))
        assert imported.services["web"].tolist() == ["own.cz", "www.domovy.cz"]
        assert imported.services["phone"].tolist() == ["123", "387 721 111"]
        assert imported.services["email"].tolist() == ["info@domovy.cz"] * 2

    def test_unknown_keys_are_counted_and_named_once(self, read):
        records = [made.service(n, novyKlic={"x": made.PERSON}) for n in range(5)]
        records[0]["zarizeni"][0]["vedouci"] = {"jmeno": made.PERSON}
        imported = read(*records)
        finding = _only(imported, "not known here and were not read")
        assert finding.fields["keys"] == "novyKlic (5×), zarizeni[].vedouci (1×)"
        assert len(imported.findings) == 1

    def test_hours_are_kept_but_not_the_notes_in_them(self, read):
        hours = [
            {"den": made.entry("DenVTydnu", 1), "od": "08:00", "poznamka": f"paní {made.PERSON}"}
        ]
        imported = read(made.service(formy=[made.form("amb", ("klient", 3), casoveRozsahy=hours)]))
        assert json.loads(imported.services["opening"].iloc[0]) == {
            "amb": {"continuous": False, "hours": [{"den": {"id": "DenVTydnu/1"}, "od": "08:00"}]}
        }


class TestSecrets:
    def test_of_a_secret_place_only_its_obec_and_whose_it_is(self, read):
        imported = read(made.service(zarizeni=[made.secret_facility("562777"), made.facility()]))
        secret, public = imported.places.to_dict("records")
        given = {k: v for k, v in secret.items() if v not in ("", None)}
        assert given == {
            "service_id": "mpsv-1", "name": "Domovy, s. r. o.", "code": "562777", "secret": True,
            "since": date(2010, 1, 1), "record": 1, "facility": 0,
        }  # fmt: skip
        assert public["street"] == "Lesní"
        assert public["phone"] == ""
        assert imported.services[["phone", "email", "opening"]].iloc[0].tolist() == ["", "", ""]

    @pytest.mark.parametrize("said", [None, "ne", 0, "false", [], {}])
    def test_only_a_plain_no_makes_an_address_public(self, read, said):
        imported = read(made.service(zarizeni=[made.secret_facility(utajenaAdresa=said)]))
        assert imported.places["secret"].all()
        assert _only(imported, "whether the address is secret is not said").severity == "error"
        assert not [mark for mark in made.MARKS if mark in _everything(imported)]

    def test_a_missing_flag_keeps_the_address(self, read):
        place = made.secret_facility()
        del place["utajenaAdresa"]
        assert read(made.service(zarizeni=[place])).places["secret"].all()

    def test_secret_without_an_address_is_kept_and_named(self, read):
        """So it stands in the real file."""
        imported = read(made.service(zarizeni=[made.secret_facility(adresa=None)]))
        assert imported.places["code"].tolist() == [""]
        assert _only(imported, "its obec is not given either").column == "zarizeni[0].adresa"

    def test_nothing_personal_or_secret_comes_through(self, read):
        imported = read(*made.made(400, seed=3, documents=2))
        assert imported.places["secret"].sum() > 5
        assert not [mark for mark in made.MARKS if mark in _everything(imported)]

    def test_a_provider_who_is_a_person_keeps_the_registered_name_alone(self, read):
        person = made.provider("Marie Nová", ico=made.BIRTH, statutarniOrgany=[],
                               datumNarozeni=made.BIRTH, rodneCislo=made.BIRTH)  # fmt: skip
        imported = read(made.service(poskytovatel=person))
        assert imported.services[["provider", "ico"]].iloc[0].tolist() == ["Marie Nová", ""]
        assert made.BIRTH not in _everything(imported)
        assert _only(imported, "has not eight digits").severity == "warning"


class TestBadRecords:
    @pytest.mark.parametrize("record", [None, 1, "x", [], [made.service()], True, 1.5])
    def test_what_is_no_object_is_named_and_left_out(self, read, record):
        imported = read(made.service(1), record, made.service(2))
        assert imported.services["service_id"].tolist() == ["mpsv-1", "mpsv-2"]
        assert (imported.records, imported.left_out) == (3, 1)
        assert _only(imported, "no service that can be read").row == 2

    @pytest.mark.parametrize(
        ("changed", "column"),
        [
            ({"zarizeni": {}}, "zarizeni"),
            ({"zarizeni": [1]}, "zarizeni[0]"),
            ({"formy": "pob"}, "formy"),
            ({"poskytovatel": []}, "poskytovatel"),
            ({"datumPoskytovaniOd": 20100101}, "datumPoskytovaniOd"),
            ({"druhSocialniSluzby": 13}, "druhSocialniSluzby"),
            ({"ciloveSkupiny": [{"cilovaSkupina": 24}]}, "ciloveSkupiny[0]"),
            ({"ciloveSkupiny": [{}]}, "ciloveSkupiny[0]"),
            ({"weby": [{"web": ["a"]}]}, "weby[0].web"),
        ],
    )
    def test_a_known_key_of_another_kind_is_named_and_the_record_kept(self, read, changed, column):
        imported = read(made.service(77, **changed))
        assert imported.services["service_id"].tolist() == ["mpsv-77"]
        named = [f for f in imported.findings if f.column == column]
        assert {(f.row, f.fields["service"]) for f in named} == {(1, "mpsv-77")}

    @pytest.mark.parametrize(
        ("capacity", "text"),
        [
            ({"pocet": -5}, "is not possible"),
            ({"pocet": 0}, "is not possible"),
            ({"pocet": 10**9}, "is not possible"),
            ({"pocet": 10**18}, "is not possible"),
            ({"typ": None}, "has no unit"),
            ({"typ": {"id": "TypKapacitySocialniSluzby/postel"}}, "has no unit"),
            ({"pocet": "24"}, "a whole number"),
            ({"pocet": 2.5}, "a whole number"),
            ({"pocet": True}, "a whole number"),
        ],
    )
    def test_a_capacity_that_is_not_possible_is_not_known(self, read, capacity, text):
        form = made.form("pob", ("luzka", 24))
        form["kapacity"][0] |= capacity
        imported = read(made.service(formy=[form]))
        assert imported.capacities["count"].isna().all()
        assert len(imported.capacities) == 1
        assert _only(imported, text).column.startswith("formy[0].kapacity[0].")

    def test_no_capacity_is_no_fault_and_not_zero(self, read):
        imported = read(made.service(formy=[made.form("pob")]))
        assert imported.findings == ()
        assert np.isnan(imported.capacities["count"].item())

    @pytest.mark.parametrize("forms", [[], None])
    def test_a_service_without_a_form_is_kept(self, read, forms):
        imported = read(made.service(formy=forms))
        assert len(imported.services) == 1
        assert imported.capacities.empty
        assert _only(imported, "no form of service is given")

    def test_an_unknown_form_is_named(self, read):
        form = made.form("pob", ("luzka", 3), forma=made.entry("FormaSocialniSluzby", "dom"))
        imported = read(made.service(formy=[form, made.form("ter", ("klient", 2))]))
        assert imported.capacities["form"].tolist() == ["ter"]
        assert _only(imported, "is no form of service").column == "formy[0].forma"

    def test_ends_before_starts(self, read):
        place = made.facility(poskytujeOd="2015-01-01", poskytujeDo="2014-01-01")
        imported = read(made.service(datumPoskytovaniDo="2001-01-01", zarizeni=[place]))
        assert len(_found(imported, "ends before it starts")) == 2
        assert imported.services["until"].tolist() == [date(2001, 1, 1)]
        assert imported.places["until"].tolist() == [date(2014, 1, 1)]

    @pytest.mark.parametrize("text", ["31. 12. 2020", "2020-13-01", "x" * 5000])
    def test_no_date(self, read, text):
        imported = read(made.service(datumPoskytovaniDo=text))
        assert imported.services["until"].tolist() == [None]
        assert len(str(_only(imported, "is no date"))) < 300

    def test_the_same_record_again_counts_once(self, read):
        imported = read(made.service(1), made.service(2), made.service(1))
        assert imported.services["service_id"].tolist() == ["mpsv-1", "mpsv-2"]
        finding = _only(imported, "with the same words")
        assert (finding.row, finding.fields["first"], imported.left_out) == (3, 1, 1)

    def test_another_record_of_the_same_id_is_kept_apart(self, read):
        other = made.service(1, datumPoskytovaniDo="2020-01-01")
        imported = read(made.service(1), other)
        assert imported.services["service_id"].tolist() == ["mpsv-1", "mpsv-1~2"]
        assert imported.services["apart"].tolist() == [False, True]
        assert _only(imported, "kept apart").severity == "error"
        assert imported.left_out == 0

    @pytest.mark.parametrize("portal", [None, "12", 1.5, True, []])
    def test_without_a_portal_id_another_id_stands_in(self, read, portal):
        record = made.service(1)
        record["portalId"] = portal
        imported = read(record, made.service(2))
        assert imported.services["service_id"].tolist() == ["mpsv:9001", "mpsv-2"]
        assert _only(imported, "has no portalId").severity == "warning"

    def test_without_any_id(self, read):
        record = made.service(1) | {"portalId": None, "id": None, "identifikator": None}
        assert read(record, record).services["service_id"].tolist() == ["mpsv#1", "mpsv#2"]

    def test_a_text_of_ten_million_letters_is_cut(self, read):
        imported = read(made.service(poskytovatel=made.provider("x" * 10_000_000)))
        assert imported.services["provider"].str.len().item() == 500
        assert _only(imported, "10000000 characters").severity == "warning"

    def test_characters_that_cannot_be_printed(self, read):
        imported = read(made.service(poskytovatel=made.provider("Dom\x00ov\u202e\nA")))
        assert imported.services["provider"].item() == "Dom ov  A"
        assert _only(imported, "cannot be printed")

    def test_a_type_that_is_not_in_the_list_still_appears(self, read):
        imported = read(made.service(druhSocialniSluzby=made.entry("DruhSocialniSluzby", 99)))
        assert imported.services["type_code"].tolist() == ["99"]
        assert _only(imported, "the type 99 is not in the code list")

    def test_an_address_number_that_is_none(self, read):
        where = made.address(point=-3, house=0)
        imported = read(made.service(zarizeni=[made.facility(where)]))
        assert imported.places[["address_code", "house_number"]].iloc[0].tolist() == ["", ""]
        assert len(_found(imported, "is not possible in an address")) == 2


class TestBadFiles:
    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (b'{"polozky":[{"portalId":1},{"portalId":', "cut"),
            (b'{"polozky":[{"portalId":1},{"portalId":2}]', "cut"),
            (b"  <!DOCTYPE html><html>", "web page"),
            (b'{"polozky":[{"nazev":"a\x00b"}]}', "byte"),
            (b"\x00" * 2000, "byte"),
            ('{"polozky":[]}'.encode("utf-16"), "byte"),
            (b'[{"portalId":1}]', "polozky"),
            (b'{"polozky":{}}', "polozky"),
            (b'{"error":"not found"}', "polozky"),
            (b'{"polozky":[' + b"[" * 100_000 + b"]" * 100_000 + b"]}", "deeply"),
            (b'{"polozky":[' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"]}", "deeply"),
            (b'{"polozky":[1]} {"polozky":[2]}', "byte"),
            (b"", "empty"),
        ],
    )
    def test_refused_whole_with_a_reason(self, tmp_path, codes, content, why):
        path = tmp_path / "rpss.json"
        path.write_bytes(content)
        with pytest.raises(errors.FileNotUsable, match=why):
            rpss.import_rpss(path, codes=codes, as_of=DAY)

    def test_a_record_in_another_encoding_is_left_out_alone(self, tmp_path, codes):
        path = tmp_path / "rpss.json"
        bad = json.dumps(made.service(2), ensure_ascii=False).encode("cp1250")
        good = json.dumps(made.service(1), ensure_ascii=False).encode()
        path.write_bytes(b'{"polozky":[' + good + b"," + bad + b"]}")
        imported = rpss.import_rpss(path, codes=codes, as_of=DAY)
        assert imported.services["service_id"].tolist() == ["mpsv-1"]
        assert _only(imported, "no service that can be read").row == 2

    def test_a_register_without_records_says_so(self, read):
        assert _only(read(), "no service at all").severity == "error"


class TestCodeLists:
    def test_official_lists_name_everything(self, codes):
        assert codes.types["35"] == "centrum duševního zdraví"
        assert codes.groups["24"] == "senioři"
        assert codes.official == {rpss_codes.TYPES, rpss_codes.GROUPS, rpss_codes.AGES}

    def test_without_them_only_verified_codes_are_known(self):
        codes, findings = rpss_codes.read_codes(None)
        assert len(codes.types) == 21
        assert codes.groups == {
            "24": "senioři", "26": "pečující osoby", "27": "osoby s potřebou paliativní péče",
            "30": "osoby žijící s demencí",
        }  # fmt: skip
        assert [f.file for f in findings] == list(rpss_codes.FILES.values())

    def test_capitals_and_accents_do_not_split_a_group(self, tmp_path):
        name = rpss_codes.FILES[rpss_codes.GROUPS]
        items = [{"id": "CilovaSkupinaOsoby/24", "nazev": {"cs": "Senioři"}}]
        (tmp_path / name).write_text(json.dumps({"polozky": items}), encoding="utf-8")
        assert rpss_codes.read_codes(tmp_path)[0].groups == {"24": "senioři"}

    @pytest.mark.parametrize(
        "content",
        ["", "<html>", "[]", '{"polozky":[]}', '{"polozky":[1,null,{"id":5}]}', "{" * 99999],
    )
    def test_a_spoiled_list_is_named_and_ours_stands_in(self, tmp_path, content):
        name = rpss_codes.FILES[rpss_codes.GROUPS]
        (tmp_path / name).write_text(content, encoding="utf-8")
        codes, findings = rpss_codes.read_codes(tmp_path)
        assert codes.groups["24"] == "senioři"
        assert [f.severity for f in findings if f.file == name] == ["error"]

    def test_regions_by_their_official_names(self, tmp_path):
        name = rpss_codes.FILES[rpss_codes.REGIONS]
        items = [{"id": "Kraj/7", "nazev": {"cs": "Ústecký kraj"}}]
        (tmp_path / name).write_text(json.dumps({"polozky": items}), encoding="utf-8")
        assert rpss_codes.read_codes(tmp_path)[0].regions == {"7": "CZ042"}

    def test_entries_that_cannot_be_used_are_named(self, tmp_path):
        items = [{"id": "Kraj/1", "nazev": {"cs": "A"}}, {"id": "Kraj/1", "nazev": "B"},
                 {"id": "Okres/2", "nazev": {"cs": "C"}}, 7]  # fmt: skip
        path = tmp_path / "kraje.json"
        path.write_text(json.dumps({"polozky": items}), encoding="utf-8")
        names, findings = rpss_codes.read_code_list(path, rpss_codes.REGIONS)
        assert names == {"1": "A"}
        assert [f.row for f in findings] == [2, 3, 4]


def _nodes(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)  # type: ignore[arg-type,var-annotated]
    found = [path] if path else []
    for key, child in inner:
        deeper = (*path, key)
        found += _nodes(child, deeper) if isinstance(child, (dict, list)) else [deeper]
    return found


OTHERS = (
    None,
    True,
    -1,
    10**25,
    1.5,
    "",
    "x",
    "\x00",
    "2020-01-01",
    [],
    [[]],
    {},
    {"id": "Obec/1"},
)


@pytest.mark.parametrize("other", range(len(OTHERS) + 1))
def test_any_key_at_any_depth_may_be_anything(read, other):
    """Each known key deleted or replaced in turn: nothing crashes, no record is lost, and
    nothing secret or personal comes out."""
    original = next(made.made(1, seed=8, documents=1))
    original["zarizeni"].append(made.secret_facility())
    records = []
    for number, path in enumerate(_nodes(original), start=1):
        record = copy.deepcopy(original)
        record["portalId"] = number
        parent = record
        for key in path[:-1]:
            parent = parent[key]
        if other < len(OTHERS):
            parent[path[-1]] = OTHERS[other]
        elif isinstance(parent, dict):
            del parent[path[-1]]
        records.append(record)
    imported = read(*records)
    assert imported.records == len(records) > 60
    assert len(imported.services) + imported.left_out == len(records)
    gone = {f.row for f in imported.findings if "It was left out." in f.template}
    assert len(gone) == imported.left_out
    kept = [r for n, r in enumerate(records, start=1) if n not in gone]
    stated = sum(len(r["zarizeni"]) for r in kept if isinstance(r.get("zarizeni"), list))
    no_place = [f for f in imported.findings if re.fullmatch(r"zarizeni\[\d+\]", f.column or "")]
    assert stated > 100
    assert len(imported.places) + len(no_place) == stated
    assert not [mark for mark in made.MARKS if mark in _everything(imported)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["Obec/562777", "2020-01-01", "FormaSocialniSluzby/pob"]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(sorted(
        rpss_record.SERVICE_KEYS | rpss_record.PROVIDER_KEYS | rpss_record.PLACE_KEYS
        | rpss_record.ADDRESS_KEYS | {"forma", "kapacity", "pocet", "typ", "cilovaSkupina", "novy"}
    )), inner, max_size=6),
    max_leaves=25,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(JSON, max_size=6))
def test_whatever_the_records_are_each_is_a_service_or_named(tmp_path_factory, codes, records):
    path = tmp_path_factory.mktemp("any") / "rpss.json"
    path.write_text(json.dumps({"polozky": records}), encoding="utf-8")
    imported = rpss.import_rpss(path, codes=codes, as_of=DAY)
    assert imported.records == len(records)
    named = {f.row for f in imported.findings if "It was left out." in f.template}
    assert len(imported.services) + len(named) == len(records)
    assert imported.services["service_id"].is_unique
    assert set(imported.capacities["service_id"]) <= set(imported.services["service_id"])
    assert set(imported.places["service_id"]) <= set(imported.services["service_id"])
    assert all(str(finding) for finding in imported.findings)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6), st.binary(max_size=3), st.integers(0, 40))
def test_bytes_cut_out_or_put_in_anywhere(tmp_path_factory, codes, where, put, gone):
    """The file is read whole and each record told of, or it is refused with a reason."""
    whole = json.dumps({"polozky": list(made.made(3, documents=1))}, ensure_ascii=False).encode()
    start = where % len(whole)
    path = tmp_path_factory.mktemp("cut") / "rpss.json"
    path.write_bytes(whole[:start] + put + whole[start + gone :])
    try:
        imported = rpss.import_rpss(path, codes=codes, as_of=DAY)
    except errors.FileNotUsable:
        return
    assert len(imported.services) + imported.left_out == imported.records
