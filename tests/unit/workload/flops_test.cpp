// Are the floating-point operations those that the papers count?
#include <catch2/catch.hpp>

#include "models.hpp"

using namespace chipmix::workload;

namespace {

double forward(const ModelSpec& model, double sequence_length) {
  return forward_flops_per_token(build_graph(model), sequence_length);
}

}  // namespace

TEST_CASE("does a dense model do two FLOPs per weight of its products and half the attention square?") {
  const ModelSpec model = load_model("llama-3.1-8b");
  const double s = 8192, layers = 32, h = 4096, f = 14336, q = 4096, kv = 1024, v = 128256;
  const double weights = layers * (h * (q + 2 * kv) + q * h + 3 * h * f) + h * v;
  CHECK(forward(model, s) == Approx(2 * weights + layers * 4 * (s / 2) * q).epsilon(1e-12));
}

TEST_CASE("does GPT-3 meet Narayanan's 96 B s l h^2 (1 + s/6h + V/16lh)?") {
  // arXiv:2104.04473, section 3: forward, backward (twice) and recomputation of the layers, attention not causal.
  const ModelSpec model = load_model("gpt-3-175b");
  const double s = 2048, l = 96, h = 12288, v = 50257;
  const double theirs = 96 * l * h * h * (1 + s / (6 * h) + v / (16 * l * h));
  const double causal_half = l * 4 * (s / 2) * h;
  const double head = 2 * h * v;
  const double ours = 4 * (forward(model, s) + causal_half - head) + 3 * head;
  CHECK(ours == Approx(theirs).epsilon(1e-9));
}

TEST_CASE("does DeepSeek train a token with the published 155 and 250 GFLOP at 4096 tokens?") {
  // arXiv:2505.09343, table 2; prediction layers are not part of it.
  ModelSpec v3 = load_model("deepseek-v3");
  v3.prediction_layers = 0;
  CHECK(3 * forward(v3, 4096) == Approx(250e9).epsilon(0.005));
  CHECK(3 * forward(load_model("deepseek-v2"), 4096) == Approx(155e9).epsilon(0.005));
}

TEST_CASE("does Llama 3.1 405B train a token with the published 2448 GFLOP within 1.1 %?") {
  CHECK(3 * forward(load_model("llama-3.1-405b"), 4096) == Approx(2448e9).epsilon(0.011));  // the same table
}

TEST_CASE("does a window cap what a token attends to, and join the full square at its own length?") {
  Operator op;
  op.work = AttentionCore{1, 1, 64, 64, 128.0};
  const double w = 128, per_key = 2 * (64 + 64);
  CHECK(forward_flops_per_token(op, 64) == Approx(per_key * 32));
  CHECK(forward_flops_per_token(op, w) == Approx(per_key * w / 2));
  CHECK(forward_flops_per_token(op, 1e9) == Approx(per_key * w).epsilon(1e-6));
  CHECK(forward_flops_per_token(op, 4096) == Approx(per_key * (w - w * w / (2 * 4096))));
}

TEST_CASE("do experts that a token does not visit cost nothing?") {
  ModelSpec model = load_model("mixtral-8x7b");
  const double before = forward(model, 4096);
  model.moe->experts *= 2;
  const double router = 32 * 2.0 * 4096 * 8;
  CHECK(forward(model, 4096) - before == Approx(router).epsilon(1e-6));
}

TEST_CASE("does a prediction layer cost its layer, its projection and the head once more?") {
  ModelSpec model = load_model("deepseek-v3");
  const double with = forward(model, 4096);
  model.prediction_layers = 0;
  const double without = forward(model, 4096), h = 7168;
  model.layers += 1;
  model.is_moe_layer.push_back(true);
  const double layer = forward(model, 4096) - without;
  CHECK(with - without == Approx(layer + 2 * 2 * h * h + 2 * h * 129280).epsilon(1e-9));
}
