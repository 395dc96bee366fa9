// Lowering: are the activations kept those of Korthikanti et al., arXiv:2205.05198, table 2?
//
// s tokens, b sequences, h hidden size, a heads, t tensor parallel; bytes per layer of a GPT with 4h-wide MLP:
//   tensor parallel               sbh (10 + 24/t + 5as/ht)
//   and sequence parallel         sbh (34/t + 5as/ht)
//   and selective recomputation   34sbh/t
//   full recomputation            2sbh
// Kept beyond the paper's table: fp32 statistics of norms and softmax, 16 + 4a/t bytes per token, below 0.3 % here.
#include <catch2/catch.hpp>

#include "tasks.hpp"

namespace chipmix::plan::test {
namespace {

constexpr double s = 2048, b = 2, h = 4096, a = 32;

SavedActivations saved(int tensor, bool sequence_parallel, bool flash) {
  Sharding sharded = sharding(tensor);
  sharded.sequence_parallel = sequence_parallel;
  sharded.flash = flash;
  return dense_layer(support::gpt(), sharded).saved;
}

}  // namespace

TEST_CASE("are 34sbh/t bytes kept with sequence parallelism and no scores?") {
  for (int t : {1, 2, 4, 8}) CHECK(saved(t, true, true).none.value() == Approx(34 * s * b * h / t).epsilon(0.005));
}

TEST_CASE("are sbh(10 + 24/t) bytes kept without sequence parallelism?") {
  for (int t : {1, 2, 4, 8})
    CHECK(saved(t, false, true).none.value() == Approx(s * b * h * (10 + 24.0 / t)).epsilon(0.005));
}

TEST_CASE("do scores written to memory add 5as²b/t bytes?") {
  for (int t : {1, 2, 4, 8})
    CHECK((saved(t, true, false).none - saved(t, true, true).none).value() == Approx(5 * a * s * s * b / t));
}

TEST_CASE("does selective recomputation drop the scores?") {
  for (int t : {1, 4}) CHECK(saved(t, true, false).selective == saved(t, true, true).selective);
}

TEST_CASE("does selective recomputation keep less than none and more than full?") {
  for (const auto& model : {support::gpt(), support::dense(), support::mixture(), support::latent()})
    for (int t : {1, 4})
      for (const auto& block : workload::build_graph(model).blocks) {
        const SavedActivations kept = lower_block(block, sharding(t)).saved;
        CHECK(kept.full <= kept.selective);
        CHECK(kept.selective <= kept.none);
        CHECK(kept.none <= kept.working);
      }
}

TEST_CASE("does full recomputation keep the layer's input?") {
  for (int t : {1, 2, 8}) CHECK(saved(t, true, true).full.value() == Approx(2 * s * b * h / t).epsilon(0.005));
}

TEST_CASE("do context parallel ranks share a sequence's activations?") {
  const auto model = support::dense();
  const double whole = dense_layer(model, sharding(2)).saved.none.value();
  const double exchanged =
      2 * s * b * model.hidden / 2;  // 16-bit output of attention, kept before and after its exchange
  for (int context : {2, 4})
    CHECK(dense_layer(model, sharding(2, context)).saved.none.value() * context ==
          Approx(whole + exchanged).epsilon(1e-12));
}

}  // namespace chipmix::plan::test
