#include "laws/memory.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "plan/schedule.hpp"

namespace chipmix::laws {
namespace {

using plan::RankParameters;
using plan::Recompute;
using plan::Zero;

constexpr double mixed_bytes = 2, master_bytes = 4;

struct Footprint {
  StateBytes state;
  Bytes activations;  ///< of all micro-batches in flight
  Bytes working;      ///< what a layer needs beyond them while it runs
  Bytes gathered;     ///< whole weights of sharded layers
  Bytes framework;
  Bytes slack;
  int in_flight = 0;

  Bytes total() const {
    return state.weights + state.gradients + state.optimizer + activations + working + gathered + framework + slack;
  }
};

Bytes share(const RankParameters& p, double bytes, bool sharded, const plan::Degrees& degrees) {
  const double dense_ranks = sharded ? degrees.data * degrees.context : 1;
  const double expert_ranks = sharded ? degrees.expert_data() : 1;
  return Bytes{bytes * (p.dense / dense_ranks + p.experts / expert_ranks)};
}

/// What recomputation brings back for one layer while its backward pass runs.
Bytes working_set(const plan::BlockTasks& block, Recompute recompute) {
  return block.saved.working - block.saved.of(recompute);
}

/// Activations of one block and micro-batch, where only a share of the layers is recomputed.
Bytes kept(const plan::SavedActivations& saved, const plan::Program& program) {
  return saved.of(program.recompute) * program.recompute_share + saved.none * (1 - program.recompute_share);
}

/// ZeRO-3 holds two layers' weights whole: the one that computes and the one that is prefetched.
constexpr double gathered_layers = 2;

Footprint footprint(const plan::Program& program, int index, const hardware::NodeGroup& group) {
  const plan::StageProgram& stage = program.stages[index];
  const plan::PipelineShape shape{static_cast<int>(program.stages.size()), program.interleave, program.micro_batches};
  Footprint f;
  f.state = state_bytes(stage.parameters, stage.degrees, program.zero, group.stack, program.dtype);
  if (program.is_base_frozen) f.state.gradients = f.state.optimizer = Bytes{};
  f.in_flight = plan::peak_in_flight(shape, index);
  const std::vector<int> held = plan::chunks_in_flight(shape, index);
  for (std::size_t chunk = 0; chunk < stage.chunks.size(); ++chunk)
    for (const auto& run : stage.chunks[chunk]) {
      f.activations += kept(run.block->saved, program) * (run.count * held[chunk]);
      f.working = max(f.working, working_set(*run.block, program.recompute));
      if (program.zero == Zero::parameters)
        f.gathered = max(f.gathered, Bytes{2 * gathered_layers * run.block->parameters.total()});
    }
  f.framework = group.stack.framework_memory.value;
  f.slack = (f.activations + f.working) * group.stack.allocator_slack.value;
  return f;
}

}  // namespace

StateBytes state_bytes(const RankParameters& p, const plan::Degrees& degrees, Zero zero,
                       const hardware::SoftwareStack& stack, Dtype dtype) {
  const bool is_wide = bytes_per_element(dtype) > mixed_bytes;
  const double optimizer = stack.optimizer_bytes.value - (is_wide ? master_bytes : 0);
  return {share(p, is_wide ? master_bytes : mixed_bytes, zero >= Zero::parameters, degrees),
          share(p, stack.gradient_bytes.value, zero >= Zero::gradients, degrees),
          share(p, optimizer, zero >= Zero::optimizer, degrees)};
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
  charge("gradients", f.state.gradients, fmt::format("{:g} bytes per weight", group.stack.gradient_bytes.value));
  charge("optimizer", f.state.optimizer,
         fmt::format("{:g} bytes per weight, ZeRO {}", group.stack.optimizer_bytes.value, plan::name(program.zero)));
  charge("activations", f.activations,
         fmt::format("{} chunk(s) in flight, recompute {}", f.in_flight, plan::name(program.recompute)));
  charge("working set", f.working, "the layer that runs or is recomputed");
  charge("gathered weights", f.gathered, "two layers whole (ZeRO-3)");
  charge("allocator slack", f.slack, group.stack.allocator_slack.source);
  charge("framework", f.framework, group.stack.framework_memory.source);
  return memory;
}

}  // namespace chipmix::laws
