"""Templates, addresses and statements are compiled once for all applications of a run, not once a test.

They are the same in each: to compile them is two thirds of what a test costs.
"""

from collections.abc import Hashable
from typing import Any, ClassVar

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Map, Rule, RuleFactory

STATEMENTS: LRUCache[Any, Any] = LRUCache(4000)
"""For the engines of all applications."""


class Compiled(BytecodeCache):
    """Keeps in memory what was compiled; a template that changes is compiled again."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


class KeptMap(Map):
    """Takes its routes in when one is first looked for: as they were, where another application had the very same."""

    _made: ClassVar[dict[Hashable, dict[str, Any]]] = {}

    def __init__(self, *options: Any, **named: Any) -> None:
        self._given: list[Rule] = []
        super().__init__(*options, **named)

    def add(self, rulefactory: RuleFactory) -> None:
        if not self._remap and self._rules_by_endpoint:
            raise RuntimeError("A route is added after the first was looked for: others have these too.")
        self._given.extend(rulefactory.get_rules(self))
        self._remap = True

    def update(self) -> None:
        if not self._remap:
            return
        key = (*map(_alike, self._given), frozenset(self.converters.items()))
        if key not in self._made:
            for rule in self._given:
                super().add(rule)
            super().update()
            self._made[key] = {name: vars(self)[name] for name in ("_matcher", "_rules_by_endpoint")}
        vars(self).update(self._made[key], _remap=False)


def _alike(rule: Rule) -> Hashable:
    """Two rules of which this is equal do the same."""
    return (rule.rule, rule.endpoint, frozenset(rule.methods or ()), repr(rule.defaults), rule.subdomain, rule.host,
            rule.build_only, rule.alias, rule.strict_slashes, rule.merge_slashes, rule.websocket, rule.redirect_to,
            rule.provide_automatic_options)


def share_statements() -> None:
    """Have dialects of a kind count as one where it is kept what they compiled: an engine has one of its own."""
    DefaultDialect.__eq__ = lambda own, other: type(own) is type(other)  # type: ignore[assignment,method-assign]
    DefaultDialect.__hash__ = lambda own: hash(type(own))  # type: ignore[assignment,method-assign]
