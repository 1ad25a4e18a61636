"""HiGHS, silent and with one thread, so that the same question gets the same answer."""

from __future__ import annotations

import highspy
import numpy as np

from kvarter.disclosure.table import CellTable


class _Silent(highspy.Highs):
    """HiGHS prints its name while it is made; this is the only place to stop it before."""

    def enableCallbacks(self) -> None:  # noqa: N802
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def solver() -> highspy.Highs:
    """An empty program."""
    made = _Silent()  # type: ignore[no-untyped-call]
    made.setOptionValue("threads", 1)
    made.setOptionValue("random_seed", 1)
    return made


def program(table: CellTable, low: np.ndarray, high: np.ndarray, *, whole: bool) -> highspy.Highs:
    """The parts of `table` as columns from zero up, and its cells as rows from `low` to `high`."""
    rows, columns = table.parts.shape
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = columns, rows
    lp.col_cost_, lp.col_lower_ = np.zeros(columns), np.zeros(columns)
    lp.col_upper_ = np.full(columns, highspy.kHighsInf)
    lp.row_lower_, lp.row_upper_ = low, high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = table.parts.indptr
    lp.a_matrix_.index_ = table.parts.indices
    lp.a_matrix_.value_ = table.parts.data
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * columns
    made = solver()
    made.passModel(lp)
    return made
