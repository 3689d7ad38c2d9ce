"""How the host prints an error to the console, without stopping."""

import sys
import textwrap
import traceback


def report(message: str, *, exc_info: bool = False) -> None:
    """Print `message` to stderr, with the traceback of the exception being handled if `exc_info`."""
    for line in message.splitlines():
        print("***", line, file=sys.stderr)
    if exc_info:
        print(textwrap.indent(traceback.format_exc(), "    "), "---", sep="\n", file=sys.stderr)


def display(e: BaseException, task: str) -> None:
    """Print the exception `e` that ended `task`."""
    print(f"{task or 'error'}: {type(e).__name__}", file=sys.stderr)
    traceback.print_exception(type(e), e, e.__traceback__, file=sys.stderr)
