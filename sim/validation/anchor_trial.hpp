// Published runs predicted again after some of their own publisher's runs were measured: does an anchor help?
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "practice/kinship.hpp"
#include "validation/left_out.hpp"
#include "validation/predict.hpp"

namespace chipmix::validation {

/// kinship fitted without any run of a project, by project: published_runs/errors/kinship_left_out.json.
using KinshipLeftOut = std::map<std::string, practice::Kinship>;
KinshipLeftOut own_kinship_left_out(const scenario::Library& library);

/// The timed runs, LoRA apart, that one project published of one stack, two at least: the smallest first (devices, then
/// parameters, then tokens a step).
struct AnchorGroup {
  std::string project, stack;
  std::vector<std::size_t> runs;
};
std::vector<AnchorGroup> anchor_groups(const std::vector<PublishedRun>& runs,
                                       const std::vector<Prediction>& predictions);

/// One run predicted without and with anchors. Errors are predicted / measured - 1.
struct AnchorCase {
  std::size_t run = 0, group = 0;
  double before = 0, after = 0;
  bool inside_before = false, inside_after = false;  ///< P10 to P90
  double width_before = 0, width_after = 0;          ///< √(P90 / P10) - 1
  double correlation = 0;                            ///< of its error with those of the anchors together
};

/// Which runs of a group are measured: the smallest so many, or, of each run, all the others.
struct AnchorsTaken {
  std::size_t smallest = 1;
  bool is_all_others = false;
};

/// The other runs of every group that has any. Predictions, errors and kinship are those of fits without the project.
std::vector<AnchorCase> anchor_trial(const std::vector<AnchorGroup>& groups, const std::vector<PublishedRun>& runs,
                                     const std::vector<Prediction>& predictions, const KinshipLeftOut& kinship,
                                     const AnchorsTaken& taken);

struct AnchorScore {
  int groups = 0, runs = 0;
  double median_before = 0, median_after = 0, mean_before = 0, mean_after = 0, inside_before = 0, inside_after = 0,
         width_before = 0, width_after = 0;
};
AnchorScore score(const std::vector<AnchorCase>& cases);

}  // namespace chipmix::validation
