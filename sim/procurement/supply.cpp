#include "procurement/supply.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "procurement/formulation.hpp"

namespace chipmix::procurement {
namespace {

constexpr int any_number = std::numeric_limits<int>::max();

/// A problem's jobs that may run in a month.
std::vector<bool> active(const Problem& problem, int month) {
  std::vector<bool> jobs;
  for (const Work& work : problem.works) jobs.push_back(month >= work.from && month < work.by);
  return jobs;
}

/// The work of a column in months in which some jobs may run; where jobs may move, on which kinds each does.
Column now(const Column& column, const std::vector<bool>& active, bool may_move) {
  Column result{{}, column.devices, column.tokens, column.billed};
  for (std::size_t j = 0; j < active.size(); ++j) {
    if (!active[j]) result.tokens[j] = 0;
    if (may_move) result.sites.push_back(result.tokens[j] > 0 ? column.site(j) : Site{0});
  }
  return result;
}

/// Where a job moves to: the smallest clusters with which the others do as much.
std::vector<Run> arrivals_at(std::vector<Column> columns, const std::vector<int>& numbers, std::size_t job) {
  std::vector<Column> there;
  std::vector<int> places;
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i].tokens[job] > 0) {
      columns[i].tokens[job] = 0;
      there.push_back(std::move(columns[i]));
      places.push_back(numbers[i]);
    }
  std::vector<Run> runs;
  for (int i : efficient_of(there)) runs.push_back({none, places[i], 0, static_cast<int>(job)});
  return runs;
}

bool works(const Column& column) {
  return std::any_of(column.tokens.begin(), column.tokens.end(), [](double tokens) { return tokens > 0; });
}

}  // namespace

int buyable(const Kind& kind) { return kind.purchase ? kind.purchase->cap.value_or(any_number) / kind.lot : 0; }
int rentable(const Kind& kind) { return kind.lease ? kind.lease->cap.value_or(any_number) / kind.lot : 0; }

int fleet_lots(const Kind& kind) { return kind.fleet ? kind.fleet->devices / kind.lot : 0; }

int ordered_lots(const Problem& problem, std::size_t kind, int month) {
  if (!problem.order) return 0;
  const auto& arrivals = problem.order->arrivals[kind];
  int devices = 0;
  for (int t = 0; t <= month && t < static_cast<int>(arrivals.size()); ++t) devices += arrivals[t];
  return devices / problem.kinds[kind].lot;
}

bool can_be_had(const Problem& problem, const Column& column) {
  double kilowatts = 0;
  for (std::size_t k = 0; k < problem.kinds.size(); ++k) {
    const Kind& kind = problem.kinds[k];
    if (column.devices[k] % kind.lot != 0) throw std::logic_error("a cluster of devices that are not whole lots");
    const int needed = column.devices[k] / kind.lot, owned = std::max(0, needed - rentable(kind));
    if (owned > buyable(kind) + fleet_lots(kind)) return false;
    kilowatts += owned * kind.lot * kind.kilowatts;
  }
  return !problem.limits.kilowatts || kilowatts <= *problem.limits.kilowatts * (1 + 1e-9);
}

int most_lots(const Problem& problem, std::size_t kind) {
  const int due = ordered_lots(problem, kind, problem.last() - 1), fleet = fleet_lots(problem.kinds[kind]);
  int most = due;
  for (const Column& column : problem.columns)
    if (can_be_had(problem, column)) most = std::max(most, column.devices[kind] / problem.kinds[kind].lot);
  return std::max(most + due, fleet + due);  // what is bought beside them may come first
}

int bought_lots(const Problem& problem, std::size_t kind) {
  const int due = ordered_lots(problem, kind, problem.last() - 1), fleet = fleet_lots(problem.kinds[kind]);
  const int more = buyable(problem.kinds[kind]);
  return std::max(fleet + due,
                  std::min(most_lots(problem, kind), more < any_number - fleet ? fleet + more : any_number));
}

std::vector<Run> usable(const Problem& problem) {
  std::vector<int> had;
  for (std::size_t c = 0; c < problem.columns.size(); ++c)
    if (can_be_had(problem, problem.columns[c])) had.push_back(static_cast<int>(c));
  std::vector<Run> runs;
  std::vector<bool> before;
  std::vector<Run> chosen;  // that work in such months
  for (int t = 0; t < problem.last(); ++t) {
    const std::vector<bool> jobs = active(problem, t);
    if (jobs != before) {
      std::vector<Column> columns;
      std::vector<int> numbers;
      for (int c : had)
        if (Column column = now(problem.columns[c], jobs, problem.move > 0); works(column))
          columns.push_back(std::move(column)), numbers.push_back(c);
      chosen.clear();
      for (int i : efficient_of(columns)) chosen.push_back({none, numbers[i], 0});
      for (std::size_t j = 0; problem.move > 0 && j < jobs.size(); ++j)
        for (const Run& run : arrivals_at(columns, numbers, j)) chosen.push_back(run);
      before = jobs;
    }
    for (Run& run : chosen) run.month = t;
    runs.insert(runs.end(), chosen.begin(), chosen.end());
  }
  return runs;
}

}  // namespace chipmix::procurement
