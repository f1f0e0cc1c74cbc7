"""How templates are run: what Jinja does for every sentence, number and macro of a page, at a fraction of the cost.

A page of comments prints two thousand values and calls seven hundred macros and functions; what each of these costs
beside its own work is half of what the page costs.
"""

from types import FunctionType, MethodType
from typing import Any, cast

from flask import Flask
from jinja2 import Template
from jinja2.compiler import CodeGenerator
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from jinja2.utils import _PassArg
from markupsafe import Markup, escape
from markupsafe import _escape_inner as escaped  # type: ignore[attr-defined] # what `escape` marks, unmarked

PLAIN = (FunctionType, MethodType)


def printed(value: Any) -> str:
    """A value as it is put into a page: escaped as ever, but not marked as such, since it is only joined there."""
    kind = type(value)
    if kind is str:
        return escaped(value)
    if kind is Markup:
        return cast(str, value)
    return str(value) if kind is int else escape(value)


class _Writer(CodeGenerator):
    """Writes what a template prints so that `printed` does it."""

    def _output_child_pre(self, node: Any, frame: Any, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.printed(")
        else:
            super()._output_child_pre(node, frame, finalize)


class _Names(Context):
    """Calls macros and plain functions without asking first what else they might be."""

    def call(__self, __obj: Any, /, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 - as in Jinja, that names stay free
        kind = type(__obj)
        if kind is Macro:
            passed = True
        elif kind in PLAIN:
            asked = getattr(__obj, "jinja_pass_arg", None)
            passed = asked is _PassArg.eval_context
            if asked is not None and not passed:
                return Context.call(__self, __obj, *args, **kwargs)
        else:
            return Context.call(__self, __obj, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return __obj(__self.eval_ctx, *args, **kwargs) if passed else __obj(*args, **kwargs)


class _Template(Template):
    """Is imported without comparing all names of the application each time, which are the same for all templates."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        if self._module is not None and ctx is not None and ctx.globals_keys == self._names():
            return self._module
        return super()._get_default_module(ctx)

    def _names(self) -> frozenset[str]:
        known: frozenset[str] | None = self.__dict__.get("_known_names")
        if known is None:
            known = self._known_names = frozenset(self.globals)
        return known


def register(app: Flask) -> None:
    """Have an application's templates run this way; before the first of them is read."""
    environment: Any = app.jinja_env
    environment.code_generator_class, environment.context_class = _Writer, _Names
    environment.template_class, environment.printed = _Template, printed
