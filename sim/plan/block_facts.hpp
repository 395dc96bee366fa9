// What lowering asks of an operator or a block before it cuts them.
#pragma once

#include "plan/program.hpp"
#include "workload/operator.hpp"

namespace chipmix::workload {
struct Block;
}

namespace chipmix::plan {

/// What an operator's time is booked under.
Account account_of(const workload::Operator& op);

/// A layer trained with dropout keeps masks beside its residual stream.
bool drops_out(const workload::Block& block);

}  // namespace chipmix::plan
