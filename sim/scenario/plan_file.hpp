// Plan files: a plan written down apart from any scenario, read back against the scenario that it is meant for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "io/shape.hpp"
#include "plan/job_plan.hpp"
#include "plan/plan.hpp"
#include "scenario/scenario.hpp"

namespace chipmix::scenario {

struct PlanStageSpec {
  std::string island;       ///< cluster that holds the stage; empty where there is one
  std::vector<int> layers;  ///< of each chunk, in pipeline order; empty on all stages: spread evenly
  int tensor = 1;
  int context = 1;
  int expert = 1;
  int data = 1;
  int expert_tensor = 1;
  int ulysses = 1;
};

/// One pipeline and its replicas.
struct PlanLaneSpec {
  int micro_batch = 1;    ///< sequences
  int micro_batches = 1;  ///< per step and replica
  int interleave = 1;
  plan::Recompute recompute = plan::Recompute::none;
  double recompute_share = 1;
  plan::Zero zero = plan::Zero::optimizer;
  bool sequence_parallel = true;
  std::optional<plan::ScheduleKind> schedule;  ///< absent: as `interleave` has it
  std::vector<PlanStageSpec> stages;
  std::optional<plan::Remade> remade;  ///< by selective recomputation; absent: as ParallelPlan has it
  double activations_in_host = 0;
  double states_in_host = 0;
  double weights_in_host = 0;
  int shard_group = 0;  ///< ranks that share what ZeRO divides; 0: all
};

/// What the plan says of the software stack; the rest is the scenario's.
struct PlanStackSpec {
  std::optional<double> gradient_bytes;
  std::optional<double> optimizer_bytes;
  std::optional<bool> fused_attention;
  std::optional<double> weight_bytes;
  std::optional<bool> keeps_gathered;
  std::optional<int> loss_pieces;  ///< one after another, so that logits of one piece are held

  bool says_nothing() const { return *this == PlanStackSpec{}; }
  friend bool operator==(const PlanStackSpec&, const PlanStackSpec&) = default;
};

/// What is absent is not known, and not compared with the scenario.
struct PlanFile {
  std::string model;  ///< id or path; may be empty
  std::optional<int> sequence_length;
  std::optional<int> global_batch;
  std::optional<Dtype> dtype;
  std::vector<PlanLaneSpec> lanes;
  int sync_interval = 1;  ///< steps between exchanges of the lanes
  std::optional<PlanStackSpec> stack;
  bool frozen_base = false;  ///< adapters on frozen weights are trained
};

const io::Shape<PlanStageSpec>& shape_of(io::Type<PlanStageSpec>);
const io::Shape<PlanLaneSpec>& shape_of(io::Type<PlanLaneSpec>);
const io::Shape<PlanStackSpec>& shape_of(io::Type<PlanStackSpec>);
const io::Shape<PlanFile>& shape_of(io::Type<PlanFile>);

/// The plan of a file for one option with a cluster: a lane, or of a mix several that share the batch. Throws
/// InputError with every fault: what the file may not say, and what does not fit the job (another model, sequence
/// length, batch or number format; layers that do not add up; more stages than layers; a batch that the shares do not
/// make), each with the numbers and the nearest change that helps. Whether the plan runs is not asked.
plan::JobPlan read_plan_file(const io::Document& document, const Scenario& scenario, const Option& option);

/// Gives the option the plan of a file (as read_plan_file() has it), its stack what the file says of it, and the job
/// frozen weights if the file has them.
void take_plan_file(const io::Document& document, Scenario& scenario, Option& option);

/// The same without the plan itself.
void take_plan_stack(const io::Document& document, Scenario& scenario, Option& option);

/// The file of a laid-out plan of the job.
PlanFile plan_file_of(const plan::ParallelPlan& plan, const workload::TrainingJob& job);
/// Of a mix: lanes on its islands.
PlanFile plan_file_of(const plan::JobPlan& plan, const workload::TrainingJob& job, const hardware::Cluster& cluster);

/// As indented JSON, as read_plan_file() reads it.
std::string plan_file_text(const PlanFile& file);

}  // namespace chipmix::scenario

namespace chipmix::plan {
const io::Shape<Remade>& shape_of(io::Type<Remade>);
}  // namespace chipmix::plan
