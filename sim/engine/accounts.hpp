// What a second of a step can be spent on.
#pragma once

#include <array>

namespace chipmix::engine {

/// The first eight are plan::Account in its order; the rest arises from how tasks are strung together.
enum class Spent {
  matrix_products,
  experts,
  attention,
  elementwise,
  head_and_loss,
  tensor_communication,
  context_communication,
  expert_communication,
  host,  ///< what launching kernels adds where the device would be faster
  recomputation,
  pipeline_sends,
  pipeline_bubble,
  gradient_reduction,
  parameter_gather,
  optimizer,
  step_overhead,
  stragglers,   ///< waiting for the slowest rank
  island_sync,  ///< gradients, or weights now and then, exchanged between pipelines on different islands
};
inline constexpr int spent_count = 18;

const char* name(Spent account);
/// The law behind an account, for ledgers and `explain`.
const char* law(Spent account);

/// Seconds by account.
struct Times {
  std::array<double, spent_count> seconds{};

  double& operator[](Spent account) { return seconds[static_cast<int>(account)]; }
  double operator[](Spent account) const { return seconds[static_cast<int>(account)]; }
  Times& operator+=(const Times& other) {
    for (int i = 0; i < spent_count; ++i) seconds[i] += other.seconds[i];
    return *this;
  }
  friend Times operator*(Times times, double factor) {
    for (double& s : times.seconds) s *= factor;
    return times;
  }
  double total() const {
    double sum = 0;
    for (double s : seconds) sum += s;
    return sum;
  }
};

}  // namespace chipmix::engine
