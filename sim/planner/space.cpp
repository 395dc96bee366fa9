#include "planner/space.hpp"

#include <algorithm>
#include <cmath>

#include "plan/legal.hpp"
#include "planner/shapes.hpp"
#include "workload/operators.hpp"

namespace chipmix::planner {
namespace {

std::vector<int> divisors(int n, int limit) {
  std::vector<int> list;
  for (int d = 1; d <= std::min(n, limit); ++d)
    if (n % d == 0) list.push_back(d);
  return list;
}

std::vector<int> powers_of_two(int limit) {
  std::vector<int> list;
  for (int p = 1; p <= limit; p *= 2) list.push_back(p);
  return list;
}

template <class T>
void fill(std::vector<T>& list, std::vector<T> values) {
  if (list.empty()) list = std::move(values);
}

}  // namespace

namespace {

/// 0, and the FLOPs of what stands beside the last layers (head, prediction layers) over those of a layer, rounded.
std::vector<int> head_choices(const workload::TrainingJob& job) {
  const workload::ModelGraph graph = workload::build_graph(job.model);
  double beside = 0, layer = 0;
  for (const workload::Run& run : graph.runs) {
    const workload::Block& block = graph.blocks[run.block];
    double flops = 0;
    for (const auto vertex : boost::make_iterator_range(boost::vertices(block.graph)))
      flops += workload::forward_flops_per_token(block.graph[vertex], job.sequence_length);
    if (block.kind == workload::BlockKind::dense_layer || block.kind == workload::BlockKind::moe_layer)
      layer = flops;
    else
      beside += flops * run.count;
  }
  const int rounded = static_cast<int>(std::lround(beside / layer));
  return rounded > 0 ? std::vector<int>{0, rounded} : std::vector<int>{0};
}

}  // namespace

namespace {

/// Ranks of the usual server: tensor groups of that many are tried on smaller servers as well, over their links, since
/// a model that needs them to fit may have no other way.
constexpr int usual_tensor = 8;

/// Degrees that divide the ranks of a server; where it has fewer than eight, also twice and four times as many up to
/// eight.
std::vector<int> tensor_choices(const workload::TrainingJob& job, const hardware::NodeGroup& group) {
  const int inside = group.ranks_per_node(), heads = job.model.attention.heads;
  std::vector<int> list = divisors(inside, heads);
  for (int beyond = 2 * inside; beyond <= std::min({usual_tensor, heads, group.ranks()}); beyond *= 2)
    if (group.ranks() % beyond == 0) list.push_back(beyond);
  return list;
}

}  // namespace

SearchSpace fill_defaults(SearchSpace space, const workload::TrainingJob& job, const hardware::NodeGroup& group) {
  fill(space.tensor, tensor_choices(job, group));
  fill(space.context, powers_of_two(std::max(1, job.sequence_length / 1024)));
  fill(space.expert, job.model.moe ? divisors(job.model.moe->experts, group.ranks()) : std::vector<int>{1});
  fill(space.pipeline, divisors(group.ranks(), job.model.layers));
  fill(space.interleave, {1, 2, 3, 4, 6, 8});
  fill(space.micro_batch, {1, 2, 3, 4, 5, 6, 7, 8, 16});
  fill(space.recompute, {plan::all_recomputes.begin(), plan::all_recomputes.end()});
  fill(space.head_layers, head_choices(job));
  fill(space.zero, {plan::all_zeros.begin(), plan::all_zeros.end()});
  fill(space.schedule, {plan::usual_schedule(1), plan::usual_schedule(2)});
  fill(space.sequence_parallel, {true});
  return space;
}

namespace {

/// Walks the space dimension by dimension, leaving a branch as soon as the ranks or the batch cannot be divided. First
/// come the dimensions that decide how a block is cut, so that plans made of the same blocks stand together.
class Walk {
 public:
  Walk(const SearchSpace& space, const workload::TrainingJob& job, const hardware::NodeGroup& group)
      : space_(space), job_(job), group_(group) {}

  std::vector<plan::UniformPlan> run() {
    for (int tensor : space_.tensor)
      for (int context : space_.context)
        for (bool sequence_parallel : space_.sequence_parallel) {
          plan_.degrees.tensor = tensor;
          plan_.degrees.context = context;
          plan_.sequence_parallel = sequence_parallel || tensor == 1;
          blocks();
          if (tensor == 1) break;  // nothing to split
        }
    return std::move(list_);
  }

 private:
  void blocks() {
    for (int expert : space_.expert)
      for (int micro_batch : space_.micro_batch) {
        plan_.degrees.expert = expert;
        plan_.micro_batch = micro_batch;
        pipelines();
      }
  }

  void pipelines() {
    for (int pipeline : space_.pipeline) {
      const long long shards = static_cast<long long>(pipeline) * plan_.degrees.tensor * plan_.degrees.context;
      if (group_.ranks() % shards != 0) continue;
      plan_.pipeline = pipeline;
      plan_.degrees.data = static_cast<int>(group_.ranks() / shards);
      if (job_.global_batch % plan_.degrees.data == 0) schedules();
    }
  }

  /// A chunk count goes with one of 1F1B and interleaved; the others have their own.
  void schedules() {
    for (int interleave : space_.interleave)
      for (plan::ScheduleKind kind : space_.schedule) {
        const bool is_chosen = plan::is_chosen(kind);
        if (!is_chosen && kind != plan::usual_schedule(interleave)) continue;
        if (is_chosen && interleave != space_.interleave.front()) continue;  // once
        plan_.interleave = is_chosen ? plan::chunks_of(kind) : interleave;
        plan_.chosen_schedule = is_chosen ? std::optional(kind) : std::nullopt;
        layouts();
      }
  }

  void layouts() {
    for (int head_layers : plan_.pipeline > 1 ? space_.head_layers : std::vector<int>{0}) {
      plan_.head_layers = head_layers;
      if (plan::is_legal(plan_, job_, group_)) list_.push_back(plan_);
    }
  }

  const SearchSpace& space_;
  const workload::TrainingJob& job_;
  const hardware::NodeGroup& group_;
  plan::UniformPlan plan_;
  std::vector<plan::UniformPlan> list_;
};

}  // namespace

std::vector<plan::UniformPlan> shapes(const SearchSpace& space, const workload::TrainingJob& job,
                                      const hardware::NodeGroup& group) {
  return Walk(space, job, group).run();
}

plan::UniformPlan with_settings(plan::UniformPlan shape, const SearchSpace& space, std::size_t i) {
  shape.zero = space.zero[i / space.recompute.size()];
  shape.recompute = space.recompute[i % space.recompute.size()];
  return shape;
}

std::vector<plan::UniformPlan> candidates(const SearchSpace& space, const workload::TrainingJob& job,
                                          const hardware::NodeGroup& group) {
  std::vector<plan::UniformPlan> list;
  for (const plan::UniformPlan& shape : shapes(space, job, group))
    for (std::size_t i = 0; i < space.zero.size() * space.recompute.size(); ++i)
      list.push_back(with_settings(shape, space, i));
  return list;
}

}  // namespace chipmix::planner
