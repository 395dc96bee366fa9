// Which operators selective recomputation runs again, so that their outputs need not be kept.
#pragma once

#include <cstddef>

#include "plan/plan.hpp"
#include "workload/operators.hpp"

namespace chipmix::plan {

/// Part of a module that runs again whole, products and exchanges included: a dense MLP or shared experts, or the
/// routed experts with their router and exchange.
bool is_in_module(const workload::Operator& op, const Remade& remade);

/// Part of such a module, or made again by itself: usually norms, activation functions, and the expansion of latents
/// with the rotary embedding on it (DeepSeek-V3 report, arXiv:2412.19437, section 3.2.3).
bool is_made_again(const workload::Block& block, std::size_t vertex, const Remade& remade);

/// Every input of the operator is made again.
bool has_cheap_input(const workload::Block& block, std::size_t vertex, const Remade& remade);

}  // namespace chipmix::plan
