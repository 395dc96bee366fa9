#include "plan/block_facts.hpp"

#include <algorithm>

#include "workload/operators.hpp"

namespace chipmix::plan {

using workload::Operator;
using workload::OpKind;

Account account_of(const Operator& op) {
  switch (op.kind) {
    case OpKind::head:
    case OpKind::loss:
      return Account::head_and_loss;
    case OpKind::attention:
      return Account::attention;
    case OpKind::experts:
      return Account::experts;
    case OpKind::projection:
    case OpKind::router:
      return Account::matrix_products;
    default:
      return Account::elementwise;
  }
}

bool drops_out(const workload::Block& block) {
  const auto all = boost::make_iterator_range(boost::vertices(block.graph));
  return std::any_of(all.begin(), all.end(), [&](auto vertex) {
    return block.graph[vertex].kind == OpKind::residual && block.graph[vertex].saved_bytes > 0;
  });
}

}  // namespace chipmix::plan
