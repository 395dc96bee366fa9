#include "scenario/interruption_causes.hpp"

#include <algorithm>

namespace chipmix::scenario {
namespace {

using goodput::Reliability;

class Ends {
 public:
  Ends(const Reliability& reliability, const std::function<double(const Reliability&)>& factor_of)
      : reliability_(reliability), factor_of_(factor_of), central_(factor_of(reliability)) {}

  /// `figure_in`: finds the figure in a copy.
  template <class Find>
  void add(const std::string& name, Find figure_in) {
    Reliability moved = reliability_;
    auto& figure = figure_in(moved);
    if (!figure.range) return;
    const auto at = [&](const auto& end) {
      figure.value = end;
      return factor_of_(moved) / central_;
    };
    const double low = at(figure.range->low), high = at(figure.range->high);
    list_.push_back({name + ": " + figure.source, std::min({1.0, low, high}), std::max({1.0, low, high})});
  }
  std::vector<uncertainty::Factor> list() && { return std::move(list_); }

 private:
  const Reliability& reliability_;
  const std::function<double(const Reliability&)>& factor_of_;
  double central_;
  std::vector<uncertainty::Factor> list_;
};

}  // namespace

std::vector<uncertainty::Factor> interruption_causes(const Reliability& reliability,
                                                     const std::function<double(const Reliability&)>& factor_of) {
  Ends ends(reliability, factor_of);
  ends.add(
      "interruptions of devices", [](Reliability & r) -> auto& { return r.device_mtbf; });
  for (const auto& [device, mtbf] : reliability.kinds)
    ends.add(
        "interruptions of " + device, [device = device](Reliability & r) -> auto& { return r.kinds.at(device); });
  if (reliability.node_mtbf)
    ends.add(
        "interruptions of servers", [](Reliability & r) -> auto& { return *r.node_mtbf; });
  if (reliability.switches)
    ends.add(
        "interruptions of switches", [](Reliability & r) -> auto& { return r.switches->mtbf; });
  ends.add(
      "recovery", [](Reliability & r) -> auto& { return r.recovery; });
  if (reliability.storage)
    ends.add(
        "storage", [](Reliability & r) -> auto& { return *r.storage; });
  if (reliability.blocking)
    ends.add(
        "blocking", [](Reliability & r) -> auto& { return *r.blocking; });
  if (reliability.repair)
    ends.add(
        "repair", [](Reliability & r) -> auto& { return *r.repair; });
  return std::move(ends).list();
}

}  // namespace chipmix::scenario
