// The shapes that a pipeline over several islands may have, found in the order of what they promise.
#pragma once

#include <map>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "planner/mix/lane_bound.hpp"

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
  /// Shapes with low < bound <= high, least bound first. `has_more`: whether there may be any beyond `high`.
  std::vector<Candidate> between(double low, double high, bool& has_more);

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
  /// An option of an island under the settings of a family.
  struct Rated {
    const StageOption* option = nullptr;
    double rate = 0;                           ///< ρ of one stage
    double seconds = 0;                        ///< of a unit of the commonest kind
    double state = 0, saved = 0, working = 0;  ///< bytes of such a unit; see UnitTable
    double room = 0;                           ///< bytes of a rank
    long long held = 0;                        ///< units that the island's memory can hold at most

    int most(double in_flight) const;
  };
  /// Shapes that differ in the islands' degrees and order only.
  struct Family {
    LaneShape shape;  ///< without options
    UnitWeights weights;
    int units = 0;  ///< of the commonest kind
    std::vector<std::vector<Rated>> islands;
    double bound = 0;
  };
  /// Units of the commonest kind that an option can take within a time, wherever its island stands in the pipeline.
  struct Reach {
    const Rated* rated = nullptr;
    long long units = 0;
  };
  struct Window;
  struct Hash {
    std::size_t operator()(const std::pair<const StageOption*, const StageOption*>& pair) const {
      const auto [first, second] = pair;
      return std::hash<const void*>()(first) * 0x9E3779B97F4A7C15ull ^ std::hash<const void*>()(second);
    }
  };

  std::vector<std::vector<int>> joined_orders() const;
  std::vector<int> data_degrees() const;
  const std::vector<StageOption>& options(int island, int data, int micro_batch);
  Family family(int data, const LaneShape& shape);
  Rated rated(const StageOption& option, const Family& family);
  void add(Family family);
  void choose(const Family& family, Window& window) const;
  void choose(const Family& family, std::vector<const Rated*>& chosen, long long units, long long held,
              Window& window) const;
  void order(const Family& family, const std::vector<const Rated*>& chosen, Window& window) const;
  bool closes(const std::vector<int>& order) const;
  double bound(const Family& family, const std::vector<const Rated*>& ordered, double enough) const;
  std::vector<OrderedStage> in_place(const LaneShape& shape, const std::vector<const Rated*>& ordered) const;
  std::vector<LikeStages> like_stages(const LaneShape& shape, const std::vector<const Rated*>& ordered,
                                      const std::vector<OrderedStage>& in_place) const;
  double sends(const StageOption& from, const StageOption& to) const;  ///< of one chunk

  const LaneContext& context_;
  const std::vector<int>& islands_;
  const SearchSpace& space_;
  double waiting_;
  plan::Lowering lowering_;
  engine::AnalyticalEngine engine_;
  UnitTables tables_;
  std::vector<std::vector<int>> orders_;
  std::map<std::tuple<int, int, int>, std::vector<StageOption>> options_;
  std::vector<Family> families_;
  long long most_held_ = 0;  ///< see most_held()
  int needed_ = 0;
  mutable std::unordered_map<std::pair<const StageOption*, const StageOption*>, double, Hash> sends_;  ///< remembered
};

}  // namespace chipmix::planner
