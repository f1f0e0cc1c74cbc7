"""Templates and addresses are compiled once a run, not once a test."""

from collections.abc import Callable
from typing import Any, ClassVar

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


class Compiled(BytecodeCache):
    """Keeps in memory what was compiled; a template that changes is compiled again."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


class KeptRule(Rule):
    """Writes addresses with a function that is compiled once for all applications of a run: nine tenths of what it
    costs to make one is to compile those of its five hundred routes, which are the same in each."""

    _made: ClassVar[dict[tuple[Any, ...], Callable[..., tuple[str, str]]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (append_unknown, self.rule, self.subdomain, self.host, repr(self.defaults), *sorted(self.arguments))
        if key not in self._made:
            self._made[key] = super()._compile_builder(append_unknown)
        return self._made[key]
