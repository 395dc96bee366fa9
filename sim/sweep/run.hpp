// The points of a sweep handed to threads; rows come out in order.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "sweep/evaluator.hpp"

namespace chipmix::sweep {

/// One option at one point.
struct Unit {
  std::size_t point = 0;
  std::size_t place = 0;  ///< in Question::options()
};

/// All units of a shard but those known. Throws std::invalid_argument where a key that is known is not of the shard, or
/// has another point: then it is of another grid.
std::vector<Unit> units_of(const Question& question, const Grid& grid, const Shard& shard,
                           const std::map<std::string, std::size_t>& known = {});

struct Orders {
  int jobs = 1;
  std::function<bool()> stop{};  ///< asked between units, from any thread
};

/// Answers the units and hands each row to `sink`, in the order of the units, from one thread at a time. The rows are
/// the same for any number of threads. What a unit or the sink throws ends the sweep and is thrown again.
void run(const Question& question, const Grid& grid, const std::vector<Unit>& units, const Orders& orders,
         const std::function<void(const Unit&, const Point&, const Row&)>& sink);

}  // namespace chipmix::sweep
