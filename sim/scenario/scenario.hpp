// A scenario with every name looked up: ready to be answered.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/event/disturbance.hpp"
#include "hardware/cluster.hpp"
#include "planner/search.hpp"
#include "practice/belief.hpp"
#include "practice/scope.hpp"
#include "prices/book.hpp"
#include "scenario/library.hpp"
#include "scenario/spec.hpp"
#include "workload/job.hpp"

namespace chipmix::scenario {

struct Phase {
  int option = 0;  ///< index of an option with a cluster
  double share = 0;
  Seconds moving;  ///< before it begins
};

/// How the islands of an option's cluster may be used.
struct Mix {
  std::vector<planner::Way> ways;
  int sync_interval = usual_sync_interval;
};

/// Where the job takes `job` sequences of a length a step, an option takes `own`.
struct OwnBatch {
  int sequence_length = 0;
  int job = 0;
  int own = 0;
};

struct Option {
  std::string name;
  std::string label;
  std::optional<hardware::Cluster> cluster;  ///< absent: phases; several groups: a mix
  Dtype dtype = Dtype::bf16;                 ///< the job's, or the option's own
  std::vector<OwnBatch> batches;             ///< instead of the job's and its stages'
  std::vector<std::optional<Sourced<Rent>>>
      rents;  ///< of each group of the cluster; of one that is owned its hourly cost
  std::vector<std::optional<economics::Ownership>> owned;  ///< of each group
  std::vector<std::optional<Sourced<Tariff>>> tariffs;     ///< of each group; absent: electricity is not paid apart
  std::vector<economics::PowerProfile> power;              ///< of each group
  /// Of an option with one group.
  const std::optional<Sourced<Rent>>& rent() const { return rents.front(); }

  std::optional<economics::Commitment> commitment;  ///< its discount is in `rents`
  std::optional<Sourced<Rent>> list_rent;           ///< of one with a commitment: the rent without its discount
  std::optional<std::string> valid_until;           ///< last day on which its price holds, YYYY-MM-DD

  std::optional<Mix> mix;
  std::optional<plan::UniformPlan> plan;    ///< absent: searched
  bool is_plan_found = false;               ///< the plan is a search's, not the user's
  std::optional<plan::ParallelPlan> given;  ///< of a plan file, instead of `plan` and `space`
  planner::SearchSpace space;
  engine::Disturbance disturbed;
  std::optional<goodput::Reliability> reliability;  ///< its own, or the scenario's
  practice::Practice practice = practice::Practice::typical;
  std::optional<double> mfu;             ///< the user's own share of peak
  std::optional<Seconds> measured_step;  ///< the user's own step
  std::vector<Phase> phases;
};

/// A part of the job with a shape of its own.
struct JobStage {
  std::string name;
  int sequence_length = 0;
  int global_batch = 0;
  double tokens = 0;
};

/// A kind of device that can be bought, rented or both.
struct Supply {
  int option = 0;
  SupplySpec spec;
  std::optional<economics::Ownership> own;  ///< if it can be bought
  std::optional<Sourced<Rent>> lease;       ///< if it can be rented
};

/// Several supplies that may train one job together.
struct Together {
  int option = 0;             ///< with a mix
  std::vector<int> supplies;  ///< of each island
  std::vector<std::vector<int>> sizes;
};

/// A job and the months in which it may run, [from, by).
struct PortfolioJob {
  std::string name;
  workload::TrainingJob job;
  int from = 0, by = 0;
};

struct Purchases {
  int months = 0;
  procurement::Curve worth = procurement::Curve::market;
  procurement::Shares shares = procurement::Shares::work;
  double discount = 0;  ///< a year
  double confidence = 0.5;
  double move_hours = 0;  ///< of a job to other kinds
  std::vector<Supply> supplies;
  std::vector<Together> mixes;
  std::vector<PortfolioJob> jobs;
  LimitsSpec limits;
};

/// A rent or a purchase price that the scenario does not give: the median of quotes.
struct PublicPrice {
  std::string option;
  std::size_t group = 0;
  bool is_own = false;  ///< of the scenario's files of prices
  prices::Median median;
  prices::Kind kind = prices::Kind::on_demand;
};

/// Something the user should know of the question, though it is answered as it stands.
struct Doubt {
  std::string text;
  int option = -1;  ///< that it is about; -1: the scenario's
};

struct Scenario {
  std::optional<std::string> start;  ///< day on which runs begin, YYYY-MM-DD
  std::string name;
  std::string description;
  Currency currency;
  workload::TrainingJob job;        ///< with stages: all their tokens, in the shape that a stage without its own has
  std::vector<JobStage> stages;     ///< one after another; empty: the job is one
  std::optional<Seconds> deadline;  ///< from the start
  std::optional<Money> budget;
  practice::Belief practice;  ///< what is believed of whole runs
  std::optional<economics::Electricity> electricity;
  ExchangeRates rates;
  std::vector<RateSpec> rates_read;  ///< the same with their days and sources; and published ones that were missing
  std::string price_date;            ///< from which ages of quotes count; empty: no quote was looked at
  std::vector<PublicPrice> public_prices;
  std::vector<Doubt> doubts;
  std::vector<Option> options;
  int baseline = 0;
  std::vector<PublishedSpec> published;
  std::vector<AssumptionSpec> assumptions;
  std::optional<Purchases> procurement;
  std::vector<Default> defaults;  ///< what the file does not state, or marks as not stated

  /// The job as the option trains it: in its number format, with its batch.
  workload::TrainingJob job_of(const Option& option) const;
  /// One stage as the option trains it; the job where there are no stages.
  workload::TrainingJob job_of(const Option& option, std::size_t stage) const;
  /// One stage as a job; the job itself where there are no stages.
  workload::TrainingJob stage_job(std::size_t stage) const;
  /// The option on whose cluster a run of `option` runs: itself, or that of the phase.
  const Option& host(const Option& option, std::size_t run) const;
  /// Index of the named option; -1 if there is none.
  int find(const std::string& option) const;
};

/// Reads and resolves a scenario. Throws InputError with every fault of the file: shape, unknown names (with the
/// nearest spelling), contradictions (an option with neither cluster nor phases, shares that do not add to 1, a price
/// in a currency without a rate, two options of one name).
Scenario read_scenario(const io::Document& document, Library& library);

/// Sets what an hour of each owned device costs where its rent would stand.
void price_owned(Option& option, const std::optional<economics::Electricity>& electricity, const ExchangeRates& rates);

/// One kind of device, resolved by names as in a scenario's cluster; used by tools that have no scenario file.
/// Unknown names are reported at `at`.
std::optional<hardware::NodeGroup> resolve(const ClusterSpec& spec, const io::Value& at, Library& library);
/// The islands of a mix and the links between them.
std::optional<hardware::Cluster> resolve(const MixSpec& spec, const std::string& name, const io::Value& at,
                                         Library& library);

}  // namespace chipmix::scenario
