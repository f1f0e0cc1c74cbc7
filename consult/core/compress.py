"""Answers are sent packed, unless another site could learn from their length.

Who can make a browser ask for a page with words of his choice, and see how long the answer is, can guess the
secrets in it letter by letter where both are packed together (BREACH). He must ask from another site; so whoever
is known by a cookie gets packed answers only where the browser says that the page itself, or the person, asked.
"""

import gzip

from flask import Flask, Response, request

SHORTEST = 1024
LEVEL = 5
TEXTS = frozenset({
    "text/html", "text/plain", "text/csv", "application/json", "application/ld+json", "application/atom+xml",
    "application/xml", "text/xml",
})


def register(app: Flask) -> None:
    """Pack what is worth packing, after everything else has shaped the answer."""
    app.after_request_funcs.setdefault(None, []).insert(0, _pack)  # the first is called last


def _pack(response: Response) -> Response:
    if response.mimetype not in TEXTS or response.is_streamed or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    unfit = (response.status_code in (206, 304) or "Content-Encoding" in response.headers
             or (response.content_length or 0) < SHORTEST)
    if unfit or not request.accept_encodings["gzip"] or not _nobody_measures():
        return response
    response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    etag, _weak = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)  # the same page, no longer the same bytes
    return response


def _nobody_measures() -> bool:
    return not request.cookies or request.headers.get("Sec-Fetch-Site") in ("same-origin", "none")
