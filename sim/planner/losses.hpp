// Why one plan is slower than another: account by account.
#pragma once

#include <vector>

#include "engine/accounts.hpp"

namespace chipmix::planner {

/// What a plan spends more (or less) on one account, as a share of the other plan's step time.
struct Loss {
  engine::Spent account = engine::Spent::matrix_products;
  double share = 0;
};

/// The accounts that differ, largest difference first; their shares add up to how much slower `plan` is than `best`.
std::vector<Loss> losses(const engine::Times& plan, const engine::Times& best);

}  // namespace chipmix::planner
