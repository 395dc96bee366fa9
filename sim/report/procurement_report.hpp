// The report that leaves the building: one answer for finance, procurement, the facility, training and the executive.
#pragma once

#include <optional>
#include <vector>

#include "report/report.hpp"
#include "scenario/risk.hpp"
#include "validation/evidence.hpp"
#include "validation/left_out.hpp"
#include "validation/predict.hpp"

namespace chipmix::report {

/// What the report tells of. `purchases`: of a scenario that asks what to buy. `runs`: published ones, with what is
/// predicted for them. `evidence`: for each option.
struct Findings {
  scenario::Comparison comparison;
  std::optional<scenario::Procurement> purchases{};
  std::optional<scenario::Risk> risk{};
  std::vector<validation::PublishedRun> runs{};
  std::vector<validation::Prediction> predictions{};
  validation::LeftOut left_out{};
  std::vector<validation::OptionEvidence> evidence{};
};

Report procurement_report(const scenario::Scenario& scenario, const Findings& findings);

}  // namespace chipmix::report
