#include "plan/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "base/words.hpp"

namespace chipmix::plan {

double Stage::layers() const {
  double sum = 0;
  for (const LayerRange& chunk : chunks) sum += chunk.layers();
  return sum;
}

int ParallelPlan::ranks() const {
  int sum = 0;
  for (const Stage& stage : stages) sum += stage.degrees.ranks();
  return sum;
}

const char* name(Recompute recompute) {
  switch (recompute) {
    case Recompute::none:
      return "none";
    case Recompute::selective:
      return "selective";
    case Recompute::full:
      return "full";
  }
  throw std::logic_error("unknown recompute");
}

const char* name(Zero zero) {
  switch (zero) {
    case Zero::none:
      return "none";
    case Zero::optimizer:
      return "optimizer";
    case Zero::gradients:
      return "gradients";
    case Zero::parameters:
      return "parameters";
  }
  throw std::logic_error("unknown ZeRO stage");
}

std::string to_text(const ParallelPlan& plan) {
  const Degrees& d = plan.degrees();
  std::string text = fmt::format("TP{} PP{} DP{}", d.tensor, plan.pipeline(), d.data);
  if (d.context > 1) text += fmt::format(" CP{}", d.context);
  if (d.ulysses > 1) text += fmt::format(" ulysses{}", d.ulysses);
  if (d.expert > 1) text += fmt::format(" EP{}", d.expert);
  if (d.expert_tensor > 1) text += fmt::format(" ETP{}", d.expert_tensor);
  text += fmt::format(" mbs{}", plan.micro_batch);
  if (d.tensor > 1 && !plan.sequence_parallel) text += " no-SP";
  if (plan.interleave > 1 && !plan.chosen_schedule) text += fmt::format(" vpp{}", plan.interleave);
  if (plan.chosen_schedule) text += fmt::format(" {}", name(*plan.chosen_schedule));
  text += fmt::format(" ZeRO-{}", static_cast<int>(plan.zero));
  if (plan.recompute != Recompute::none) text += fmt::format(" recompute-{}", name(plan.recompute));
  if (plan.stages.front().layers() > plan.stages.back().layers() + 1)
    text += ", " + counted(plan.stages.back().layers(), "layer") + " on the last stage";
  return text;
}

void spread_layers(int layers, int chunks, int head_layers, std::vector<int>& counts) {
  if (chunks > 1 && head_layers > 0) {  // what the last chunk gets when it starts `head_layers` ahead of the others
    const int last = std::max(0, (layers + head_layers) / chunks - head_layers);
    spread_layers(layers - last, chunks - 1, 0, counts);
    counts.push_back(last);
    return;
  }
  counts.assign(chunks, layers / chunks);
  const int rest = layers % chunks;
  const int begin = (chunks - rest) / 2;  // the longer chunks stand in the middle
  for (int i = 0; i < rest; ++i) ++counts[begin + i];
}

std::vector<int> spread_layers(int layers, int chunks, int head_layers) {
  std::vector<int> counts;
  spread_layers(layers, chunks, head_layers, counts);
  return counts;
}

ParallelPlan lay_out(const UniformPlan& uniform, int layers, int global_batch, int node_group, int ranks_per_device) {
  ParallelPlan plan;
  plan.interleave = uniform.interleave;
  plan.micro_batch = uniform.micro_batch;
  plan.micro_batches = global_batch / (uniform.micro_batch * uniform.degrees.data);
  plan.recompute = uniform.recompute;
  plan.zero = uniform.zero;
  plan.chosen_schedule = uniform.chosen_schedule;
  plan.sequence_parallel = uniform.sequence_parallel && uniform.degrees.tensor > 1;
  plan.stages.resize(uniform.pipeline);
  const std::vector<int> counts = spread_layers(layers, uniform.pipeline * uniform.interleave, uniform.head_layers);
  for (Stage& stage : plan.stages) stage.chunks.reserve(uniform.interleave);
  const bool is_folded = plan::is_folded(plan.schedule());
  for (int chunk = 0, first = 0; chunk < static_cast<int>(counts.size()); first += counts[chunk++])
    plan.stages[stage_of_chunk(chunk, uniform.pipeline, is_folded)].chunks.push_back({first, counts[chunk]});
  for (Stage& stage : plan.stages) {
    stage.degrees = uniform.degrees;
    stage.devices = {node_group, uniform.degrees.ranks() / ranks_per_device};
  }
  plan.stages.front().embedding = true;
  (is_folded ? plan.stages.front() : plan.stages.back()).head = true;
  return plan;
}

}  // namespace chipmix::plan
