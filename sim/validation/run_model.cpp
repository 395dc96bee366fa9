// The model and the job of a published run.
#include <algorithm>
#include <cmath>

#include "validation/printed_words.hpp"
#include "validation/question.hpp"

namespace chipmix::validation {
namespace {

int needed(const std::optional<int>& value, const char* name) {
  if (value && *value > 0) return *value;
  throw Unanswerable(std::string("the source does not say ") + name);
}

bool is_gpt(const RunModel& model) { return model.family == "gpt" || model.family == "bloom" || model.family == "opt"; }

std::optional<Dtype> format_of(const std::string& words, Assumed& assumed) {
  if (words.find("fp4") != std::string::npos) assumed.push_back("plan.dtype = fp8 (for " + words + ")");
  return format_in(words);
}

/// Sliding windows of all layers, or of every other one, the first included (Gemma 2, gpt-oss).
void read_window(const RunModel& from, workload::ModelSpec& model) {
  if (from.window.value_or(0) == 0) return;
  model.attention.window = from.window;
  if (from.windowed_layers.find("other") == std::string::npos) return;
  model.is_windowed_layer.assign(model.layers, false);
  for (int layer = 0; layer < model.layers; layer += 2) model.is_windowed_layer[layer] = true;
}

void read_attention(const RunModel& from, workload::ModelSpec& model) {
  auto& attention = model.attention;
  attention.heads = needed(from.heads, "model.num_attention_heads");
  attention.kv_heads = from.kv_heads.value_or(attention.heads);
  attention.head_dim = from.head_dim.value_or(std::max(1, model.hidden / attention.heads));
  attention.qkv_bias = attention.output_bias = is_gpt(from);
  read_window(from, model);
  if (!from.latent) return;
  const RunLatent& l = *from.latent;
  attention.latent = workload::LatentAttention{l.q_rank, l.kv_rank, l.nope_dim, l.rope_dim, l.value_dim};
}

void read_experts(const RunModel& from, workload::ModelSpec& model) {
  if (!from.moe) return;
  const RunExperts& e = *from.moe;
  workload::ExpertSpec moe;
  moe.experts = needed(e.experts, "model.moe.num_experts");
  moe.active = needed(e.active, "model.moe.top_k");
  if (moe.active > moe.experts) throw Unanswerable("model.moe.top_k is more than model.moe.num_experts");
  if (e.dense_layers.value_or(0) >= model.layers) throw Unanswerable("model.moe.first_dense_layers leaves no experts");
  moe.width = needed(e.width ? e.width : from.width, "model.moe.expert_intermediate_size");
  moe.shared = static_cast<int>(e.shared);
  moe.shared_width = static_cast<int>(std::lround(e.shared * moe.width));
  if (e.nodes_per_token.value_or(0) > 0) {  // node-limited routing: as many groups of experts as nodes hold them
    moe.groups = moe.experts;
    moe.active_groups = std::min(moe.active, *e.nodes_per_token);
  }
  model.moe = moe;
  if (e.dense_width.value_or(0) > 0) model.dense_width = *e.dense_width;
  const int dense = std::min(model.layers, e.dense_layers.value_or(0));
  std::fill(model.is_moe_layer.begin() + dense, model.is_moe_layer.end(), true);
}

/// GPT-Neo's config.json has attention_dropout, embed_dropout and resid_dropout 0, OPT-350M's attention_dropout 0
/// (huggingface.co/EleutherAI/gpt-neo-2.7B, huggingface.co/facebook/opt-350m).
bool has_no_dropout(const std::string& name) { return name.rfind("GPT-Neo", 0) == 0 || name.rfind("OPT", 0) == 0; }

/// Tokens of the busiest rank over the mean where routing is left to the model: the middle of what matched pairs of
/// runs show, forced against natural (docs/laws/experts.md).
constexpr double natural_imbalance = 1.2;

/// Padding to a capacity makes every expert as busy as the capacity says; dropping keeps the busiest at it.
double imbalance_of(const PublishedRun& run, Assumed& assumed) {
  const RunPlan& plan = run.plan;
  const double natural = plan.forced_balance.value_or(true) ? 1 : natural_imbalance;
  if (!plan.forced_balance) assumed.push_back("plan.force_balanced_routing = true");
  if (!plan.capacity_factor || *plan.capacity_factor <= 0) return natural;
  if (plan.pads_to_capacity.value_or(false)) return *plan.capacity_factor;
  return plan.drops_tokens.value_or(false) ? std::min(natural, *plan.capacity_factor) : natural;
}

/// Megatron-LM, tokenizer.py: the vocabulary is padded to a multiple of 128 per tensor-parallel rank.
int padded(int vocabulary, int tensor) {
  const int multiple = 128 * std::max(1, tensor);
  return (vocabulary + multiple - 1) / multiple * multiple;
}

}  // namespace

workload::ModelSpec model_of(const PublishedRun& run, Assumed& assumed) {
  const RunModel& from = run.model;
  workload::ModelSpec model;
  model.id = model.name = from.name;
  model.family = from.family;
  model.layers = needed(from.layers, "model.num_layers");
  model.hidden = needed(from.hidden, "model.hidden_size");
  model.vocabulary = needed(from.vocabulary, "model.vocab_size");
  model.gated = from.gated.value_or(!is_gpt(from));
  model.dense_width = from.width.value_or(4 * model.hidden);
  model.tied_embeddings = from.tied.value_or(is_gpt(from));
  if (!from.tied)
    assumed.push_back(is_gpt(from) ? "model.tie_word_embeddings = true" : "model.tie_word_embeddings = false");
  model.mlp_bias = is_gpt(from);
  model.parallel_residual = from.parallel_block.value_or(false);
  model.norm = is_gpt(from) ? workload::Norm::layer : workload::Norm::rms;
  if (is_gpt(from) && from.positions.empty()) model.learned_positions = from.sequence_length.value_or(0);
  model.is_moe_layer.assign(model.layers, false);
  read_attention(from, model);
  read_experts(from, model);
  // A layout of the pipeline that has no place for a prediction layer ('m') trains none.
  const std::string& layout = run.plan.layout;
  const bool laid_out = layout.find('|') != std::string::npos && layout.find('L') != std::string::npos;
  const int stated = run.plan.prediction_layers.value_or(from.prediction_layers.value_or(0));
  model.prediction_layers = laid_out && layout.find('m') == std::string::npos ? 0 : stated;
  // Megatron-LM's GPT trains with dropout (arguments.py: 0.1); those who set flash attention train without.
  const bool usual = is_gpt(from) && !run.plan.flash_attention.value_or(false) && !has_no_dropout(from.name);
  model.dropout = run.plan.dropout ? *run.plan.dropout > 0 : usual;
  return model;
}

workload::TrainingJob job_of(const PublishedRun& run, const std::string& stack, Assumed& assumed) {
  workload::TrainingJob job;
  job.model = model_of(run, assumed);
  if (stack.rfind("mega", 0) == 0) job.model.vocabulary = padded(job.model.vocabulary, run.plan.tensor.value_or(1));
  job.sequence_length = needed(run.model.sequence_length, "model.seq_length");
  const RunPlan& plan = run.plan;
  job.global_batch =
      plan.global_batch.value_or(plan.micro_batch.value_or(0) * plan.data.value_or(0) * plan.micro_batches.value_or(1));
  if (job.global_batch == 0) throw Unanswerable("the source does not say plan.global_batch");
  if (!plan.global_batch) assumed.push_back("plan.global_batch = micro_batch x dp x micro-batches");
  job.tokens = job.tokens_per_step();
  job.dtype = defaults_of(stack).dtype;
  if (const auto dtype = format_of(plan.dtype, assumed))
    job.dtype = *dtype;
  else
    assumed.push_back(std::string("plan.dtype = ") + name(job.dtype) + " (" + stack + ")");
  job.is_base_frozen = plan.finetune == "lora" || (plan.finetune.empty() && run.tier == "lora");
  if (job.model.moe) job.expert_imbalance = imbalance_of(run, assumed);
  job.is_routing_known = true;  // what a run's record leaves open is in the errors of such runs
  return job;
}

}  // namespace chipmix::validation
