// The architecture of a transformer language model, free of any file format's spelling.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace chipmix::workload {

/// Multi-head latent attention (DeepSeek-V2, arXiv:2405.04434, section 2.1). Ranks and sizes in elements; q_rank 0:
/// queries are not compressed.
struct LatentAttention {
  int q_rank = 0;
  int kv_rank = 0;
  int nope_dim = 0;  ///< per head, without position
  int rope_dim = 0;  ///< per head, with position
  int value_dim = 0;
};

/// Sparse attention: an indexer of its own small heads scores every key, and a token attends to the best of them
/// (DeepSeek-V3.2-Exp, https://github.com/deepseek-ai/DeepSeek-V3.2-Exp, section 1 of the report).
struct IndexerSpec {
  int heads = 0;
  int head_dim = 0;
  int chosen = 0;  ///< keys of a token
};

struct AttentionSpec {
  int heads = 0;
  int kv_heads = 0;
  int head_dim = 0;
  bool qkv_bias = false;
  bool output_bias = false;
  bool qk_norm = false;
  bool sinks = false;                     ///< one learned score per head beside those of the keys (gpt-oss)
  std::optional<int> window;              ///< sliding window in tokens, in the layers that have one
  std::optional<LatentAttention> latent;  ///< replaces kv_heads and head_dim
  std::optional<IndexerSpec> indexer;
  bool qk_norm_spans_heads = false;  ///< one norm over all heads, not one per head (OLMo 2, MiniMax-M2)
  int value_dim = 0;                 ///< per head, where it is not head_dim
  int query_rank = 0;                ///< queries come through so many elements and a norm (Step-3); 0: they do not
  int gate = 0;                      ///< elements of a learned gate on the attended values; 0: none
  bool values_are_keys = false;      ///< no projection for values (Gemma 4)

  int per_value() const { return value_dim > 0 ? value_dim : head_dim; }
};

/// A matrix of a LinearSpec beside its input and output projections.
struct SmallProjection {
  std::string name;
  double in = 0, out = 0;
  bool bias = false;
};

/// A layer with a recurrent state in place of attention: linear attention or a state space. Sizes in elements.
struct LinearSpec {
  std::string kind;  ///< in words
  double heads = 0;
  double key_dim = 0, value_dim = 0;  ///< of a head, whose state is key_dim x value_dim
  double projected = 0;               ///< by the input projection, from the hidden state
  std::vector<SmallProjection> small;
  double convolved = 0;  ///< channels of a short causal convolution
  int kernel = 0;        ///< its taps
  bool convolution_bias = false;
  bool bias = false;   ///< of the input and output projections
  double vectors = 0;  ///< weights of norms, decays, step sizes, skips
  /// Work of the recurrence per token and head: so many keys of attention cost the same, 2 (key_dim + value_dim) each;
  /// 0 where it is a scan that runs element by element.
  double keys = 0;

  double inner() const { return heads * value_dim; }
};

/// What mixes the tokens of a layer.
enum class Mixer { attention, linear, both, none };

struct ExpertSpec {
  int experts = 0;           ///< routed experts of a layer
  int active = 0;            ///< routed experts a token visits (top-k)
  int width = 0;             ///< inner width of one routed expert
  int shared = 0;            ///< shared experts every token visits
  int shared_width = 0;      ///< inner width of all shared experts together
  int groups = 1;            ///< node-limited routing: groups of experts ...
  int active_groups = 1;     ///< ... of which a token visits this many
  bool bias = false;         ///< the experts' projections have biases
  bool router_bias = false;  ///< the router has one learned offset per expert
  int latent = 0;         ///< the experts work on so many elements, projected from the hidden state and back; 0: on it
  int router_scales = 0;  ///< further weights of the router
  bool shared_gate = false;  ///< the shared experts' output is scaled by a learned gate (qwen2_moe)
};

enum class Norm { rms, layer, layer_without_bias, layer_without_weights };

/// Parameter counts as the model's makers state them, in elements; 0 where they state none. `*_rounding` is half a unit
/// of the last digit they give.
struct PublishedCount {
  double total = 0;
  double total_rounding = 0;
  double active = 0;
  double active_rounding = 0;
  std::string source;
};

struct ModelSpec {
  std::string id;
  std::string name;
  std::string family;  ///< "llama", "deepseek_v3", ... as in model_type
  int layers = 0;
  int hidden = 0;
  int vocabulary = 0;
  int dense_width = 0;  ///< inner width of a dense MLP
  bool gated = true;    ///< SwiGLU-like: two input projections
  bool mlp_bias = false;
  bool tied_embeddings = false;
  bool parallel_residual = false;  ///< attention and MLP read the same input and are added together
  bool shared_norm = false;        ///< ... behind one norm instead of two
  int extra_norms = 0;             ///< of a layer, beside one before attention and one before the MLP
  bool embedding_norm = false;
  bool head_bias = false;
  int activation_weights = 0;  ///< learned numbers in the activation of an MLP
  bool dropout = false;        ///< trained with dropout, whose masks are kept for the backward pass
  int learned_positions = 0;   ///< rows of a learned position table; 0 with rotary positions
  int longest_sequence = 0;    ///< that its configuration states; 0: it states none
  Norm norm = Norm::rms;
  AttentionSpec attention;
  std::optional<AttentionSpec> windowed_attention;  ///< of the windowed layers, where it differs
  std::optional<LinearSpec> linear;
  std::optional<ExpertSpec> moe;
  std::vector<bool> is_moe_layer;       ///< one entry per layer
  std::vector<bool> is_windowed_layer;  ///< one entry per layer; empty: all layers, if attention has a window
  std::vector<Mixer> mixers;            ///< one entry per layer; empty: attention everywhere
  std::vector<bool> has_mlp;            ///< one entry per layer, experts are one too; empty: everywhere
  std::vector<bool> borrows_index;      ///< one entry per layer: attends to the keys chosen for a layer below
  int kv_sharing = 1;                   ///< so many layers in a row use the keys and values of the first of them
  int prediction_layers = 0;            ///< multi-token-prediction layers after the last (not in `layers`)
  std::string source;                   ///< where the configuration was read
  std::vector<std::string> assumed;     ///< what the importer had to assume, in words
  std::optional<PublishedCount> published;

  bool is_moe(int layer) const { return moe && is_moe_layer.at(layer); }
  bool is_windowed(int layer) const {
    return attention.window && (is_windowed_layer.empty() || is_windowed_layer.at(layer));
  }
  Mixer mixer(int layer) const { return mixers.empty() ? Mixer::attention : mixers.at(layer); }
  bool has_inner(int layer) const { return has_mlp.empty() || has_mlp.at(layer); }
  const AttentionSpec& attention_of(bool windowed) const {
    return windowed && windowed_attention ? *windowed_attention : attention;
  }
  /// Whether a layer has no projections for keys and values of its own.
  bool borrows_kv(int layer) const { return layer % kv_sharing != 0; }
};

/// Weights of a model, in elements.
struct ParameterCount {
  double total = 0;      ///< without multi-token-prediction layers, as model names count it
  double active = 0;     ///< used by one token: all but the experts it does not visit; embedding and head included
  double embedding = 0;  ///< input table and positions (0 of the table if tied)
  double head = 0;
  double prediction = 0;  ///< multi-token-prediction layers, in neither total nor active
};

ParameterCount count_parameters(const ModelSpec& model);

}  // namespace chipmix::workload
