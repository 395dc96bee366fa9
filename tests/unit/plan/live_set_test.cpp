// What a block holds beside its saved activations, against sums by hand.
#include "plan/live_set.hpp"

#include <catch2/catch.hpp>

#include "tasks.hpp"

namespace chipmix::plan::test {
namespace {

constexpr double tokens = 2 * 2048, h = 1024, width = 4096, vocabulary = 32000;

BlockTasks head(const Sharding& s) { return lowered_layer(support::dense(), s, workload::BlockKind::head); }
double beside_saved(const BlockTasks& block) { return (block.saved.working - block.saved.none).value(); }

}  // namespace

TEST_CASE("does a gated layer hold its gradient and that of both projections at most?") {
  // Backward of the activation: the residual's gradient h and the gradients 2w made from w, when the w that the last
  // product kept is gone.
  CHECK(beside_saved(dense_layer(support::dense(), sharding(1))) == Approx(2 * tokens * (h + 2 * width)));
}

TEST_CASE("does a loss in place hold its gradient, its input's and its weights'?") {
  Sharding s = sharding(1);
  s.logit_bytes = 2;
  CHECK(kept_logit_bytes(s) == 2);
  CHECK(beside_saved(head(s)) == Approx(2 * tokens * h + 2 * vocabulary * h));
}

TEST_CASE("does a loss in fp32 hold 10 bytes per logit, 4 of them until its backward pass?") {
  const Sharding s = sharding(1);
  CHECK(kept_logit_bytes(s) == 4);
  CHECK(beside_saved(head(s)) == Approx((10 - 4) * tokens * vocabulary));
}

TEST_CASE("do whole logits cost every tensor-parallel rank as much as one rank alone?") {
  Sharding whole = sharding(4);
  whole.whole_vocabulary = true;
  CHECK(head(whole).saved.working.value() == Approx(head(sharding(1)).saved.working.value()).epsilon(0.02));
}

TEST_CASE("do scores without dropout keep the softmax alone?") {
  workload::ModelSpec model = support::gpt();
  model.dropout = false;
  Sharding written = sharding(2);
  written.flash = false;
  const auto kept = dense_layer(model, written).saved.none - dense_layer(model, sharding(2)).saved.none;
  CHECK(kept.value() == Approx(2 * 32 * 2048.0 * 2048.0 * 2 / 2));
}

TEST_CASE("does selection by operator keep half of the products' outputs, attention's and the layer's input?") {
  Sharding s = sharding(1);
  s.selective_products = 0.5;
  const double qkv = 16 * 64 + 2 * 8 * 64, outputs = qkv + h + 2 * width + h, statistics = 4 * 16 + 4;
  CHECK(dense_layer(support::dense(), s).saved.selective.value() ==
        Approx(tokens * (2 * (outputs / 2 + 2 * h) + statistics)));
}

TEST_CASE("are weights of a layer cut as its products are?") {
  const auto shapes = dense_layer(support::dense(), sharding(2)).weights;
  REQUIRE(shapes.size() == 4);
  double sum = 0;
  for (const WeightShape& shape : shapes) sum += shape.out * shape.in;
  CHECK(sum == Approx((h * 2 * h + h * h + 3 * h * width) / 2));
}

}  // namespace chipmix::plan::test
