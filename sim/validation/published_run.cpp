#include "validation/published_run.hpp"

#include <set>

namespace chipmix::validation {
namespace {

/// The members of one object of a record. Absent and null members read as nothing.
class Members {
 public:
  explicit Members(const io::Value& value) : value_(value) {}

  std::optional<io::Value> find(const char* key) const {
    auto member = value_.find(key);
    return member && !member->is_null() ? member : std::nullopt;
  }
  std::optional<int> count(const char* key) const {
    const auto member = find(key);
    const auto number = member ? member->as_integer() : std::nullopt;
    if (!number) return std::nullopt;
    if (*number < 0 || *number > most) {
      member->error("must be between 0 and 100,000,000");
      return std::nullopt;
    }
    return static_cast<int>(*number);
  }
  std::optional<double> number(const char* key) const {
    const auto member = find(key);
    return member ? member->as_number() : std::nullopt;
  }
  std::optional<bool> truth(const char* key) const {
    const auto member = find(key);
    return member ? member->as_boolean() : std::nullopt;
  }
  std::string text(const char* key) const {
    const auto member = find(key);
    return member ? member->as_text().value_or("") : "";
  }
  /// The object under a key, which must be there.
  std::optional<io::Value> part(const char* key) const {
    auto member = find(key);
    if (!member) value_.error(std::string("a run needs '") + key + "'");
    if (member && !member->is_object()) member->expected("an object");
    return member && member->is_object() ? member : std::nullopt;
  }
  std::vector<io::Value> list(const char* key) const {
    const auto member = find(key);
    return member ? member->as_list() : std::vector<io::Value>{};
  }

 private:
  static constexpr long long most = 100'000'000;
  const io::Value& value_;
};

std::optional<RunExperts> read_experts(const Members& model) {
  const auto value = model.find("moe");
  if (!value || !value->is_object()) return std::nullopt;
  const Members moe(*value);
  return RunExperts{moe.count("num_experts"),
                    moe.count("top_k"),
                    moe.count("expert_intermediate_size"),
                    moe.count("first_dense_layers"),
                    moe.count("dense_intermediate_size"),
                    moe.number("shared_experts").value_or(0)};
}

std::optional<RunLatent> read_latent(const Members& model) {
  const auto value = model.find("mla");
  if (!value || !value->is_object()) return std::nullopt;
  const Members mla(*value);
  return RunLatent{mla.count("q_lora_rank").value_or(0), mla.count("kv_lora_rank").value_or(0),
                   mla.count("qk_rope_head_dim").value_or(0), mla.count("qk_nope_head_dim").value_or(0),
                   mla.count("v_head_dim").value_or(0)};
}

RunModel read_model(const io::Value& value) {
  const Members m(value);
  RunModel model;
  model.name = m.text("name");
  model.family = m.text("family");
  model.layers = m.count("num_layers");
  model.hidden = m.count("hidden_size");
  model.heads = m.count("num_attention_heads");
  model.kv_heads = m.count("num_key_value_heads");
  model.head_dim = m.count("head_dim");
  model.width = m.count("intermediate_size");
  model.vocabulary = m.count("vocab_size");
  model.sequence_length = m.count("seq_length");
  model.prediction_layers = m.count("prediction_layers");
  model.gated = m.truth("gated_mlp");
  model.tied = m.truth("tie_word_embeddings");
  model.moe = read_experts(m);
  model.latent = read_latent(m);
  return model;
}

RunCluster read_cluster(const io::Value& value) {
  const Members m(value);
  return {m.text("device"), m.count("devices").value_or(0), m.count("devices_per_node"), m.text("intra_node"),
          m.text("inter_node")};
}

std::vector<RunStage> read_stages(const Members& plan) {
  std::vector<RunStage> stages;
  for (const io::Value& element : plan.list("stages")) {
    const Members m(element);
    RunStage stage{m.count("layers").value_or(0), {}};
    for (const io::Value& replica : m.list("replicas")) stage.devices.push_back(Members(replica).text("device"));
    stages.push_back(std::move(stage));
  }
  return stages;
}

RunPlan read_plan(const io::Value& value) {
  const Members m(value);
  RunPlan plan;
  plan.tensor = m.count("tp");
  plan.pipeline = m.count("pp");
  plan.data = m.count("dp");
  plan.context = m.count("cp");
  plan.expert = m.count("ep");
  plan.interleave = m.count("vpp");
  plan.micro_batch = m.count("micro_batch");
  plan.global_batch = m.count("global_batch");
  plan.micro_batches = m.count("num_microbatches");
  if (!plan.micro_batches) plan.micro_batches = m.count("grad_accum");
  plan.recompute_layers = m.count("recompute_layers");
  plan.zero = m.count("zero_stage");
  plan.fsdp = m.truth("fsdp");
  plan.sequence_parallel = m.truth("sequence_parallel");
  plan.flash_attention = m.truth("flash_attention");
  plan.wide_gradients = m.truth("accumulate_grad_in_fp32");
  plan.compiled = m.truth("compile");
  plan.async_tensor = m.truth("async_tp");
  plan.fused_cross_entropy = m.truth("fused_cross_entropy");
  plan.expert_overlap = m.truth("ep_overlap");
  plan.recompute = m.text("recompute");
  plan.dtype = m.text("dtype");
  plan.schedule = m.text("schedule");
  plan.schedule_variant = m.text("schedule_variant");
  plan.framework = m.text("framework");
  plan.stack = m.text("stack");
  plan.dispatcher = m.text("dispatcher");
  plan.finetune = m.text("finetune");
  plan.precision_mode = m.text("mp_mode");
  for (const io::Value& module : m.list("recompute_modules"))
    if (auto text = module.as_text()) plan.recompute_modules.push_back(*text);
  for (const io::Value& layers : m.list("layers_per_stage"))
    if (auto count = layers.as_integer()) plan.layers_per_stage.push_back(static_cast<int>(*count));
  plan.stages = read_stages(m);
  plan.ends_count_as_layers = m.truth("account_for_embedding_and_loss_in_pipeline_split").value_or(false);
  return plan;
}

std::vector<PeerPrediction> read_peers(const Members& run) {
  std::vector<PeerPrediction> peers;
  for (const io::Value& element : run.list("peer_prediction")) {
    const Members m(element);
    if (const auto time = m.number("iteration_s")) peers.push_back({m.text("tool"), time});
  }
  return peers;
}

std::optional<PublishedRun> read_run(const io::Value& value) {
  if (!value.is_object()) {
    value.expected("an object that describes a run");
    return std::nullopt;
  }
  const Members m(value);
  PublishedRun run;
  run.id = m.text("id");
  if (run.id.empty()) value.error("a run needs 'id'");
  run.project = m.text("project");
  run.tier = m.text("tier");
  run.notes = m.text("notes");
  if (const auto source = m.find("source")) {
    const Members s(*source);
    run.source = {s.text("title"), s.text("url"), s.text("where"), s.count("year").value_or(0)};
  }
  const auto model = m.part("model"), cluster = m.part("cluster"), plan = m.part("plan");
  if (!model || !cluster || !plan) return std::nullopt;
  run.model = read_model(*model);
  run.cluster = read_cluster(*cluster);
  run.plan = read_plan(*plan);
  if (const auto measured = m.find("measured")) {
    const Members s(*measured);
    run.measured = {s.number("iteration_s"), s.number("peak_memory_gib"), s.truth("oom"), s.text("memory_meaning")};
  }
  run.peers = read_peers(m);
  return run;
}

}  // namespace

std::vector<PublishedRun> read_runs(const io::Value& table) {
  std::vector<PublishedRun> runs;
  std::set<std::string> ids;
  for (const io::Value& element : table.as_list()) {
    auto run = read_run(element);
    if (!run) continue;
    if (!ids.insert(run->id).second) element.error("a second run with the id '" + run->id + "'");
    runs.push_back(std::move(*run));
  }
  return runs;
}

}  // namespace chipmix::validation
