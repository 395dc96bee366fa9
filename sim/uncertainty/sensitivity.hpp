// How sure is a step time? Every figure with a range is moved to its ends, one at a time, the plan held fixed.
#pragma once

#include <string>
#include <vector>

#include "hardware/cluster.hpp"
#include "plan/plan.hpp"
#include "workload/job.hpp"

namespace chipmix::uncertainty {

/// Effect of one figure: step time over the central one at the low and the high end of the figure's range.
struct Swing {
  std::string figure;  ///< path such as "scale_out.efficiency"
  std::string source;
  double at_low = 1;
  double at_high = 1;
  double width() const;  ///< |ln(at_high / at_low)|
};

struct StepInterval {
  double p10 = 1;  ///< factors on the central step time
  double p90 = 1;
  std::vector<Swing> swings;  ///< widest first
};

/// Ranges are read as 80 % intervals of independent figures, so that half-widths add in quadrature on the logarithm:
/// what the laws leave out counts as one more such figure, the stack's residual (measured over predicted in published
/// runs);
///   ln p90 = sqrt(Σ up_i²),  ln p10 = -sqrt(Σ down_i²),
/// up_i and down_i the largest rise and fall of ln(step time) over the ends of figure i. First order; checked against
/// sampling in the tests.
StepInterval step_interval(const workload::TrainingJob& job, const plan::ParallelPlan& plan,
                           const hardware::Cluster& cluster);

}  // namespace chipmix::uncertainty
