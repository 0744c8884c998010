"""The test server itself, and the wall around it."""

import gzip
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.site_server import SiteServer, serving

PAGE = "<!doctype html><title>Home</title>" + "<p>gradient</p>" * 200


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "site/sub").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    (tmp_path / "site/index.html").write_text(PAGE, "utf-8")
    (tmp_path / "site/404.html").write_text("Not here", "utf-8")
    return tmp_path / "site"


def get(address: str) -> bytes:
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})  # noqa: S310
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - this machine
        assert answer.headers["Cache-Control"] == "no-store"
        body: bytes = answer.read()
        return body


def test_a_page_is_compressed_and_its_bytes_are_counted(small: Path) -> None:
    with serving(small) as server:
        body = get(server.address(""))
        (served,) = server.served
    assert gzip.decompress(body).decode() == PAGE
    assert served[:2] == ("/", 200)
    assert len(body) + 100 < served.size < len(body) + 400  # the head


def test_what_is_not_there_is_answered_by_the_page_for_errors(small: Path) -> None:
    for path in ("none.html", "sub/none.html", "../secret.txt", "%2e%2e/secret.txt"):
        with serving(small) as server:
            with pytest.raises(urllib.error.HTTPError) as caught:
                get(server.address(path))
            with caught.value as error:
                assert gzip.decompress(error.read()) == b"Not here"
            assert [served.status for served in server.served] == [404]


def test_a_site_may_lie_under_a_prefix(small: Path) -> None:
    with serving(small, "/course") as server:
        assert server.address("index.html").endswith("/course/index.html")
        assert get(server.address("index.html"))
        with pytest.raises(urllib.error.HTTPError, match="404") as caught:
            get(f"http://{server.host}/index.html")
        caught.value.close()


def test_the_browser_counts_the_same_bytes(desk: Page, small: Path) -> None:
    with serving(small) as server:
        response = desk.goto(server.address("index.html"))
        assert response is not None
        sizes = response.request.sizes()
        (served,) = [each for each in server.served if each.path == "/index.html"]
    assert served.size == sizes["responseBodySize"] + sizes["responseHeadersSize"]


@pytest.mark.parametrize(
    "foreign", ["https://example.org/a.png", "http://192.0.2.1/a.png"]
)
def test_another_host_is_refused_and_recorded(
    foreign: str, page: Page, server: SiteServer, trouble: list[str]
) -> None:
    page.goto(server.address("index.html"))
    page.evaluate("src => fetch(src).catch(() => null)", foreign)
    assert f"other host: {foreign}" in trouble
    assert f"failed: {foreign}" in trouble
    trouble.clear()


def test_what_is_inside_the_page_is_no_request(page: Page, server: SiteServer) -> None:
    page.goto(server.address("index.html"))
    page.evaluate("fetch('data:,x').then(() => fetch(URL.createObjectURL(new Blob())))")
