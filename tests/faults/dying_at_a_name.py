"""Runs a program of ours whose processes die when they render a message for somebody called Poison.

`python -P dying_at_a_name.py PROGRAM ARGUMENTS...`: what a fault in a library written in C would do.
"""

import os
import runpy
import signal
import sys
from typing import Any

from jinja2.runtime import Context

NAME = "Poison"
_begin = Context.__init__


def _begin_or_die(self: Context, environment: Any, parent: dict[str, Any], *more: Any, **named: Any) -> None:
    if parent.get("first_name") == NAME:
        os.kill(os.getpid(), signal.SIGKILL)
    _begin(self, environment, parent, *more, **named)


if __name__ == "__main__":
    program, *arguments = sys.argv[1:]
    Context.__init__ = _begin_or_die  # type: ignore[method-assign]  # that is the fault
    sys.argv = [program, *arguments]
    runpy.run_module(program, run_name="__main__", alter_sys=True)
