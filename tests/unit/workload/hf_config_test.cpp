// Is a config.json understood in every family's spelling, and is a wrong one refused with every reason at once?
#include <catch2/catch.hpp>

#include "base/diagnostic.hpp"
#include "models.hpp"

using namespace chipmix;
using namespace chipmix::workload;

namespace {

/// All messages and hints of the faults of a text; empty if there are none.
std::string faults(const std::string& text) {
  const auto document = io::Document::parse("config.json", text);
  io::Diagnostics diagnostics;
  const auto model = read_hf_config(document.root(diagnostics));
  CHECK(model.has_value() == diagnostics.empty());
  std::string all;
  for (const Diagnostic& d : diagnostics.list()) all += d.message + " | " + d.hint + "\n";
  return all;
}

std::string llama(const std::string& more) {
  return R"({"model_type": "llama", "num_hidden_layers": 2, "hidden_size": 64, "intermediate_size": 128,
    "vocab_size": 100, "num_attention_heads": 8)" +
         more + "}";
}

std::string moe(const std::string& more) {
  return R"({"model_type": "qwen3_moe", "num_hidden_layers": 4, "hidden_size": 64, "intermediate_size": 128,
    "moe_intermediate_size": 32, "vocab_size": 100, "num_attention_heads": 8, "head_dim": 8)" +
         more + "}";
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::vector<bool> bits(const std::string& text) {
  std::vector<bool> list;
  for (const char c : text) list.push_back(c == '1');
  return list;
}

}  // namespace

TEST_CASE("is a plain config.json without our object read?") {
  const ModelSpec model = read_model(llama(R"(, "_name_or_path": "meta/Tiny-Llama", "unknown_key": [1, {"a": null}])"));
  CHECK(model.id == "Tiny-Llama");
  CHECK(model.name == "meta/Tiny-Llama");
  CHECK(model.attention.kv_heads == 8);
  CHECK(model.attention.head_dim == 8);
  CHECK_FALSE(model.tied_embeddings);
  CHECK(model.assumed.empty());
  CHECK(read_model(llama("")).id.empty());
}

TEST_CASE("does every model of models/ read, under the name of its file?") {
  CHECK(model_ids().size() >= 140);
  for (const std::string& id : model_ids()) {
    INFO(id);
    const ModelSpec model = load_model(id);
    CHECK(model.id == id);
    CHECK_FALSE(model.name.empty());
    CHECK(model.source.rfind("https://", 0) == 0);
    if (model.published) CHECK(model.published->source.rfind("https://", 0) == 0);
  }
}

TEST_CASE("do two spellings of the same model give the same model?") {
  const std::string rest = R"("model_type": "bailing_moe", "num_hidden_layers": 2, "hidden_size": 64, "vocab_size": 100,
    "num_attention_heads": 4, "num_key_value_heads": 2, "moe_intermediate_size": 32, "num_experts_per_tok": 2,)";
  const ModelSpec lite = read_model("{" + rest + R"("num_experts": 8, "num_shared_experts": 2})");
  const ModelSpec plus = read_model("{" + rest + R"("n_routed_experts": 8, "n_shared_experts": 2})");
  CHECK(count_parameters(lite).total == count_parameters(plus).total);
  CHECK(plus.moe->shared_width == 64);
}

TEST_CASE("are gpt2 spellings and their defaults read?") {
  const ModelSpec model = read_model(R"({"model_type": "gpt2", "n_layer": 2, "n_embd": 64, "n_head": 4, "n_inner": null,
    "n_positions": 32, "vocab_size": 100})");
  CHECK(model.dense_width == 256);
  CHECK(model.learned_positions == 32);
  CHECK(model.tied_embeddings);
  CHECK_FALSE(model.gated);
  CHECK(model.norm == Norm::layer);
  CHECK(model.attention.qkv_bias);
  CHECK(model.dropout);
  CHECK(model.assumed.size() == 1);  // the dropout
}

TEST_CASE("are falcon's ways of naming one key/value head read?") {
  const std::string base = R"({"model_type": "falcon", "num_hidden_layers": 2, "hidden_size": 64, "vocab_size": 100,
    "num_attention_heads": 8)";
  CHECK(read_model(base + R"(, "multi_query": true, "num_kv_heads": 8})").attention.kv_heads == 1);
  CHECK(read_model(base + R"(, "multi_query": false})").attention.kv_heads == 8);
  const ModelSpec grouped = read_model(base + R"(, "new_decoder_architecture": true, "num_kv_heads": 2})");
  CHECK(grouped.attention.kv_heads == 2);
  CHECK_FALSE(grouped.shared_norm);
  const ModelSpec old = read_model(R"({"model_type": "falcon", "n_layer": 2, "n_embed": 64, "vocab_size": 100,
    "n_head": 8, "multi_query": false, "n_head_kv": 4})");
  CHECK(old.attention.kv_heads == 4);
  CHECK(old.shared_norm);
}

TEST_CASE("which layers have experts?") {
  const std::string experts = R"(, "num_experts": 8, "num_experts_per_tok": 2)";
  CHECK(read_model(moe(experts)).is_moe_layer == bits("1111"));
  CHECK(read_model(moe(experts + R"(, "first_k_dense_replace": 1)")).is_moe_layer == bits("0111"));
  CHECK(read_model(moe(experts + R"(, "first_k_dense_replace": 1, "moe_layer_freq": 2)")).is_moe_layer == bits("0010"));
  CHECK(read_model(moe(experts + R"(, "moe_layer_freq": [0, 1, 1, 0])")).is_moe_layer == bits("0110"));
  CHECK(read_model(moe(experts + R"(, "decoder_sparse_step": 2)")).is_moe_layer == bits("0101"));
  CHECK(read_model(moe(experts + R"(, "mlp_only_layers": [2])")).is_moe_layer == bits("1101"));
  CHECK(read_model(moe(experts + R"(, "mlp_layer_types": ["dense", "sparse", "sparse", "sparse"])")).is_moe_layer ==
        bits("0111"));
  CHECK(read_model(moe("")).is_moe_layer == bits("0000"));
}

TEST_CASE("how wide are shared experts?") {
  const std::string experts = R"(, "num_experts": 8, "num_experts_per_tok": 2)";
  CHECK(read_model(moe(experts)).moe->shared_width == 0);
  CHECK(read_model(moe(experts + R"(, "n_shared_experts": 3)")).moe->shared_width == 96);
  const ModelSpec total = read_model(moe(experts + R"(, "shared_expert_intermediate_size": 128)"));
  CHECK(total.moe->shared_width == 128);
  CHECK(total.moe->shared == 4);
  CHECK(load_model("pangu-pro-moe").moe->shared == 4);
}

TEST_CASE("are lists of equal numbers, one per layer, read as one number?") {
  const std::string base = R"({"model_type": "hunyuan_v1_moe", "num_hidden_layers": 2, "hidden_size": 64,
    "intermediate_size": 32, "vocab_size": 100, "num_attention_heads": 8, "num_experts": 8, )";
  CHECK(read_model(base + R"("moe_topk": [2, 2], "num_shared_expert": [1, 1]})").moe->active == 2);
  CHECK(contains(faults(base + R"("moe_topk": [2, 3]})"), "'moe_topk' differs between layers: 2 and 3"));
  CHECK(contains(faults(base + R"("moe_topk": []})"), "'moe_topk' is an empty list"));
}

TEST_CASE("when does a sliding window hold?") {
  CHECK_FALSE(read_model(llama(R"(, "sliding_window": null)")).attention.window);
  CHECK(read_model(llama(R"(, "sliding_window": 16)")).is_windowed(1));
  CHECK_FALSE(read_model(moe(R"(, "sliding_window": 16)")).attention.window);  // qwen needs use_sliding_window
  const std::string window = R"(, "sliding_window": 16)";
  const ModelSpec upper = read_model(moe(window + R"(, "use_sliding_window": true, "max_window_layers": 3)"));
  CHECK(upper.is_windowed_layer == bits("0001"));
  const ModelSpec listed =
      read_model(llama(R"(, "sliding_window": 16, "layer_types": ["full_attention", "sliding_attention"])"));
  CHECK(listed.is_windowed_layer == bits("01"));
}

TEST_CASE("is the language model of a multimodal file found?") {
  const ModelSpec model = read_model(R"({"model_type": "some_vl", "vision_config": {}, "text_config": )" + llama("") +
                                     R"(, "chipmix": {"id": "vl"}})");
  CHECK(model.family == "llama");
  CHECK(model.id == "vl");
}

TEST_CASE("is an unknown family read by its keys, and said so?") {
  const ModelSpec model = read_model(R"({"model_type": "llamma", "num_hidden_layers": 2, "hidden_size": 64,
    "intermediate_size": 128, "vocab_size": 100, "num_attention_heads": 8, "hidden_act": "gelu",
    "layer_norm_eps": 1e-5})");
  REQUIRE_FALSE(model.assumed.empty());
  CHECK(contains(model.assumed.front(), "model_type 'llamma' is not known (did you mean 'llama'?)"));
  CHECK_FALSE(model.gated);
  CHECK(model.norm == Norm::layer);
}

TEST_CASE("does an empty file hear of every missing key, with its spellings?") {
  const std::string text = faults(R"({"model_type": "llama"})");
  CHECK(contains(text, "missing key 'num_hidden_layers' | accepted spellings: num_hidden_layers, n_layer"));
  CHECK(contains(text, "missing key 'hidden_size'"));
  CHECK(contains(text, "missing key 'vocab_size'"));
  CHECK(contains(text, "missing key 'num_attention_heads' | accepted spellings: num_attention_heads, n_head"));
}

TEST_CASE("are contradictions refused?") {
  const std::string experts = R"(, "num_experts": 8, "num_experts_per_tok": 2)", window = R"(, "sliding_window": 16)";
  CHECK(contains(faults(llama(R"(, "num_key_value_heads": 3)")),
                 "8 attention heads are not divisible by 3 key/value heads"));
  CHECK(contains(faults(R"({"model_type": "llama", "num_hidden_layers": 2, "hidden_size": 65, "intermediate_size": 128,
    "vocab_size": 100, "num_attention_heads": 8})"),
                 "hidden size 65 is not divisible by 8 attention heads"));
  CHECK(faults(llama(R"(, "head_dim": 5)")).empty());
  CHECK(contains(faults(moe(R"(, "num_experts": 8, "num_experts_per_tok": 9)")), "cannot visit 9 of 8 experts"));
  CHECK(contains(faults(moe(experts + R"(, "n_group": 3)")), "not divisible by 3 groups"));
  CHECK(contains(faults(moe(experts + R"(, "n_group": 2, "topk_group": 3)")), "cannot visit 3 of 2 groups"));
  CHECK(contains(faults(moe(experts + R"(, "mlp_only_layers": [4])")), "there is no layer 4 among 4"));
  CHECK(contains(faults(llama(window + R"(, "layer_types": ["full_attention"])")), "1 entries for 2 layers"));
  CHECK(contains(faults(llama(window + R"(, "layer_types": ["full_attention", "linear_attention"])")),
                 "linear attention or a state space are not modelled for model_type 'llama'"));
  CHECK(contains(faults(llama(window + R"(, "layer_types": ["full_attention", "convolution"])")),
                 "layers of the kind 'convolution' are not modelled"));
}

TEST_CASE("are wrong numbers refused, at their place?") {
  const auto document = io::Document::parse("config.json", "{\"model_type\": \"llama\",\n \"num_hidden_layers\": -3}");
  io::Diagnostics diagnostics;
  CHECK_FALSE(read_hf_config(document.root(diagnostics)));
  const Diagnostic& first = diagnostics.list().front();
  CHECK(first.message == "'num_hidden_layers' must be from 1 to 10000, found -3");
  CHECK(first.place.line == 2);
  CHECK(first.pointer == "/num_hidden_layers");
  CHECK(contains(faults(llama(R"(, "num_key_value_heads": 0)")), "must be from 1"));
  CHECK(contains(faults(llama(R"(, "head_dim": 1e30)")), "too large"));
  CHECK(contains(faults(llama(R"(, "head_dim": 2.5)")), "whole number"));
  CHECK(contains(faults(llama(R"(, "head_dim": "8")")), "whole number"));
  CHECK(contains(faults(llama(R"(, "tie_word_embeddings": 1)")), "true or false"));
  CHECK(contains(faults("[]"), "config.json"));
  CHECK(contains(faults(moe(R"(, "num_experts": 8, "num_experts_per_tok": 2, "n_shared_experts": 9999,
    "moe_shared_expert_intermediate_size": 20000000)")),
                 "too large"));
}

TEST_CASE("is our own object held to its keys?") {
  CHECK(
      contains(faults(llama(R"(, "chipmix": {"id": "a", "nmae": "b"})")), "unknown key 'nmae' | did you mean 'name'?"));
  CHECK(contains(faults(llama(R"(, "chipmix": {"id": "a", "published": {"total": "8B"}})")), "missing key 'source'"));
  CHECK(
      contains(faults(llama(R"(, "chipmix": {"id": "a", "published": {"total": "many", "source": "x"}})")), "'many'"));
  CHECK(contains(faults(llama(R"(, "chipmix": {"id": "a", "published": {"total": -1, "source": "x"}})")), "above 0"));
  CHECK_FALSE(faults(llama(R"(, "chipmix": 3)")).empty());
}

TEST_CASE("do published counts keep the digits they were published with?") {
  const ModelSpec model = read_model(llama(R"(, "chipmix": {"id": "a",
    "published": {"total": "16.8B", "active": 2753000000, "source": "https://example.org"}})"));
  REQUIRE(model.published);
  CHECK(model.published->total == Approx(16.8e9));
  CHECK(model.published->total_rounding == Approx(0.05e9));
  CHECK(model.published->active == 2753000000.0);
  CHECK(model.published->active_rounding == 0.5);
}

TEST_CASE("does any value under any key of any model end in faults or in a model that counts?") {
  const std::vector<std::string> wrongs{"null",     "0",     "-1", "1",      "3",  "2.5", "1e30",
                                        "20000000", "\"x\"", "[]", "[1, 2]", "{}", "true"};
  int refused = 0, read = 0;
  for (const std::string& id : model_ids()) {
    const auto document = io::Document::load(CHIPMIX_SOURCE_DIR "/models/" + id + ".json");
    io::Diagnostics none;
    for (const auto& [key, value] : document.root(none).members())
      for (const std::string& wrong : wrongs) {
        INFO(id << ": " << key << " = " << wrong);
        const auto changed = document.with("/" + key, wrong);
        io::Diagnostics diagnostics;
        const auto model = read_hf_config(changed.root(diagnostics));
        REQUIRE(model.has_value() == diagnostics.empty());
        model ? ++read : ++refused;
        if (!model) continue;
        const ParameterCount count = count_parameters(*model);
        REQUIRE(count.active > 0);
        REQUIRE(count.active <= count.total);
        REQUIRE(forward_flops_per_token(build_graph(*model), 4096) > 0);
      }
  }
  CHECK(refused > 1000);
  CHECK(read > 1000);
}
