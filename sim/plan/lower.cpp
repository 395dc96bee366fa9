#include "plan/lower.hpp"

#include <algorithm>
#include <stdexcept>

#include "plan/schedule.hpp"
#include "workload/operators.hpp"

namespace chipmix::plan {

using workload::BlockKind;

RankParameters& RankParameters::operator+=(const RankParameters& other) {
  dense += other.dense;
  experts += other.experts;
  return *this;
}

Bytes SavedActivations::of(Recompute recompute) const {
  switch (recompute) {
    case Recompute::none:
      return none;
    case Recompute::selective:
      return selective;
    case Recompute::full:
      return full;
  }
  throw std::logic_error("unknown recompute");
}

std::vector<const ChunkProgram*> chunks_held(const Program& program, int stage) {
  const PipelineShape shape{static_cast<int>(program.stages.size()), program.interleave, program.micro_batches,
                            program.schedule};
  std::vector<int> stages = stages_held(shape, stage);
  std::sort(stages.begin(), stages.end());
  std::vector<const ChunkProgram*> list;
  for (const int held : stages)
    for (const ChunkProgram& chunk : program.stages[held].chunks) list.push_back(&chunk);
  return list;
}

Lowering::Lowering(workload::TrainingJob job)
    : job_(std::move(job)), graph_(std::make_shared<const workload::ModelGraph>(workload::build_graph(job_.model))) {
  for (const workload::Run& run : graph_->runs) {
    const BlockKind kind = graph_->blocks[run.block].kind;
    if (kind != BlockKind::embedding && kind != BlockKind::head)
      layer_block_.insert(layer_block_.end(), run.count, run.block);
  }
  // Backward: one product for the input and one for the weights of every forward product (arXiv:2104.04473, appendix).
  model_flops_ = 3 * workload::forward_flops_per_token(*graph_, job_.sequence_length) * job_.tokens_per_step();
}

const Lowering::Blocks& Lowering::blocks(const Sharding& sharding) {
  const auto [entry, is_new] = cache_.try_emplace(sharding);
  if (is_new)
    for (const workload::Block& block : graph_->blocks)
      entry->second.push_back(std::make_shared<const BlockTasks>(lower_block(block, sharding)));
  return entry->second;
}

namespace {

void append(ChunkProgram& chunk, const std::shared_ptr<const BlockTasks>& block) {
  if (!chunk.empty() && chunk.back().block == block)
    ++chunk.back().count;
  else
    chunk.push_back({block, 1});
}

}  // namespace

bool Lowering::can_cut_layers() const {
  return std::all_of(layer_block_.begin(), layer_block_.begin() + job_.model.layers,
                     [&](int block) { return graph_->cuts[block].has_value(); });
}

const std::array<std::shared_ptr<const BlockTasks>, 2>& Lowering::halves(int layer, const Sharding& sharding) {
  const int block = layer_block_[layer];
  const auto [entry, is_new] = halves_.try_emplace({sharding, block});
  if (is_new) {
    const workload::CutLayer& cut = graph_->cuts[block].value();
    entry->second = {std::make_shared<const BlockTasks>(lower_block(cut.attention, sharding)),
                     std::make_shared<const BlockTasks>(lower_block(cut.mlp, sharding))};
  }
  return entry->second;
}

ChunkProgram Lowering::lower_chunk(const LayerRange& layers, bool embedding, bool head, const Sharding& sharding) {
  const Blocks& blocks = this->blocks(sharding);
  ChunkProgram chunk;
  const auto ends = [&](BlockKind kind) {
    for (std::size_t i = 0; i < blocks.size(); ++i)
      if (blocks[i]->kind == kind) append(chunk, blocks[i]);
  };
  if (embedding) ends(BlockKind::embedding);
  if (layers.mlp_before) append(chunk, halves(layers.first - 1, sharding)[1]);
  for (int layer = layers.first; layer < layers.first + layers.count; ++layer)
    append(chunk, blocks[layer_block_[layer]]);
  if (layers.attention_after) append(chunk, halves(layers.first + layers.count, sharding)[0]);
  if (head) {
    for (std::size_t layer = job_.model.layers; layer < layer_block_.size(); ++layer)
      append(chunk, blocks[layer_block_[layer]]);
    ends(BlockKind::head);
  }
  return chunk;
}

double Lowering::copied_table(const Stage& stage, bool is_whole) const {
  if (!stage.embedding) return 0;
  const double table = static_cast<double>(job_.model.vocabulary) * job_.model.hidden;
  const double cut = table / stage.degrees.tensor;
  const bool is_copied = job_.model.tied_embeddings && !stage.head;
  return (is_copied ? cut : 0) + (is_whole ? table - cut : 0);
}

namespace {

/// Elements of the weights of a stage's products, each shape once.
double distinct_weights(const std::vector<ChunkProgram>& chunks) {
  std::vector<const BlockTasks*> seen;
  std::vector<WeightShape> shapes;
  for (const ChunkProgram& chunk : chunks)
    for (const BlockRun& run : chunk) {
      if (std::find(seen.begin(), seen.end(), run.block.get()) != seen.end()) continue;
      seen.push_back(run.block.get());
      shapes.insert(shapes.end(), run.block->weights.begin(), run.block->weights.end());
    }
  std::sort(shapes.begin(), shapes.end());
  shapes.erase(std::unique(shapes.begin(), shapes.end()), shapes.end());
  double sum = 0;
  for (const WeightShape& shape : shapes) sum += shape.out * shape.in;
  return sum;
}

}  // namespace

StageProgram Lowering::lower_stage(const ParallelPlan& plan, int index, const hardware::Cluster& cluster) {
  const Stage& stage = plan.stages[index];
  const hardware::NodeGroup& group = cluster.groups[stage.devices.node_group];
  const hardware::SoftwareStack& stack = group.stack;
  const Dtype dtype = group.dtype.value_or(job_.dtype);
  Sharding sharding{stage.degrees,
                    plan.micro_batch,
                    job_.sequence_length,
                    plan.sequence_parallel,
                    stack.flash_attention,
                    stack.fused_kernels,
                    stack.fused_accumulation,
                    dtype,
                    stack.gradient_bytes_in(dtype),
                    job_.expert_imbalance,
                    job_.is_base_frozen,
                    stack.logit_bytes.value,
                    stack.whole_vocabulary,
                    stack.selective_products.value,
                    plan.remade,
                    stack.dispatcher,
                    stack.graphs,
                    stack.synchronises_routing,
                    stack.grouped_experts,
                    stack.written_out};
  sharding.degrees.data = 1;
  StageProgram program;
  program.node_group = stage.devices.node_group;
  program.degrees = stage.degrees;
  program.dtype = dtype;
  program.next = {2, stage.degrees.ranks()};
  program.next_island = plan.stages[next_stage(index, plan.pipeline(), plan.schedule())].devices.node_group;
  const double tokens = static_cast<double>(plan.micro_batch) * job_.sequence_length / stage.degrees.context;
  program.boundary = Bytes{activation_bytes(dtype) * job_.model.hidden * tokens / stage.degrees.tensor};
  program.chunks.reserve(stage.chunks.size());
  for (std::size_t chunk = 0; chunk < stage.chunks.size(); ++chunk)
    program.chunks.push_back(lower_chunk(stage.chunks[chunk], stage.embedding && chunk == 0,
                                         stage.head && chunk + 1 == stage.chunks.size(), sharding));
  for (const ChunkProgram& chunk : program.chunks)
    for (const BlockRun& run : chunk) program.parameters += run.block->parameters * run.count;
  program.parameters.dense += copied_table(stage, stack.whole_vocabulary);
  program.distinct_weights = distinct_weights(program.chunks);
  return program;
}

/// Whether a stage within the pipeline has the same blocks, cut in the same way, as the one before it.
bool Lowering::is_like_previous(const ParallelPlan& plan, int index) const {
  if (index < 2 || index + 1 >= plan.pipeline()) return false;  // the ends hold embedding and head
  const Stage &stage = plan.stages[index], &previous = plan.stages[index - 1], &next = plan.stages[index + 1];
  if (stage.degrees != previous.degrees || stage.chunks.size() != previous.chunks.size()) return false;
  for (const Stage* other : {&previous, &next})
    if (stage.devices.node_group != other->devices.node_group) return false;
  return std::equal(stage.chunks.begin(), stage.chunks.end(), previous.chunks.begin(),
                    [&](const LayerRange& a, const LayerRange& b) {
                      const auto layers = layer_block_.begin();
                      return !a.is_cut() && !b.is_cut() && a.count == b.count &&
                             std::equal(layers + a.first, layers + a.first + a.count, layers + b.first);
                    });
}

Program Lowering::lower(const ParallelPlan& plan, const hardware::Cluster& cluster) {
  Program program;
  program.interleave = plan.interleave;
  program.micro_batches = plan.micro_batches;
  program.schedule = plan.schedule();
  program.recompute = plan.recompute;
  program.recompute_share = plan.recompute_share;
  program.offloaded = plan.offloaded;
  program.states_offloaded = plan.states_offloaded;
  program.weights_offloaded = plan.weights_offloaded;
  program.shard_group = plan.shard_group;
  program.is_base_frozen = job_.is_base_frozen;
  program.zero = plan.zero;
  program.model_flops = model_flops_;
  program.stages.reserve(plan.stages.size());
  for (int stage = 0; stage < plan.pipeline(); ++stage)
    program.stages.push_back(is_like_previous(plan, stage) ? program.stages.back() : lower_stage(plan, stage, cluster));
  return program;
}

}  // namespace chipmix::plan
