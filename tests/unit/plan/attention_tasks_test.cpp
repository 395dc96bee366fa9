// A sequence that several ranks share: by heads (Ulysses), by gathered keys (ring), by both.
#include <catch2/catch.hpp>

#include "plan/attention_tasks.hpp"
#include "tasks.hpp"

namespace chipmix::plan::test {
namespace {

/// 32 query heads, 8 key heads, 128 elements in each.
constexpr workload::AttentionCore core{32, 8, 128, 128, {}};

/// Two sequences of 2,048 tokens.
Sharding cut(int tensor, int context, int ulysses) {
  Sharding s = sharding(tensor, context);
  s.degrees.ulysses = ulysses;
  return s;
}

std::vector<CollectiveTask> exchanges(const Sharding& s, Direction direction = Direction::forward) {
  return attention_exchanges(core, s, direction);
}

}  // namespace

TEST_CASE("one rank of a sequence exchanges nothing") { CHECK(exchanges(cut(4, 1, 1)).empty()); }

TEST_CASE("Ulysses: queries, keys, values and output change from tokens to heads and back") {
  // T (h + max(k, t u)) (q + v) / t elements of 2 bytes: 1,024 tokens x (32 + 8) heads x 256 / 2
  const Sharding s = cut(2, 4, 4);
  for (Direction direction : {Direction::forward, Direction::backward}) {
    const auto list = exchanges(s, direction);
    REQUIRE(list.size() == 1);
    CHECK(list[0].kind == Collective::all_to_all);
    CHECK(list[0].account == Account::context_communication);
    CHECK(list[0].payload.value() == 2.0 * 1024 * 40 * 256 / 2);
    CHECK(list[0].group == Group{4, 2});
  }
  const AttentionShape shape = attention_shape(core, s);
  CHECK(shape.sequences == 2);
  CHECK(shape.queries == 2048);  // of the whole sequence
  CHECK(shape.keys == 2048);
  CHECK(shape.heads == 4);  // of 32, over 2 x 4 ranks
  CHECK(shape.kv_heads == 1);
}

TEST_CASE("Ulysses over more ranks than key heads: keys are repeated, one head for each rank") {
  const auto list = exchanges(cut(2, 8, 8));  // 16 ranks, 8 key heads; 512 tokens
  REQUIRE(list.size() == 1);
  CHECK(list[0].payload.value() == 2.0 * 512 * (32 + 16) * 256 / 2);
  CHECK(attention_shape(core, cut(2, 8, 8)).kv_heads == 1);
}

TEST_CASE("ring: keys and values of the whole sequence, and their gradients back") {
  const Sharding s = cut(2, 4, 1);
  const double keys = 2.0 * 2 * 2048 * 4 * 256;  // of this tensor rank's four key heads
  const auto forward = exchanges(s), backward = exchanges(s, Direction::backward);
  REQUIRE(forward.size() == 1);
  CHECK(forward[0].kind == Collective::all_gather);
  CHECK(forward[0].payload.value() == keys);
  CHECK(forward[0].group == Group{4, 2});
  REQUIRE(backward.size() == 2);
  CHECK(backward[1].kind == Collective::reduce_scatter);
  CHECK(backward[1].payload.value() == keys);
  CHECK(attention_shape(core, s).queries == 512);
}

TEST_CASE("both: heads among neighbours, keys among those who stand in the same place of each") {
  const Sharding s = cut(2, 8, 2);
  const auto list = exchanges(s, Direction::backward);
  REQUIRE(list.size() == 3);
  CHECK(list[0].kind == Collective::all_to_all);
  CHECK(list[0].group == Group{2, 2});
  CHECK(list[0].payload.value() == 2.0 * 512 * (32 + 8) * 256 / 2);
  CHECK(list[1].group == Group{4, 4});  // 8 / 2 ranks, 2 x 2 apart
  CHECK(list[1].payload.value() == 2.0 * 2 * 2048 * 2 * 256);
  CHECK(attention_shape(core, s).queries == 512);
  CHECK(attention_shape(core, s).heads == 8);
}

TEST_CASE("however a sequence is shared, the ranks together do the same attention") {
  for (int tensor : {1, 2})
    for (int context : {1, 2, 4, 8})
      for (int ulysses : {1, 2, 4, 8}) {
        if (context % ulysses != 0) continue;
        INFO("TP" << tensor << " CP" << context << " of which Ulysses " << ulysses);
        const double rank = TaskFlops{}(attention_shape(core, cut(tensor, context, ulysses)));
        CHECK(rank * tensor * context == Approx(TaskFlops{}(attention_shape(core, cut(1, 1, 1)))));
      }
}

TEST_CASE("a window of 1,024 of 2,048 tokens shows 768 keys on average") {
  workload::AttentionCore windowed = core;
  windowed.window = 1024;
  const AttentionShape shape = attention_shape(windowed, cut(1, 1, 1));
  CHECK_FALSE(shape.causal);
  CHECK(shape.keys == Approx(768));
  windowed.window = 2048;
  CHECK(attention_shape(windowed, cut(1, 1, 1)).causal);
}

}  // namespace chipmix::plan::test
