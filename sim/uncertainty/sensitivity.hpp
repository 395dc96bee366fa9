// How sure is a step time? Every figure with a range is moved to its ends, one at a time, the plan held fixed.
#pragma once

#include <string>
#include <vector>

#include "hardware/cluster.hpp"
#include "plan/job_plan.hpp"
#include "uncertainty/draws.hpp"
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
  /// What the interval is made of: factors on the step time that, where other runs have the same cause, move together.
  std::vector<Factor> causes;
};

/// Ranges are read as 80 % intervals of independent figures, so that half-widths add in quadrature on the logarithm:
///   F↑ = sqrt(Σ up_i²),  F↓ = sqrt(Σ down_i²),
/// up_i and down_i the largest rise and fall of ln(step time) over the ends of figure i. First order; checked against
/// sampling in the tests. Published runs left over, after the fit:
///   R² = W² + z² (s² + d²/(1 + n) + m²/(1 + n_moe))        z = 1.2816
///   W  half-width within runs of one publisher (the stack's residual);  s between publishers;
///   d  of a stack on a die, n publishers seen there;  m of mixtures of experts, n_moe publishers seen there (else 0)
/// Of dense models d²/(1 + n) is at least b² - s², b the publisher_spread of the device, to slower and to faster apart:
/// on a die whose publishers lay further from predictions than usual the next one may too, and to the same side.
///   ln p90 = ((a·F↑)² + R↑²)^½,  ln p10 = -((a·F↓)² + R↓²)^½,
/// a = 0.3 where training runs of the device or a relative were fitted, 1 for a device known by its data sheet only.
/// Causes: the figures of a device; s and m go with the stack, whoever runs on it; d with the device; of W² a part of
/// 0.15 goes with the job on that device and the rest with this run alone. Of several islands each is off by its own
/// causes, weighted by its share of the FLOPS.
StepInterval step_interval(const workload::TrainingJob& job, const plan::JobPlan& plan,
                           const hardware::Cluster& cluster);

}  // namespace chipmix::uncertainty
