#include "laws/memory.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "plan/schedule.hpp"

namespace chipmix::laws {
namespace {

using plan::RankParameters;
using plan::Recompute;
using plan::Zero;

constexpr double master_bytes = 4;
constexpr const char *slack_account = "allocator slack", *framework_account = "framework";

struct Footprint {
  StateBytes state;
  Bytes activations;  ///< of all micro-batches in flight
  Bytes working;      ///< what a layer needs beyond them while it runs
  Bytes gathered;     ///< whole weights of sharded layers, and whole gradients that wait for the last micro-batch
  Bytes stand_ins;    ///< for gradients that are added elsewhere
  Bytes workspace;
  Bytes framework;
  Bytes slack;
  int in_flight = 0;

  Bytes total() const {
    return state.weights + state.gradients + state.optimizer + activations + working + gathered + stand_ins +
           workspace + framework + slack;
  }
};

/// `group`: of the ranks that could share, those that do; 0: all.
Bytes share(const RankParameters& p, double bytes, bool sharded, const plan::Degrees& degrees, int group) {
  const auto sharing = [&](int ranks) { return static_cast<double>(group > 0 ? std::min(group, ranks) : ranks); };
  const double dense_ranks = sharded ? sharing(degrees.data * degrees.context) : 1;
  const double expert_ranks = sharded ? sharing(degrees.expert_data()) : 1;
  return Bytes{bytes * (p.dense / dense_ranks + p.experts / expert_ranks)};
}

/// What comes on top of the kept activations while one layer is recomputed and runs backward.
Bytes working_set(const plan::BlockTasks& block, Recompute recompute) {
  return block.saved.working - block.saved.of(recompute);
}

/// Activations of one block and micro-batch, where only a share of the layers is recomputed.
Bytes kept(const plan::SavedActivations& saved, const plan::Program& program) {
  return saved.of(program.recompute) * program.recompute_share + saved.none * (1 - program.recompute_share);
}

/// ZeRO-3 holds two layers' weights whole: the one that computes and the one that is prefetched.
constexpr double gathered_layers = 2;

/// Weights and gradients that ranks of a ZeRO-3 group hold whole, in bytes:
///   two layers              w Ψ_l x 2    gathered for the pass, freed after it; w: 2, in fp32 4
///   all weights kept whole  w Ψ          where the stack does not free them between the passes
///   in a pipeline           (w + g) Ψ    g: gradients wait in the format of the reduction for the last micro-batch
/// (torchtitan, parallelize_llama.py: reshard_after_forward is off in pipelines; PyTorch FSDP2,
/// set_requires_gradient_sync; Ψ: weights of the stage, Ψ_l: of its largest layer).
Bytes gathered(const plan::Program& program, const plan::StageProgram& stage, const hardware::SoftwareStack& stack) {
  if (program.zero != Zero::parameters) return {};
  const double whole = stage.parameters.total();
  const double weight = hardware::SoftwareStack::gathered_bytes_in(stage.dtype);
  if (program.stages.size() > 1) return Bytes{(weight + stack.gradient_bytes_in(stage.dtype)) * whole};
  if (stack.keeps_gathered) return Bytes{weight * whole};
  double largest = 0;
  for (const auto& chunk : stage.chunks)
    for (const auto& run : chunk) largest = std::max(largest, run.block->parameters.total());
  return Bytes{weight * gathered_layers * largest};
}

/// One stand-in per shape of weight, shared by all layers (Transformer Engine, module/base.py, get_dummy_wgrad):
///   Σ_{shapes} p · out · in      p: bytes per weight
Bytes stand_ins(const plan::StageProgram& stage, const hardware::SoftwareStack& stack) {
  return Bytes{stack.placeholder_bytes.value * stage.distinct_weights};
}

/// Layers run backward after the loss: what head and loss kept is gone by then.
Bytes working(const plan::Program& program, const plan::StageProgram& stage) {
  const auto is_head = [](const plan::BlockTasks& block) { return block.kind == workload::BlockKind::head; };
  Bytes head, most;
  for (const auto& chunk : stage.chunks)
    for (const auto& run : chunk)
      if (is_head(*run.block)) head = kept(run.block->saved, program);
  for (const auto& chunk : stage.chunks)
    for (const auto& run : chunk)
      most = max(most, working_set(*run.block, program.recompute) - (is_head(*run.block) ? Bytes{} : head));
  return most;
}

/// Frozen weights have neither gradients nor optimizer states; trained in fp8 they are held in it (NeMo, fp8_params;
/// the LoRA submissions of MLPerf Training 5.0).
void freeze(StateBytes& state, Dtype dtype) {
  state.gradients = state.optimizer = Bytes{};
  if (dtype == Dtype::fp8) state.weights = state.weights / 2;
}

/// Sharded gradients follow the optimizer states to the host, where the update reads them (DeepSpeed, ZeRO-Offload,
/// arXiv:2101.06840, section 4.2); whole ones are reduced on the device.
void offload(const plan::Program& program, StateBytes& state) {
  state.optimizer = state.optimizer * (1 - program.states_offloaded);
  if (program.zero >= Zero::gradients) state.gradients = state.gradients * (1 - program.states_offloaded);
  if (program.zero >= Zero::parameters) state.weights = state.weights * (1 - program.weights_offloaded);
}

/// Weights held by n ranks of a pipeline have n times the replicas, which share what ZeRO shares.
StateBytes held_state(const plan::Program& program, const std::vector<int>& stages,
                      const hardware::SoftwareStack& stack) {
  RankParameters parameters;
  for (int stage : stages) parameters += program.stages[stage].parameters;
  plan::Degrees degrees = program.stages[stages.front()].degrees;
  degrees.data *= static_cast<int>(stages.size());
  const Dtype dtype = program.stages[stages.front()].dtype;
  StateBytes state =
      state_bytes(parameters, degrees, program.zero, stack, dtype, program.outer_bytes, program.shard_group);
  if (program.is_base_frozen) freeze(state, dtype);
  offload(program, state);
  return state;
}

/// Kept by all micro-batches in flight through a stage.
Bytes activations(const plan::Program& program, const plan::PipelineShape& shape, int stage) {
  Bytes sum, largest, layer;
  const std::vector<int> held = plan::chunks_in_flight(shape, stage);
  for (std::size_t chunk = 0; chunk < held.size(); ++chunk) {
    Bytes one;
    for (const auto& run : program.stages[stage].chunks[chunk]) {
      const Bytes block = kept(run.block->saved, program);
      one += block * run.count;
      layer = max(layer, block);
    }
    sum += one * std::min(held[chunk], program.micro_batches);
    largest = max(largest, one);
  }
  return left_on_device(sum, shape.stages > 1 ? largest : layer, program.offloaded);
}

/// Outputs of micro-batches in flight, whole on every rank of the tensor group, where a stage keeps what it sent until
/// the gradient comes back (DeepSpeed, runtime/pipe/engine.py, pipe_buffers; Megatron-LM before 2022, which did not yet
/// deallocate_pipeline_outputs):  n t B     n: in flight, t: tensor group, B: bytes a rank sends. The last stage has
/// none.
Bytes kept_outputs(const plan::Program& program, int index, int in_flight, const hardware::SoftwareStack& stack) {
  if (!stack.keeps_outputs || index + 1 >= static_cast<int>(program.stages.size())) return {};
  const plan::StageProgram& stage = program.stages[index];
  return stage.boundary * (in_flight * stage.degrees.tensor);
}

Footprint footprint(const plan::Program& program, int index, const hardware::NodeGroup& group) {
  const plan::PipelineShape shape{static_cast<int>(program.stages.size()), program.interleave, program.micro_batches,
                                  program.schedule};
  const std::vector<int> stages = plan::stages_held(shape, index);
  Footprint f;
  f.state = held_state(program, stages, group.stack);
  f.in_flight = plan::peak_in_flight(shape, index);
  for (int held : stages) {
    const plan::StageProgram& stage = program.stages[held];
    f.activations += activations(program, shape, held);
    f.activations += kept_outputs(program, held, f.in_flight, group.stack);
    f.working = max(f.working, working(program, stage));
    f.gathered += gathered(program, stage, group.stack);
    if (!program.is_base_frozen) f.stand_ins = max(f.stand_ins, stand_ins(stage, group.stack));
  }
  f.workspace = group.stack.workspace.value;
  f.framework = group.stack.framework_memory.value;
  f.slack = (f.activations + f.working) * group.stack.allocator_slack.value;
  return f;
}

/// Weights of the largest product or table of a stage on one rank.
double largest_weight(const plan::StageProgram& stage) {
  double largest = 0;
  for (const auto& chunk : stage.chunks)
    for (const auto& run : chunk) {
      if (run.block->kind == workload::BlockKind::embedding || run.block->kind == workload::BlockKind::head)
        largest = std::max(largest, run.block->parameters.dense);
      for (const plan::WeightShape& weight : run.block->weights) largest = std::max(largest, weight.out * weight.in);
    }
  return largest;
}

}  // namespace

StateBytes state_bytes(const RankParameters& p, const plan::Degrees& degrees, Zero zero,
                       const hardware::SoftwareStack& stack, Dtype dtype, double outer, int group) {
  const bool is_wide = hardware::SoftwareStack::is_wide(dtype);
  const double weights = stack.weight_bytes.value, optimizer = stack.optimizer_bytes.value;
  const bool has_copy = is_wide && weights < master_bytes;
  return {share(p, is_wide ? master_bytes : weights, zero >= Zero::parameters, degrees, group),
          share(p, stack.gradient_bytes_in(dtype), zero >= Zero::gradients, degrees, group),
          share(p, optimizer + outer - (has_copy ? master_bytes : 0), zero >= Zero::optimizer, degrees, group)};
}

Bytes left_on_device(Bytes in_flight, Bytes unit, double offloaded) {
  constexpr double buffers = 4;
  return in_flight * (1 - offloaded) + Bytes{std::min(in_flight.value(), buffers * unit.value())} * offloaded;
}

Bytes first_step_peak(const plan::Program& program, int stage, const hardware::NodeGroup& group) {
  constexpr double moments = 8;  // two in fp32
  const Footprint f = footprint(program, stage, group);
  const double optimizer = group.stack.optimizer_bytes.value;
  const double made = optimizer > 0 ? std::min(1.0, moments / optimizer) : 0;
  const Bytes allocated = f.total() - f.framework - f.slack;
  const Bytes states = f.state.weights + f.state.gradients + f.state.optimizer + f.workspace;
  return max(allocated - f.state.optimizer * made,
             states + Bytes{master_bytes * largest_weight(program.stages[stage])});
}

Bytes stage_peak(const plan::Program& program, int stage, const hardware::NodeGroup& group) {
  return footprint(program, stage, group).total();
}

estimate::StageMemory stage_memory(const plan::Program& program, int stage, const hardware::NodeGroup& group) {
  const Footprint f = footprint(program, stage, group);
  const double parameters = program.stages[stage].parameters.total();
  estimate::StageMemory memory{stage, group.device.id, group.device.memory.value / group.device.ranks, {}};
  const auto charge = [&](const char* account, Bytes amount, std::string why) {
    if (amount > Bytes{}) memory.use.charge(account, amount, std::move(why));
  };
  charge("weights", f.state.weights, fmt::format("{:.3f} G weights on the rank", parameters / 1e9));
  charge("gradients", f.state.gradients,
         fmt::format("{:g} bytes per weight", group.stack.gradient_bytes_in(program.stages[stage].dtype)));
  charge("optimizer", f.state.optimizer,
         fmt::format("{:g} bytes per weight, ZeRO {}", group.stack.optimizer_bytes.value, plan::name(program.zero)));
  charge("activations", f.activations,
         fmt::format("{} chunk(s) in flight, recompute {}", f.in_flight, plan::name(program.recompute)));
  charge("working set", f.working, "the layer that runs or is recomputed");
  charge("gathered weights", f.gathered, "whole while they are used (ZeRO-3)");
  charge("gradient stand-ins", f.stand_ins, group.stack.placeholder_bytes.source);
  charge("workspace", f.workspace, group.stack.workspace.source);
  charge(slack_account, f.slack, group.stack.allocator_slack.source);
  charge(framework_account, f.framework, group.stack.framework_memory.source);
  return memory;
}

Bytes Peaks::of(const std::string& tool) const {
  if (tool == "device") return device;
  return tool == "reserved" ? reserved : allocated;
}

Peaks peaks(const estimate::StageMemory& memory) {
  const Bytes device = memory.peak(), reserved = device - memory.use.total(framework_account);
  return {reserved - memory.use.total(slack_account), reserved, device};
}

Bytes reported_peak(const estimate::StageMemory& memory, const hardware::SoftwareStack& stack) {
  return peaks(memory).of(stack.reported_memory);
}

}  // namespace chipmix::laws
