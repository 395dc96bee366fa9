// Does a product in whole waves of tiles take whole waves?
#include <catch2/catch.hpp>

#include "laws/gemm_waves.hpp"

namespace chipmix::laws {
namespace {

constexpr double large_tiles_only = 1e4;  // an edge at which a small tile costs a hundred times as much

/// 256 x 128 tiles in a row, at 1 FLOP/s, moving nothing.
WaveKernel tiles(double count) {
  WaveKernel kernel;
  kernel.m = 256, kernel.n = 128 * count, kernel.k = 1024;
  kernel.rate = FlopsPerSecond(1), kernel.bandwidth = BytesPerSecond(1), kernel.units = 100;
  return kernel;
}

double flops(const WaveKernel& kernel) { return 2 * kernel.m * kernel.n * kernel.k; }

}  // namespace

TEST_CASE("does a full wave run at the rate, and one tile more take two waves?") {
  CHECK(waves_time(tiles(100), large_tiles_only).value() == Approx(flops(tiles(100))));
  CHECK(waves_time(tiles(101), large_tiles_only).value() == Approx(2 * flops(tiles(100))));
  CHECK(waves_time(tiles(200), large_tiles_only).value() == Approx(flops(tiles(200))));
}

TEST_CASE("do small tiles even a wave out where they cost little?") {
  CHECK(waves_time(tiles(101), 0) < waves_time(tiles(101), large_tiles_only));
  CHECK(waves_time(tiles(101), 0) < waves_time(tiles(101), 100));
}

TEST_CASE("do slices of k occupy units that would be idle?") {
  WaveKernel few = tiles(10);
  const Seconds whole = waves_time(few, large_tiles_only);
  few.may_slice = true;
  CHECK(waves_time(few, large_tiles_only).value() == Approx(whole.value() / 8));
  few.k = 100;  // too shallow for slices of 64
  WaveKernel shallow = few;
  shallow.may_slice = false;
  CHECK(waves_time(few, large_tiles_only) == waves_time(shallow, large_tiles_only));
}

}  // namespace chipmix::laws
