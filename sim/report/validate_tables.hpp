// The tables of `chipmix validate`.
#pragma once

#include <vector>

#include "report/table.hpp"
#include "validation/judged.hpp"
#include "validation/repeats.hpp"

namespace chipmix::report {

/// Errors of all timed runs but LoRA: with projects left out, five-fold, as shipped.
Table overall_table(const validation::Judged& judged);

/// Errors by the groups of one kind, worst first: with projects left out, where that is known, beside those as shipped.
Table group_table(const char* title, const char* what, const validation::Judged& judged,
                  validation::Scores validation::Scored::*groups);

/// Errors of peak memory, by project, worst first, and by what the measured peak counts.
Table memory_table(const validation::Scored& scored);

/// Whether runs that died, and runs that ran, were predicted so; by project, worst first.
Table verdict_table(const validation::Scored& scored);

/// Kendall's tau of plans inside sets of alike runs.
Table order_table(const validation::Judged& judged);

/// Other tools' published predictions, and chipmix on the same rows.
Table peer_table(const validation::Judged& judged);

/// Sets of runs that chipmix cannot tell apart, those furthest apart first.
Table noise_table(const validation::Noise& noise);

/// The rows predicted worst, with projects left out where that is known, and where their time goes.
Table worst_table(const std::vector<validation::PublishedRun>& runs,
                  const std::vector<validation::Prediction>& predictions, const validation::LeftOut& errors);

}  // namespace chipmix::report
