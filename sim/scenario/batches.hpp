// Batches that options can divide: the default of each, and what to say of one that is given and divides badly.
#pragma once

#include <string>
#include <vector>

#include "scenario/scenario.hpp"

namespace chipmix::scenario {

/// Whether plans of powers of two leave some of the devices without a part of the batch, or can hardly divide it.
bool divides_badly(int batch, int devices);

/// Sequences of a step that divide well among the devices, as near to `wanted` as that allows: moved by at most 15 %,
/// by 25 % where nothing nearer divides. Of those one that shares the largest factor with the devices, and rather a
/// near or round one.
int batch_near(double wanted, int devices);

/// The batches of an option's own: one, or one for each stage.
void read_batches(const OptionSpec& spec, const io::Value& value, const Scenario& scenario, Option& option);

/// What the user should know of the question: sequences per step that the scenario states and that divide badly among
/// the devices of an option, with the nearest batches and counts that divide well; sequences longer than the model's
/// configuration states. Batches of options that were defaults beside a default of the job that someone has changed are
/// dropped.
void doubt(Scenario& scenario);

struct Comparison;

/// Options that take longer than another one with fewer of the same devices.
std::vector<std::string> slower_with_more(const Scenario& scenario, const Comparison& comparison);

}  // namespace chipmix::scenario
