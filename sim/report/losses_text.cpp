#include "report/losses_text.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "report/number.hpp"

namespace chipmix::report {
namespace {

constexpr double too_small_to_say = 0.0005;

}  // namespace

std::string signed_percent(double share) { return (share < 0 ? "-" : "+") + fixed(100 * std::abs(share), 1) + " %"; }

std::string losses_text(const std::vector<planner::Loss>& losses, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < std::min(most, losses.size()); ++i) {
    if (std::abs(losses[i].share) < too_small_to_say) break;
    if (!text.empty()) text += ", ";
    text += signed_percent(losses[i].share) + " " + engine::name(losses[i].account);
  }
  return text;
}

nlohmann::ordered_json losses_json(const std::vector<planner::Loss>& losses) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const planner::Loss& loss : losses)
    list.push_back({{"account", engine::name(loss.account)}, {"share", loss.share}});
  return list;
}

}  // namespace chipmix::report
