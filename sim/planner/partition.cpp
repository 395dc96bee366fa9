#include "planner/partition.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace chipmix::planner {
namespace {

int unit_count(const StageSlot& stage) { return static_cast<int>(stage.units->time.size()) - 1; }

double time_of(const StageSlot& stage, int begin, int end) {
  return std::max(stage.floor, stage.units->time[end] - stage.units->time[begin] + stage.fixed);
}

double bytes_of(const StageSlot& stage, int begin, int end) {
  const UnitTable& units = *stage.units;
  double working = 0;
  for (int unit = begin; unit < end; ++unit) working = std::max(working, units.working[unit]);
  return units.state[end] - units.state[begin] + stage.in_flight * (units.saved[end] - units.saved[begin]) + working;
}

class Partitioner {
 public:
  explicit Partitioner(const std::vector<StageSlot>& stages)
      : stages_(stages), units_(unit_count(stages.front())), ends_(stages.size()) {}

  std::optional<Partition> run(double limit) {
    if (!fill(limit)) return std::nullopt;
    Partition best = taken();
    double low = 0;  // no partition is that fast
    while (best.slowest - low > 1e-3 * best.slowest) {
      const double middle = 0.5 * (low + best.slowest);
      if (fill(middle))
        best = taken();
      else
        low = middle;
    }
    while (fill(std::nextafter(best.slowest, 0.0))) best = taken();
    return best;
  }

 private:
  bool fill(double bound) {
    const Filled filled = fill_greedily(bound);
    return filled == Filled::stuck ? fill_carefully(bound) : filled == Filled::all;
  }

  enum class Filled { all, some, stuck };

  /// Takes units stage by stage, as many as `bound` allows, leaving one for every stage that follows. Stuck: a stage
  /// cannot take the unit that comes next, which an earlier cut might have spared it.
  Filled fill_greedily(double bound) {
    const int count = static_cast<int>(stages_.size());
    int begin = 0;
    for (int stage = 0; stage < count; ++stage) {
      const int end = std::min(longest(stage, begin, bound), units_ - (count - stage - 1));
      if (end <= begin) return Filled::stuck;
      ends_[stage] = begin = end;
    }
    return begin == units_ ? Filled::all : Filled::some;
  }

  /// Which units each stage can end at, stage by stage; then back from the last unit, as late as possible.
  bool fill_carefully(double bound) {
    const int count = static_cast<int>(stages_.size());
    reached_.assign(count + 1, std::vector<char>(units_ + 1, 0));
    reached_[0][0] = 1;
    for (int stage = 0; stage < count; ++stage)
      for (int begin = 0; begin < units_; ++begin)
        if (reached_[stage][begin])
          for (int end = longest(stage, begin, bound); end > begin && !reached_[stage + 1][end]; --end)
            reached_[stage + 1][end] = 1;
    if (!reached_[count][units_]) return false;
    for (int stage = count - 1, end = units_; stage >= 0; --stage) {
      ends_[stage] = end--;
      while (!reached_[stage][end] || longest(stage, end, bound) < ends_[stage]) --end;
    }
    return true;
  }

  /// End of the longest part from `begin` on within `bound` seconds and the stage's room: what is shorter needs less.
  int longest(int index, int begin, double bound) const {
    const StageSlot& stage = stages_[index];
    int fitting = begin, end = in_time(stage, begin, bound);
    if (bytes_of(stage, begin, end) <= stage.room) return end;
    while (end - fitting > 1) {
      const int middle = (fitting + end) / 2;
      (bytes_of(stage, begin, middle) <= stage.room ? fitting : end) = middle;
    }
    return fitting;
  }

  /// End of the longest part from `begin` on that takes no longer than `bound`.
  int in_time(const StageSlot& stage, int begin, double bound) const {
    if (stage.floor > bound) return begin;
    const std::vector<double>& time = stage.units->time;
    const auto longer = std::partition_point(time.begin() + begin + 1, time.end(), [&](const double& sum) {
      return sum - time[begin] + stage.fixed <= bound;
    });
    return static_cast<int>(longer - time.begin()) - 1;
  }

  Partition taken() const { return {ends_, slowest_stage(stages_, ends_)}; }

  const std::vector<StageSlot>& stages_;
  const int units_;
  std::vector<int> ends_;
  std::vector<std::vector<char>> reached_;
};

}  // namespace

std::vector<double> stage_times(const std::vector<StageSlot>& stages, const std::vector<int>& ends) {
  std::vector<double> times;
  int begin = 0;
  for (std::size_t stage = 0; stage < stages.size(); begin = ends[stage++])
    times.push_back(time_of(stages[stage], begin, ends[stage]));
  return times;
}

double slowest_stage(const std::vector<StageSlot>& stages, const std::vector<int>& ends) {
  double slowest = 0;
  int begin = 0;
  for (std::size_t stage = 0; stage < stages.size(); begin = ends[stage++])
    slowest = std::max(slowest, time_of(stages[stage], begin, ends[stage]));
  return slowest;
}

bool fits(const std::vector<StageSlot>& stages, const std::vector<int>& ends) {
  int begin = 0;
  for (std::size_t stage = 0; stage < stages.size(); begin = ends[stage++])
    if (bytes_of(stages[stage], begin, ends[stage]) > stages[stage].room) return false;
  return true;
}

std::optional<Partition> partition(const std::vector<StageSlot>& stages, double limit) {
  if (stages.empty() || unit_count(stages.front()) < static_cast<int>(stages.size())) return std::nullopt;
  return Partitioner(stages).run(limit);
}

Partition even_partition(const std::vector<StageSlot>& stages) {
  Partition even;
  const int units = unit_count(stages.front()), count = static_cast<int>(stages.size());
  for (int stage = 1; stage <= count; ++stage)
    even.ends.push_back(static_cast<int>(static_cast<long long>(units) * stage / count));
  even.slowest = slowest_stage(stages, even.ends);
  return even;
}

}  // namespace chipmix::planner
