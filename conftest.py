"""What every test run needs: honesty about what it leaves out."""

import pytest

from tests.shared import SHARED


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect, and count aloud, the tests that read specification data a lone clone does not have."""
    if SHARED.is_dir():
        return
    absent = [item for item in items if item.get_closest_marker("needs_shared")]
    if absent:
        items[:] = [item for item in items if item not in absent]
        config.hook.pytest_deselected(items=absent)
        config.stash[LEFT_OUT] = [item.nodeid for item in absent]


LEFT_OUT = pytest.StashKey[list[str]]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say which tests were left out for want of the specification data."""
    left_out = config.stash.get(LEFT_OUT, [])
    if left_out:
        terminalreporter.write_line(f"Left out, no specification data beside this clone: {len(left_out)}")
        for nodeid in left_out:
            terminalreporter.write_line(f"  {nodeid}")
