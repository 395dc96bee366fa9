// The machines of a published run.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "hardware/device_family.hpp"
#include "validation/printed_words.hpp"
#include "validation/question.hpp"
#include "validation/run_recipe.hpp"

namespace chipmix::validation {
namespace {

template <class T>
const T& found_or_fault(const T* found, const char* what, const std::string& id) {
  if (!found) throw Unanswerable(fmt::format("no profile of {} '{}'", what, id));
  return *found;
}

/// Network rate that a source states: "8x 200 Gb/s HDR InfiniBand HCAs per node", "800 Gb/s per node", "400 Gb/s RDMA
/// per GPU". A node's rate is given to as many NICs as it has devices.
struct StatedNetwork {
  double nics = 0;
  BytesPerSecond each;
};

constexpr std::size_t most_read = 300;  // characters of a description

std::optional<StatedNetwork> stated_network(const std::string& text, int devices_per_node) {
  const std::string words = text.substr(0, most_read);
  const auto rate = rate_in(words);
  if (!rate) return std::nullopt;
  const bool per_device = words.find("per GPU") != std::string::npos || words.find("per NPU") != std::string::npos;
  const double count = rate->count.value_or(per_device ? devices_per_node : 1);
  return StatedNetwork{static_cast<double>(devices_per_node),
                       BytesPerSecond(rate->bytes_per_s * count / devices_per_node)};
}

/// Domains of so many devices are racks, whatever a source counts as a node (GB200 trays hold 4 of 72).
constexpr int rack_devices = 32;

void resize_node(hardware::NodeGroup& group, int devices_per_node) {
  hardware::NodeSpec& node = group.node;
  if (devices_per_node <= 0 || devices_per_node == node.devices || node.devices >= rack_devices) return;
  node.nics.value = std::max(1.0, node.nics.value * devices_per_node / node.devices);
  node.devices = devices_per_node;
}

void apply_network(hardware::NodeGroup& group, const RunCluster& cluster) {
  auto stated = stated_network(cluster.between, group.node.devices);
  if (cluster.network_gbps.value_or(0) > 0)
    stated = StatedNetwork{static_cast<double>(group.node.devices), BytesPerSecond(*cluster.network_gbps * 1e9 / 8)};
  if (cluster.oversubscription) group.fabric.oversubscription.value = std::max(1.0, *cluster.oversubscription);
  if (!stated) return;
  group.node.nics.value = stated->nics;
  group.node.nics.range.reset();
  group.scale_out.bandwidth.value = stated->each;
  group.scale_out.bandwidth.range.reset();
}

/// From this year on Megatron's own branches train with fused attention unless told otherwise (Transformer Engine);
/// kernels of that kind know 16-bit formats only. The zero-bubble fork (github.com/sail-sg/zero-bubble-pipeline-
/// parallelism) left Megatron-LM in 2023.
constexpr int fused_since = 2024;

bool usual_flash(const PublishedRun& run, const std::string& stack) {
  if (run.plan.dtype == "fp32" || run.plan.framework.find("zero-bubble") != std::string::npos) return false;
  return software_release(run).year >= fused_since || defaults_of(stack).flash_attention;
}

/// FlashAttention-2 asks for Ampere or newer (github.com/Dao-AILab/flash-attention, README); without bfloat16 a device
/// is older.
bool has_flash_kernels(const hardware::DeviceSpec& device) { return device.peak.contains(Dtype::bf16); }

/// Bytes per logit of Transformer Engine's fused cross entropy, which writes the gradient over the 16-bit logits
/// (github.com/NVIDIA/TransformerEngine, transformer_engine/pytorch/cross_entropy.py).
constexpr double gradient_in_logits = 2;

/// From this year on torchtitan compiles its loss with the model (github.com/pytorch/torchtitan, components/loss.py):
/// of a logit there are its 16-bit value (2), the fp32 logarithm of the softmax (4) and the gradient (2).
constexpr int loss_compiled_since = 2025;
constexpr double compiled_loss_bytes = 8;

bool is_on(const std::string& flag) { return !flag.empty() && flag != "none" && flag != "false"; }
bool has(const std::string& text, const char* word) { return text.find(word) != std::string::npos; }

/// Scales for blocks of 128 beside one scale for a tensor, products on H100: 0.602 of the peak for 0.707 (docs/laws/
/// compute.md, table of fits). Blackwell multiplies scaled blocks in hardware and loses nothing.
constexpr double hopper_block_scaled = 0.602 / 0.707;

void apply_precision(hardware::NodeGroup& group, const RunPlan& plan) {
  hardware::SoftwareStack& stack = group.stack;
  const auto* family = hardware::device_family(group.device.id);
  if (has(plan.narrow_recipe, "block") && family != nullptr && std::string_view(family->die) == "Hopper")
    stack.fp8_rate.value *= hopper_block_scaled;
  // fp16 runs of Megatron's branches add and reduce gradients in fp16 unless told otherwise; bf16 turns fp32 on
  // (Megatron-LM, arguments.py, accumulate_allreduce_grads_in_fp32; DeepSpeed, communication_data_type).
  const bool is_megatron = stack.id == "megatron-lm" || stack.id == "megatron-deepspeed";
  if (is_megatron && plan.dtype == "fp16") stack.gradient_bytes.value = 2;
  if (plan.optimizer && plan.optimizer->gradient_reduction == "bf16") stack.gradient_bytes.value = 2;
  if (plan.optimizer && plan.optimizer->gradient_reduction == "fp32") stack.gradient_bytes.value = 4;
  if (plan.optimizer && plan.optimizer->main_gradients == "bf16") stack.gradient_bytes.value = 2;
  if (plan.wide_gradients) stack.gradient_bytes.value = *plan.wide_gradients ? 4 : 2;
  if (plan.narrow_moments.value_or(false)) stack.optimizer_bytes.value -= 4;  // two moments of 2 instead of 4 bytes
  if (plan.precision_mode == "PURE") {  // parameters, gradients and reductions in 16 bit (Composer, FSDP)
    stack.weight_bytes.value = stack.gradient_bytes.value = 2;
    stack.optimizer_bytes.value = 4;
  }
}

hardware::Dispatcher dispatcher_of(const std::string& name) {
  if (name == "allgather") return hardware::Dispatcher::all_gather;
  if (name == "deepep" || name == "hybridep" || name == "megamoe") return hardware::Dispatcher::once_per_node;
  return hardware::Dispatcher::all_to_all;
}

void apply_experts(hardware::SoftwareStack& stack, const RunPlan& plan) {
  if (!plan.dispatcher.empty()) stack.dispatcher = dispatcher_of(plan.dispatcher);
  if (plan.grouped_products) stack.grouped_experts = *plan.grouped_products;
  if (plan.expert_overlap) stack.overlaps_batches = *plan.expert_overlap;
  if (plan.schedule.starts_with("dualpipe")) stack.overlaps_batches = true;
  // A set capacity pads every expert to it; then and with kernels that read the counts on the device nobody waits.
  const bool is_padded = plan.pads_to_capacity.value_or(false);
  if (plan.sync_free_stage > 0 || is_padded) stack.synchronises_routing = false;
  const bool whole = has(plan.graphs, "full");
  if (!plan.graphs.empty())
    stack.graphs = {has(plan.graphs, "attn") || has(plan.graphs, "on,"), has(plan.graphs, "moe_router"), whole};
}

/// From this year on Megatron-LM's products add gradients (arXiv:2205.05198 was measured with it: arguments.py,
/// gradient_accumulation_fusion); releases before add them in a kernel of their own.
constexpr int accumulation_fused_since = 2022;

/// What a run's flags change in the stack.
void apply_flags(hardware::NodeGroup& group, const PublishedRun& run, Assumed& assumed) {
  hardware::SoftwareStack& stack = group.stack;
  const RunPlan& plan = run.plan;
  if (plan.flash_attention)
    stack.flash_attention = *plan.flash_attention;
  else {
    stack.flash_attention = has_flash_kernels(group.device) && usual_flash(run, stack.id);
    assumed.push_back(fmt::format("plan.flash_attention = {} ({})", stack.flash_attention, stack.id));
  }
  if (plan.reshards) stack.keeps_gathered = !*plan.reshards;
  apply_precision(group, plan);
  apply_recipe(group, run);
  apply_experts(stack, plan);
  if (stack.id == "megatron-lm" && software_release(run).year < accumulation_fused_since)
    stack.fused_accumulation = false;
  if (is_on(plan.tensor_overlap)) stack.tensor_overlap = stack.fused_tensor_overlap;
  if (is_on(plan.fused_loss)) stack.logit_bytes.value = gradient_in_logits;
  // torchtitan's tables name torch.compile where it is on; without it norms and activations are kernels of their own.
  const bool named = stack.id == "torchtitan" && !has(plan.framework, "compile");
  if (stack.id == "torchtitan" && plan.compiled.value_or(false) && software_release(run).year >= loss_compiled_since)
    stack.logit_bytes.value = compiled_loss_bytes;
  if (plan.compiled || named) stack.fused_kernels = plan.compiled.value_or(false);
  if (plan.fused_kernels) stack.fused_kernels = !plan.fused_kernels->empty();
}

/// A stack that only resembles the one that ran: at least as uncertain as stacks that were left out of the fit.
void widen_residual(Sourced<double>& residual) {
  constexpr double low = 0.75, high = 1.33;  // 80 % of runs with their source left out, docs/accuracy.md
  const Interval<double> own = residual.range.value_or(Interval<double>{1, 1});
  residual.range = Interval<double>{std::min(low, own.low), std::max(high, own.high)};
}

hardware::NodeGroup group_of(const PublishedRun& run, const std::string& device_id, scenario::Library& library,
                             Assumed& assumed) {
  const auto& device = found_or_fault(library.device(device_id), "device", device_id);
  const auto& node = found_or_fault(library.node(device.node), "server", device.node);
  const std::string stack_id = stack_of(run, device, assumed);
  const auto& stack = found_or_fault(library.stack(stack_id), "stack", stack_id);
  const bool is_silent =
      run.cluster.between.empty() && !run.cluster.network_gbps && !stack.network.empty() && device.vendor == "NVIDIA";
  const std::string& network = is_silent ? stack.network : node.scale_out;
  hardware::NodeGroup group{device,
                            node,
                            found_or_fault(library.link(node.scale_up), "link", node.scale_up),
                            found_or_fault(library.link(network), "link", network),
                            found_or_fault(library.fabric("rail-optimised-non-blocking"), "fabric", "rail-optimised"),
                            stack,
                            run.cluster.devices};
  const std::string& kind = run.cluster.inside_kind;
  const bool says_pcie = has(run.cluster.inside, "PCIe") && !has(run.cluster.inside, "NVLink");
  if (kind == "pcie" || kind == "nvlink-pairs+pcie" || (kind.empty() && says_pcie))
    group.scale_up = found_or_fault(library.link("pcie4"), "link", "pcie4");
  if (run.cluster.pcie_gb_per_s.value_or(0) > 0)
    group.scale_up.bandwidth.value = BytesPerSecond(*run.cluster.pcie_gb_per_s * 1e9);
  if (stack_id.rfind(run.plan.stack, 0) != 0 || run.plan.stack.empty()) widen_residual(group.stack.residual);
  resize_node(group, run.cluster.devices_per_node.value_or(0));
  apply_network(group, run.cluster);
  if (run.cluster.between.empty() && !run.cluster.network_gbps && run.cluster.devices > group.node.devices)
    assumed.push_back(
        fmt::format("cluster.inter_node = {} x {} ({})", group.node.nics.value, group.scale_out.id, node.id));
  apply_flags(group, run, assumed);
  return group;
}

/// Kinds of devices in one cluster share its network: between two of them it is the slower one's, of one server.
void join_all(hardware::Cluster& cluster) {
  const auto rate = [](const hardware::NodeGroup& group) {
    return group.scale_out.bandwidth.value * group.node.nics.value;
  };
  for (std::size_t one = 0; one < cluster.groups.size(); ++one)
    for (std::size_t other = one + 1; other < cluster.groups.size(); ++other) {
      const hardware::NodeGroup &a = cluster.groups[one], &b = cluster.groups[other];
      const hardware::NodeGroup& slower = rate(a) < rate(b) ? a : b;
      cluster.links.push_back(
          {static_cast<int>(one), static_cast<int>(other), slower.scale_out, slower.node.nics.value});
    }
}

}  // namespace

hardware::Cluster cluster_of(const PublishedRun& run, scenario::Library& library, Assumed& assumed) {
  hardware::Cluster cluster{run.id, {}};
  if (run.cluster.devices <= 0) throw Unanswerable("the source does not say cluster.devices");
  std::vector<std::string> ids;
  for (const RunStage& stage : run.plan.stages)
    for (const std::string& id : stage.devices)
      if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  if (ids.empty()) ids.push_back(run.cluster.device);
  for (const std::string& id : ids) {
    Assumed first;
    cluster.groups.push_back(group_of(run, id, library, cluster.groups.empty() ? assumed : first));
  }
  join_all(cluster);
  return cluster;
}

}  // namespace chipmix::validation
