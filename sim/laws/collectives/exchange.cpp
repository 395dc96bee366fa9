// Start-up, transfer, and what lies between.
//
//   t = L + x + 2·L·x / (x + 2·L)        s
//
//   L = steps · α   start-up of a small message, s;   α: latency of the link profile, s
//   x = moved / (B·e)   transfer at the rate large messages reach, s
//
// A library has several wire protocols. The one for small messages starts at once but spends much of the bandwidth on
// flags; the one for large messages fills the link but needs buffers handed over and about three times the start-up. So
// t → L + x + x for x ≪ L and t → 3·L + x for x ≫ L; the last term joins the two smoothly (half their harmonic mean).
// Source of the factor:
// https://github.com/NVIDIA/nccl/blob/b6475625fbcaa2c3c0e50eed2fa1255d7514d4a2/src/graph/tuning.cc: a reduce-scatter of
// eight ranks over NVLink starts in 6.6 + 7·0.6 = 10.8 us (LL) or 8.4 + 7·3.4 = 32.2 us (Simple), ratio 3.0, with LL at
// 1/3 of the rate. Against nccl-tests tables of 1 MiB and more it takes the median error from 10 to 5 % (A100), 8 to 7
// % (H100, H200) and 15 to 10 % (B200 to GB300): docs/laws/communication.md. Coarse below 1 MiB.
#include "laws/collectives/exchange.hpp"

#include <bit>
#include <cmath>

namespace chipmix::laws {

namespace {
constexpr double extra_startup = 2;  ///< of the large-message protocol, in units of L; see above
}  // namespace

Seconds startup(const Exchange& exchange, const Port& port) { return exchange.steps * port.latency; }

Seconds transfer(const Exchange& exchange, const Port& port) { return exchange.moved / port.rate; }

Seconds duration(const Exchange& exchange, const Port& port) {
  const Seconds start = startup(exchange, port);
  const Seconds moving = transfer(exchange, port);
  const Seconds extra = extra_startup * start;
  if (!(extra + moving > Seconds{})) return start + moving;
  return start + moving + extra * (moving / (extra + moving));
}

double depth(double members) {
  const auto others = static_cast<unsigned>(std::ceil(members)) - 1;
  return std::bit_width(others);
}

}  // namespace chipmix::laws
