// Flows under way on links that they share: their rates, and when each is through.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/event/max_min.hpp"

namespace chipmix::engine {

/// Flows are numbered below a most; their rates are max-min fair (max_min.hpp) and change when flows set out or arrive.
class Sharing {
 public:
  Sharing(std::vector<double> capacities, std::size_t most_flows);
  Sharing(const Sharing&) = delete;
  Sharing& operator=(const Sharing&) = delete;

  /// `links` are read until the flow arrives.
  void set_out(std::uint32_t flow, double amount, const int* links, int count, double now);
  void arrive(std::uint32_t flow);
  bool is_under_way(std::uint32_t flow) const { return place_[flow] != nowhere; }
  /// From now on a link carries so much; with 0 the flows on it stand still.
  void change(int link, double capacity);

  /// When a flow is through at its new rate; never, if it stands still.
  struct Ending {
    std::uint32_t flow = 0;
    double time = 0;
    bool is_never = false;
  };
  /// New rates for every group of flows that something changed in; those whose rate is another, in a fixed order.
  const std::vector<Ending>& share_again(double now);

 private:
  static constexpr std::uint32_t nowhere = ~0u;

  struct Moving {
    std::uint32_t flow = 0;
    double left = 0, rate = 0, since = 0;  ///< what is left as of `since`
    const int* links = nullptr;
    int count = 0;
  };

  const Moving& moving(std::uint32_t flow) const { return moving_[place_[flow]]; }
  bool is_alone(int link, double now);
  void gather(int link);
  void set_rate(std::uint32_t flow, double rate, double now);

  std::vector<double> capacities_;    ///< of links, now
  std::vector<std::uint32_t> place_;  ///< in moving_, by flow
  std::vector<Moving> moving_;
  std::vector<std::vector<std::uint32_t>> on_link_;
  std::vector<int> changed_;  ///< links
  std::vector<std::uint64_t> seen_link_, in_group_;
  std::uint64_t stamp_ = 0;
  SharingGroup group_;
  std::vector<std::uint32_t> flows_;  ///< of group_
  std::vector<Ending> endings_;
  MaxMin max_min_;
};

}  // namespace chipmix::engine
