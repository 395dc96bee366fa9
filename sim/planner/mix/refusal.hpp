// Why a mix has no plan, in words, with the nearest change that would help.
#pragma once

#include <string>
#include <vector>

#include "hardware/cluster.hpp"

namespace chipmix::planner {

/// A pipeline, and how many sequences it can take at a time.
struct LaneSteps {
  std::string name;
  std::vector<int> quanta;
};

/// Whether a batch is a sum of one multiple of a quantum for each lane.
bool can_share(int batch, const std::vector<LaneSteps>& lanes);

/// What each lane takes a multiple of, and the nearest batches that can be shared.
std::string no_share(int batch, const std::vector<LaneSteps>& lanes);

/// Which of these islands nothing joins; to be said when some have to exchange data.
std::string unjoined(const hardware::Cluster& cluster, const std::vector<int>& islands);

/// "a" or "a + b".
std::string lane_name(const hardware::Cluster& cluster, const std::vector<int>& islands);

}  // namespace chipmix::planner
