"""What people type who mean harm, or by accident: used wherever a text is shown again."""

from typing import Any

import html5lib

XSS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    '<img src="x" onerror="alert(1)"//>',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<body onload=alert(1)>",
    '<iframe src="javascript:alert(1)"></iframe>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="jAvAsCrIpT:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    "[x](<javascript:alert(1)>)",
    '[x]( javascript:alert(1) "t")',
    "[x][1]\n\n[1]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](x)',
    '[x](http://a.example/"onmouseover="alert(1))',
    "[x](http://a.example 'x\" onclick=\"alert(1)')",
    'http://a.example/"onmouseover=alert(1)',
    "http://a.example/<script>alert(1)</script>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<link rel=stylesheet href=javascript:alert(1)>",
    '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
    "<base href=//evil.example/>",
    "<object data=javascript:alert(1)></object>",
    '<p style="background:url(javascript:alert(1))">x</p>',
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'\"--></style></script><svg/onload=alert(1)>",
    "{{ 7 * 191 }} {% raw %} ${7*191}",
    '<!--<img src="--><img src=x onerror=alert(1)//">',
    "`<script>alert(1)</script>`",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "<<script>alert(1);//<</script>",
]
"""Typed as a title, a text or a comment, none of them may run in the reader's browser."""

ALLOWED_SCRIPTS = ("/static/",)
SCHEMES = ("javascript:", "vbscript:", "data:text", "data:image/svg")


def dangers(html: str) -> list[str]:
    """What a browser would run, load or send elsewhere on this page, found by parsing as a browser does."""
    found = []
    for element in html5lib.parse(html, namespaceHTMLElements=False).iter():
        name = element.tag if isinstance(element.tag, str) else ""
        if name == "script" and not str(element.get("src", "")).startswith(ALLOWED_SCRIPTS):
            found.append("script")
        if name in {"iframe", "object", "embed", "base", "style", "math"}:
            found.append(name)
        if name == "meta" and element.get("http-equiv"):
            found.append("meta")
        found += [f"{name} {attribute}" for attribute, value in element.attrib.items() if _harmful(attribute, value)]
    return found


def _harmful(attribute: Any, value: str) -> bool:
    name = str(attribute).lower()
    plain = "".join(str(value).split()).lower()
    return (name.startswith("on") or name in {"style", "srcdoc"}
            or (name in {"href", "src", "action", "formaction", "data"} and plain.startswith(SCHEMES)))


MALFORMED = [
    "",
    " \t\n ",
    "\x00",
    "a\x00b" * 30,
    "x" * 100_000,
    "\ud800 alone".encode("utf-8", "surrogatepass"),
    b"\xff\xfe broken \xc3\x28" * 5,
    "\u202e evil \u2066" * 10,
    "𝒳" * 500,
    "é" * 119 + "e\u0301",
    "%s %(name)s {0} {x}" * 5,
    "-1",
    "99999999999999999999",
    "1e309",
    "NaN",
    "null",
    "' OR 1=1 --" * 5,
]
"""Values for any field: none of them may cause an answer in the five hundreds."""
