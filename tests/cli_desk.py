"""The command line in this process, over a house of the test's own."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from click.testing import CliRunner, Result

from dispatcher.cli import main
from dispatcher.house import House
from houses import environment_of


@dataclass(frozen=True)
class CliDesk:
    """Runs `dispatch` commands as staff would."""

    house: House
    _runner: CliRunner = field(default_factory=CliRunner)

    def run(self, *arguments: str, given: str | bytes = "", expect: int = 0) -> Result:
        """One command; `given` is its standard input. It must exit with `expect`."""
        environment: Mapping[str, str] = environment_of(self.house.settings)
        result = self._runner.invoke(main, arguments, input=given, env=environment)
        assert result.exit_code == expect, f"{result.stdout}\n{result.stderr}\n{result.exception!r}"
        return result
