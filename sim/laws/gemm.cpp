// Dense and grouped matrix products.
//
// The law of one kernel, for C[m×n] = A[m×k] B[k×n]:
//
//   t        = overhead + (t_work⁴ + t_traffic⁴)^¼                                                   s
//   t_work   = 2 · 64⌈m/64⌉ · 64⌈n/64⌉ · k / (peak · e) · max(1, U / (tiles · slices))               s
//   t_traffic = (b·(m·k + k·n) + c·m·n + partial) / (bandwidth · e_mem)                              s
//   partial  = 2 · 4 · 64 · 64 · tiles · slices where slices > 1, else 0                              byte
//
//   peak FLOP/s, bandwidth byte/s, overhead s: of the device;  e, e_mem: shares reached, fitted per device;
//   U: compute units;  tiles = ⌈m/64⌉·⌈n/64⌉;  b, c: bytes of an input and an output element (c at least 2; where the
//   product is added to what C held, its read and its write in the format of C);
//   where the profile has a gemm_half_depth h, e·k/(k + h) stands for e (fitted where the points decide it, else
//   absent); slices: 1, or U/tiles (stream-k: not whole; each at least 64 deep), whichever is faster; the fp32 partial
//   sums of the slices are written and read once.
//
// Where the profile has a gemm_correction for the format, t is multiplied by its factor (gemm_correction.cpp).
//
// Each matrix crosses the memory bus once (re-reads come from the cache). Whole waves of tiles are not rounded up, but
// where the profile has a gemm_tile_edge (gemm_waves.cpp): that suits A100 and spoils the Hopper and Blackwell sweeps,
// whose libraries even waves out. Valid
// for m ≥ 16, n and k ≥ 192 up to 32,768 (the measured range); held-out median error 2-8 % on data-centre NVIDIA GPUs,
// and how it was measured: docs/laws/compute.md. Sources: Williams et al., Roofline, CACM 52(4) 2009; NVIDIA, Matrix
// Multiplication Background User's Guide DU-09799-001, section 3.1 (tile quantisation); Osama et al., Stream-K,
// arXiv:2301.03598 (slices of k).
#include "laws/gemm.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "laws/compute.hpp"
#include "laws/gemm_correction.hpp"
#include "laws/gemm_waves.hpp"
#include "laws/roofline.hpp"

namespace chipmix::laws {
namespace {

/// Edge of the smallest output tile, and depth of the shallowest slice: the smallest of the tiles cuBLAS typically
/// chooses from (NVIDIA, Matrix Multiplication Background User's Guide DU-09799-001, section 2.3).
constexpr double tile = 64;
constexpr double partial_bytes = 2 * 4;  // an fp32 partial sum, written and read

struct Kernel {
  double tiles;
  double units;
  Seconds work;  // with all units busy
  Bytes moved;
  BytesPerSecond bandwidth;

  Seconds time(double slices, Bytes partial_sums) const {
    const double fill = std::max(1.0, units / (tiles * slices));
    return overlapped(work * fill, (moved + partial_sums) / bandwidth);
  }
};

Kernel kernel(const Products& p, Dtype dtype, FlopsPerSecond rate, const hardware::DeviceSpec& rank) {
  const double in = bytes_per_element(dtype);
  const double out = p.c_bytes > 0 ? p.c_bytes : std::max(2.0, in);
  const double tiles = p.batch * std::ceil(p.m / tile) * std::ceil(p.n / tile);
  const Bytes moved(p.batch * ((p.m + p.n) * p.k * in + p.m * p.n * out));
  return {tiles, units(rank), Flops(2 * tiles * tile * tile * p.k) / rate, moved, reached_bandwidth(rank)};
}

void require_sizes(const Products& p) {
  require_size(p.m, "rows of a matrix");
  require_size(p.n, "columns of a matrix");
  require_size(p.k, "depth of a matrix product");
  require_size(p.batch, "number of matrix products");
}

/// The rate a product of depth k reaches: the epilogue of a kernel that does not overlap it counts as so much depth.
FlopsPerSecond rate_at(double k, Dtype dtype, const hardware::DeviceSpec& rank) {
  const auto& half = rank.efficiency.gemm_half_depth;
  const FlopsPerSecond rate = reached_rate(dtype, rank);
  return half ? rate * (k / (k + half->value)) : rate;
}

/// In whole waves, where the device's profile says so.
std::optional<Seconds> in_waves(const Products& p, const Kernel& run, FlopsPerSecond rate,
                                const hardware::DeviceSpec& rank, bool may_slice) {
  const auto& edge = rank.efficiency.gemm_tile_edge;
  if (!edge) return std::nullopt;
  return waves_time({p.m, p.n, p.k, p.batch, run.moved, rate, run.bandwidth, run.units, may_slice}, edge->value);
}

bool empty(const Products& p) { return p.m == 0 || p.n == 0 || p.k == 0 || p.batch == 0; }

}  // namespace

Seconds product_time(const Products& p, Dtype dtype, FlopsPerSecond rate, const hardware::DeviceSpec& rank) {
  const Kernel run = kernel(p, dtype, rate, rank);
  if (const auto waves = in_waves(p, run, rate, rank, true)) return *waves;
  const Seconds whole = run.time(1, Bytes(0));
  if (run.tiles >= run.units) return whole;
  const double slices = std::min(run.units / run.tiles, p.k / tile);
  if (slices <= 1) return whole;
  return min(whole, run.time(slices, Bytes(partial_bytes * tile * tile * run.tiles * slices)));
}

Seconds batched_time(const Products& p, Dtype dtype, FlopsPerSecond rate, const hardware::DeviceSpec& rank) {
  const Kernel run = kernel(p, dtype, rate, rank);
  return in_waves(p, run, rate, rank, false).value_or(run.time(1, Bytes(0)));
}

Seconds gemm_time(const GemmShape& shape, Dtype dtype, const hardware::DeviceSpec& rank) {
  const Products one{shape.m, shape.n, shape.k, 1, shape.c_bytes};
  require_sizes(one);
  require_size(shape.count, "number of matrix products");
  if (empty(one)) return Seconds(0);
  const Seconds time = launch(rank) + product_time(one, dtype, rate_at(shape.k, dtype, rank), rank);
  const Seconds corrected = time * correction_factor({shape.m, shape.n, shape.k}, dtype, rank);
  const Seconds at_peak = Flops(2 * shape.m * shape.n * shape.k) / entry(rank.peak, dtype, rank);
  return shape.count * max(corrected, at_peak);  // a correction says what kernels lose, not that units are faster
}

// One launch for all experts of the rank; each expert's weights are read once, so few rows are bound by memory:
//
//   t_work = Σ over groups as above, with e · g instead of e;    g = grouped_gemm, grouped relative to dense
//
// Equal groups: how unevenly tokens fall on experts is the caller's knowledge. DeepGEMM on H800 gives g near 1 for fp8;
// training harnesses with permutation and per-step shapes 0.6 (SimuMax B200 calibration).
Seconds grouped_gemm_time(const GroupedGemmShape& shape, Dtype dtype, const hardware::DeviceSpec& rank) {
  const Products groups{shape.rows_per_group, shape.n, shape.k, shape.groups, shape.c_bytes};
  require_sizes(groups);
  if (empty(groups)) return Seconds(0);
  const FlopsPerSecond rate = rate_at(shape.k, dtype, rank) * rank.efficiency.grouped_gemm.value;
  return launch(rank) + batched_time(groups, dtype, rate, rank);
}

}  // namespace chipmix::laws
