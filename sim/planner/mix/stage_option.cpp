#include "planner/mix/stage_option.hpp"

#include <algorithm>
#include <utility>

#include "laws/memory.hpp"
#include "plan/legal.hpp"

namespace chipmix::planner {
namespace {

/// A chunk for each half of a layer.
std::vector<plan::LayerRange> half_layers(int layers) {
  std::vector<plan::LayerRange> list;
  for (int layer = 0; layer < layers; ++layer) {
    list.push_back({layer, 0, false, true});
    list.push_back({layer + 1, 0, true, false});
  }
  return list;
}

/// The whole model as one stage.
plan::ParallelPlan one_stage(const plan::Degrees& degrees, int micro_batch, int island, int layers, bool is_cut) {
  plan::ParallelPlan plan;
  plan.micro_batch = micro_batch;
  plan::Stage stage;
  stage.chunks = is_cut ? half_layers(layers) : std::vector<plan::LayerRange>{{0, layers}};
  stage.embedding = stage.head = true;
  stage.devices.node_group = island;
  stage.degrees = degrees;
  plan.stages = {std::move(stage)};
  return plan;
}

using Runs = plan::ChunkProgram;

/// Equal units that stand together.
struct Units {
  Runs blocks;  ///< of one of them
  int count = 1;
};

/// `between`: units between the embedding and the last, which has all that follows the layers.
std::vector<Units> units(const plan::StageProgram& whole, int between) {
  std::vector<Units> list;
  int unit = 0;
  for (const plan::ChunkProgram& chunk : whole.chunks)
    for (const plan::BlockRun& run : chunk)
      for (int i = 0; i < run.count; ++i, ++unit) {
        if (unit > between + 1)
          list.back().blocks.push_back({run.block, 1});
        else if (unit <= between && !list.empty() && list.back().blocks.front().block == run.block)
          ++list.back().count;
        else
          list.push_back({{{run.block, 1}}});
      }
  return list;
}

plan::RankParameters parameters(const Runs& unit) {
  plan::RankParameters sum;
  for (const plan::BlockRun& run : unit) sum += run.block->parameters;
  return sum;
}

void cost_units(StageOption& option, int between, engine::AnalyticalEngine& engine) {
  const plan::BlockTasks* last = nullptr;
  for (const Units& unit : units(option.whole, between)) {
    const plan::BlockTasks* first = unit.blocks.front().block.get();
    if (first != std::exchange(last, first)) {
      option.count_of.push_back(0);
      for (auto& times : option.time) times.push_back(0);
      for (const plan::BlockRun& run : unit.blocks) {
        const engine::ChunkTimes block = engine.block_times(run.block, option.island, option.degrees.tensor);
        for (plan::Recompute recompute : plan::all_recomputes)
          option.time[static_cast<int>(recompute)].back() +=
              block.forward.total() + block.backward.total() + block.again[static_cast<int>(recompute)];
      }
    }
    option.count_of.back() += unit.count;
    option.kind_of.insert(option.kind_of.end(), unit.count, static_cast<int>(option.count_of.size()) - 1);
  }
}

}  // namespace

std::vector<StageOption> stage_options(const SearchSpace& space, int island, int data, int micro_batch, int batch,
                                       plan::Lowering& lowering, engine::AnalyticalEngine& engine) {
  const hardware::NodeGroup& group = engine.cluster().groups[island];
  workload::TrainingJob job = lowering.job();
  job.global_batch = batch;
  std::vector<StageOption> options;
  const SearchSpace filled = fill_defaults(space, job, group);
  for (int tensor : filled.tensor)
    for (int context : filled.context) {
      const long long shards = static_cast<long long>(tensor) * context * data;
      if (group.ranks() % shards != 0) continue;
      for (int expert : filled.expert) {
        plan::UniformPlan uniform;
        uniform.degrees = {tensor, context, expert, data};
        uniform.pipeline = static_cast<int>(group.ranks() / shards);
        uniform.micro_batch = micro_batch;
        if (!plan::is_legal(uniform, job, group)) continue;
        StageOption option;
        option.island = island;
        option.degrees = uniform.degrees;
        option.stages = uniform.pipeline;
        const auto plan = one_stage(option.degrees, micro_batch, island, job.model.layers, false);
        option.whole = lowering.lower(plan, engine.cluster()).stages.front();
        cost_units(option, job.model.layers, engine);
        options.push_back(std::move(option));
      }
    }
  return options;
}

StageOption with_cut_layers(const StageOption& option, int micro_batch, plan::Lowering& lowering,
                            engine::AnalyticalEngine& engine) {
  StageOption cut;
  cut.island = option.island;
  cut.degrees = option.degrees;
  cut.stages = option.stages;
  cut.units_per_layer = 2;
  const int layers = lowering.job().model.layers;
  const auto plan = one_stage(option.degrees, micro_batch, option.island, layers, true);
  cut.whole = lowering.lower(plan, engine.cluster()).stages.front();
  cost_units(cut, 2 * layers, engine);
  return cut;
}

UnitTable unit_table(const StageOption& option, plan::Recompute recompute, plan::Zero zero, double outer_bytes,
                     const hardware::NodeGroup& group) {
  UnitTable table{{0}, {0}, {0}, {}};
  for (auto* column : {&table.time, &table.state, &table.saved, &table.working})
    column->reserve(option.kind_of.size() + 1);
  const hardware::SoftwareStack& stack = group.stack;
  const double slack = 1 + stack.allocator_slack.value;
  int at = 0;
  for (const Units& unit : units(option.whole, static_cast<int>(option.kind_of.size()) - 2)) {
    const plan::RankParameters held = parameters(unit.blocks);
    const laws::StateBytes state =
        laws::state_bytes(held, option.degrees, zero, stack, option.whole.dtype, outer_bytes);
    Bytes bytes = state.weights + state.gradients + state.optimizer;
    if (zero == plan::Zero::parameters) {
      const Dtype dtype = option.whole.dtype;
      bytes += Bytes{(stack.gathered_bytes_in(dtype) + stack.gradient_bytes_in(dtype)) * held.total()};
    }
    double saved = 0, working = 0;
    for (const plan::BlockRun& run : unit.blocks) {
      saved += run.block->saved.of(recompute).value() * slack;
      working = std::max(working, (run.block->saved.working - run.block->saved.of(recompute)).value() * slack);
    }
    for (int i = 0; i < unit.count; ++i, ++at) {
      table.time.push_back(table.time.back() + option.time[static_cast<int>(recompute)][option.kind_of[at]]);
      table.state.push_back(table.state.back() + bytes.value());
      table.saved.push_back(table.saved.back() + saved);
      table.working.push_back(working);
    }
  }
  return table;
}

double unit_room(double headroom, const hardware::NodeGroup& group) {
  const Bytes all = group.device.memory.value / group.device.ranks * (1 - headroom);
  return (all - group.stack.workspace.value - group.stack.framework_memory.value).value();
}

}  // namespace chipmix::planner
