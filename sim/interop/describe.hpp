// A model and a plan in a framework's terms, for export; reasons are what it has no terms for.
#pragma once

#include <string>
#include <vector>

#include "hardware/cluster.hpp"
#include "interop/flags.hpp"
#include "plan/plan.hpp"
#include "workload/job.hpp"

namespace chipmix::interop {

using Reasons = std::vector<std::string>;

void describe_model(const workload::ModelSpec& model, Framework framework, Arguments& arguments, Reasons& reasons);
void describe_plan(const plan::ParallelPlan& plan, const workload::TrainingJob& job, const hardware::NodeGroup& group,
                   Framework framework, Arguments& arguments, Reasons& reasons);

}  // namespace chipmix::interop
