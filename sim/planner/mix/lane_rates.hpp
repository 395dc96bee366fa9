// What the stages of an island can do under the settings of a pipeline, before anybody says how many micro-batches
// there are: kept from one batch to the next.
#pragma once

#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "planner/mix/lane_bound.hpp"

namespace chipmix::planner {

/// An option of an island under some recompute and ZeRO setting.
class Rated {
 public:
  /// `longest`: stages that a pipeline may have.
  Rated(const StageOption& what, const UnitWeights& weights, plan::Recompute recompute, const UnitTable& table,
        double room, int longest);

  const StageOption* option = nullptr;
  double rate = 0;     ///< ρ of one stage
  double seconds = 0;  ///< of a unit of the commonest kind
  double layer = 0;    ///< seconds of the cheapest layer
  int number = 0;      ///< among the options of all islands

  /// Units of the commonest kind that a rank can hold with so many micro-batches in flight.
  int most(double in_flight) const;
  /// The most units of the island within a given time (s) for a micro-batch on each stage: it holds, wherever it
  /// stands, the activations of at least 1, 2, ..., p of the micro-batches.
  long long units(int micro_batches, double within) const { return units(micro_batches, within, 1); }
  /// The same of an island whose last stage is the `from_end`-th from the end of the pipeline: its stages hold the
  /// activations of from_end, from_end + 1, ... micro-batches.
  long long units(int micro_batches, double within, int from_end) const;

 private:
  double state_ = 0, saved_ = 0, working_ = 0;  ///< bytes of a unit of the commonest kind; see UnitTable
  double room_ = 0;                             ///< bytes of a rank
  std::vector<int> most_;                       ///< with 1, 2, ... in flight: never rises
  std::vector<int> sums_;                       ///< of the first i of them
};

/// The options of all islands that a pipeline can join: data degree, micro-batch and settings are common to them.
struct RatedIslands {
  UnitWeights weights;
  int units = 0;  ///< of the commonest kind
  std::vector<std::vector<Rated>> islands;
  int options = 0;
  std::vector<double>* sends = nullptr;  ///< by the numbers of two options; below 0: not asked for yet
};

/// Makes them, once each, and the sends between their stages. Not thread-safe.
class LaneRates {
 public:
  /// What is passed must outlive the object.
  LaneRates(const workload::TrainingJob& job, const LaneContext& context, const std::vector<int>& islands,
            const SearchSpace& space);

  /// Of one island.
  const std::vector<StageOption>& options(int island, int data, int micro_batch);
  /// Null where an island has no legal option.
  const RatedIslands* rated(int data, int micro_batch, plan::Recompute recompute, plan::Zero zero);
  /// Seconds of a micro-batch's way from one chunk to the next and back.
  double sends(const RatedIslands& rated, const Rated& from, const Rated& to) const {
    double& known = (*rated.sends)[from.number * rated.options + to.number];
    if (known < 0) known = planner::sends(*from.option, *to.option, 1, engine_);
    return known;
  }

 private:
  RatedIslands make(int data, int micro_batch, plan::Recompute recompute, plan::Zero zero);

  const LaneContext& context_;
  const std::vector<int>& islands_;
  const SearchSpace& space_;
  plan::Lowering lowering_;
  engine::AnalyticalEngine engine_;
  UnitTables tables_;
  std::map<std::tuple<int, int, int>, std::vector<StageOption>> options_;
  std::map<std::tuple<int, int, plan::Recompute, plan::Zero>, RatedIslands> rated_;
  std::map<std::pair<int, int>, std::vector<double>> sends_;  ///< by data degree and micro-batch
};

}  // namespace chipmix::planner
