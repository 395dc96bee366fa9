// Megatron-Bridge's tables of results name a plan; its recipes (github.com/NVIDIA-NeMo/Megatron-Bridge,
// scripts/performance/configs of releases 25.11 to 26.04, src/megatron/bridge/perf_recipes from 26.06 on) say how
// tokens are exchanged, what is launched as a graph and what runs beside what:
//
//   devices               release       dispatcher   graphs               exchange beside another batch's compute
//   Hopper, interleaved   25.09 -       DeepEP       none                 yes (moe_a2a_overlap)
//   Hopper                26.02.01 -    HybridEP     router, in 16 bit    no
//   Hopper, 8 bit         26.06 -       HybridEP     attention, router    no
//   Blackwell in racks    25.11 -       HybridEP     attention, router    no
//   Blackwell, a server   26.02.01 -    HybridEP     attention, router    no
//   Blackwell, MXFP8      26.06 -       HybridEP     the whole step       yes, unless stages are not interleaved
#include "validation/run_recipe.hpp"

#include <string_view>

#include "hardware/device_family.hpp"
#include "validation/question.hpp"

namespace chipmix::validation {
namespace {

constexpr Release overlap_since{2025, 9, 0}, racks_since{2025, 11, 0}, hybrid_since{2026, 2, 1},
    whole_since{2026, 6, 0};

/// A domain of so many devices is a rack (GB200, GB300), not a server.
constexpr int rack_devices = 32;

bool is_of(const hardware::NodeGroup& group, std::string_view die) {
  const auto* family = hardware::device_family(group.device.id);
  return family != nullptr && die == family->die;
}

}  // namespace

void apply_recipe(hardware::NodeGroup& group, const PublishedRun& run) {
  if (!run.model.moe || run.plan.framework.find("Bridge") == std::string::npos) return;
  hardware::SoftwareStack& stack = group.stack;
  const RunPlan& plan = run.plan;
  const Release release = software_release(run);
  const bool is_narrow = plan.dtype.find('8') != std::string::npos;
  const bool is_interleaved = plan.interleave.value_or(1) > 1, has_stages = plan.pipeline.value_or(1) > 1;
  const auto set = [&](bool fused, hardware::GraphScope graphs, bool overlaps) {
    stack.dispatcher = fused ? hardware::Dispatcher::once_per_node : hardware::Dispatcher::all_to_all;
    stack.graphs = graphs;
    stack.overlaps_batches = overlaps;
  };
  if (is_of(group, "Hopper")) {
    if (release < overlap_since) return;
    const bool overlaps = has_stages && is_interleaved, fused = overlaps || release >= hybrid_since;
    const bool eager = !fused || overlaps, later = is_narrow && release >= whole_since;
    set(fused, {!eager && later, !eager && (later || !is_narrow), false}, overlaps);
  } else if (is_of(group, "Blackwell")) {
    if (is_narrow && release >= whole_since) return set(true, {false, false, true}, is_interleaved || !has_stages);
    const bool is_rack = group.node.devices >= rack_devices, is_one = run.cluster.devices <= group.node.devices;
    const bool fused = is_rack ? release >= racks_since : is_one && release >= hybrid_since;
    set(fused, {fused, fused, false}, false);
  }
}

}  // namespace chipmix::validation
