// The shapes that a pipeline over several islands may have, found in the order of what they promise.
#pragma once

#include <utility>
#include <vector>

#include "planner/mix/lane_rates.hpp"

namespace chipmix::planner {

/// A shape and the least seconds of a step that it can take.
struct Candidate {
  LaneShape shape;
  double bound = 0;
};

/// Shapes of one search: degrees of every island, one data degree, the settings of all stages, every order of the
/// islands in which neighbours are joined. Not thread-safe.
class LaneSpace {
 public:
  /// `waiting`: for the slowest rank, as a share of the passes. What is passed must outlive the object.
  LaneSpace(const workload::TrainingJob& job, const LaneContext& context, const std::vector<int>& islands,
            const SearchSpace& space, double waiting);

  /// From now on for a step of so many sequences.
  void set_batch(int batch);
  /// No shape promises less; infinite where no shape's memory can hold the model.
  double least_bound() const;
  /// Shapes with a bound up to `high` that were not given for this batch before, least bound first. `has_more`: whether
  /// there may be any beyond `high`.
  std::vector<Candidate> next(double high, bool& has_more);

  /// Sequences that the lane takes at a time: data degree x micro-batch, where every island has legal degrees for it,
  /// and their multiples.
  std::vector<int> quanta();
  /// Of the batch that was set: the most of the model's layers (of the commonest kind) that the islands' memory holds
  /// under any settings, and how many there are.
  std::pair<long long, int> most_held() const { return {most_held_, needed_}; }

  /// Sequences a second that no shape exceeds, whatever the batch.
  double best_rate();
  bool has_order() const { return !orders_.empty(); }

 private:
  /// Shapes that differ in the islands' degrees and order only.
  struct Family {
    LaneShape shape;  ///< without options
    const RatedIslands* rated = nullptr;
    double bound = 0;
  };
  /// Units of the commonest kind that an option can take within the window, and could in the one before, wherever its
  /// island stands in the pipeline; and whatever the time.
  struct Reach {
    const Rated* rated = nullptr;
    long long units = 0, before = 0, held = 0;
  };
  /// An island in its place: its stages but the last send to one another, the last to the next island.
  struct Placed {
    const Rated* rated = nullptr;
    double fixed = 0, delay = 0;            ///< f and d of its stages but the last
    double last_fixed = 0, last_delay = 0;  ///< and of that one
    int from_end = 1;                       ///< stages from its last to the end of the pipeline, counting both
    double lead = 0;                        ///< L of its first stage
  };
  /// A shape whose bound is beyond what was asked for.
  struct Pending {
    int family = 0;
    double bound = 0;
    bool is_full = false;                 ///< the bound is as high as it gets
    std::vector<const Rated*> ordered{};  ///< options in pipeline order
  };
  struct Window;

  std::vector<std::vector<int>> joined_orders() const;
  std::vector<int> data_degrees() const;
  void add(const LaneShape& shape, int data);
  void reach(const Family& family, Window& window) const;
  void choose(const Family& family, Window& window);
  void choose(const Family& family, std::vector<const Rated*>& chosen, const Reach& sum, Window& window);
  void order(const Family& family, const std::vector<const Rated*>& chosen, bool was_seen, Window& window);
  bool closes(const std::vector<int>& order) const;
  void place(const Family& family, const std::vector<const Rated*>& ordered);
  bool may_hold(const Family& family, double bound) const;
  double quick_bound(const Family& family) const;
  std::pair<double, bool> full_bound(const Family& family, double quick, double enough);
  void give(Pending found, Window& window);

  const LaneContext& context_;
  const std::vector<int>& islands_;
  const SearchSpace& space_;
  double waiting_;
  LaneRates rates_;
  std::vector<std::vector<int>> orders_;
  std::vector<Family> families_;
  long long most_held_ = 0;  ///< see most_held()
  int needed_ = 0;
  double seen_ = 0;  ///< up to which shapes were given
  std::vector<Pending> pending_;
  std::vector<Placed> placed_;  ///< by place()
  std::vector<OrderedStage> stages_;
  std::vector<LikeStages> like_;
};

}  // namespace chipmix::planner
