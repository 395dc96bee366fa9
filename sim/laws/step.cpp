#include "laws/step.hpp"

#include "laws/collectives.hpp"
#include "laws/compute.hpp"

namespace chipmix::laws {
namespace {

using plan::Zero;

/// Master weight and two moments read and written (24); the 16-bit weight made from the new master (6).
constexpr double adam_bytes = 24 + 6;

struct Replicas {
  Group dense;
  Group experts;
};

Replicas replicas(const plan::Degrees& d) {
  return {{d.data * d.context, d.tensor}, {d.expert_data(), d.expert * d.expert_tensor}};
}

Seconds over_replicas(Collective kind, double bytes_per_weight, const plan::StageProgram& stage,
                      const hardware::NodeGroup& group) {
  const Replicas ranks = replicas(stage.degrees);
  const auto time = [&](double weights, const Group& over) {  // nothing is started for nothing
    return weights > 0 ? collective_time(kind, Bytes{bytes_per_weight * weights}, over, group) : Seconds{};
  };
  return time(stage.parameters.dense, ranks.dense) + time(stage.parameters.experts, ranks.experts);
}

/// Frozen weights have neither gradients nor an optimizer; sharded, they are gathered all the same. Adapters are small
/// beside them and not counted.
StepWork frozen_work(const plan::StageProgram& stage, Zero zero, const hardware::NodeGroup& group) {
  StepWork work;
  if (zero == Zero::parameters) work.parameter_gather = over_replicas(Collective::all_gather, 2, stage, group);
  return work;
}

}  // namespace

StepWork step_work(const plan::StageProgram& stage, Zero zero, const hardware::NodeGroup& group,
                   const hardware::DeviceSpec& rank, bool is_base_frozen) {
  if (is_base_frozen) return frozen_work(stage, zero, group);
  const double g = group.stack.gradient_bytes_in(stage.dtype);
  const double weight = hardware::SoftwareStack::gathered_bytes_in(stage.dtype);
  const bool sharded = zero != Zero::none;
  StepWork work;
  work.gradient_reduction =
      over_replicas(sharded ? Collective::reduce_scatter : Collective::all_reduce, g, stage, group);
  if (sharded) work.parameter_gather = over_replicas(Collective::all_gather, weight, stage, group);
  const Replicas ranks = replicas(stage.degrees);
  const double local = stage.parameters.dense / (sharded ? ranks.dense.size : 1) +
                       stage.parameters.experts / (sharded ? ranks.experts.size : 1);
  const double held = zero >= Zero::gradients ? local : stage.parameters.total();
  work.optimizer = streaming_time(Bytes{g * held + (4 * g + adam_bytes) * local}, 1, rank);
  return work;
}

Seconds exposed(Seconds work, double overlap, Seconds cover) { return work - min(work * overlap, cover); }

}  // namespace chipmix::laws
