#include "engine/charge.hpp"

namespace chipmix::engine {

void charge(const Times& times, estimate::Estimate& estimate) {
  estimate.time = {};
  for (int account = 0; account < spent_count; ++account)
    if (times.seconds[account] > 0)
      estimate.time.charge(name(static_cast<Spent>(account)), Seconds{times.seconds[account]},
                           law(static_cast<Spent>(account)));
  estimate.step_time = estimate.time.total();
}

}  // namespace chipmix::engine
