#include "engine/event/pass_work.hpp"

#include <fmt/format.h>

#include <variant>

#include "hardware/device.hpp"
#include "laws/compute.hpp"
#include "plan/schedule.hpp"

namespace chipmix::engine {
namespace {

/// FLOPs and bytes of one task, and its shape in words.
struct TaskWork {
  double flops = 0, moved = 0;
  std::string shape;
};

struct Measure {
  const plan::ComputeTask& task;
  double element = bytes_per_element(task.dtype);

  std::string product(double m, double n, double k) const {
    return fmt::format("{:.0f} x {:.0f} x {:.0f} {}", m, n, k, name(task.dtype));
  }
  TaskWork operator()(const plan::GemmShape& s) const {
    const double out = s.c_bytes > 0 ? s.c_bytes : element;
    return {2 * s.m * s.n * s.k * s.count, s.count * (element * (s.m * s.k + s.k * s.n) + out * s.m * s.n),
            product(s.m, s.n, s.k)};
  }
  TaskWork operator()(const plan::GroupedGemmShape& s) const {
    const double rows = s.rows_per_group, out = s.c_bytes > 0 ? s.c_bytes : element;
    return {2 * s.groups * rows * s.n * s.k, s.groups * (element * (rows * s.k + s.k * s.n) + out * rows * s.n),
            fmt::format("{} groups of {}", s.groups, product(rows, s.n, s.k))};
  }
  /// Forward reads queries, keys and values and writes the output; backward reads these and the output's gradient and
  /// writes theirs.
  TaskWork operator()(const plan::AttentionShape& s) const {
    const double queries = s.sequences * s.queries * s.heads * (s.qk_dim + s.v_dim),
                 keys = s.sequences * s.keys * s.kv_heads * (s.qk_dim + s.v_dim);
    const double passes = task.direction == plan::Direction::forward ? 1 : 2;
    return {laws::attention_flops(s, task.direction).value(), passes * element * (queries + keys),
            fmt::format("attention of {:.0f} x {:.0f}, {:.0f} heads", s.queries, s.keys, s.heads)};
  }
  TaskWork operator()(const plan::StreamShape& s) const { return {0, s.moved.value(), ""}; }
};

class Sum {
 public:
  explicit Sum(const hardware::DeviceSpec& rank) : rank_(rank) {}

  void add(const plan::Task& task, int times) {
    if (const auto* exchange = std::get_if<plan::CollectiveTask>(&task)) {
      work_.exchanged += times * exchange->payload.value();
      return;
    }
    const auto& compute = std::get<plan::ComputeTask>(task);
    const TaskWork one = std::visit(Measure{compute}, compute.shape);
    work_.flops += times * one.flops;
    work_.moved += times * one.moved;
    work_.kernels += times;
    const auto peak = rank_.peak.find(compute.dtype);
    const double working = peak == rank_.peak.end() ? 0 : one.flops / peak->second.value.value();
    const double moving = one.moved / rank_.memory_bandwidth.value.value();
    (moving > working ? moving_ : working_) += times * std::max(moving, working);
    if (one.flops <= most_) return;
    most_ = one.flops;
    work_.largest = times > 1 ? fmt::format("{}, {} times", one.shape, times) : one.shape;
  }

  PassWork work() {
    work_.is_memory_bound = moving_ > working_;
    return work_;
  }

 private:
  const hardware::DeviceSpec& rank_;
  PassWork work_;
  double working_ = 0, moving_ = 0, most_ = 0;
};

}  // namespace

PassWorks pass_works(const plan::Program& program, const hardware::Cluster& cluster) {
  PassWorks all;
  for (int stage = 0; stage < static_cast<int>(program.stages.size()); ++stage) {
    const plan::StageProgram& one = program.stages[stage];
    const hardware::DeviceSpec rank = hardware::per_rank(cluster.groups[one.node_group].device);
    const auto chunks = plan::chunks_held(program, stage);
    for (int chunk = 0; chunk < static_cast<int>(chunks.size()); ++chunk) {
      Sum forward(rank), backward(rank);
      for (const plan::BlockRun& run : *chunks[chunk]) {
        for (const plan::Task& task : run.block->forward) forward.add(task, run.count);
        for (const plan::Task& task : run.block->backward) backward.add(task, run.count);
      }
      all[{stage, chunk, plan::Direction::forward}] = forward.work();
      all[{stage, chunk, plan::Direction::backward}] = backward.work();
    }
  }
  return all;
}

}  // namespace chipmix::engine
