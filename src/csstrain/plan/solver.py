"""The solver: linear programs with whole numbers, the one file that knows HiGHS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from highspy import HighsLp

# Work is bounded by counts, so that a slow machine finds what a fast one finds.
NODES = 2_000
GAP = 1e-4  # the solver ends when worth and bound are as near as this, as a share of the worth
ROUGH = 1e-3  # or this, where any good solution will do


class Solution(NamedTuple):
    """What the solver found: the value of each variable, and a proven bound of their worth."""

    values: tuple[float, ...]
    bound: float


class Row(NamedTuple):
    """A sum of variables, each times its factor, that must lie between two bounds."""

    parts: Mapping[int, float]
    low: float = -inf
    high: float = inf


@dataclass
class Program:
    """A linear program under construction: variables with their worth, and rows over them."""

    worth: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def add(self, worth: float, low: float, high: float, whole: bool = False) -> int:
        """A variable between two bounds; gives its number."""
        self.worth.append(worth)
        self.low.append(low)
        self.high.append(high)
        self.whole.append(whole)
        return len(self.worth) - 1

    def best(
        self,
        extra: Sequence[Row] = (),
        worth: Mapping[int, float] | None = None,
        *,
        rough: bool = False,
    ) -> Solution | None:
        """The most worth under all rows and some extra ones; None where nothing holds them all.

        `worth` stands in for the worth of the variables; `rough` is content to come near. One
        thread and a fixed seed: the same program gives the same solution.
        """
        from highspy import HighsModelStatus

        # The class around this one greets on stdout before any option can keep it quiet.
        from highspy._core import _Highs

        solver = _Highs()
        options: dict[str, bool | int | float | str] = {
            "output_flag": False,
            "threads": 1,
            "random_seed": 0,
            "mip_rel_gap": ROUGH if rough else GAP,
            "mip_abs_gap": 0.0,
            "mip_max_nodes": NODES,
            "presolve": "off",
        }
        for option, value in options.items():
            solver.setOptionValue(option, value)
        solver.passModel(self._model((*self.rows, *extra), worth))
        solver.run()
        status = solver.getModelStatus()
        info = solver.getInfo()
        if status not in (HighsModelStatus.kOptimal, HighsModelStatus.kSolutionLimit):
            return None
        if status is HighsModelStatus.kSolutionLimit and info.primal_solution_status != 2:
            return None
        found = tuple(solver.getSolution().col_value)
        # The bound of a maximum lies above it by no more than the gap that was asked for.
        reached = float(info.objective_function_value)
        return Solution(found, max(reached, float(info.mip_dual_bound)))

    def _model(self, rows: Sequence[Row], worth: Mapping[int, float] | None) -> HighsLp:
        from highspy import HighsLp, HighsVarType, MatrixFormat, ObjSense

        model = HighsLp()
        model.num_col_ = len(self.worth)
        model.num_row_ = len(rows)
        model.sense_ = ObjSense.kMaximize
        each = range(len(self.worth))
        model.col_cost_ = self.worth if worth is None else [worth.get(n, 0.0) for n in each]
        model.col_lower_ = self.low
        model.col_upper_ = self.high
        model.row_lower_ = [row.low for row in rows]
        model.row_upper_ = [row.high for row in rows]
        starts: list[int] = [0]
        indices: list[int] = []
        factors: list[float] = []
        for row in rows:
            for variable, factor in sorted(row.parts.items()):
                indices.append(variable)
                factors.append(factor)
            starts.append(len(indices))
        model.a_matrix_.format_ = MatrixFormat.kRowwise
        model.a_matrix_.start_ = starts
        model.a_matrix_.index_ = indices
        model.a_matrix_.value_ = factors
        kinds = (HighsVarType.kContinuous, HighsVarType.kInteger)
        model.integrality_ = [kinds[whole] for whole in self.whole]
        return model
