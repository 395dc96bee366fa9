// The graph under construction.
#include "workload/blocks/builder.hpp"

namespace chipmix::workload::blocks {

Flow Builder::add(Operator op, const std::vector<Flow>& inputs, double elements) {
  const auto vertex = boost::add_vertex(std::move(op), graph_);
  for (const Flow& input : inputs) {
    const auto from = input.from.value_or(0);  // the first operator passes the block's input on
    if (from != vertex) boost::add_edge(from, vertex, Tensor{input.elements}, graph_);
  }
  return {vertex, elements};
}

}  // namespace chipmix::workload::blocks
