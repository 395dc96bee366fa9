// Do the attention and streaming laws give the published rates, and do they behave?
#include <catch2/catch.hpp>
#include <limits>
#include <stdexcept>

#include "compute_devices.hpp"
#include "laws/compute.hpp"

using namespace chipmix;
using namespace chipmix::laws;

namespace {

// As in the FlashAttention papers: 16k tokens, hidden size 2048.
AttentionShape paper_shape(double tokens, double head, bool causal) {
  return {16384 / tokens, tokens, tokens, 2048 / head, 2048 / head, head, head, causal};
}

double tflops(const AttentionShape& shape, Direction direction, const hardware::DeviceSpec& rank) {
  return attention_flops(shape, direction) / attention_time(shape, direction, true, rank) / FlopsPerSecond(1e12);
}

struct Point {
  double tokens, tflops;
};

}  // namespace

// Charts of github.com/Dao-AILab/flash-attention, assets.
TEST_CASE("Does an H100 reach the forward rates of FlashAttention-3, causal, head size 128?") {
  for (Point p : {Point{512, 292}, {1024, 423}, {2048, 521}, {4096, 579}, {8192, 602}, {16384, 616}}) {
    CAPTURE(p.tokens);
    const AttentionShape shape = paper_shape(p.tokens, 128, true);
    CHECK(tflops(shape, Direction::forward, fitted::h100()) == Approx(p.tflops).epsilon(0.08));
  }
}

TEST_CASE("Does an H100 reach the forward rates of FlashAttention-3 without a causal mask?") {
  for (Point p : {Point{1024, 565}, {2048, 625}, {4096, 638}, {16384, 648}}) {
    CAPTURE(p.tokens);
    const AttentionShape shape = paper_shape(p.tokens, 128, false);
    CHECK(tflops(shape, Direction::forward, fitted::h100()) == Approx(p.tflops).epsilon(0.12));
  }
}

// FlashAttention-3, arXiv:2407.08608, chart of the backward speed, head size 128.
TEST_CASE("Does an H100 reach the backward rates of FlashAttention-3?") {
  for (Point p : {Point{1024, 424}, {2048, 501}, {4096, 542}, {8192, 559}, {16384, 561}}) {
    CAPTURE(p.tokens);
    const AttentionShape shape = paper_shape(p.tokens, 128, false);
    CHECK(tflops(shape, Direction::backward, fitted::h100()) == Approx(p.tflops).epsilon(0.08));
  }
}

TEST_CASE("Does an A100 reach FlashAttention-2's rates, forward and backward together?") {
  for (Point p : {Point{1024, 133}, {2048, 155}, {4096, 173}, {8192, 182}, {16384, 189}}) {
    CAPTURE(p.tokens);
    const AttentionShape shape = paper_shape(p.tokens, 128, true);
    const auto rank = fitted::a100();
    const Seconds both =
        attention_time(shape, Direction::forward, true, rank) + attention_time(shape, Direction::backward, true, rank);
    const Flops flops = attention_flops(shape, Direction::forward) + attention_flops(shape, Direction::backward);
    CHECK(flops / both / FlopsPerSecond(1e12) == Approx(p.tflops).epsilon(0.10));
  }
}

TEST_CASE("Does head size 64 slow attention, and 256 not, as published?") {
  const auto rank = fitted::h100();
  CHECK(tflops(paper_shape(16384, 64, true), Direction::forward, rank) == Approx(473).epsilon(0.14));
  CHECK(tflops(paper_shape(16384, 256, true), Direction::forward, rank) == Approx(642).epsilon(0.08));
}

// Standard attention in the same backward chart (no mask, no dropout): rates count FlashAttention's 2.5 times forward.
TEST_CASE("Does unfused attention take about as long backward as standard attention did on H100?") {
  for (Point p : {Point{2048, 159}, {4096, 174}, {8192, 181}}) {
    CAPTURE(p.tokens);
    const AttentionShape shape = paper_shape(p.tokens, 128, false);
    const Seconds time = attention_time(shape, Direction::backward, false, fitted::h100());
    CHECK(attention_flops(shape, Direction::backward) / time / FlopsPerSecond(1e12) == Approx(p.tflops).epsilon(0.20));
  }
}

TEST_CASE("Are executed FLOPs half where causal and 2.5 times backward?") {
  const AttentionShape full{2, 4096, 4096, 16, 4, 128, 128, false};
  AttentionShape causal = full;
  causal.causal = true;
  CHECK(attention_flops(full, Direction::forward) == Flops(4.0 * 2 * 16 * 4096 * 4096 * 128));
  CHECK(attention_flops(causal, Direction::forward) == 0.5 * attention_flops(full, Direction::forward));
  CHECK(attention_flops(causal, Direction::backward) == 2.5 * attention_flops(causal, Direction::forward));
}

TEST_CASE("Are key and value heads of different size both counted?") {
  const AttentionShape latent{1, 4096, 4096, 16, 16, 192, 128, true};
  CHECK(attention_flops(latent, Direction::forward) == Flops(16.0 * 4096 * 4096 * (192 + 128)));
  CHECK(attention_flops(latent, Direction::backward) == Flops(16.0 * 4096 * 4096 * (3 * 192 + 2 * 128)));
}

TEST_CASE("Is fused attention faster than unfused, and never faster than its bytes?") {
  const auto rank = fitted::h100();
  for (double tokens : {512.0, 2048.0, 8192.0})
    for (Direction direction : {Direction::forward, Direction::backward}) {
      CAPTURE(tokens);
      const AttentionShape shape = paper_shape(tokens, 128, true);
      const Seconds fused = attention_time(shape, direction, true, rank);
      CHECK(fused < attention_time(shape, direction, false, rank));
      CHECK(fused.value() > 4 * 16384 * 2048 * 2 / (3.35e12 * 0.863));
    }
}

TEST_CASE("Is attention with few queries and many key heads bound by memory?") {
  const AttentionShape decode{64, 1, 8192, 8, 8, 128, 128, false};
  const double bytes = 64.0 * 8192 * 8 * 256 * 2;
  const Seconds time = attention_time(decode, Direction::forward, true, fitted::h100());
  CHECK(time.value() >= bytes / (3.35e12 * 0.863));
}

TEST_CASE("Do fewer blocks than compute units leave units idle?") {
  const auto rank = fitted::h100();
  const AttentionShape few{1, 2048, 2048, 1, 1, 128, 128, true};
  AttentionShape many = few;
  many.heads = many.kv_heads = 8;  // 16 and 128 blocks on 132 units: side by side, but for the bytes
  const Seconds alone = attention_time(few, Direction::forward, true, rank);
  CHECK(attention_time(many, Direction::forward, true, rank) < 1.05 * alone);
  many.heads = many.kv_heads = 80;
  CHECK(attention_time(many, Direction::forward, true, rank) > 2 * alone);
}

TEST_CASE("Does longer or wider attention never take less time, and more bandwidth never more?") {
  auto faster = fitted::h100();
  faster.memory_bandwidth.value *= 2;
  for (bool flash : {true, false})
    for (Direction direction : {Direction::forward, Direction::backward}) {
      Seconds last(0);
      for (double tokens = 128; tokens <= 131072; tokens *= 2) {
        CAPTURE(tokens, flash);
        const AttentionShape shape{1, tokens, tokens, 8, 8, 128, 128, true};
        const Seconds now = attention_time(shape, direction, flash, fitted::h100());
        CHECK(now > last);
        CHECK(attention_time(shape, direction, flash, faster) <= now);
        last = now;
      }
    }
}

TEST_CASE("Does attention run in fp16 where a device has no bf16?") {
  auto volta = fitted::h100();
  const AttentionShape shape = paper_shape(4096, 128, true);
  const Seconds before = attention_time(shape, Direction::forward, true, volta);
  volta.peak.erase(Dtype::bf16);
  CHECK(attention_time(shape, Direction::forward, true, volta) == before);
  volta.peak.erase(Dtype::fp16);
  CHECK_THROWS_AS(attention_time(shape, Direction::forward, true, volta), std::logic_error);
}

TEST_CASE("Is an empty attention free and a senseless one our bug?") {
  const auto rank = fitted::h100();
  AttentionShape shape = paper_shape(4096, 128, true);
  shape.sequences = 0;
  CHECK(attention_time(shape, Direction::forward, true, rank) == Seconds(0));
  shape.sequences = -1;
  CHECK_THROWS_AS(attention_time(shape, Direction::forward, true, rank), std::logic_error);
  shape.sequences = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(attention_time(shape, Direction::forward, false, rank), std::logic_error);
}

// BabelStream on H100 through the Azure AI benchmarking guide: Copy and Mul 2.90 TB/s, Add and Triad 2.97 TB/s.
TEST_CASE("Does a streaming kernel on H100 reach BabelStream's rate?") {
  const Seconds time = streaming_time(Bytes(10e9), 1, fitted::h100());
  CHECK(10e9 / time.value() == Approx(2.93e12).epsilon(0.03));
}

TEST_CASE("Does each streaming kernel add one overhead, and no byte go free?") {
  const auto rank = fitted::h100();
  const Seconds one = streaming_time(Bytes(1e6), 1, rank);
  CHECK((streaming_time(Bytes(1e6), 4, rank) - one).value() == Approx(3 * 4.7e-6));
  CHECK(streaming_time(Bytes(2e6), 1, rank) > one);
  CHECK(streaming_time(Bytes(0), 0, rank) == Seconds(0));
  CHECK_THROWS_AS(streaming_time(Bytes(-1), 1, rank), std::logic_error);
  CHECK_THROWS_AS(streaming_time(Bytes(1), -1, rank), std::logic_error);
}
