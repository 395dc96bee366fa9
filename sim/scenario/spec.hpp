// A scenario file, field by field: the whole question as the user wrote it, names not yet looked up.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/money.hpp"
#include "base/sourced.hpp"
#include "economics/ownership.hpp"
#include "io/shape.hpp"
#include "plan/plan.hpp"
#include "planner/search.hpp"
#include "practice/scope.hpp"
#include "scenario/defaults.hpp"
#include "scenario/disturbance_spec.hpp"
#include "scenario/mix_spec.hpp"
#include "scenario/procurement_spec.hpp"
#include "scenario/reliability_spec.hpp"
#include "scenario/stage_spec.hpp"

namespace chipmix::scenario {

/// What is trained of a model.
enum class Finetune {
  full,  ///< all weights
  lora   ///< low-rank adapters on frozen weights (arXiv:2106.09685)
};

const io::Names<Finetune>& names_of(io::Type<Finetune>);

struct JobSpec {
  std::string model;  ///< id of a model, or a path to a Hugging Face config.json
  int sequence_length = 0;
  int global_batch = 0;
  std::optional<io::Count> tokens;  ///< absent: the sum of the stages
  Dtype dtype = Dtype::bf16;
  double expert_imbalance = 1;
  practice::Practice practice = practice::Practice::typical;
  Finetune finetune = Finetune::full;
  std::vector<StageSpec> stages;
  std::optional<DeadlineSpec> deadline;
  std::optional<Money> budget;
};

/// A step that was measured with this job on this cluster.
struct MeasuredSpec {
  Seconds step;
  std::optional<std::string> model;  ///< what was trained, where it shall be checked
  std::optional<int> devices;
};

struct ClusterSpec {
  std::string device;
  int devices = 0;  ///< packages
  std::string node;
  std::string fabric;
  std::string stack;
};

/// Degrees of one plan; data parallelism is what remains of the devices.
struct PlanSpec {
  int tensor = 1;
  int pipeline = 1;
  int context = 1;
  int expert = 1;
  int interleave = 1;
  int micro_batch = 1;
  plan::Recompute recompute = plan::Recompute::none;
  plan::Zero zero = plan::Zero::optimizer;
  bool sequence_parallel = true;
  int head_layers = 0;
  std::optional<plan::ScheduleKind> schedule;
};

/// Values a plan search may use; what is left out is searched in full.
struct SearchSpec {
  io::OneOrMany<int> tensor, pipeline, context, expert, interleave, micro_batch, head_layers;
  io::OneOrMany<plan::Recompute> recompute;
  io::OneOrMany<plan::Zero> zero;
  io::OneOrMany<plan::ScheduleKind> schedule;
  io::OneOrMany<bool> sequence_parallel;
  double headroom = planner::default_headroom;  ///< share of memory left free
};

/// A share of the tokens trained on another option's cluster, one after the other.
struct PhaseSpec {
  std::string option;
  double share = 0;
  Seconds moving;  ///< before it begins
};

struct OptionSpec {
  std::string name;
  std::string label;
  std::optional<ClusterSpec> cluster;
  std::optional<Dtype> dtype;       ///< instead of the job's
  io::OneOrMany<int> global_batch;  ///< instead of the job's; of a job with stages one for each
  std::optional<Sourced<Rent>> rent;
  std::optional<economics::Commitment> commitment;
  std::optional<economics::Ownership> own;  ///< instead of rent
  std::optional<Sourced<Tariff>> tariff;    ///< instead of the scenario's
  std::optional<std::string> valid_until;   ///< last day on which its price holds
  std::optional<PlanSpec> plan;
  std::optional<SearchSpec> search;
  std::optional<MixSpec> mix;
  engine::Disturbance disturbed;
  std::optional<goodput::Reliability> reliability;  ///< instead of the scenario's
  std::optional<practice::Practice> practice;       ///< instead of the job's
  std::optional<double> mfu;                        ///< own share of peak, instead of the plan's and practice
  std::optional<MeasuredSpec> measured;             ///< own step, likewise
  std::vector<PhaseSpec> phases;
};

struct RateSpec {
  std::string from;
  std::string to;
  double rate = 0;
  std::string date;
  std::string source;
  bool is_public = false;  ///< a published rate, which the scenario does not give
};

/// A figure someone published, shown beside the prediction.
struct PublishedSpec {
  std::string label;
  std::optional<std::string> option;        ///< the option it is about; none: the source does not say
  std::optional<Money> cost_per_1t_tokens;  ///< one of this and the hours is there
  std::optional<io::Count> device_hours;    ///< of the whole job
  practice::Scope scope = practice::Scope::billed;
  std::string source;
};

/// Something the sources leave open: what was assumed, and other values to try.
struct CaseSpec {
  std::string label;
  std::map<std::string, io::RawJson> set;  ///< path in this file -> value
  std::optional<double> probability;       ///< that it comes so
};
struct AssumptionSpec {
  std::string assumed;
  std::vector<CaseSpec> cases;
};

struct ScenarioSpec {
  std::optional<std::string> start;  ///< day on which runs begin
  std::string name;
  std::string description;
  std::string currency;
  JobSpec job;
  std::optional<economics::Electricity> electricity;
  std::optional<goodput::Reliability> reliability;
  std::vector<RateSpec> exchange_rates;
  std::optional<std::string> price_date;  ///< from which ages of quotes count
  std::vector<std::string> price_files;   ///< own quotes
  bool public_prices = true;              ///< an option without a price takes the median of public quotes
  std::vector<OptionSpec> options;
  std::optional<std::string> baseline;
  std::vector<PublishedSpec> published;
  std::vector<AssumptionSpec> assumptions;
  std::optional<ProcurementSpec> procurement;
  std::vector<DefaultSpec> defaults;  ///< of a saved scenario
};

const io::Shape<JobSpec>& shape_of(io::Type<JobSpec>);
const io::Shape<MeasuredSpec>& shape_of(io::Type<MeasuredSpec>);
const io::Shape<ClusterSpec>& shape_of(io::Type<ClusterSpec>);
const io::Shape<PlanSpec>& shape_of(io::Type<PlanSpec>);
const io::Shape<SearchSpec>& shape_of(io::Type<SearchSpec>);
const io::Shape<PhaseSpec>& shape_of(io::Type<PhaseSpec>);
const io::Shape<OptionSpec>& shape_of(io::Type<OptionSpec>);
const io::Shape<RateSpec>& shape_of(io::Type<RateSpec>);
const io::Shape<PublishedSpec>& shape_of(io::Type<PublishedSpec>);
const io::Shape<CaseSpec>& shape_of(io::Type<CaseSpec>);
const io::Shape<AssumptionSpec>& shape_of(io::Type<AssumptionSpec>);
const io::Shape<ScenarioSpec>& shape_of(io::Type<ScenarioSpec>);

}  // namespace chipmix::scenario

namespace chipmix::plan {
const io::Names<Recompute>& names_of(io::Type<Recompute>);
const io::Names<Zero>& names_of(io::Type<Zero>);
const io::Names<ScheduleKind>& names_of(io::Type<ScheduleKind>);
}  // namespace chipmix::plan

namespace chipmix::practice {
const io::Names<Practice>& names_of(io::Type<Practice>);
const io::Names<Scope>& names_of(io::Type<Scope>);
}  // namespace chipmix::practice

namespace chipmix::economics {
const io::Shape<Electricity>& shape_of(io::Type<Electricity>);
}
