#include "procurement/summary.hpp"

#include <algorithm>

namespace chipmix::procurement {

Traded traded(const Problem& problem, const Decision& decision, std::size_t kind) {
  const Kind& traded = problem.kinds[kind];
  Traded sum;
  for (const Holding& one : decision.holdings) {
    if (one.kind != static_cast<int>(kind)) continue;
    const int age = one.sale - one.arrival + (one.is_fleet ? traded.fleet->age : 0);
    if (!one.is_fleet) sum.paid += traded.purchase->price * one.price_share * one.devices;
    sum.sold += traded.worth(age) * one.price_share * one.devices;
  }
  return sum;
}

double rent_paid(const Problem& problem, const Decision& decision, std::size_t kind) {
  double sum = 0;
  for (const double devices : decision.rented[kind])
    if (devices > 0) sum += problem.kinds[kind].rent(devices);
  return sum;
}

double work_share(const Problem& problem, const Decision& decision, std::size_t kind, std::size_t job) {
  double sum = 0;
  for (int month = problem.works[job].from; month < problem.works[job].by; ++month)
    for (const Shift& shift : decision.shifts[month])
      if (problem.columns[shift.column].devices[kind] > 0)
        sum += shift.share * problem.columns[shift.column].tokens[job];
  return std::min(1.0, sum / problem.works[job].tokens);
}

JobSpan job_span(const Problem& problem, const Decision& decision, std::size_t job) {
  JobSpan span;
  for (int month = problem.works[job].from; month < problem.works[job].by; ++month)
    for (const Shift& shift : decision.shifts[month]) {
      const Column& column = problem.columns[shift.column];
      if (column.tokens[job] <= 0) continue;
      if (span.first == 0) span.first = month + 1;
      span.last = month + 1;
      if (std::find(span.clusters.begin(), span.clusters.end(), column.label) == span.clusters.end())
        span.clusters.push_back(column.label);
    }
  return span;
}

}  // namespace chipmix::procurement
