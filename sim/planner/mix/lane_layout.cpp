#include "planner/mix/lane_layout.hpp"

#include <algorithm>

#include "plan/schedule.hpp"

namespace chipmix::planner {
namespace {

/// The option of each stage.
std::vector<const StageOption*> by_stage(const LaneShape& shape) {
  std::vector<const StageOption*> list;
  for (const StageOption* option : shape.options) list.insert(list.end(), option->stages, option);
  return list;
}

/// Layers of each stage; units before and after them are embedding and head.
std::vector<int> layer_counts(const std::vector<int>& ends, int layers) {
  std::vector<int> counts;
  int begin = 0;
  for (int end : ends) {
    counts.push_back(std::max(0, std::min(end, layers + 1) - std::max(begin, 1)));
    begin = end;
  }
  return counts;
}

/// Halves [begin, end) of layers, even ones being attention.
plan::LayerRange half_range(int begin, int end) {
  const int first = (begin + 1) / 2, whole = end / 2 - first;
  return {first, std::max(0, whole), begin < end && begin % 2 == 1, begin < end && end % 2 == 1};
}

/// One chunk a stage, layers in halves.
std::vector<plan::LayerRange> half_ranges(const std::vector<int>& ends, int layers) {
  std::vector<plan::LayerRange> list;
  int begin = 0;
  for (int half : layer_counts(ends, 2 * layers)) {
    list.push_back(half_range(begin, begin + half));
    begin += half;
  }
  return list;
}

}  // namespace

int LaneShape::stages() const {
  int sum = 0;
  for (const StageOption* option : options) sum += option->stages;
  return sum;
}

double in_flight(int stages, int interleave, int micro_batches, int stage) {
  const auto kind = plan::usual_schedule(interleave);
  const plan::PipelineShape shape{stages, interleave, micro_batches, kind};
  return static_cast<double>(plan::peak_in_flight(shape, stage)) / interleave;
}

const StageOption* next_option(const LaneShape& shape, std::size_t option) {
  if (option + 1 < shape.options.size()) return shape.options[option + 1];
  return shape.interleave > 1 ? shape.options.front() : nullptr;
}

double sends(const StageOption& from, const StageOption& to, int interleave, const engine::AnalyticalEngine& engine) {
  return 2 * interleave * engine.send_time(from.whole, to.whole).value();
}

const UnitTable& UnitTables::of(const StageOption& option, plan::Recompute recompute, plan::Zero zero) {
  const auto [entry, is_new] = tables_.try_emplace({&option, recompute, zero});
  if (is_new)
    entry->second = unit_table(option, recompute, zero, context_.outer_bytes, context_.cluster.groups[option.island]);
  return entry->second;
}

std::vector<StageSlot> stage_slots(const LaneShape& shape, const LaneContext& context, UnitTables& tables,
                                   const engine::AnalyticalEngine& engine) {
  std::vector<StageSlot> slots;
  const int stages = shape.stages();
  slots.reserve(stages);
  for (std::size_t i = 0; i < shape.options.size(); ++i) {
    const StageOption& option = *shape.options[i];
    const hardware::NodeGroup& group = context.cluster.groups[option.island];
    const UnitTable& table = tables.of(option, shape.recompute, shape.zero);
    const double room = unit_room(context.headroom, group);
    const double host = group.stack.host_per_micro_batch.value.value() / shape.interleave;
    const auto send_to = [&](const StageOption* next) {
      return stages > 1 && next ? sends(option, *next, shape.interleave, engine) : 0;
    };
    const double within = option.stages > 1 ? send_to(&option) : 0, beyond = send_to(next_option(shape, i));
    for (int k = 0; k < option.stages; ++k) {
      const int stage = static_cast<int>(slots.size());
      const double send = k + 1 < option.stages ? within : beyond;
      const double held = in_flight(stages, shape.interleave, shape.micro_batches, stage);
      const double overlap = group.stack.pipeline_overlap.value;
      slots.push_back({&table, send * (1 - overlap) + host, held, room, send, send * overlap});
    }
  }
  return slots;
}

std::optional<plan::ParallelPlan> lay_out(const LaneShape& shape, const std::vector<int>& ends,
                                          const LaneContext& context) {
  const std::vector<const StageOption*> options = by_stage(shape);
  const bool is_cut = shape.options.front()->units_per_layer == 2;
  const std::vector<int> counts = layer_counts(ends, context.layers * (is_cut ? 2 : 1));
  plan::ParallelPlan plan;
  plan.interleave = shape.interleave;
  plan.micro_batch = shape.micro_batch;
  plan.micro_batches = shape.micro_batches;
  plan.recompute = shape.recompute;
  plan.zero = shape.zero;
  std::vector<std::vector<int>> chunks;
  for (std::size_t stage = 0; stage < options.size(); ++stage) {
    if (shape.interleave > 1 && counts[stage] < shape.interleave) return std::nullopt;
    chunks.push_back(plan::spread_layers(counts[stage], shape.interleave));
    const StageOption& option = *options[stage];
    plan::Stage laid;
    laid.degrees = option.degrees;
    laid.devices = {option.island, option.degrees.ranks() / context.cluster.groups[option.island].device.ranks};
    plan.stages.push_back(std::move(laid));
  }
  const std::vector<plan::LayerRange> halves =
      is_cut ? half_ranges(ends, context.layers) : std::vector<plan::LayerRange>{};
  for (std::size_t stage = 0; stage < halves.size(); ++stage) plan.stages[stage].chunks = {halves[stage]};
  for (int chunk = 0, first = 0; chunk < shape.interleave && !is_cut; ++chunk)
    for (std::size_t stage = 0; stage < options.size(); first += chunks[stage++][chunk])
      plan.stages[stage].chunks.push_back({first, chunks[stage][chunk]});
  plan.stages.front().embedding = true;
  plan.stages.back().head = true;
  return plan;
}

}  // namespace chipmix::planner
