"""Conditions as other programs write them: the part of XPath in which our conditions can be said.

    ${bus} = 'yes' and (${age} >= 65 or selected(${how}, 'bike'))
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from consult.questionnaires.definition import Data


class InexpressibleError(ValueError):
    """What cannot be said in the other language; the message is the part that cannot."""


@dataclass(frozen=True)
class Target:
    """A question as expressions know it: its name there and its code here; `options` are codes by names there."""

    name: str
    code: str
    options: Mapping[str, str]
    several: bool = False
    numeric: bool = False


def written(condition: Mapping[str, Any], targets: Mapping[str, Target]) -> str:
    """A condition as an expression; nothing for the empty one. Raises InexpressibleError."""
    return _written(condition, targets) if condition else ""


def _written(condition: Mapping[str, Any], targets: Mapping[str, Target]) -> str:
    if not condition:
        return "true()"
    for group, between, none in (("all", " and ", "true()"), ("any", " or ", "false()")):
        if group in condition:
            parts = [f"({said})" if "question" not in part else said
                     for part in condition[group] for said in [_written(part, targets)]]
            return between.join(parts) or none
    target = targets.get(condition["question"])
    if target is None:
        raise InexpressibleError(condition["question"])
    return _test(condition, target)


def _test(test: Mapping[str, Any], target: Target) -> str:
    name = f"${{{target.name}}}"
    if "answered" in test:
        return f"{name} {'!=' if test['answered'] else '='} ''"
    for key, sign in (("at_least", ">="), ("at_most", "<=")):
        if key in test:
            return f"{name} {sign} {_number(test[key])}"
    key = "is" if "is" in test else "is_not"
    if target.several:
        chosen = f"selected({name}, {_quoted(_name_of(target, test[key]))})"
        return chosen if key == "is" else f"not({chosen})"
    value = _number(test[key]) if target.numeric else _quoted(_name_of(target, test[key]))
    return f"{name} {'=' if key == 'is' else '!='} {value}"


def _name_of(target: Target, code: str) -> str:
    return next((name for name, known in target.options.items() if known == code), code)


def _number(value: Any) -> str:
    return str(int(value)) if float(value).is_integer() else str(value)


def _quoted(text: str) -> str:
    if "'" in text and '"' in text:
        raise InexpressibleError(text)
    return f'"{text}"' if "'" in text else f"'{text}'"


_TOKEN = re.compile(r"""\s*(?:(\$\{[^}]+\})|('[^']*'|"[^"]*")|(-?\d+(?:\.\d+)?)|(!=|<=|>=|=|<|>)|([(),])"""
                    r"""|([A-Za-z][\w\-]*))""")


def read(expression: str, targets: Mapping[str, Target]) -> Data:
    """An expression as a condition; `targets` by their names there. Raises InexpressibleError for what we have not."""
    reader = _Reader(list(_tokens(expression)), targets)
    found = reader.either()
    if reader.rest():
        raise InexpressibleError(" ".join(reader.rest()))
    return normal(found)


def _tokens(expression: str) -> Iterator[str]:
    place, end = 0, len(expression.rstrip())
    while place < end:
        found = _TOKEN.match(expression, place)
        if found is None:
            raise InexpressibleError(expression[place:place + 40])
        yield found[0].strip()
        place = found.end()


class _Reader:
    """Reads one expression from its beginning to its end."""

    def __init__(self, tokens: list[str], targets: Mapping[str, Target]) -> None:
        self._tokens, self._targets, self._place, self._depth = tokens, targets, 0, 0

    def rest(self) -> list[str]:
        """What was not read."""
        return self._tokens[self._place:]

    def either(self) -> Data:
        """Parts of which one is enough."""
        return self._joined("or", "any", lambda: self._joined("and", "all", self._one))

    def _joined(self, word: str, group: str, part: Callable[[], Data]) -> Data:
        parts = [part()]
        while self._next() == word:
            self._place += 1
            parts.append(part())
        return parts[0] if len(parts) == 1 else {group: parts}

    def _next(self) -> str:
        return self._tokens[self._place] if self._place < len(self._tokens) else ""

    def _take(self, wanted: str = "") -> str:
        token = self._next()
        if not token or (wanted and token != wanted):
            raise InexpressibleError(" ".join(self.rest()) or wanted)
        self._place += 1
        return token

    def _one(self) -> Data:
        word = self._take()
        if word == "(":
            return self._inside()
        if word in ("true", "false"):
            self._take("(")
            self._take(")")
            return {"all": []} if word == "true" else {"any": []}
        if word == "not":
            self._take("(")
            return _negated(self._inside())
        if word == "selected":
            self._take("(")
            target = self._target(self._take())
            self._take(",")
            value = self._value(target, self._take())
            self._take(")")
            return {"question": target.code, "is": value}
        return self._comparison(self._target(word))

    def _inside(self) -> Data:
        self._depth += 1
        if self._depth > 20:
            raise InexpressibleError("((((")
        found = self.either()
        self._take(")")
        self._depth -= 1
        return found

    def _target(self, token: str) -> Target:
        target = self._targets.get(token[2:-1]) if token.startswith("${") else None
        if target is None:
            raise InexpressibleError(token)
        return target

    def _comparison(self, target: Target) -> Data:
        sign, token = self._take(), self._take()
        if sign in ("=", "!=") and token in ("''", '""'):
            return {"question": target.code, "answered": sign == "!="}
        value = self._value(target, token)
        if sign in ("=", "!="):
            return {"question": target.code, "is" if sign == "=" else "is_not": value}
        if sign not in (">=", "<=") or not target.numeric:
            raise InexpressibleError(f"${{{target.name}}} {sign} {token}")
        return {"question": target.code, "at_least" if sign == ">=" else "at_most": value}

    def _value(self, target: Target, token: str) -> Any:
        bare = token[1:-1] if token[:1] in "'\"" else token
        if target.numeric:
            try:
                number = float(bare)
            except ValueError:
                raise InexpressibleError(token) from None
            return int(number) if number.is_integer() else number
        if target.options:
            if bare not in target.options:
                raise InexpressibleError(token)
            return target.options[bare]
        return bare


def _negated(condition: Data) -> Data:
    for group, other in (("all", "any"), ("any", "all")):
        if group in condition:
            return {other: [_negated(part) for part in condition[group]]}
    code = condition["question"]
    if "answered" in condition:
        return {"question": code, "answered": not condition["answered"]}
    for name, other in (("is", "is_not"), ("is_not", "is")):
        if name in condition:
            return {"question": code, other: condition[name]}
    raise InexpressibleError(f"not(${{{code}}} …)")


def normal(condition: Mapping[str, Any]) -> Data:
    """The same condition without groups of one and groups within their like."""
    for group in ("all", "any"):
        if group in condition:
            parts: list[Data] = []
            for part in map(normal, condition[group]):
                parts += part[group] if part.get(group) else [part]
            if group == "all":
                parts = [part for part in parts if part]
                return {} if not parts else parts[0] if len(parts) == 1 else {"all": parts}
            if {} in parts:
                return {}
            return parts[0] if len(parts) == 1 else {"any": parts}
    return dict(condition)
