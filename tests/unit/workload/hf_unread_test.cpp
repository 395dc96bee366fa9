// Is what a config.json says and nothing here models refused by its name, and what is left out said?
#include <catch2/catch.hpp>

#include "base/diagnostic.hpp"
#include "io/python_json.hpp"
#include "models.hpp"

using namespace chipmix;
using namespace chipmix::workload;

namespace {

std::vector<Diagnostic> faults(const std::string& text) {
  const auto document = io::Document::parse("config.json", io::without_python_numbers(text));
  io::Diagnostics diagnostics;
  const auto model = read_hf_config(document.root(diagnostics));
  CHECK(model.has_value() == diagnostics.empty());
  return diagnostics.list();
}

std::string first_fault(const std::string& text) {
  const auto list = faults(text);
  return list.empty() ? "" : list.front().message;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// A decoder of 8 layers, 16 heads of 64, 4 of keys and values; what a test adds comes first.
std::string small(const std::string& more) {
  return "{" + more + R"(, "hidden_size": 1024, "num_hidden_layers": 8, "vocab_size": 32000, "num_attention_heads": 16,
    "num_key_value_heads": 4, "head_dim": 64, "rms_norm_eps": 1e-06, "tie_word_embeddings": false})";
}

double total(const std::string& text) {
  const auto document = io::Document::parse("config.json", io::without_python_numbers(text));
  io::Diagnostics diagnostics;
  const auto model = read_hf_config(document.root(diagnostics));
  diagnostics.throw_if_any();
  return count_parameters(model.value()).total;
}

constexpr double tables = 2 * 32000.0 * 1024, norms = (2 * 8 + 1) * 1024.0;
constexpr double attention = 8 * (2 * 1024.0 * 1024 + 2 * 1024 * 256);

}  // namespace

TEST_CASE("is a key refused that may change the model, at its place?") {
  const auto list = faults(small(R"("model_type": "llama", "intermediate_size": 3072,
 "loop_layers": 4)"));
  REQUIRE(list.size() == 1);
  CHECK(contains(list.front().message, "'loop_layers' may change the model's weights or operations"));
  CHECK(list.front().place.line == 2);
  CHECK(contains(list.front().hint, "docs/models.md"));
}

TEST_CASE("is a key that says nothing or changes nothing passed over?") {
  const std::string llama = R"("model_type": "llama", "intermediate_size": 3072)";
  for (const char* harmless :
       {R"(, "loop_layers": null)", R"(, "loop_layers": false)", R"(, "loop_layers": 0)", R"(, "loop_layers": [])",
        R"(, "rope_theta": 1e6)", R"(, "max_position_embeddings": 4096)", R"(, "router_aux_loss_coef": 0.1)",
        R"(, "quantization_config": {"group_size": 128})", R"(, "attention_dropout": 0.1)", R"(, "prefix": "x")"}) {
    INFO(harmless);
    CHECK(first_fault(small(llama + harmless)).empty());
  }
}

TEST_CASE("does a vision tower that is left out stand in the list of what is assumed?") {
  const ModelSpec model = read_model(R"({"model_type": "some_vl", "vision_config": {"depth": 3}, "text_config":)" +
                                     small(R"("model_type": "llama", "intermediate_size": 3072)") + "}");
  REQUIRE(model.assumed.size() == 1);
  CHECK(model.assumed.front() == "'vision_config' is left out: only the language model is modelled");
  CHECK(contains(first_fault(R"({"model_type": "x", "memory_network_layers": {"depth": 3}, "text_config":)" +
                             small(R"("model_type": "llama", "intermediate_size": 3072)") + "}"),
                 "'memory_network_layers' may change"));
}

TEST_CASE("are encoders refused?") {
  CHECK(contains(first_fault(R"({"model_type": "bert", "hidden_size": 768})"), "'bert' is an encoder"));
  CHECK(contains(first_fault(small(R"("model_type": "fern", "architectures": ["FernForMaskedLM"])")),
                 "'FernForMaskedLM' is an encoder"));
  CHECK(contains(first_fault(small(R"("model_type": "fern", "is_encoder_decoder": true)")), "encoder and decoder"));
}

TEST_CASE("are layers of a recurrence refused where the family is not known?") {
  const std::string known = R"("model_type": "maple_next", "intermediate_size": 3072)";
  for (const char* layers :
       {R"(, "layer_types": ["linear_attention", "full_attention", "linear_attention", "full_attention",
         "linear_attention", "full_attention", "linear_attention", "full_attention"], "linear_num_key_heads": 8)",
        R"(, "hybrid_override_pattern": "MEM*EMEM", "mamba_num_heads": 16, "n_routed_experts": 16)",
        R"(, "attn_layer_period": 8, "attn_layer_offset": 4, "mamba_d_state": 16)"}) {
    INFO(layers);
    CHECK(contains(first_fault(small(known + layers)), "linear attention or a state space are not modelled"));
  }
}

TEST_CASE("are experts under other keys counted?") {
  const double experts = total(small(R"("model_type": "birch_moe", "intermediate_size": 3072, "hidden_act": "silu",
    "moe_intermediate_size": 512, "moe_num_experts": 16, "moe_k": 2, "moe_num_shared_experts": 1,
    "moe_layer_start_index": 1, "moe_layer_end_index": 7, "moe_layer_interval": 1)"));
  CHECK(experts == tables + norms + attention + 3.0 * 1024 * 3072 + 7 * (17 * 3.0 * 1024 * 512 + 16 * 1024));
}

TEST_CASE("is an MLP gated whose activation is the tanh form of GELU, beside RMS norms?") {
  const std::string opal = R"("model_type": "opal2", "intermediate_size": 3072, "hidden_act": )";
  const double gated = tables + norms + attention + 8 * 3.0 * 1024 * 3072;
  CHECK(total(small(opal + R"("gelu_pytorch_tanh")")) == gated);
  CHECK(total(small(opal + R"("swigluoai")")) == gated);
  CHECK(total(small(opal + R"("relu2")")) == gated - 8 * 1024.0 * 3072);
}

TEST_CASE("is the first Qwen's width that of both input projections?") {
  const double qwen = total(R"({"model_type": "qwen", "hidden_size": 1024, "num_hidden_layers": 8, "vocab_size": 32000,
    "num_attention_heads": 16, "kv_channels": 64, "intermediate_size": 6144, "layer_norm_epsilon": 1e-06,
    "no_bias": true, "tie_word_embeddings": false})");
  CHECK(qwen == tables + norms + 8 * (4 * 1024.0 * 1024 + 3 * 1024 + 3 * 1024.0 * 3072));
}

TEST_CASE("are two spellings of one size with different values refused?") {
  CHECK(contains(first_fault(small(R"("model_type": "llama", "intermediate_size": 3072, "ffn_hidden_size": 4096)")),
                 "'intermediate_size' and 'ffn_hidden_size' mean the same and differ: 3072 and 4096"));
}

TEST_CASE("is a file with Python's Infinity and NaN read, and refused where a size is needed?") {
  const std::string llama = R"("model_type": "llama", "intermediate_size": 3072)";
  CHECK(first_fault(small(llama + R"(, "time_step_limit": [0.0, Infinity], "temperature": NaN)")).empty());
  CHECK(contains(first_fault(small(R"("model_type": "llama", "intermediate_size": Infinity)")), "too large"));
  CHECK_FALSE(first_fault(small(R"("model_type": "llama", "intermediate_size": NaN)")).empty());
  CHECK(io::without_python_numbers(R"({"a": "Infinity", "b": -Infinity})") == R"({"a": "Infinity", "b": -1.0e+308})");
}

TEST_CASE("are keys chosen by an indexer modelled with its weights, and fewer operations in a long sequence?") {
  const std::string fjord = R"("model_type": "fjord_v32", "intermediate_size": 3072, "q_lora_rank": 256,
    "kv_lora_rank": 128, "qk_nope_head_dim": 64, "qk_rope_head_dim": 32, "v_head_dim": 64)";
  const std::string indexer = R"(, "index_topk": 2048, "index_n_heads": 16, "index_head_dim": 64)";
  const ModelSpec plain = read_model(small(fjord)), chosen = read_model(small(fjord + indexer));
  CHECK(count_parameters(chosen).total - count_parameters(plain).total ==
        8 * (256.0 * 16 * 64 + 1024 * (64 + 16) + 2 * 64));
  const double far = 1 << 17;
  CHECK(forward_flops_per_token(build_graph(chosen), far) < forward_flops_per_token(build_graph(plain), far));
}

TEST_CASE("do the harmless keys that makers put beside the sizes change nothing?") {
  struct Beside {
    const char* id;
    const char* keys;
  };
  for (const Beside& one : std::initializer_list<Beside>{
           {"gemma-3-1b",
            R"("rope_local_base_freq": 10000, "query_pre_attn_scalar": 256, "cache_implementation": "hybrid")"},
           {"llama-4-scout", R"("attn_temperature_tuning": 4, "attn_scale": 0.1, "floor_scale": 8192)"},
           {"command-r7b",
            R"("order_of_interleaved_layers": "local_attn_first", "use_gated_activation": true, "rotary_pct": 1)"},
           {"starcoder2-3b", R"("mlp_type": "default", "norm_type": "layer_norm", "residual_dropout": 0.1)"},
           {"jamba-v0.1", R"("mamba_inner_layernorms": true, "use_mamba_kernels": true, "num_logits_to_keep": 1)"},
           {"opt-6.7b", R"("do_layer_norm_before": true, "layerdrop": 0.0, "enable_bias": true, "init_std": 0.02)"},
           {"chatglm3-6b",
            R"("rope_ratio": 500, "layernorm_epsilon": 1e-05, "seq_length": 8192, "original_rope": true)"},
           {"ernie-4.5-21b-a3b", R"("moe_capacity": [64, 64, 64], "moe_gate": "topk", "weight_share_add_bias": true)"},
           {"hunyuan-a13b", R"("norm_type": "rms", "num_media_embeds": 257, "vit_patch": 1, "dense_list": [4096, 0])"},
           {"falcon-mamba-7b", R"("d_inner": 8192, "use_associative_scan": true, "time_step_scale": 1.0)"},
           {"minimax-text-01", R"("layernorm_mlp_alpha": 3.5, "postnorm": true, "shared_moe_mode": "sigmoid")"}}) {
    INFO(one.id);
    const auto document = io::Document::load(std::string(CHIPMIX_SOURCE_DIR "/models/") + one.id + ".json");
    const ModelSpec with = read_model("{" + std::string(one.keys) + "," + document.text().substr(1));
    CHECK(count_parameters(with).total == count_parameters(load_model(one.id)).total);
  }
}
