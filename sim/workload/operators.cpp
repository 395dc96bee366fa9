// From a model to its blocks of operators, and their floating-point operations.
#include "workload/operators.hpp"

#include <algorithm>
#include <stdexcept>

#include "workload/blocks/builder.hpp"

namespace chipmix::workload {
namespace {

int add_block(ModelGraph& graph, Block block) {
  graph.blocks.push_back(std::move(block));
  return static_cast<int>(graph.blocks.size()) - 1;
}

void append(std::vector<Run>& runs, int block, int count) {
  if (!runs.empty() && runs.back().block == block)
    runs.back().count += count;
  else
    runs.push_back({block, count});
}

void add_layers(ModelGraph& graph, const ModelSpec& model) {
  std::vector<std::pair<blocks::LayerKind, int>> known;
  for (int i = 0; i < model.layers; ++i) {
    const blocks::LayerKind kind = blocks::kind_of(model, i);
    auto found = std::find_if(known.begin(), known.end(), [&](const auto& entry) { return entry.first == kind; });
    if (found == known.end()) {
      known.emplace_back(kind, add_block(graph, blocks::layer_block(model, kind)));
      graph.cuts.resize(graph.blocks.size());
      graph.cuts.back() = blocks::cut_layer(model, kind);
      found = known.end() - 1;
    }
    append(graph.runs, found->second, 1);
  }
}

/// Keys a token sees on average over a sequence: s/2, or w − w²/2s within a window of w.
double mean_keys(const AttentionCore& core, double sequence_length) {
  if (core.keys) return *core.keys;
  const double window = std::min(core.window.value_or(sequence_length), sequence_length);
  return window - window * window / (2 * sequence_length);
}

struct ForwardFlops {
  double sequence_length;

  double operator()(const Gemm& g) const { return 2 * g.in * g.out; }
  double operator()(const GroupedGemm& g) const { return 2 * g.in * g.out * g.active; }
  double operator()(const AttentionCore& a) const {
    return 2 * a.heads * (a.qk_dim + a.v_dim) * mean_keys(a, sequence_length);
  }
  double operator()(const Elementwise& e) const { return e.flops * e.active; }
  double operator()(const Routing&) const { return 0; }
};

double block_flops(const Block& block, double sequence_length) {
  double sum = 0;
  for (const auto vertex : boost::make_iterator_range(boost::vertices(block.graph)))
    sum += forward_flops_per_token(block.graph[vertex], sequence_length);
  return sum;
}

}  // namespace

const char* name(OpKind kind) {
  switch (kind) {
    case OpKind::embedding:
      return "embedding";
    case OpKind::norm:
      return "norm";
    case OpKind::projection:
      return "projection";
    case OpKind::rotary:
      return "rotary";
    case OpKind::attention:
      return "attention";
    case OpKind::router:
      return "router";
    case OpKind::dispatch:
      return "dispatch";
    case OpKind::experts:
      return "experts";
    case OpKind::combine:
      return "combine";
    case OpKind::activation:
      return "activation";
    case OpKind::residual:
      return "residual";
    case OpKind::head:
      return "head";
    case OpKind::loss:
      return "loss";
  }
  throw std::logic_error("unknown kind of operator");
}

ModelGraph build_graph(const ModelSpec& model) {
  ModelGraph graph;
  append(graph.runs, add_block(graph, blocks::embedding_block(model)), 1);
  add_layers(graph, model);
  if (model.prediction_layers > 0)
    append(graph.runs, add_block(graph, blocks::prediction_block(model)), model.prediction_layers);
  append(graph.runs, add_block(graph, blocks::head_block(model)), 1);
  graph.cuts.resize(graph.blocks.size());
  return graph;
}

double forward_flops_per_token(const Operator& op, double sequence_length) {
  return std::visit(ForwardFlops{sequence_length}, op.work);
}

double forward_flops_per_token(const ModelGraph& model, double sequence_length) {
  double sum = 0;
  for (const Run& run : model.runs) sum += run.count * block_flops(model.blocks[run.block], sequence_length);
  return sum;
}

}  // namespace chipmix::workload
