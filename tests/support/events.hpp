// Lists of tasks: a step whose exact length is known, and random ones.
#pragma once

#include <algorithm>
#include <map>
#include <random>

#include "engine/event/task_list.hpp"
#include "plan/schedules/orders.hpp"

namespace chipmix::support {

/// 1F1B over `stages` stages of `replicas` pipelines: forward 1 ms, backward 2 ms, 16 MiB between stages, 1.4 GB of
/// gradients a stage reduced over the replicas in a ring when all of them are done; every device sends and receives at
/// 50 GB/s, with 5 µs before each message.
inline engine::TaskList training_step(int stages, int replicas, int micro_batches) {
  constexpr double forward = 1e-3, backward = 2e-3, message = 16.0 * 1024 * 1024, rate = 50e9, latency = 5e-6;
  const double gradients = replicas > 1 ? 2.0 * (replicas - 1) / replicas * 1.4e9 : 0;
  engine::TaskList list;
  std::vector<std::vector<int>> up(stages), down(stages), last(stages);
  for (int stage = 0; stage < stages; ++stage)
    for (int replica = 0; replica < replicas; ++replica) {
      up[stage].push_back(list.link(rate));
      down[stage].push_back(list.link(rate));
    }
  for (int replica = 0; replica < replicas; ++replica) {
    std::vector<std::vector<int>> forwards(stages, std::vector<int>(micro_batches)), backwards = forwards;
    std::vector<int> previous(stages, -1);
    for (int stage = 0; stage < stages; ++stage)
      for (const plan::Slot& slot : plan::one_f_one_b({stages, 1, micro_batches}, stage)) {
        const bool is_forward = slot.direction == plan::Direction::forward;
        const int pass = list.compute(is_forward ? forward : backward);
        if (previous[stage] >= 0) list.after(previous[stage], pass);
        previous[stage] = pass;
        (is_forward ? forwards : backwards)[stage][slot.micro_batch] = pass;
      }
    const auto send = [&](int from, int to, int earlier, int later) {
      const int flow = list.flow(message, {up[from][replica], down[to][replica]}, latency);
      list.after(earlier, flow);
      list.after(flow, later);
    };
    for (int stage = 0; stage < stages; ++stage)
      for (int n = 0; n < micro_batches; ++n) {
        if (stage + 1 < stages) send(stage, stage + 1, forwards[stage][n], forwards[stage + 1][n]);
        if (stage > 0) send(stage, stage - 1, backwards[stage][n], backwards[stage - 1][n]);
        if (stage + 1 == stages) list.after(forwards[stage][n], backwards[stage][n]);
      }
    for (int stage = 0; stage < stages; ++stage) last[stage].push_back(previous[stage]);
  }
  for (int stage = 0; stage < stages && gradients > 0; ++stage) {
    const int all = list.compute(0);
    for (int pass : last[stage]) list.after(pass, all);
    for (int replica = 0; replica < replicas; ++replica)
      list.after(all, list.flow(gradients, {up[stage][replica], down[stage][(replica + 1) % replicas]}, latency));
  }
  return list;
}

/// Computation and flows over six links, each after up to two of the eight before it.
inline engine::TaskList random_list(std::mt19937& random, int tasks) {
  const auto real = [&](double low, double high) { return std::uniform_real_distribution<double>(low, high)(random); };
  const auto whole = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  engine::TaskList list;
  std::vector<int> links;
  for (int i = 0; i < 6; ++i) links.push_back(list.link(real(0.5, 2)));
  for (int i = 0; i < tasks; ++i) {
    std::shuffle(links.begin(), links.end(), random);
    const bool is_flow = whole(0, 2) > 0;
    const int task = is_flow ? list.flow(real(0.1, 3), {links.begin(), links.begin() + whole(1, 3)}, real(0, 0.2))
                             : list.compute(real(0.1, 1));
    for (int n = whole(0, 2); n > 0 && i > 0; --n) list.after(whole(std::max(0, i - 8), i - 1), task);
  }
  return list;
}

}  // namespace chipmix::support
