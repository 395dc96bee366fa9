// A plan as answers print it, "TP4 PP16 DP4 CP4 mbs1 vpp4 ZeRO-1 recompute-selective", read again.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace chipmix::scenario {

/// Keys and values of a scenario's "plan", and "data" for DP, in the order of the text. Words stand between spaces or
/// commas, in any case; KEY=VALUE may stand among them, with TP for tensor and so on. Throws std::invalid_argument in
/// the user's words.
std::vector<std::pair<std::string, std::string>> plan_words(const std::string& text);

}  // namespace chipmix::scenario
