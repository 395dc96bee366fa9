#include "validation/run_memory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/normal.hpp"
#include "engine/engine.hpp"
#include "laws/memory.hpp"

namespace chipmix::validation {
namespace {

/// What the source means; where it does not say, the nearest of the three (published_runs: memory_meaning), allocated
/// read as the stack's logs print it.
double meant(const RunMemory& memory, const RunMeasured& measured, const std::string& usual) {
  const std::string& meaning = measured.memory_meaning;
  const double allocated = usual == "first step" ? memory.first_step_gib : memory.allocated_gib;
  const bool is_usual = meaning.empty() || !measured.peak_memory_gib;
  if (meaning == "allocated" || (is_usual && (usual == "allocated" || usual == "first step"))) return allocated;
  if (meaning == "reserved" || (is_usual && usual == "reserved")) return memory.reserved_gib;
  if (meaning == "device total" || is_usual) return memory.device_gib;
  const auto off = [&](double gib) { return std::abs(std::log(gib / *measured.peak_memory_gib)); };
  double nearest = allocated;
  for (double other : {memory.reserved_gib, memory.device_gib})
    if (off(other) < off(nearest)) nearest = other;
  return nearest;
}

std::string described(const plan::Program& program, int stage, const estimate::StageMemory& memory) {
  std::string ends;
  for (const auto& chunk : program.stages[stage].chunks)
    for (const auto& run : chunk) {
      if (run.block->kind == workload::BlockKind::embedding) ends += " embedding,";
      if (run.block->kind == workload::BlockKind::head) ends += " head,";
    }
  for (const auto& entry : memory.use.entries())
    if (entry.account == "activations") return fmt::format("stage {}:{} {}", stage, ends, entry.why);
  return fmt::format("stage {}:{} no activations", stage, ends);
}

}  // namespace

double fit_probability(const estimate::StageMemory& memory, const hardware::SoftwareStack& stack) {
  const auto& range = stack.memory_residual.range;
  const double spread = range ? std::log(range->high / range->low) / (2 * z90) : 0;
  // Of the nominal memory a driver leaves so much: "total capacity of 79.1 GiB" in PyTorch's words about 80 GiB.
  constexpr double visible = 0.99;
  const double room = std::log(visible * (memory.capacity / memory.peak()));
  if (spread <= 0) return room >= 0 ? 1 : 0;
  return 0.5 * std::erfc(-room / spread / std::sqrt(2.0));
}

RunMemory memory_of_run(const plan::Program& program, const hardware::Cluster& cluster, const RunMeasured& measured) {
  RunMemory found;
  const std::vector<estimate::StageMemory> stages = engine::memory_of(program, cluster);
  const estimate::StageMemory* fullest = nullptr;
  std::string usual;
  for (const auto& stage : stages) {
    const auto& stack = cluster.groups[program.stages[stage.stage].node_group].stack;
    found.fit_probability = std::min(found.fit_probability, fit_probability(stage, stack));
    const auto& group = cluster.groups[program.stages[stage.stage].node_group];
    if (stack.reported_memory == "first step")
      found.first_step_gib = std::max(found.first_step_gib, gib(laws::first_step_peak(program, stage.stage, group)));
    const double full = stage.peak() / stage.capacity;
    if (fullest != nullptr && full <= found.full) continue;
    fullest = &stage;
    found.full = full;
    usual = stack.reported_memory;
  }
  if (fullest == nullptr) return found;
  const laws::Peaks peaks = laws::peaks(*fullest);
  found.allocated_gib = gib(peaks.allocated);
  found.reserved_gib = gib(peaks.reserved);
  found.device_gib = gib(peaks.device);
  found.reported_gib = meant(found, measured, usual);
  found.heaviest = described(program, fullest->stage, *fullest);
  for (const auto& entry : fullest->use.entries()) found.parts.push_back({entry.account, gib(entry.amount)});
  return found;
}

}  // namespace chipmix::validation
