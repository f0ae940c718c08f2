"""`python -m dispatcher`: the same as `dispatch`."""

from dispatcher.cli import main

main(prog_name="dispatch")
