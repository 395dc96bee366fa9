#include "laws/coverage.hpp"

#include <map>

namespace chipmix::laws {
namespace {

using Sizes = std::vector<std::pair<const char*, double>>;
using Farthest = std::map<std::string, Beyond>;

struct Work {
  std::string name;
  Sizes sizes;
};

Work work_of(const plan::ComputeTask& task) {
  const std::string dtype = name(task.dtype);
  if (const auto* g = std::get_if<plan::GemmShape>(&task.shape))
    return {"gemm." + dtype, {{"m", g->m}, {"n", g->n}, {"k", g->k}}};
  if (const auto* g = std::get_if<plan::GroupedGemmShape>(&task.shape))
    return {"grouped_gemm." + dtype,
            {{"groups", g->groups}, {"rows_per_group", g->rows_per_group}, {"n", g->n}, {"k", g->k}}};
  if (const auto* a = std::get_if<plan::AttentionShape>(&task.shape)) {
    const bool forward = task.direction == plan::Direction::forward;
    return {forward ? "attention.forward" : "attention.backward",
            {{"keys", a->keys}, {"head_size", (a->qk_dim + a->v_dim) / 2}}};
  }
  return {};
}

void note(const Work& work, const hardware::DeviceSpec& device, Farthest& farthest) {
  const auto measured = device.measured_range.find(work.name);
  if (measured == device.measured_range.end()) return;
  for (const auto& [size, value] : work.sizes) {
    const auto ends = measured->second.find(size);
    if (ends == measured->second.end() || value <= 0) continue;
    const Beyond one{device.id, work.name, size, value, ends->second[0], ends->second[1]};
    if (value >= one.low && value <= one.high) continue;
    const auto [known, is_new] = farthest.try_emplace(device.id + "/" + work.name + "/" + size, one);
    if (one.factor() > known->second.factor()) known->second = one;
  }
}

}  // namespace

std::vector<Beyond> beyond_measured(const plan::Program& program, const hardware::Cluster& cluster) {
  Farthest farthest;
  for (const plan::StageProgram& stage : program.stages) {
    const hardware::DeviceSpec& device = cluster.groups[stage.node_group].device;
    if (device.measured_range.empty()) continue;
    for (const plan::ChunkProgram& chunk : stage.chunks)
      for (const plan::BlockRun& run : chunk)
        for (const auto* tasks : {&run.block->forward, &run.block->backward})
          for (const plan::Task& task : *tasks)
            if (const auto* compute = std::get_if<plan::ComputeTask>(&task)) note(work_of(*compute), device, farthest);
  }
  std::vector<Beyond> list;
  for (const auto& [key, one] : farthest) list.push_back(one);
  return list;
}

}  // namespace chipmix::laws
