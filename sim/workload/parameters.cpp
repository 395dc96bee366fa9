// Counts the weights of a model: those of its operators, which say how many each has.
#include "workload/operators.hpp"

namespace chipmix::workload {
namespace {

/// Share of an operator's weights that one token uses.
double active_share(const Operator& op) {
  const auto* experts = std::get_if<GroupedGemm>(&op.work);
  return experts ? experts->active / experts->experts : 1;
}

struct BlockWeights {
  double total = 0, active = 0, table = 0;  ///< table: of the head's product
};

BlockWeights weights_of(const Block& block) {
  BlockWeights sum;
  for (const auto vertex : boost::make_iterator_range(boost::vertices(block.graph))) {
    const Operator& op = block.graph[vertex];
    sum.total += op.parameters;
    sum.active += op.parameters * active_share(op);
    if (op.kind == OpKind::head) sum.table += op.parameters;
  }
  return sum;
}

}  // namespace

ParameterCount count_parameters(const ModelGraph& model) {
  ParameterCount count;
  for (const Run& run : model.runs) {
    const Block& block = model.blocks[run.block];
    const BlockWeights weights = weights_of(block);
    if (block.kind == BlockKind::prediction_layer) {
      count.prediction += run.count * weights.total;
      continue;
    }
    count.total += run.count * weights.total;
    count.active += run.count * weights.active;
    if (block.kind == BlockKind::embedding) count.embedding = weights.total;
    if (block.kind == BlockKind::head) count.head = weights.table;
  }
  return count;
}

ParameterCount count_parameters(const ModelSpec& model) { return count_parameters(build_graph(model)); }

}  // namespace chipmix::workload
