// What a plan loses on, in a few words.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "planner/losses.hpp"

namespace chipmix::report {

/// "+8.1 %", "-0.2 %": more or less than the best plan, as a share of its step time.
std::string signed_percent(double share);

/// The `most` largest: "+8.1 % pipeline bubble, -2.3 % tensor communication"; what is below 0.05 % is left out.
std::string losses_text(const std::vector<planner::Loss>& losses, std::size_t most);

/// All of them: [{"account", "share"}].
nlohmann::ordered_json losses_json(const std::vector<planner::Loss>& losses);

}  // namespace chipmix::report
