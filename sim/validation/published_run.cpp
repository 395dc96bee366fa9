#include "validation/published_run.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <deque>

#include "base/spelling.hpp"
#include "validation/printed_words.hpp"
#include "validation/record_table.hpp"
#include "validation/run_members.hpp"
#include "validation/run_model_members.hpp"

namespace chipmix::validation {
namespace {

/// The readers of a record's parts, which share where it stands and what was not asked for.
class Record {
 public:
  explicit Record(const io::Value& value) : value_(value), top_(value) {}

  PublishedRun read() {
    run_.id = top_.text("id");
    if (run_.id.empty()) value_.error("a run needs 'id'");
    run_.project = top_.text("project");
    run_.tier = top_.word("tier", {"full", "lora", "fill", "memory", "oom", "partial"});
    read_source();
    const auto model = top_.part("model"), cluster = top_.part("cluster"), plan = top_.part("plan");
    if (model) run_.model = read_model(open(*model), parts_);
    if (cluster) read_cluster(open(*cluster));
    if (plan) read_plan(open(Members(*plan, top_.find("defaults"), &run_.by_default)));
    read_measured();
    read_peers();
    top_.pass_over({"assumed", "blind", "confidence", "corrected", "defaults", "degrees_note", "derived", "doubt",
                    "doubtful", "inferred", "missing", "notes", "unknown"});
    return std::move(run_);
  }

  void report_unknown() const {
    top_.report_unknown();
    for (const Members& part : parts_) part.report_unknown();
  }

 private:
  const Members& open(Members members) { return parts_.emplace_back(std::move(members)); }
  const Members& open(const io::Value& value) { return open(Members(value)); }
  std::optional<io::Value> object(const Members& m, const char* key) const {
    const auto value = m.find(key);
    if (value && !value->is_object()) value->expected("an object");
    return value && value->is_object() ? value : std::nullopt;
  }

  /// The elements of a list that are objects; others are faults.
  static std::vector<io::Value> objects(const Members& m, const char* key) {
    std::vector<io::Value> list = m.list(key);
    for (const io::Value& element : list)
      if (!element.is_object()) element.expected("an object");
    std::erase_if(list, [](const io::Value& element) { return !element.is_object(); });
    return list;
  }

  void read_source() {
    const auto source = object(top_, "source");
    if (!source) return;
    const Members& m = open(*source);
    run_.source = {m.text("title"), m.text("url"), m.text("where"), m.count("year").value_or(0)};
    m.pass_over({"commit", "path"});
  }

  void read_cluster(const Members& m) {
    RunCluster& cluster = run_.cluster;
    cluster.device = m.text("device");
    cluster.devices = m.count("devices").value_or(0);
    cluster.devices_per_node = m.count("devices_per_node");
    cluster.inside = m.text("intra_node");
    cluster.between = m.text("inter_node");
    cluster.inside_kind = m.text("intra_node_kind");
    cluster.pair_gb_per_s = m.number("pair_gb_per_s");
    cluster.pcie_gb_per_s = m.number("pcie_gb_per_s");
    cluster.network_gbps = m.number("inter_node_gbps_per_device");
    if (const auto ratio = m.find("oversubscription"); ratio && ratio->is_number())  // words say where: not modelled
      cluster.oversubscription = m.number("oversubscription");
    m.pass_over({"device_as_printed", "form_factor", "groups", "heterogeneous", "intra_node_gb_per_s"});
  }

  void read_stages(const Members& plan) {
    for (const io::Value& element : objects(plan, "stages")) {
      const Members& m = open(element);
      RunStage stage{m.number("layers").value_or(0), {}};
      if (2 * stage.layers != std::floor(2 * stage.layers)) element.error("a stage has whole or half layers");
      for (const io::Value& replica : objects(m, "replicas")) {
        const Members& r = open(replica);
        stage.devices.push_back(r.text("device"));
        r.pass_over({"tp", "micro_batch", "devices", "count", "node", "zone", "notes"});
      }
      m.pass_over({"tp", "dp", "devices", "device", "notes"});
      run_.plan.stages.push_back(std::move(stage));
    }
  }

  void read_degrees(const Members& m) {
    RunPlan& plan = run_.plan;
    plan.tensor = m.count("tp");
    plan.pipeline = m.count("pp");
    plan.data = m.count("dp");
    plan.context = m.count("cp");
    plan.ulysses = m.count("ulysses_sp");
    plan.expert = m.count("ep");
    plan.expert_tensor = m.count("etp");
    if (m.truth("ep_extend_tp").value_or(false)) plan.expert_tensor = 1;
    plan.interleave = m.count("vpp");
    plan.zero = m.count("zero_stage");
    if (constexpr int most_zero = 3; plan.zero.value_or(0) > most_zero)
      m.find("zero_stage")->error("ZeRO has the stages 0 to 3");
    plan.fsdp = m.truth("fsdp");
    plan.shard_group = m.count("fsdp_shard");
    if (const auto group = m.find("hsdp"); group && !group->is_boolean()) plan.shard_group = m.count("hsdp");
    plan.micro_batch = m.count("micro_batch");
    plan.global_batch = m.count("global_batch");
    plan.micro_batches = m.count("num_microbatches");
    if (const auto accumulated = m.count("grad_accum"); !plan.micro_batches) plan.micro_batches = accumulated;
    plan.interleaved_batches = m.count("micro_batch_interleave");
    plan.fine_interleave = m.count("fine_grain_interleave");
    plan.sequence_parallel = m.truth("sequence_parallel");
    plan.context_algorithm = m.text("cp_algo");
    if (const auto axes = object(m, "axes_on")) {
      const Members& on = open(*axes);
      plan.slow_axes = on.texts("pcie");
      on.pass_over({"nvlink", "network"});
    }
    if (const auto sharding = object(m, "parallel_optimizer")) {
      const Members& s = open(*sharding);
      if (s.truth("enabled").value_or(false)) plan.weight_shards = s.count("optimizer_weight_shard_size").value_or(0);
      s.pass_over({"gradient_accumulation_shard", "parallel_optimizer_threshold"});
    }
  }

  void read_layout(const Members& m) {
    RunPlan& plan = run_.plan;
    plan.schedule = m.word("schedule", {"1f1b", "interleaved", "zb", "dualpipe", "dualpipev"});
    plan.schedule_variant = m.text("schedule_variant");
    plan.layout = m.text("pp_layout");
    plan.layers_per_stage = m.counts("layers_per_stage");
    if (auto listed = m.counts("num_layer_list"); plan.layers_per_stage.empty()) plan.layers_per_stage = listed;
    for (const io::Value& chunk : m.list("layers_per_chunk")) plan.layers_per_chunk.push_back(counts_in(chunk));
    read_stages(m);
    plan.ends_count_as_layers = m.truth("account_for_embedding_and_loss_in_pipeline_split").value_or(false);
    plan.prediction_layers = m.count("mtp");
    plan.loss_slices = m.count("output_layer_slices");
  }

  /// A share, a switch, or words for what is moved, of which the usual share is taken.
  std::optional<double> offloaded(const Members& m, const char* key, double usual) const {
    const auto value = m.find(key);
    if (!value || value->is_number()) {
      const auto share = m.number(key);
      if (share.value_or(0) > 1) value->error("a share is at most 1");
      return share;
    }
    const std::string said = m.text_or_flag(key);
    return said.empty() || said == "false" || said == "none" ? 0.0 : usual;
  }

  /// Where a source says only what it offloads, such as attention's activations: a half of what a layer keeps.
  static constexpr double kept_share = 0.5;

  void read_recomputation(const Members& m) {
    RunPlan& plan = run_.plan;
    plan.recompute = m.word("recompute", {"none", "selective", "full"});
    plan.recompute_method = m.text("recompute_method");
    plan.recompute_layers = m.count("recompute_layers");
    plan.recompute_layers_per_stage = m.counts("recompute_layers_per_stage");
    plan.recompute_layer_ids = m.counts("recompute_layer_ids");
    plan.recompute_modules = m.texts("recompute_modules");
    plan.recompute_module_layers = m.count("selective_recompute_layers");
    plan.recompute_module_layers_per_stage = m.counts("selective_recompute_layers_per_stage");
    plan.recomputes_tensor_exchange = m.truth("recompute_tp_comm");
    if (const auto share = m.find("recompute_share"); share && share->is_object()) {
      const Members& s = open(*share);
      plan.recompute_share = s.number("value");
      s.pass_over({"low", "high"});
    } else {
      plan.recompute_share = m.number("recompute_share");
    }
    plan.activation_offload = offloaded(m, "activation_offload", kept_share);
    plan.optimizer_offload = offloaded(m, "optimizer_offload", 1);
    plan.parameter_offload = offloaded(m, "param_offload", 1);
    plan.offload = m.text_or_flag("offload");
    if (!plan.activation_offload && plan.offload.find("activation") != std::string::npos)
      plan.activation_offload = kept_share;
  }

  void read_experts_plan(const Members& m) {
    RunPlan& plan = run_.plan;
    plan.dispatcher = m.word("dispatcher", {"alltoall", "allgather", "deepep", "hybridep", "megamoe"});
    plan.dispatcher_units = m.count("dispatcher_sms");
    plan.expert_overlap = m.truth("ep_overlap");
    plan.forced_balance = m.truth("force_balanced_routing");
    plan.capacity_factor = m.number("capacity_factor");
    plan.drops_tokens = m.truth("token_drop");
    plan.pads_to_capacity = m.truth("pad_to_capacity");
    plan.grouped_products = m.truth("grouped_gemm");
    plan.shared_expert_overlap = m.truth("shared_expert_overlap");
    plan.sync_free_stage = m.count("sync_free_moe_stage").value_or(0);
  }

  /// Megatron-Core's scopes, joined by +; or what a source says that names none.
  static std::string graphs(const Members& m) {
    static const std::vector<std::string> scopes{"full_iteration", "full",          "attn", "mlp", "moe",
                                                 "moe_router",     "moe_preprocess"};
    const std::string said = m.text_or_flag("cuda_graphs");
    if (said.empty() || said == "none" || said == "true" || said == "false" || said.rfind("on,", 0) == 0) return said;
    for (std::size_t at = 0, end = 0; end != std::string::npos; at = end + 1) {
      end = said.find('+', at);
      const std::string scope = said.substr(at, end == std::string::npos ? end : end - at);
      if (std::find(scopes.begin(), scopes.end(), scope) != scopes.end()) continue;
      const auto near = nearest_spelling(scope, scopes);
      m.find("cuda_graphs")
          ->error(fmt::format("'{}' is none of none, {}", scope.substr(0, 40), fmt::join(scopes, ", ")),
                  near ? fmt::format("did you mean '{}'?", *near) : "scopes are joined by +");
      return "";
    }
    return said;
  }

  void read_software(const Members& m) {
    RunPlan& plan = run_.plan;
    plan.framework = m.text("framework");
    plan.stack = m.text("stack");
    plan.release = m.text("release");
    plan.campaign = m.text("campaign");
    plan.dtype = m.text("dtype");
    if (!plan.dtype.empty() && !format_in(plan.dtype))
      m.find("dtype")->error(fmt::format("'{}' is not a number format", plan.dtype.substr(0, 40)),
                             "for example \"bf16\"");
    plan.finetune = m.word("finetune", {"lora", "full"});
    plan.precision_mode = m.text("mp_mode");
    plan.narrow_recipe = m.text("fp8_recipe");
    plan.compiled = m.truth("compile");
    plan.graphs = graphs(m);
    plan.tensor_overlap = m.text_or_flag("tp_comm_overlap");
    if (const auto older = m.truth("async_tp"); plan.tensor_overlap.empty() && older.value_or(false))
      plan.tensor_overlap = "async_tp";
    plan.fused_loss = m.text_or_flag("cross_entropy_fusion");
    if (const auto older = m.truth("fused_cross_entropy"); plan.fused_loss.empty() && older)
      plan.fused_loss = *older ? "true" : "false";
    if (const auto kernels = m.find("fused_kernels"); kernels && kernels->is_list())
      plan.fused_kernels = m.texts("fused_kernels");
    plan.flash_attention = m.truth("flash_attention");
    plan.wide_gradients = m.truth("accumulate_grad_in_fp32");
    plan.dropout = m.number("dropout");
    plan.narrow_moments = m.truth("precision_aware_optimizer");
    plan.narrow_parameters = m.truth("fp8_params");
    plan.narrow_activations = m.truth("fp8_activation_store");
    plan.gathers_narrow = m.truth("fp8_all_gather");
    plan.overlaps_sends = m.truth("p2p_overlap");
    plan.overlaps_gradients = m.truth("overlap_grad_reduce");
    plan.overlaps_gathers = m.truth("overlap_param_gather");
    plan.overlaps_context = m.truth("cp_overlap");
    plan.reshards = m.truth("reshard_after_forward");
    plan.after_pipeline_fix = m.truth("after_pp_fix");
    plan.packed = m.truth("packed_sequences");
  }

  void read_optimizer(const Members& m) {
    const auto value = object(m, "optimizer");
    if (!value) return;
    const Members& o = open(*value);
    run_.plan.distributed_optimizer = o.truth("distributed");
    run_.plan.optimizer =
        RunOptimizer{o.text("name"),
                     o.text("params"),
                     o.text("master_params").empty() ? o.text("main_params") : o.text("master_params"),
                     o.text("main_grads"),
                     o.text("moments"),
                     o.text("grad_reduce")};
    o.pass_over({"main_params", "state_dtype"});
  }

  void read_plan(const Members& m) {
    read_degrees(m);
    read_layout(m);
    read_recomputation(m);
    read_experts_plan(m);
    read_software(m);
    read_optimizer(m);
    // Without an effect that is modelled, or said again in another field.
    m.pass_over({"attn_mask_compression",
                 "batch_per_dp",
                 "comm_recompute_layers_per_stage",
                 "deterministic",
                 "dp_printed",
                 "fp8_attention",
                 "gemm_backend",
                 "graph_mode",
                 "hsdp",
                 "kv_head_repeat",
                 "local_batch",
                 "lora",
                 "micro_num",
                 "model_parallel_size",
                 "moe_permutation_async",
                 "moe_zero_memory",
                 "parallelism_as_printed",
                 "recompute_sliced_activation",
                 "recompute_unit",
                 "router_balancing",
                 "slurm_job_id",
                 "zero1_group",
                 "fused_kernels"});
  }

  /// A figure that cannot be 0.
  static std::optional<double> positive(const Members& m, const char* key) {
    const auto number = m.number(key);
    return number.value_or(0) > 0 ? number : std::nullopt;
  }

  void read_measured() {
    const auto measured = object(top_, "measured");
    if (!measured) return;
    const Members m(*measured);  // many figures of a source are kept beside those that are compared
    run_.measured = {positive(m, "iteration_s"), m.number("peak_memory_gib"), m.truth("oom"), m.text("memory_meaning")};
  }

  void read_peers() {
    for (const io::Value& element : top_.list("peer_prediction")) {
      const Members m(element);
      if (const auto time = m.number("iteration_s")) run_.peers.push_back({m.text("tool"), time});
    }
  }

  const io::Value& value_;
  Members top_;
  std::deque<Members> parts_;  ///< references to them stay good
  PublishedRun run_;
};

}  // namespace

RunTable read_runs(const io::Value& table) { return read_records<RunTable, Record>(table); }

}  // namespace chipmix::validation
