// How many devices a question may name.
#pragma once

namespace chipmix::scenario {

inline constexpr int most_devices = 1 << 24;  ///< of a cluster; far above any in use, and their FLOP still fit a double

}  // namespace chipmix::scenario
