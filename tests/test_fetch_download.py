"""Bytes from a server that goes wrong in every way: bounded, resumed, whole or not at all."""

import hashlib
import io
import time
from dataclasses import replace

import pytest
import requests
from official.office import (
    Answer,
    cut,
    declares,
    endless,
    gives,
    nothing_wrong,
    redirect,
    status,
    unversioned,
    web_page,
)

from kpss_geo.errors import AnswerNotUsable, DownloadFailed, DownloadTooLarge
from kpss_geo.sources.fetch.download import Reply, read, save
from kpss_geo.sources.fetch.line import CHUNK, Job, Wanted, open_line

BODY = b'{"a": "' + bytes(range(97, 123)) * 40_000 + b'"}'  # about a megabyte


@pytest.fixture
def line(office, tmp_path):
    office.routes["/file"] = lambda _: Answer(BODY, kind="application/json")
    with open_line(office.settings(tmp_path)) as opened:
        yield opened


@pytest.fixture
def wanted(office):
    return Wanted("A source", f"{office.url}/file", "json", 2_000_000)


def _same(path):
    return hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(BODY).digest()


class TestPatience:
    def test_a_whole_answer(self, line, wanted, tmp_path, office):
        reply = save(line, wanted, tmp_path / "f.part")
        assert _same(tmp_path / "f.part")
        assert reply.etag
        assert reply.last_modified
        assert read(line, wanted) == BODY
        assert len(office.log) == 2

    def test_500_then_ok(self, line, wanted, office):
        office.spoil("/file", status(500), status(503))
        assert read(line, wanted) == BODY
        assert len(office.log) == 3

    def test_500_for_ever_is_an_error_that_names_the_source(self, line, wanted, office):
        office.spoil("/file", status(500), forever=True)
        with pytest.raises(DownloadFailed, match="A source could not be fetched: HTTP 500"):
            read(line, wanted)
        assert len(office.log) == line.settings.fetch_tries

    def test_429_waits_as_long_as_it_is_asked_to(self, line, wanted, office):
        office.spoil("/file", status(429, Retry_After="1"))
        start = time.monotonic()
        assert read(line, wanted) == BODY
        assert 0.9 < time.monotonic() - start < 3

    def test_429_is_not_obeyed_beyond_the_bound(self, wanted, office, tmp_path):
        office.routes["/file"] = lambda _: Answer(BODY, kind="application/json")
        office.spoil("/file", status(429, Retry_After="86400"))
        start = time.monotonic()
        with open_line(office.settings(tmp_path, fetch_longest_pause_s=1)) as line:
            assert read(line, wanted) == BODY
        assert time.monotonic() - start < 3

    def test_404_is_not_asked_again(self, line, wanted, office):
        office.spoil("/file", status(404), forever=True)
        with pytest.raises(DownloadFailed, match="HTTP 404"):
            read(line, wanted)
        assert len(office.log) == 1

    def test_a_silent_server_is_given_up(self, wanted, office, tmp_path):
        def slow(_):
            time.sleep(1.5)
            return Answer(BODY)

        office.routes["/file"] = slow
        settings = office.settings(tmp_path, fetch_timeout_s=0.2, fetch_tries=2)
        with open_line(settings) as line, pytest.raises(DownloadFailed, match="in time"):
            read(line, wanted)

    def test_nobody_there(self, tmp_path, office):
        with open_line(office.settings(tmp_path, fetch_tries=2)) as line:
            nowhere = Wanted("A source", "http://127.0.0.1:1/x", "json", 1000)
            with pytest.raises(DownloadFailed, match="cannot be reached"):
                read(line, nowhere)

    def test_a_file_may_not_take_for_ever(self, wanted, office, tmp_path):
        office.routes["/file"] = lambda _: Answer(BODY, endless=True)
        settings = office.settings(tmp_path, fetch_longest_s=0.2)
        huge = replace(wanted, max_bytes=10**12)
        with open_line(settings) as line, pytest.raises(DownloadFailed, match="too long"):
            read(line, huge)


class TestCutTransfers:
    def test_goes_on_from_where_it_was_cut(self, line, wanted, office, tmp_path):
        office.spoil("/file", cut(300_000))
        save(line, wanted, tmp_path / "f.part")
        assert _same(tmp_path / "f.part")
        start = int(office.log[1].headers["range"].removeprefix("bytes=").rstrip("-"))
        assert 300_000 - CHUNK < start <= 300_000
        assert not (tmp_path / "f.part.version").exists()

    def test_goes_on_in_another_run(self, line, wanted, office, tmp_path):
        office.spoil("/file", cut(300_000), *[cut(0)] * 3)
        with pytest.raises(DownloadFailed, match="cut again and again"):
            save(line, wanted, tmp_path / "f.part")
        held = (tmp_path / "f.part").stat().st_size
        assert 300_000 - CHUNK < held <= 300_000
        save(line, wanted, tmp_path / "f.part")
        assert _same(tmp_path / "f.part")
        assert office.log[-1].headers["range"] == f"bytes={held}-"

    def test_a_line_that_cuts_often_still_gets_there(self, line, wanted, office, tmp_path):
        office.spoil("/file", cut(CHUNK + 10), forever=True)
        save(line, wanted, tmp_path / "f.part")
        assert _same(tmp_path / "f.part")
        assert len(office.log) > line.settings.fetch_tries

    def test_two_versions_are_never_mixed(self, line, wanted, office, tmp_path):
        office.spoil("/file", cut(300_000))
        other = BODY.replace(b"a", b"b")
        office.routes["/file"] = lambda _: Answer(other if len(office.log) > 1 else BODY)
        save(line, wanted, tmp_path / "f.part")
        assert (tmp_path / "f.part").read_bytes() == other

    def test_without_a_version_it_starts_again(self, line, wanted, office, tmp_path):
        office.routes["/file"] = lambda _: Answer(BODY, resumable=False)
        office.spoil("/file", cut(300_000))
        save(line, wanted, tmp_path / "f.part")
        assert _same(tmp_path / "f.part")
        assert "range" not in office.log[1].headers

    def test_a_server_that_cannot_go_on_is_given_up(self, line, wanted, office, tmp_path):
        tagged = Answer(BODY, resumable=False, headers={"ETag": '"x"'}, sent=200_000)
        office.routes["/file"] = lambda _: tagged
        with pytest.raises(DownloadFailed, match="cut again and again"):
            save(line, wanted, tmp_path / "f.part")
        assert len(office.log) <= line.settings.fetch_tries + 1

    def test_half_of_another_address_is_not_used(self, line, wanted, office, tmp_path):
        office.routes["/other"] = lambda _: Answer(BODY, kind="application/json")
        office.spoil("/other", cut(100_000), *[cut(0)] * 3)
        with pytest.raises(DownloadFailed):
            save(line, replace(wanted, url=f"{office.url}/other"), tmp_path / "f.part")
        save(line, wanted, tmp_path / "f.part")
        assert _same(tmp_path / "f.part")
        assert "range" not in office.log[-1].headers

    def test_a_part_that_was_not_asked_for_is_refused(self, line, wanted, office, tmp_path):
        wrong = lambda a: replace(a, status=206, headers={"Content-Range": "bytes 5-9/10"})  # noqa: E731
        office.spoil("/file", cut(300_000), wrong)
        save(line, wanted, tmp_path / "f.part")
        assert _same(tmp_path / "f.part")

    def test_a_small_answer_cut_is_asked_again(self, line, wanted, office):
        office.spoil("/file", cut(100), cut(0))
        assert read(line, wanted) == BODY

    def test_what_is_still_the_newest_is_not_sent(self, line, wanted, tmp_path):
        held = save(line, wanted, tmp_path / "f.part")
        (tmp_path / "f.part").unlink()
        assert save(line, wanted, tmp_path / "f.part", held=held) is None
        assert not (tmp_path / "f.part").exists()
        assert save(line, wanted, tmp_path / "f.part", held=Reply("", '"old"', "")) is not None

    def test_progress_ends_at_the_whole(self, line, wanted, tmp_path):
        told = []
        save(line, wanted, tmp_path / "f.part", progress=lambda *step: told.append(step))
        assert told[-1] == ("A source", len(BODY), len(BODY))
        assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)


class TestBounds:
    def test_ten_gigabytes_declared_are_refused_at_once(self, line, wanted, office, tmp_path):
        office.spoil("/file", declares(10_000_000_000))
        with pytest.raises(DownloadTooLarge, match="10000 MB is more than the 2 MB"):
            save(line, wanted, tmp_path / "f.part")
        assert not (tmp_path / "f.part").exists()
        assert len(office.log) == 1

    def test_a_stream_without_end_is_stopped_at_the_bound(self, line, wanted, office, tmp_path):
        office.spoil("/file", endless())
        with pytest.raises(DownloadTooLarge, match="more than the 2 MB"):
            save(line, wanted, tmp_path / "f.part")
        assert not (tmp_path / "f.part").exists()
        office.spoil("/file", endless())
        with pytest.raises(DownloadTooLarge):
            read(line, wanted)

    def test_a_bound_is_a_bound(self, line, wanted):
        assert read(line, replace(wanted, max_bytes=len(BODY))) == BODY
        with pytest.raises(DownloadTooLarge):
            read(line, replace(wanted, max_bytes=len(BODY) - 1))


class TestForms:
    @pytest.mark.parametrize(
        ("fault", "said"),
        [
            (web_page(), "a web page"),
            (web_page("application/json"), "a web page"),
            (gives(b""), "it is empty"),
            (gives(b"sorry"), "it is not JSON"),
            (gives(b'{"a": [1, 2'), "cut in the middle"),
        ],
    )
    def test_what_is_no_json(self, line, wanted, office, tmp_path, fault, said):
        office.spoil("/file", fault, fault)
        with pytest.raises(AnswerNotUsable, match=f"A source did not answer in its form.*{said}"):
            read(line, wanted)
        with pytest.raises(AnswerNotUsable, match=said):
            save(line, wanted, tmp_path / "f.part")

    @pytest.mark.parametrize(
        ("form", "body"), [("zip", b"Rar!"), ("pbf", b"PK\x03\x04"), ("feed", b"<html>"),
                           ("csv", b"a;b\x00"), ("text", b"\x00")]
    )  # fmt: skip
    def test_what_is_of_another_form(self, line, wanted, office, form, body):
        office.spoil("/file", gives(body))
        with pytest.raises(AnswerNotUsable):
            read(line, replace(wanted, form=form))

    def test_a_byte_order_mark_does_no_harm(self, line, wanted, office):
        office.spoil("/file", gives(b"\xef\xbb\xbf\r\n{}\r\n"))
        assert read(line, wanted).endswith(b"{}\r\n")


class TestRedirects:
    def test_another_address_is_followed(self, line, wanted, office):
        office.spoil("/moved", redirect(wanted.url))
        assert read(line, replace(wanted, url=f"{office.url}/moved")) == BODY

    @pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://x"])
    def test_only_http_is_followed(self, line, wanted, office, to):
        office.spoil("/file", redirect(to))
        with pytest.raises(DownloadFailed, match="not http"):
            read(line, wanted)

    def test_a_ring_of_addresses_ends(self, line, wanted, office):
        office.spoil("/file", redirect("/file"), forever=True)
        with pytest.raises(DownloadFailed, match="from address to address"):
            read(line, wanted)

    def test_from_encrypted_to_open_is_refused(self, line, wanted, monkeypatch):
        there, back = requests.Response(), requests.Response()
        there.url, back.url = "http://127.0.0.1/x", "https://127.0.0.1/x"
        back.history = [there]
        there.raw = back.raw = io.BytesIO()
        for last in (there, back):
            monkeypatch.setattr(line.session, "request", lambda *_, last=last, **__: last)
            with pytest.raises(DownloadFailed, match="encrypted"):
                read(line, replace(wanted, url="https://127.0.0.1/x"))


def test_posts_carry_the_query_in_the_body(line, wanted, office):
    office.routes["/file"] = lambda request: Answer(
        f'{{"{request.method}": "{request.query["q"]}"}}'.encode(), kind="application/json"
    )
    assert read(line, replace(wanted, query={"q": "1"})) == b'{"GET": "1"}'
    assert read(line, replace(wanted, query={"q": "2"}, post=True)) == b'{"POST": "2"}'


def test_faults_of_the_stand_in_itself():
    """A fault that changes nothing, and one that hides the version, are what they say."""
    whole = Answer(BODY)
    assert nothing_wrong()(whole) is whole
    assert unversioned()(whole).resumable is False


def test_a_full_disk_is_said_so(line, wanted, tmp_path):
    blocked = tmp_path / "no-folder"
    blocked.write_text("a file where a folder is needed", encoding="utf-8")
    with pytest.raises(DownloadFailed, match="A source could not be fetched"):
        save(line, wanted, blocked / "f.part")
    assert Job(line, tmp_path, tmp_path).replace_own is False
