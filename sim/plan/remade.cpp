#include "plan/remade.hpp"

#include <algorithm>

namespace chipmix::plan {

using workload::Operator;
using workload::OpKind;

bool is_in_module(const Operator& op, const Remade& remade) {
  const bool is_mlp = op.name.rfind("mlp.", 0) == 0 || op.name.rfind("shared.", 0) == 0;
  if (is_mlp && op.kind != OpKind::norm) return remade.mlp;
  const bool routed = op.kind == OpKind::dispatch || op.kind == OpKind::combine || op.kind == OpKind::router;
  return remade.experts && (routed || op.shard == workload::Shard::expert);
}

bool is_made_again(const workload::Block& block, std::size_t vertex, const Remade& remade) {
  const Operator& op = block.graph[vertex];
  if (is_in_module(op, remade)) return true;
  if (op.kind == OpKind::norm) return remade.norms;
  if (op.kind == OpKind::activation) return remade.activations;
  if (op.restorable) return remade.latents;
  const auto edges = boost::make_iterator_range(boost::in_edges(vertex, block.graph));
  return op.kind == OpKind::rotary && remade.latents && std::any_of(edges.begin(), edges.end(), [&](auto edge) {
           return block.graph[boost::source(edge, block.graph)].restorable;
         });
}

bool has_cheap_input(const workload::Block& block, std::size_t vertex, const Remade& remade) {
  const auto edges = boost::make_iterator_range(boost::in_edges(vertex, block.graph));
  return !edges.empty() && std::all_of(edges.begin(), edges.end(), [&](auto edge) {
    return is_made_again(block, boost::source(edge, block.graph), remade);
  });
}

}  // namespace chipmix::plan
