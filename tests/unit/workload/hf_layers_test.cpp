// Do hybrids have the layers that their makers say, and do their recurrences count as the papers do?
#include <catch2/catch.hpp>

#include "models.hpp"

using namespace chipmix::workload;

namespace {

/// A letter per layer: attention, linear, both, nothing that mixes tokens; capital where experts follow.
std::string letters(const ModelSpec& model) {
  std::string text;
  for (int i = 0; i < model.layers; ++i) {
    const Mixer mixer = model.mixer(i);
    const char letter = mixer == Mixer::attention ? 'a'
                        : mixer == Mixer::linear  ? 'l'
                        : mixer == Mixer::both    ? 'b'
                                                  : 'n';
    text += model.is_moe(i) ? static_cast<char>(letter - 'a' + 'A') : letter;
  }
  return text;
}

int windows(const ModelSpec& model) {
  int count = 0;
  for (int i = 0; i < model.layers; ++i) count += model.is_windowed(i);
  return count;
}

}  // namespace

TEST_CASE("which layers of a hybrid have attention, a recurrence, experts?") {
  CHECK(letters(load_model("jamba-v0.1")).substr(0, 8) == "lLlLaLlL");
  CHECK(letters(load_model("qwen3-next-80b-a3b")).substr(0, 8) == "LLLALLLA");
  CHECK(letters(load_model("nemotron-3-nano-30b-a3b")).substr(0, 7) == "lNlNlaN");
  CHECK(letters(load_model("kimi-linear-48b-a3b")) == "lLLALLLALLLALLLALLLALLLALLA");
  CHECK(letters(load_model("ring-mini-linear-2.0")).substr(0, 10) == "lLLLALLLLA");
  CHECK(letters(load_model("minimax-text-01")).substr(0, 8) == "LLLLLLLA");
  CHECK(letters(load_model("granite-4.0-h-small")).substr(0, 6) == "LLLLLA");
  CHECK(letters(load_model("falcon-h1-7b")) == std::string(44, 'b'));
  CHECK(letters(load_model("llama-4-maverick")).substr(0, 4) == "aAaA");
}

TEST_CASE("how many layers have a sliding window?") {
  CHECK(windows(load_model("gemma-2-9b")) == 21);
  CHECK(windows(load_model("gemma-3-1b")) == 22);
  CHECK(windows(load_model("command-a")) == 48);
  CHECK(windows(load_model("olmo-3-7b")) == 24);
  CHECK(windows(load_model("mimo-v2-flash")) == 39);
  CHECK(windows(load_model("step-3.5-flash")) == 33);
  CHECK(windows(load_model("exaone-4.0-32b")) == 48);
  CHECK(windows(load_model("llama-4-scout")) == 36);
}

TEST_CASE("do layers with a window have the heads that the file gives them?") {
  const ModelSpec gemma = load_model("gemma-4-31b");
  CHECK(gemma.attention_of(false).head_dim == 512);
  CHECK(gemma.attention_of(false).values_are_keys);
  CHECK(gemma.attention_of(true).head_dim == 256);
  CHECK(load_model("step-3.5-flash").attention_of(true).heads == 96);
}

TEST_CASE("does a recurrence cost the same per token however long the sequence?") {
  for (const char* id : {"falcon-mamba-7b", "nemotron-h-56b"}) {
    INFO(id);
    ModelSpec model = load_model(id);
    for (Mixer& mixer : model.mixers)
      if (mixer == Mixer::attention) mixer = Mixer::linear;
    const ModelGraph graph = build_graph(model);
    CHECK(forward_flops_per_token(graph, 1024) == Approx(forward_flops_per_token(graph, 1 << 20)));
  }
}

TEST_CASE("does a chunk of the gated delta rule take the operations of its products?") {
  // Chunks of 64, heads of 128: 2c(k+v) + 4kv within and across chunks, 2ck + 2c(k+v) + 2kv for the delta rule.
  const ModelSpec model = load_model("qwen3-next-80b-a3b");
  const double c = 64, k = 128, heads = 32;
  const double flops = heads * (2 * (2 * c * 2 * k) + 4 * k * k + 2 * c * k + 2 * k * k);
  for (const Block& block : build_graph(model).blocks)
    if (const Operator* core = find_operator(block, "linear.core"))
      CHECK(forward_flops_per_token(*core, 4096) == Approx(flops));
}

TEST_CASE("do layers that borrow the choice of keys have no indexer?") {
  const ModelGraph graph = build_graph(load_model("glm-5.2"));
  int with = 0, without = 0;
  for (const Block& block : graph.blocks)
    if (block.kind == BlockKind::moe_layer) (find_operator(block, "attention.index") ? with : without) += 1;
  CHECK(with == 1);
  CHECK(without == 1);
}

TEST_CASE("does every model with a recurrence say that its kernels were not measured?") {
  for (const std::string& id : model_ids()) {
    const ModelSpec model = load_model(id);
    if (!model.linear) continue;
    INFO(id);
    REQUIRE_FALSE(model.assumed.empty());
    CHECK(model.assumed.back().find("no measured run has their kernels") != std::string::npos);
  }
}
