#include "scenario/plan_file.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace chipmix::scenario {
namespace {

constexpr int most_degree = 1 << 20;
constexpr int most_layers = 10'000;

io::Rule<int> degree() { return io::between(1, most_degree); }

}  // namespace

const io::Shape<PlanStageSpec>& shape_of(io::Type<PlanStageSpec>) {
  static const auto shape =
      io::Shape<PlanStageSpec>("stage", "One pipeline stage.")
          .optional("island", &PlanStageSpec::island, "Cluster that holds the stage; empty where there is only one.")
          .optional("layers", &PlanStageSpec::layers,
                    "Layers of each chunk, in pipeline order; left out of all stages: spread evenly.",
                    io::between(0, most_layers))
          .optional("tensor", &PlanStageSpec::tensor, "Tensor parallelism; 1 if left out.", degree())
          .optional("context", &PlanStageSpec::context, "Context parallelism; 1 if left out.", degree())
          .optional("expert", &PlanStageSpec::expert, "Expert parallelism; 1 if left out.", degree())
          .optional("data", &PlanStageSpec::data, "Data parallelism; 1 if left out.", degree())
          .optional("expert_tensor", &PlanStageSpec::expert_tensor, "Ranks that cut each expert; 1 if left out.",
                    degree())
          .optional("ulysses", &PlanStageSpec::ulysses,
                    "Of the context group, ranks that exchange heads for tokens; 1 if left out.", degree());
  return shape;
}

const io::Shape<PlanLaneSpec>& shape_of(io::Type<PlanLaneSpec>) {
  static const auto shape =
      io::Shape<PlanLaneSpec>("lane", "One pipeline and its replicas.")
          .required("micro_batch", &PlanLaneSpec::micro_batch, "Sequences of a micro-batch.",
                    io::between(1, most_sequences))
          .required("micro_batches", &PlanLaneSpec::micro_batches, "Micro-batches per step and replica.",
                    io::between(1, most_sequences))
          .optional("interleave", &PlanLaneSpec::interleave, "Chunks of layers per stage; 1 if left out.", degree())
          .optional("recompute", &PlanLaneSpec::recompute, "Activations recomputed in the backward pass.")
          .optional("recompute_share", &PlanLaneSpec::recompute_share, "Share of the layers; 1 if left out.",
                    io::between(0.0, 1.0))
          .optional("zero", &PlanLaneSpec::zero, "What data-parallel ranks share; optimizer if left out.")
          .optional("sequence_parallel", &PlanLaneSpec::sequence_parallel,
                    "Whether tensor-parallel ranks split norms and residuals along the sequence; true if left out.")
          .optional("schedule", &PlanLaneSpec::schedule,
                    "Order of the micro-batches; 1f1b, or interleaved with more than one chunk, if left out.")
          .required("stages", &PlanLaneSpec::stages, "Stages, in pipeline order.",
                    io::not_empty<std::vector<PlanStageSpec>>())
          .optional("remade", &PlanLaneSpec::remade, "What selective recomputation makes again.")
          .optional("activations_in_host", &PlanLaneSpec::activations_in_host,
                    "Share of the kept activations that waits in host memory; 0 if left out.", io::between(0.0, 1.0))
          .optional("states_in_host", &PlanLaneSpec::states_in_host,
                    "Share of the optimizer states kept and stepped in host memory; 0 if left out.",
                    io::between(0.0, 1.0))
          .optional("weights_in_host", &PlanLaneSpec::weights_in_host,
                    "Share of sharded weights (ZeRO-3) that waits in host memory; 0 if left out.",
                    io::between(0.0, 1.0))
          .optional("shard_group", &PlanLaneSpec::shard_group,
                    "Ranks that share what ZeRO divides, replicated over the others; 0, all, if left out.",
                    io::between(0, most_degree));
  return shape;
}

const io::Shape<PlanStackSpec>& shape_of(io::Type<PlanStackSpec>) {
  static const auto shape =
      io::Shape<PlanStackSpec>("plan_stack", "What the plan says of the software stack; the rest is the scenario's.")
          .optional("gradient_bytes", &PlanStackSpec::gradient_bytes, "Bytes of gradient kept per weight.",
                    io::between(1.0, 8.0))
          .optional("optimizer_bytes", &PlanStackSpec::optimizer_bytes, "Bytes of optimizer states per weight.",
                    io::between(0.0, 24.0))
          .optional("fused_attention", &PlanStackSpec::fused_attention,
                    "Whether attention keeps its scores on the chip.")
          .optional("weight_bytes", &PlanStackSpec::weight_bytes, "Bytes kept per weight.", io::between(0.1, 8.0))
          .optional("keeps_gathered", &PlanStackSpec::keeps_gathered,
                    "Whether sharded weights stay whole from the forward to the backward pass.")
          .optional("loss_pieces", &PlanStackSpec::loss_pieces,
                    "Pieces that the loss is computed in, one after another.", io::between(1, 1 << 20));
  return shape;
}

const io::Shape<PlanFile>& shape_of(io::Type<PlanFile>) {
  static const auto shape =
      io::Shape<PlanFile>("plan", "A plan of training: what is left out is not compared with the scenario.")
          .ignored("$schema", "For editors.")
          .optional("model", &PlanFile::model, "Id of the model, or path of its config.json.")
          .optional("sequence_length", &PlanFile::sequence_length, "Tokens of one sequence.", io::between(1, 1 << 24))
          .optional("global_batch", &PlanFile::global_batch, "Sequences per optimizer step.",
                    io::between(1, most_sequences))
          .optional("dtype", &PlanFile::dtype, "Number format of the matrix products.")
          .required("lanes", &PlanFile::lanes, "Pipelines; one on a single cluster, of a mix any number.",
                    io::not_empty<std::vector<PlanLaneSpec>>())
          .optional("sync_interval", &PlanFile::sync_interval,
                    "Steps between exchanges of the lanes' weights; 1, every step, if left out.",
                    io::between(1, 1 << 20))
          .optional("stack", &PlanFile::stack, "What the plan says of the software stack.")
          .optional("frozen_base", &PlanFile::frozen_base,
                    "Whether low-rank adapters are trained on frozen weights; false if left out.");
  return shape;
}

namespace {

using Json = nlohmann::ordered_json;

PlanLaneSpec lane_of(const plan::ParallelPlan& plan) {
  PlanLaneSpec lane{plan.micro_batch,
                    plan.micro_batches,
                    plan.interleave,
                    plan.recompute,
                    plan.recompute_share,
                    plan.zero,
                    plan.sequence_parallel,
                    plan.schedule(),
                    {},
                    plan.remade,
                    plan.offloaded,
                    plan.states_offloaded,
                    plan.weights_offloaded,
                    plan.shard_group};
  if (plan.recompute != plan::Recompute::selective || plan.remade == plan::Remade{}) lane.remade.reset();
  for (const plan::Stage& stage : plan.stages) {
    const plan::Degrees& d = stage.degrees;
    PlanStageSpec spec{"", {}, d.tensor, d.context, d.expert, d.data, d.expert_tensor, d.ulysses};
    for (const plan::LayerRange& chunk : stage.chunks) spec.layers.push_back(chunk.count);
    lane.stages.push_back(std::move(spec));
  }
  return lane;
}

Json stage_json(const PlanStageSpec& stage) {
  Json json = Json::object();
  if (!stage.island.empty()) json["island"] = stage.island;
  if (!stage.layers.empty()) json["layers"] = stage.layers;
  json.update({{"tensor", stage.tensor}, {"context", stage.context}, {"expert", stage.expert}, {"data", stage.data}});
  if (stage.expert_tensor > 1) json["expert_tensor"] = stage.expert_tensor;
  if (stage.ulysses > 1) json["ulysses"] = stage.ulysses;
  return json;
}

Json lane_json(const PlanLaneSpec& lane) {
  Json json = {{"micro_batch", lane.micro_batch},
               {"micro_batches", lane.micro_batches},
               {"interleave", lane.interleave},
               {"recompute", plan::name(lane.recompute)},
               {"recompute_share", lane.recompute_share},
               {"zero", plan::name(lane.zero)},
               {"sequence_parallel", lane.sequence_parallel},
               {"schedule", plan::name(lane.schedule.value_or(plan::usual_schedule(lane.interleave)))}};
  if (lane.remade)
    json["remade"] = {{"norms", lane.remade->norms},     {"activations", lane.remade->activations},
                      {"latents", lane.remade->latents}, {"attention", lane.remade->attention},
                      {"mlp", lane.remade->mlp},         {"experts", lane.remade->experts}};
  if (lane.activations_in_host > 0) json["activations_in_host"] = lane.activations_in_host;
  if (lane.states_in_host > 0) json["states_in_host"] = lane.states_in_host;
  if (lane.weights_in_host > 0) json["weights_in_host"] = lane.weights_in_host;
  if (lane.shard_group > 0) json["shard_group"] = lane.shard_group;
  json["stages"] = Json::array();
  return json;
}

Json stack_json(const PlanStackSpec& stack) {
  Json json = Json::object();
  if (stack.gradient_bytes) json["gradient_bytes"] = *stack.gradient_bytes;
  if (stack.optimizer_bytes) json["optimizer_bytes"] = *stack.optimizer_bytes;
  if (stack.fused_attention) json["fused_attention"] = *stack.fused_attention;
  if (stack.weight_bytes) json["weight_bytes"] = *stack.weight_bytes;
  if (stack.keeps_gathered) json["keeps_gathered"] = *stack.keeps_gathered;
  if (stack.loss_pieces) json["loss_pieces"] = *stack.loss_pieces;
  return json;
}

/// Stages of a lane, one a line.
std::string stage_lines(const PlanLaneSpec& lane) {
  std::string text;
  for (const PlanStageSpec& stage : lane.stages)
    text += fmt::format("{}\n        {}", text.empty() ? "" : ",", stage_json(stage).dump());
  return fmt::format("[{}\n      ]", text);
}

}  // namespace

PlanFile plan_file_of(const plan::ParallelPlan& plan, const workload::TrainingJob& job) {
  PlanFile file;
  file.model = job.model.id;
  file.sequence_length = job.sequence_length;
  file.global_batch = job.global_batch;
  file.dtype = job.dtype;
  file.lanes = {lane_of(plan)};
  file.frozen_base = job.is_base_frozen;
  return file;
}

PlanFile plan_file_of(const plan::JobPlan& plan, const workload::TrainingJob& job, const hardware::Cluster& cluster) {
  PlanFile file = plan_file_of(plan.lanes.front(), job);
  file.sync_interval = plan.sync_interval;
  file.lanes.clear();
  for (const plan::ParallelPlan& lane : plan.lanes) {
    file.lanes.push_back(lane_of(lane));
    for (std::size_t i = 0; i < lane.stages.size() && cluster.groups.size() > 1; ++i)
      file.lanes.back().stages[i].island = cluster.groups[lane.stages[i].devices.node_group].name;
  }
  return file;
}

std::string plan_file_text(const PlanFile& file) {
  Json json = Json::object();
  if (!file.model.empty()) json["model"] = file.model;
  if (file.sequence_length) json["sequence_length"] = *file.sequence_length;
  if (file.global_batch) json["global_batch"] = *file.global_batch;
  if (file.dtype) json["dtype"] = name(*file.dtype);
  if (file.stack && !file.stack->says_nothing()) json["stack"] = stack_json(*file.stack);
  if (file.frozen_base) json["frozen_base"] = true;
  if (file.sync_interval > 1) json["sync_interval"] = file.sync_interval;
  json["lanes"] = Json::array();
  for (const PlanLaneSpec& lane : file.lanes) json["lanes"].push_back(lane_json(lane));
  std::string text = json.dump(2);
  std::size_t at = 0;
  for (const PlanLaneSpec& lane : file.lanes) {
    const std::string lines = stage_lines(lane);
    at = text.find("\"stages\": []", at) + 10;
    text.replace(at, 2, lines);
    at += lines.size();
  }
  return text;
}

}  // namespace chipmix::scenario

namespace chipmix::plan {

const io::Shape<Remade>& shape_of(io::Type<Remade>) {
  static const auto shape =
      io::Shape<Remade>("remade", "What selective recomputation makes again.")
          .optional("norms", &Remade::norms, "Norms; true if left out.")
          .optional("activations", &Remade::activations, "Activation functions; true if left out.")
          .optional("latents", &Remade::latents, "Expanded latents; true if left out.")
          .optional("attention", &Remade::attention, "Fused attention; unfused scores always are.")
          .optional("mlp", &Remade::mlp, "Products of dense MLPs and shared experts.")
          .optional("experts", &Remade::experts, "Routed experts, with the exchange of tokens.");
  return shape;
}

}  // namespace chipmix::plan
