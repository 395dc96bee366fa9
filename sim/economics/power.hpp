// What devices draw while they train, and what stands around them: device, server, IT, facility.
//
//   P_device = limit · min(w_matrix, Σ w_c · s_c)   s_c share of the step in class c, w_c its weight: see `weight`
//   P_server = P_device (1 + k) + H0      H0 host of one device when it idles; k fans and conversion, grows with load
//   P_it     = P_server + network         switches and optics between servers; none where there is one server
//   P_facility = P_it · PUE
//
// Weights: NVML readings of kernels on H200, B200 and GB200 (github.com/ai-dynamo/aiconfigurator, 100 ms, at least 1 s
// a point), cards and servers in FlagPerf's base benchmarks (github.com/FlagOpen/FlagPerf: A100, 910B, BI-V150, C550).
// Of peak FLOP/s a device draws little more or less: matrix products alone take 0.94-0.99 of the limit at 5 % and at
// 80 % of peak, because the device lowers its clocks until its mean power meets the limit. In a step the phases between
// the products draw less, and the products use what those leave: at full clocks they would take w_matrix / clocks,
// where `clocks` is the share of its rate that the device keeps in training (`efficiency.sustained`, fitted to step
// times and not to power: A100 0.98, H100 0.84, B200 0.79). H0 and k: least squares over the eight FlagPerf phases of a
// DGX A100 (1,192 W + 1.10 x devices); Newkirk et al., arXiv:2506.14551 (8x H100). Valid for devices that run at their
// limit; not for partial clocks.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "base/quantity.hpp"
#include "base/sourced.hpp"
#include "engine/accounts.hpp"
#include "estimate/ledger.hpp"
#include "hardware/cluster.hpp"

namespace chipmix::economics {

/// Where power is measured, from the inside out.
enum class Boundary { device, server, it, facility };
inline constexpr std::array boundary_names = {"device", "server", "IT", "facility"};
inline const char* name(Boundary boundary) { return boundary_names[static_cast<int>(boundary)]; }

/// What a device does, as far as its power goes.
enum class Work { matrix, attention, memory, communication, waiting };
inline constexpr int work_count = 5;
/// Of a step's time, by class of work; they add to 1.
using Shares = std::array<double, work_count>;

/// What all devices share: medians over families of published_runs/energy, each family by the median of its rows
/// (validation/energy_fit.hpp fits them again). Streaming and idling draw what memory and die need, not a share of the
/// limit: with its square root the bandwidth says how large they are (a B200 and a GB200 stream at the same 490 W,
/// under limits of 1,000 and 1,200 W).
struct PowerLaw {
  double matrix = 0.98, attention = 0.89, communication = 0.31, waiting = 0.21;  ///< of the limit
  double memory = 208;                                                           ///< W over √(TB/s reached)
  double idle = 50.8;                                                            ///< W over √(TB/s of the data sheet)
};

/// The figures of a die's family, and what `of_device` adds for one device.
struct PowerProfile {
  std::string id;
  std::string name;
  std::optional<Sourced<double>> idle;         ///< of the limit: driver loaded, nothing running; absent: by the law
  std::optional<Sourced<double>> memory;       ///< w_memory: streaming kernels; absent: by the law
  double clocks = 1;                           ///< share of the matrix rate kept in training
  std::optional<Sourced<Watts>> host;          ///< H0 of one device; absent: from the server's rated host power
  Sourced<double> host_slope;                  ///< k
  std::optional<Sourced<Kilograms>> embodied;  ///< of making one device and its share of the server
};

/// Share of the limit while a checkpoint is written: "just over 100 W" of 700 W (arXiv:2503.05804).
inline constexpr double checkpoint_load = 0.15;
/// k of servers with cold plates or in a bath, which need few fans: 8x H100, SMC (MLPerf training v4.0); 8x B200,
/// Lenovo.
inline constexpr double liquid_slope = 0.08;

/// The family's figures for one device: what it does not give follows from the law, `clocks` from the device.
PowerProfile of_device(PowerProfile family, const hardware::DeviceSpec& device, const PowerLaw& law = {});

Work work_of(engine::Spent account);
/// w_c inside a step. Of a profile that `of_device` completed.
double weight(Work work, const PowerProfile& profile, const PowerLaw& law = {});

Shares shares_of(const estimate::Ledger<Seconds>& step);
/// Mean draw over the limit.
double load(const Shares& shares, const PowerProfile& profile, const PowerLaw& law = {});
/// Draw over the limit of work of one class alone.
double load(Work alone, const PowerProfile& profile, const PowerLaw& law = {});
/// Where the step is not known: the mean over the published runs of dense models that chipmix compares itself with.
Shares usual_shares();
/// The same of the runs of one well-fed server: 30 submissions to MLPerf training.
Shares one_server_shares();

/// Of one device.
struct Draw {
  Watts device, server, it;
  Watts at(Boundary boundary, double pue) const;
};
/// `load`: mean draw over the limit. With the network where the group has more than one server.
Draw draw(double load, const hardware::NodeGroup& group, const PowerProfile& profile);

/// Years over which the carbon of making a device is spread where nobody says (arXiv:2503.05804: 4 years).
inline constexpr double embodied_years = 4;
/// The part of it that a rented device's time bears, by hours.
Kilograms embodied(const PowerProfile& profile, Seconds device_time);

}  // namespace chipmix::economics
