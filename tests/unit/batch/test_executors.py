"""How workers end, and what is said of those that died."""

from __future__ import annotations

from unittest.mock import Mock, PropertyMock

import pytest

from solver.batch.executors import Cluster, Processes


class Ended:
    """A process whose exit code is known only when it is asked for the third time."""

    def __init__(self, code: int) -> None:
        self._codes = [None, None, code]

    @property
    def exitcode(self) -> int | None:
        return self._codes.pop(0) if len(self._codes) > 1 else self._codes[0]


@pytest.mark.parametrize("codes", [(-9, -15), (-15, -9)])
def test_a_worker_that_died_is_reported_though_its_exit_code_comes_late(
    codes: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Processes, "_processes", PropertyMock(return_value=dict(enumerate(map(Ended, codes)))))
    death = Processes._death(object.__new__(Processes), "")  # noqa: SLF001 (how they end cannot be chosen otherwise)
    assert str(death) == "a worker process ended by signal 9, perhaps for lack of memory; try fewer --workers"


@pytest.mark.parametrize("error", [RuntimeError("release unlocked lock"), TimeoutError("timed out after 5 s.")])
def test_leaving_a_cluster_never_fails(error: Exception) -> None:
    """An interrupt may leave the client's locks in disorder; results are complete by then, or not wanted any more."""
    cluster = object.__new__(Cluster)
    cluster._client = Mock(close=Mock(side_effect=error))
    with pytest.raises(KeyboardInterrupt), cluster:
        raise KeyboardInterrupt
