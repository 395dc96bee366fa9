// Whole waves of tiles, for devices whose profile has a gemm_tile_edge h. Over tiles and slices the least of
//
//   t       = (t_work⁴ + t_traffic⁴)^¼                                                                s
//   t_work  = 2·T·t_m·t_n·k / (peak · e) · (1 + h·(1/t_m + 1/t_n - 1/256 - 1/128)) · U·⌈T·s/U⌉ / (T·s)
//
//   t_m × t_n: 256×128, 128×256, 128×128, 128×64, 64×128, 64×64;  T = batch·⌈m/t_m⌉·⌈n/t_n⌉ tiles;  s: 1, 2, 4 or 8
//   slices of k, each at least 64 deep;  U: compute units;  t_traffic as in gemm.cpp, partial sums included
//
// A tile reads 1/t_m + 1/t_n elements for each multiply-add, so a small one feeds the matrix units worse; a wave lasts
// as long whether its units have a tile each or not. With h = 0 the 64×64 tile would always be the best. Valid as
// gemm.cpp is. It meets A100 (held out, 64 shapes: 3.5 % median, 10.7 % at the 90th percentile, where gemm.cpp has
// 5.9 and 17.3) and spoils Hopper and Blackwell bf16, whose libraries even waves out: docs/calibration.md. Sources:
// NVIDIA, Matrix Multiplication Background User's Guide DU-09799-001, sections 2.3 (these tiles, large ones more
// efficient), 3.1 and 3.2 (tile and wave quantisation).
#include "laws/gemm_waves.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "laws/roofline.hpp"

namespace chipmix::laws {
namespace {

constexpr std::array<std::pair<double, double>, 6> tiles = {
    {{256, 128}, {128, 256}, {128, 128}, {128, 64}, {64, 128}, {64, 64}}};
constexpr double shallowest = 64;        // depth of a slice, as in gemm.cpp
constexpr double partial_bytes = 2 * 4;  // an fp32 partial sum, written and read

Seconds with_tile(const WaveKernel& p, double edge, double rows, double columns, double slices) {
  const double count = p.batch * std::ceil(p.m / rows) * std::ceil(p.n / columns);
  const double fed = 1 + edge * (1 / rows + 1 / columns - 1.0 / 256 - 1.0 / 128);
  const double waves = std::ceil(count * slices / p.units) * p.units / (count * slices);
  const Seconds work = Flops(2 * count * rows * columns * p.k) / p.rate * (fed * waves);
  const Bytes partial(slices > 1 ? partial_bytes * rows * columns * count * slices : 0);
  return overlapped(work, (p.moved + partial) / p.bandwidth);
}

}  // namespace

Seconds waves_time(const WaveKernel& kernel, double edge) {
  Seconds best(std::numeric_limits<double>::infinity());
  for (const auto& [rows, columns] : tiles)
    for (double slices : {1, 2, 4, 8}) {
      if (slices > 1 && (!kernel.may_slice || kernel.k < slices * shallowest)) break;
      best = min(best, with_tile(kernel, edge, rows, columns, slices));
    }
  return best;
}

}  // namespace chipmix::laws
