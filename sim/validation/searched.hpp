// Are plans found by search believed too readily? The best published step of each job beside the plan that search finds
// for it.
#pragma once

#include <string>
#include <vector>

#include "validation/predict.hpp"

namespace chipmix::validation {

/// Published runs of one job: model, sequence length, batch, devices, number format and software.
struct SearchedJob {
  std::vector<std::string> ids;
  std::string model, device, project;
  int devices = 0;
  bool is_moe = false;
  double published_s = 0;             ///< the fastest published step
  double searched_s = 0;              ///< the step of the plan found; 0 where no plan of the space fits
  double step_p10 = 1, step_p90 = 1;  ///< the step's own interval, as factors
  std::string reason;                 ///< why nothing was found

  /// How many times faster the plan found is than the best published one.
  double faster() const { return searched_s > 0 ? published_s / searched_s : 0; }
};

/// Jobs of timed full-training runs, in order of the table. Each costs a search.
std::vector<SearchedJob> search_jobs(const std::vector<PublishedRun>& runs, int jobs);

}  // namespace chipmix::validation
