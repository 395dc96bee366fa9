// Jobs that move from some kinds to others: where each is, month by month, and the time that a move takes.
#include <algorithm>

#include "procurement/formulation.hpp"

namespace chipmix::procurement {
namespace {

/// Of the dearest lot: a move that costs nothing is made for a reason only.
constexpr double move_trouble = 1e-6;
constexpr double least_moved = 1e-6;  // of a month

/// Where the columns of a problem run a job.
std::vector<Site> sites_of(const Problem& problem, std::size_t job) {
  std::vector<Site> sites;
  for (const Column& column : problem.columns)
    if (column.tokens[job] > 0 && std::find(sites.begin(), sites.end(), column.site(job)) == sites.end())
      sites.push_back(column.site(job));
  return sites;
}

}  // namespace

int Whereabouts::place(Site site) const {
  return static_cast<int>(std::find(sites.begin(), sites.end(), site) - sites.begin());
}

void Formulation::add_whereabouts(std::size_t j) {
  Whereabouts where;
  if (p_.move > 0) where.sites = sites_of(p_, j);
  const Work& work = p_.works[j];
  const int months = std::min(work.by, last_) - work.from;
  if (where.sites.size() < 2 || months < 1) where.sites.clear();
  for (std::size_t g = 0; g < where.sites.size(); ++g) {
    where.is_at.emplace_back();
    for (int t = 0; t <= months; ++t) where.is_at[g].push_back(milp_.variable(0, 0, 1, true));
    where.works.emplace_back();
    where.moves.emplace_back();
  }
  // u_jg: whether it is ever there, which a solver does well to decide first: Σ_g u_jg - 1 moves are made at least
  std::vector<int> ever;
  std::vector<Milp::Terms> comes(where.sites.size());
  for (std::size_t g = 0; g < where.sites.size(); ++g) {
    ever.push_back(milp_.variable(0, 0, 1, true));
    comes[g] = {{ever[g], -1}, {where.is_at[g][0], 1}};
  }
  for (int t = 0; t <= months && !where.sites.empty(); ++t) {
    Milp::Terms one, moved;
    for (std::size_t g = 0; g < where.sites.size(); ++g) {
      const std::vector<int>& at = where.is_at[g];
      one.emplace_back(at[t], 1);
      milp_.row({{at[t], 1}, {ever[g], -1}}, Sense::at_most, 0);
      if (t == months) continue;
      const int moves = milp_.variable(move_trouble, 0, 1, false);
      moved.emplace_back(moves, 1);
      comes[g].emplace_back(moves, 1);
      milp_.row({{moves, 1}, {at[t + 1], -1}, {at[t], 1}}, Sense::at_least, 0);
      milp_.row({{moves, 1}, {at[t + 1], -1}}, Sense::at_most, 0);
      where.works[g].push_back(milp_.row({{at[t], -1}, {moves, -1}}, Sense::at_most, 0));
      where.moves[g].push_back(milp_.row({{moves, -p_.move}}, Sense::at_least, 0));
    }
    milp_.row(std::move(one), Sense::equal, 1);
    if (!moved.empty()) milp_.row(std::move(moved), Sense::at_most, 1);
  }
  for (Milp::Terms& terms : comes) milp_.row(std::move(terms), Sense::at_least, 0);
  whereabouts_.push_back(std::move(where));
}

std::vector<Move> moves_of(const Problem& problem, const Formulation& formulation, const std::vector<double>& values) {
  std::vector<Move> moves;
  for (std::size_t j = 0; j < problem.works.size(); ++j) {
    const Whereabouts& where = formulation.whereabouts()[j];
    const auto is_at = [&](std::size_t g, int t) { return values[where.is_at[g][t]] > 0.5; };
    for (const Run& run : formulation.runs()) {
      if (run.moving != static_cast<int>(j) || values[run.variable] < least_moved) continue;
      const int t = run.month - problem.works[j].from;
      const Site to = problem.columns[run.column].site(j);
      if (is_at(where.place(to), t) || !is_at(where.place(to), t + 1)) continue;  // devices that were idle anyway
      for (std::size_t g = 0; g < where.sites.size(); ++g)
        if (is_at(g, t)) moves.push_back({j, run.month, run.column, values[run.variable], where.sites[g], to});
    }
  }
  return moves;
}

}  // namespace chipmix::procurement
