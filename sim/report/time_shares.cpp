#include "report/time_shares.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "engine/accounts.hpp"

namespace chipmix::report {
namespace {

/// Which share an account belongs to.
std::size_t share_of(const std::string& account) {
  using engine::Spent;
  static const std::map<std::string, std::size_t> shares = {{name(Spent::matrix_products), 0},
                                                            {name(Spent::experts), 0},
                                                            {name(Spent::head_and_loss), 0},
                                                            {name(Spent::attention), 1},
                                                            {name(Spent::elementwise), 2},
                                                            {name(Spent::tensor_communication), 3},
                                                            {name(Spent::context_communication), 3},
                                                            {name(Spent::expert_communication), 3},
                                                            {name(Spent::pipeline_sends), 3},
                                                            {name(Spent::gradient_reduction), 3},
                                                            {name(Spent::island_sync), 3},
                                                            {name(Spent::parameter_gather), 3},
                                                            {name(Spent::recomputation), 4},
                                                            {name(Spent::pipeline_bubble), 5},
                                                            {name(Spent::host), 6},
                                                            {name(Spent::optimizer), 6},
                                                            {name(Spent::step_overhead), 6},
                                                            {name(Spent::stragglers), 5}};
  return shares.at(account);
}

}  // namespace

std::array<double, share_names.size()> time_shares(const estimate::Estimate& estimate) {
  std::array<double, share_names.size()> shares{};
  for (const auto& entry : estimate.time.entries())
    shares[share_of(entry.account)] += entry.amount / estimate.step_time;
  return shares;
}

double fullest_rank(const estimate::Estimate& estimate) {
  double fill = 0;
  for (const auto& stage : estimate.memory) fill = std::max(fill, stage.peak() / stage.capacity);
  return fill;
}

}  // namespace chipmix::report
