// Problems with many clusters: those that matter are found while the program is solved.
#pragma once

#include "procurement/formulation.hpp"

namespace chipmix::procurement {

/// An answer whose runs were generated: `values` are of the formulation's variables.
struct LargeAnswer {
  MilpAnswer answer;
  std::unique_ptr<Formulation> formulation;
};

/// The least within `effort.gap`:
///  1. The program without whole numbers is solved with few runs; those are added that would save most at the prices of
///     its rows, until none would save anything (column generation, Gilmore and Gomory, 1961). No decision costs less.
///  2. CBC solves it in whole numbers with the runs found, lots fixed but for those near the broken ones.
///  3. Lots are branched on, the least bound first, runs generated in each branch, until bound and best are near enough
///     (branch and price, Barnhart et al., 1998).
LargeAnswer minimise_large(const Problem& problem, double scale, const std::vector<Run>& runs,
                           const std::vector<bool>& one_way, const SolverLimits& effort);

}  // namespace chipmix::procurement
