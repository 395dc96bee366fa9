// The part of a scenario file that puts several islands into one job.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/dtype.hpp"
#include "base/money.hpp"
#include "base/sourced.hpp"
#include "economics/ownership.hpp"
#include "io/shape.hpp"
#include "planner/mix/ways.hpp"

namespace chipmix::scenario {

/// Like devices, with what they cost.
struct IslandSpec {
  std::string name;
  std::string device;
  int devices = 0;  ///< packages
  std::string node;
  std::string fabric;
  std::string stack;
  std::optional<Dtype> dtype;  ///< instead of the option's
  std::optional<Sourced<Rent>> rent;
  std::optional<economics::Ownership> own;  ///< instead of rent
  std::optional<Sourced<Tariff>> tariff;    ///< instead of the scenario's
};

struct IslandLinkSpec {
  std::vector<std::string> between;  ///< two islands
  std::string link;
  double count = 0;
};

/// Steps between synchronisations where a scenario does not say: EDiT trains with 128 (arXiv:2412.07210, section 4.1).
inline constexpr int usual_sync_interval = 128;

struct MixSpec {
  std::vector<IslandSpec> islands;
  std::vector<IslandLinkSpec> links;
  io::OneOrMany<planner::Way> ways;
  int sync_interval = usual_sync_interval;
};

const io::Shape<IslandSpec>& shape_of(io::Type<IslandSpec>);
const io::Shape<IslandLinkSpec>& shape_of(io::Type<IslandLinkSpec>);
const io::Shape<MixSpec>& shape_of(io::Type<MixSpec>);

}  // namespace chipmix::scenario

namespace chipmix::planner {
const io::Names<Way>& names_of(io::Type<Way>);
}
