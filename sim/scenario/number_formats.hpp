// The number formats that a plan's memory rests on: what is computed, kept and summed up in which.
#pragma once

#include <string>

#include "plan/job_plan.hpp"
#include "scenario/scenario.hpp"

namespace chipmix::scenario {

/// Of one kind of device, as its software stack sets them.
struct NumberFormats {
  Dtype compute = Dtype::bf16;                                       ///< of the products
  double weight_bytes = 0, gradient_bytes = 0, optimizer_bytes = 0;  ///< of a weight
  std::string weights, gradients, optimizer;
  /// What differs from fp32 gradients, and from fp32 master weights with two fp32 moments; empty where nothing does.
  std::string gradient_mark, optimizer_mark;

  bool is_usual() const { return gradient_mark.empty() && optimizer_mark.empty(); }
  /// "bf16 gradients, bf16 moments".
  std::string mark() const;
};

NumberFormats number_formats(const hardware::NodeGroup& group, const Option& host);

/// A plan on an option's cluster in words, with the formats that are not the usual ones:
/// "TP2 PP4 DP32 mbs1 ZeRO-1, bf16 gradients".
std::string plan_text(const plan::JobPlan& plan, const Option& host);

}  // namespace chipmix::scenario
