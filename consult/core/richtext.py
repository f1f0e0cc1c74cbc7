"""Markdown that participants and staff type, made into HTML that is safe to show; the only user of bleach."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import bleach
import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from markupsafe import Markup, escape

TAGS = frozenset({"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "a", "h3", "h4", "code", "pre", "hr"})
STAFF_TAGS = TAGS | {"h2", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = frozenset({"http", "https", "mailto"})
_RELATION = "nofollow noopener ugc"

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True})
_staff_markdown = MarkdownIt("commonmark", {"html": False, "breaks": False}).enable("table")
_EMBED = re.compile(r"\{\{.*\}\}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_DOT_WITHIN = re.compile(r"\w\.\w")
_DECEPTIVE = re.compile(r"[\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """Typed text without control characters and tricks of direction, with `\\n` line ends, trimmed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _DECEPTIVE.sub("", _CONTROL.sub("", text)).strip()


def sanitize(html: str, *, tags: frozenset[str] = TAGS) -> str:
    """HTML reduced to what is allowed, by two libraries in turn: bleach, then nh3."""
    once = bleach.clean(html, tags=tags, attributes={k: list(v) for k, v in ATTRIBUTES.items()},
                        protocols=SCHEMES, strip=True, strip_comments=True)
    return nh3.clean(once, tags=set(tags), attributes={k: set(v) for k, v in ATTRIBUTES.items()},
                     url_schemes=set(SCHEMES), link_rel=_RELATION)


@lru_cache(maxsize=2048)
def render(text: str) -> str:
    """What a participant typed, as safe HTML: headings begin at the third level, bare addresses become links."""
    html = _lowered_headings(_markdown.render(plain(text)))
    return sanitize(linkify(html))


@lru_cache(maxsize=512)
def render_staff(text: str) -> str:
    """What the staff typed, as safe HTML: tables are allowed too."""
    return sanitize(linkify(_lowered_headings(_staff_markdown.render(plain(text)))), tags=STAFF_TAGS)


@dataclass(frozen=True)
class Block:
    """A paragraph, list, table or heading of a staff text: its Markdown and its safe HTML."""

    source: str
    html: str


def embeds(source: str) -> bool:
    """Whether a block of a staff text is one line in double braces: it stands for something shown in its place."""
    return _EMBED.fullmatch(source.strip()) is not None


def staff_blocks(text: str) -> list[Block]:
    """A staff text cut where a paragraph, list, table or heading ends."""
    text = plain(text)
    known: dict[str, Any] = {}  # the addresses of links that are given apart
    lines, tokens = text.split("\n"), _staff_markdown.parse(text, known)
    blocks, start = [], 0
    for index, token in enumerate(tokens):
        if token.level == 0 and token.nesting <= 0:
            run, start = tokens[start:index + 1], index + 1
            first, last = run[0].map or [0, 0]
            html = _lowered_headings(str(_staff_markdown.renderer.render(run, _staff_markdown.options, known)))
            blocks.append(Block("\n".join(lines[first:last]).strip("\n"), sanitize(linkify(html), tags=STAFF_TAGS)))
    return blocks


def staff_tokens(text: str) -> list[Token]:
    """A staff text as the parser reads it, for documents that are not HTML."""
    return _staff_markdown.parse(plain(text))


def _embed(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """A line of its own in double braces, outside lists and quotes; it ends the paragraph before it."""
    line = state.src[state.bMarks[start] + state.tShift[start]:state.eMarks[start]].strip()
    if state.is_code_block(start) or not embeds(line):
        return False
    if silent:
        return state.level == 0 or state.sCount[start] < state.blkIndent
    if state.level:
        return False
    token = state.push("embed", "", 0)
    token.map, token.content = [start, start + 1], line
    state.line = start + 1
    return True


def _typed_embed(_renderer: Any, tokens: Sequence[Token], at: int, _options: Any, _env: Any) -> str:
    """As it was typed, for whoever does not know what it stands for."""
    return f"<p>{escape(tokens[at].content)}</p>\n"


_staff_markdown.block.ruler.before("paragraph", "embed", _embed, {"alt": ["paragraph", "reference", "blockquote"]})
_staff_markdown.add_render_rule("embed", _typed_embed)


def linkify(html: str) -> str:
    """Bare web addresses turned into links; e-mail addresses are left alone."""
    if not _DOT_WITHIN.search(html):  # the ends of sentences are no addresses, and parsing takes its time
        return html
    return str(bleach.linkify(html, parse_email=False, skip_tags=["pre", "code"]))


def shown(html: str) -> Markup:
    """HTML made by `render` and kept in the database, or a sentence of our own, marked as safe for a template."""
    return Markup(html)  # noqa: S704 - only ever what sanitize answered, or what we wrote


def excerpt(text: str, length: int = 200) -> str:
    """The beginning of a Markdown text as plain words, cut at a word."""
    without_bullets = re.sub(r"^[ \t]*[-+][ \t]+", "", plain(text), flags=re.MULTILINE)
    words = re.sub(r"[*_`#>\[\]]+|\(https?://[^)]*\)", "", without_bullets)
    words = " ".join(words.split())
    if len(words) <= length:
        return words
    return words[:length].rsplit(" ", 1)[0].rstrip(",.;:") + "…"


def slug(text: str, length: int = 80) -> str:
    """A text as the readable part of an address: small letters, digits and hyphens."""
    plain_letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain_letters)
    short = "-".join(words)[:length].strip("-")
    return short or "senza-titolo"


def _lowered_headings(html: str) -> str:
    """A page has one h1 and its own h2: typed headings become h3 and h4."""
    return re.sub(r"(</?)h([1-6])>", lambda m: f"{m[1]}h{min(int(m[2]) + 2, 4)}>", html)
