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

/// The work of a column in months in which some jobs may run.
Column now(const Column& column, const std::vector<bool>& active) {
  Column result{{}, column.devices, column.tokens};
  for (std::size_t j = 0; j < active.size(); ++j)
    if (!active[j]) result.tokens[j] = 0;
  return result;
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
  std::vector<int> chosen;  // columns that work in such months
  for (int t = 0; t < problem.last(); ++t) {
    const std::vector<bool> jobs = active(problem, t);
    if (jobs != before) {
      std::vector<Column> columns;
      std::vector<int> numbers;
      for (int c : had)
        if (Column column = now(problem.columns[c], jobs); works(column))
          columns.push_back(std::move(column)), numbers.push_back(c);
      chosen.clear();
      for (int i : efficient_of(columns)) chosen.push_back(numbers[i]);
      before = jobs;
    }
    for (int c : chosen) runs.push_back({none, c, t});
  }
  return runs;
}

}  // namespace chipmix::procurement
