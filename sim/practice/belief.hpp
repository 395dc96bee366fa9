// What is believed of whole runs: how far they lie above the best plan's steps, and why. One profile holds the figures,
// hardware_profiles/practice/*.json; bench/fit_practice.py fits those that published runs inform.
#pragma once

#include <string>
#include <vector>

#include "base/quantity.hpp"
#include "base/sourced.hpp"
#include "io/shape.hpp"
#include "practice/kinship.hpp"

namespace chipmix::practice {

/// Every figure without a unit is a factor on time, at least 1 unless said otherwise.
struct Belief {
  std::string id, name;
  std::vector<std::string> tuned_tables;  ///< publishers of step times who show their own system at its best
  std::vector<std::string> seen_dies;     ///< of the devices that published whole runs ran on
  Sourced<double> search_dense;  ///< best published step of a job over the best plan found for it, dense models
  Sourced<double> search_moe;    ///< the same of mixtures of experts
  Sourced<double> typical;       ///< an experienced team's step over a tuned one
  Sourced<double> first;         ///< the step of a first run on a system over a typical one
  Sourced<double> growth;        ///< steps of teams that do not tune grow as (devices / scale_reference)^growth
  Sourced<double> scale_reference;
  Sourced<double> routing;     ///< natural routing over balanced, mixtures of experts
  Sourced<double> stragglers;  ///< slow nodes that stay in the job
  Sourced<double> start_up;    ///< starting, loading and warming up
  Sourced<double> evaluation;
  Sourced<double> rollbacks;   ///< work thrown away: loss spikes, wrong settings
  Sourced<double> idle;        ///< billed hours over hours in jobs
  Sourced<double> spread;      ///< standard deviation of ln(whole run / its prediction), a publisher left out
  Sourced<double> unseen_die;  ///< standard deviation beside it, of dies that no published whole run ran on
  Sourced<double> project;     ///< device-hours of a project over those of its final run; in no total
  Kinship kinship;             ///< what errors of steps have in common
  Sourced<Seconds> device_mtbf, recovery, blocking;  ///< failures where a scenario says nothing of them
};

const io::Shape<Belief>& shape_of(io::Type<Belief>);

}  // namespace chipmix::practice
