// A decision summed up by kind and by job, for tables.
#pragma once

#include <string>
#include <vector>

#include "procurement/problem.hpp"

namespace chipmix::procurement {

/// Money of a kind, not discounted: what is paid for devices bought, and what all that are sold bring. A fleet that was
/// there before is sold, but not paid for.
struct Traded {
  double paid = 0, sold = 0;
};
Traded traded(const Problem& problem, const Decision& decision, std::size_t kind);

/// Rent of a kind in all months, not discounted.
double rent_paid(const Problem& problem, const Decision& decision, std::size_t kind);

/// Of the job's tokens, the share that clusters with devices of a kind train.
double work_share(const Problem& problem, const Decision& decision, std::size_t kind, std::size_t job);

/// The first and the last month in which a job runs, counted from 1 (0: it never does), and the clusters it runs on in
/// the order in which it meets them.
struct JobSpan {
  int first = 0, last = 0;
  std::vector<std::string> clusters;
};
JobSpan job_span(const Problem& problem, const Decision& decision, std::size_t job);

}  // namespace chipmix::procurement
