"""Long answers are sent packed, but never where another site could measure what it made somebody ask."""

import gzip

import pytest
from flask import Response

LONG = "<p>Una piazza senza auto.</p>" * 200


@pytest.fixture
def visit(bare_app):
    """Open a page made for the test, with these headers and cookies."""
    bare_app.add_url_rule("/long", "long", lambda: Response(LONG))
    bare_app.add_url_rule("/short", "short", lambda: Response("<p>Breve.</p>"))
    bare_app.add_url_rule("/picture", "picture", lambda: Response(b"\0" * 4000, mimetype="image/png"))
    bare_app.add_url_rule("/known", "known", known)

    def open_page(path, *, cookie=False, **headers):
        client = bare_app.test_client()
        if cookie:
            client.set_cookie("consult", "something")
        return client.get(path, headers={"Accept-Encoding": "gzip", **headers})

    return open_page


def known():
    response = Response(LONG)
    response.set_etag("seven")
    return response


def test_a_long_page_is_packed(visit):
    response = visit("/long")
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.get_data()).decode() == LONG
    assert int(response.headers["Content-Length"]) == len(response.get_data()) < len(LONG)
    assert "Accept-Encoding" in response.headers["Vary"]


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0"])
def test_it_is_not_packed_for_whoever_cannot_unpack(visit, accepted):
    response = visit("/long", **{"Accept-Encoding": accepted})
    assert "Content-Encoding" not in response.headers
    assert response.get_data(as_text=True) == LONG
    assert "Accept-Encoding" in response.headers["Vary"]


@pytest.mark.parametrize("path", ["/short", "/picture"])
def test_what_would_not_shrink_is_left_alone(visit, path):
    assert "Content-Encoding" not in visit(path).headers


@pytest.mark.parametrize(("asked_by", "packed"), [
    ("same-origin", True),  # the page itself
    ("none", True),  # the person: address bar, bookmark
    ("same-site", False),
    ("cross-site", False),
    (None, False),  # a browser that does not say
])
def test_whoever_is_known_gets_packed_answers_only_if_no_other_site_asked(visit, asked_by, packed):
    headers = {"Sec-Fetch-Site": asked_by} if asked_by else {}
    assert ("Content-Encoding" in visit("/long", cookie=True, **headers).headers) is packed


def test_the_mark_of_a_packed_page_is_weak_and_still_recognised(visit):
    response = visit("/known")
    assert response.headers["ETag"] == 'W/"seven"'
    assert visit("/known", **{"Accept-Encoding": "identity"}).headers["ETag"] == '"seven"'
