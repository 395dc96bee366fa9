// The fields of a software stack profile.
#include "hardware/stack.hpp"

#include "hardware/rules.hpp"

namespace chipmix::hardware {
namespace {

io::Rule<std::string> kind_of_peak() {
  const auto is_one = [](const std::string& x) {
    return x == "allocated" || x == "first step" || x == "reserved" || x == "device";
  };
  return {is_one, "must be allocated, first step, reserved or device",
          "\"enum\":[\"allocated\",\"first step\",\"reserved\",\"device\"]"};
}

}  // namespace

const io::Names<Dispatcher>& names_of(io::Type<Dispatcher>) {
  static const io::Names<Dispatcher> names{{"all-to-all", Dispatcher::all_to_all},
                                           {"all-gather", Dispatcher::all_gather},
                                           {"once-per-node", Dispatcher::once_per_node}};
  return names;
}

const io::Shape<GraphScope>& shape_of(io::Type<GraphScope>) {
  static const auto shape =
      io::Shape<GraphScope>("graphs", "What the host launches as one graph instead of kernel by kernel.")
          .optional("attention", &GraphScope::attention, "Attention with its projections and norm.")
          .optional("router", &GraphScope::router, "The router of a mixture of experts and the permutation of tokens.")
          .optional("everything", &GraphScope::everything, "The whole step.");
  return shape;
}

const io::Shape<Publishers>& shape_of(io::Type<Publishers>) {
  static const auto shape = io::Shape<Publishers>("publishers", "Number of publishers whose runs were compared.")
                                .optional("dense", &Publishers::dense, "Of dense models.", io::at_least(0))
                                .optional("moe", &Publishers::moe, "Of mixtures of experts.", io::at_least(0));
  return shape;
}

const io::Shape<SoftwareStack>& shape_of(io::Type<SoftwareStack>) {
  using Stack = SoftwareStack;
  static const auto shape =
      io::Shape<Stack>("stack", "What the training software adds and hides. Overlaps are shares from 0 to 1.")
          .ignored("$schema", "Schema this file follows, for editors.")
          .required("id", &Stack::id, "Name used by devices, plans and scenarios.", io::not_empty<std::string>())
          .required("name", &Stack::name, "Name printed in reports.", io::not_empty<std::string>())
          .optional("network", &Stack::network,
                    "Id of the network that its published runs used unless they say otherwise.")
          .required("flash_attention", &Stack::flash_attention, "Whether attention scores stay on chip.")
          .required("fused_kernels", &Stack::fused_kernels,
                    "Whether norm, activation, rotary and loss are one kernel each.")
          .optional("fused_accumulation", &Stack::fused_accumulation,
                    "Whether the product that makes a weight's gradient adds it to those of earlier micro-batches.")
          .optional("whole_vocabulary", &Stack::whole_vocabulary,
                    "Whether every tensor-parallel rank has the whole embedding table and whole logits.")
          .optional("keeps_gathered", &Stack::keeps_gathered,
                    "Whether gathered weights (ZeRO-3, FSDP) stay whole until the backward pass is over.")
          .optional("keeps_outputs", &Stack::keeps_outputs,
                    "Whether a pipeline stage keeps its outputs until their gradients have come back.")
          .optional("written_out", &Stack::written_out,
                    "Whether norms and gated activations are written out and keep what each of their steps needs.")
          .optional("dispatcher", &Stack::dispatcher, "How tokens reach the experts of other ranks.")
          .optional("graphs", &Stack::graphs, "What the host launches as one graph instead of kernel by kernel.")
          .optional("grouped_experts", &Stack::grouped_experts,
                    "Whether the products of a rank's experts run in parallel.")
          .optional("reported_memory", &Stack::reported_memory, "What its logs call peak memory.", kind_of_peak())
          .required("tensor_overlap", &Stack::tensor_overlap,
                    "Share of tensor-parallel communication hidden behind compute.", io::between(0.0, 1.0))
          .required("fused_tensor_overlap", &Stack::fused_tensor_overlap,
                    "The same where products and collectives are fused into one another (async TP, MC2).",
                    io::between(0.0, 1.0))
          .required("gradient_overlap", &Stack::gradient_overlap,
                    "Share of the gradient reduction that may hide behind the backward pass.", io::between(0.0, 1.0))
          .required("parameter_overlap", &Stack::parameter_overlap,
                    "Share of parameter gathers (ZeRO-3, FSDP, distributed optimizer) hidden.", io::between(0.0, 1.0))
          .required("pipeline_overlap", &Stack::pipeline_overlap, "Share of pipeline sends hidden.",
                    io::between(0.0, 1.0))
          .required("context_overlap", &Stack::context_overlap,
                    "Share of the context-parallel key and value exchange hidden.", io::between(0.0, 1.0))
          .required("expert_overlap", &Stack::expert_overlap, "Share of the expert all-to-all hidden.",
                    io::between(0.0, 1.0))
          .optional("batch_overlap", &Stack::batch_overlap,
                    "Share of it hidden where it overlaps another micro-batch's compute.", io::between(0.0, 1.0))
          .required("expert_efficiency", &Stack::expert_efficiency,
                    "Rate of expert products, uneven routing included, over the device's grouped GEMM rate.", share())
          .optional("fp8_rate", &Stack::fp8_rate,
                    "Rate of 8-bit products, casts and scaling included, over that measured on the device.",
                    io::between(0.2, 2.0))
          .required("attention_efficiency", &Stack::attention_efficiency,
                    "Rate of the stack's attention kernel over the best one of the device.", share())
          .required("selective_products", &Stack::selective_products,
                    "Share of matrix products that selective recomputation runs again.", io::between(0.0, 1.0))
          .required("shard_rate", &Stack::shard_rate,
                    "Rate of the gathers and reductions of sharded weights (ZeRO-3, FSDP) over that of plain ones.",
                    share())
          .required("reserved_units", &Stack::reserved_units,
                    "Share of compute units kept for communication: products and attention have the others.",
                    io::between(0.0, 0.9))
          .required(
              "collective_rate", &Stack::collective_rate,
              "Rate of collectives inside a node that overlap compute, over that of a benchmark of collectives alone.",
              share())
          .required("network_rate", &Stack::network_rate, "The same for collectives and sends between nodes.", share())
          .required("network_latency", &Stack::network_latency,
                    "Time added to each step of a collective between nodes.", io::not_negative<Seconds>())
          .required("jitter", &Stack::jitter, "Spread of a rank's step time over its mean; all wait for the slowest.",
                    io::between(0.0, 1.0))
          .required("host_per_kernel", &Stack::host_per_kernel,
                    "Host time to launch a kernel, framework included; a lower bound on the time of a pass.",
                    io::not_negative<Seconds>())
          .required("tensor_stall", &Stack::tensor_stall,
                    "Least time of a layer's pass per tensor-parallel rank in a pipeline of more than one stage.",
                    io::not_negative<Seconds>())
          .required("host_per_micro_batch", &Stack::host_per_micro_batch, "Host time per micro-batch.",
                    io::not_negative<Seconds>())
          .required("host_per_step", &Stack::host_per_step, "Host time per optimizer step.",
                    io::not_negative<Seconds>())
          .required("host_per_rank_pair", &Stack::host_per_rank_pair,
                    "Host time per optimizer step for each pair of ranks of the job (connections of its first steps).",
                    io::not_negative<Seconds>())
          .required("weight_bytes", &Stack::weight_bytes, "Bytes kept per weight in addition to the optimizer's state.",
                    io::more_than(0.0))
          .required("placeholder_bytes", &Stack::placeholder_bytes,
                    "Bytes per weight of a layer kept as stand-ins for gradients that are added elsewhere.",
                    io::between(0.0, 8.0))
          .required("logit_bytes", &Stack::logit_bytes, "Bytes per logit alive while the loss runs.",
                    io::more_than(0.0))
          .required("workspace", &Stack::workspace, "Scratch memory of libraries, inside the framework's allocator.",
                    io::not_negative<Bytes>())
          .required("memory_residual", &Stack::memory_residual,
                    "Value 1; low and high: measured over predicted peak memory, 80 % of published runs.",
                    io::between(0.1, 10.0))
          .required("gradient_bytes", &Stack::gradient_bytes, "Bytes of gradient kept per weight.", io::more_than(0.0))
          .required("optimizer_bytes", &Stack::optimizer_bytes, "Bytes of optimizer state kept per weight.",
                    io::more_than(0.0))
          .required("framework_memory", &Stack::framework_memory,
                    "Device memory for context, communication buffers and workspaces.", io::not_negative<Bytes>())
          .required("residual", &Stack::residual,
                    "Value 1; low and high: measured over predicted step time, 80 % of runs of one publisher.",
                    io::between(0.1, 10.0))
          .optional("seen", &Stack::seen,
                    "Publishers whose runs of this stack were compared with predictions, by the device's die.")
          .required("allocator_slack", &Stack::allocator_slack, "Share of activation memory lost to fragmentation.",
                    io::between(0.0, 1.0))
          .check([](const Stack& stack, const io::Value& value) {
            if (stack.residual.value != 1)
              value.find("residual")
                  ->error("the 'residual' of a stack must have the value 1",
                          "no law uses its value: only its range says how sure step times are");
          });
  return shape;
}

}  // namespace chipmix::hardware
