// Do launches of public scripts read as they were meant, and does a plan survive being written and read back?
#include <catch2/catch.hpp>

#include "launches.hpp"

namespace chipmix::interop {
namespace {

std::string exported(Framework framework, const plan::ParallelPlan& plan, const workload::TrainingJob& job) {
  const auto outcome = export_arguments(framework, plan, job, support::machine("h100-sxm5-80gb", plan.ranks()));
  if (const auto* text = std::get_if<std::string>(&outcome)) return *text;
  std::string reasons;
  for (const std::string& reason : std::get<std::vector<std::string>>(outcome)) reasons += reason + "\n";
  return reasons;
}

}  // namespace

TEST_CASE("does each public launch read as its script means it?") {
  REQUIRE(launches().size() >= 10);
  for (const Launch& launch : launches()) {
    INFO(launch.file);
    const Imported imported = import(launch.framework, text_of(launch), launch.file);
    CHECK(imported.plan.model == launch.model);
    CHECK(plan::to_text(plan_of(imported.plan, job_of(imported.plan))) == launch.plan);
  }
}

TEST_CASE("is a plan that was written and read back the same plan?") {
  for (const Launch& launch : launches())
    for (const Framework framework : {Framework::megatron, Framework::mindspeed}) {
      INFO(launch.file << " to " << name(framework));
      scenario::PlanFile first = import(launch.framework, text_of(launch), launch.file).plan;
      const workload::TrainingJob job = job_of(first);
      first.stack.reset();                                          // the test's machine says it
      if (first.model.empty()) first.lanes.front().remade.reset();  // the model that stands in may not have the modules
      const std::string script = exported(framework, plan_of(first, job), job);
      INFO(script);
      scenario::PlanFile second = import(framework, script).plan;
      if (first.model.empty()) second.model.clear();
      second.stack.reset();
      CHECK(scenario::plan_file_text(first) == scenario::plan_file_text(second));
    }
}

TEST_CASE("is every model of the library that can be written recognised by its own arguments?") {
  scenario::Library library;
  int written = 0;
  for (const std::string& id : library.ids("models")) {
    INFO(id);
    const workload::TrainingJob job = support::job(*library.model(id), 2048, 8);
    const auto plan = plan::lay_out({}, job.model.layers, job.global_batch, 0, 1);
    const auto outcome = export_arguments(Framework::megatron, plan, job, support::machine("h100-sxm5-80gb", 1));
    if (!std::holds_alternative<std::string>(outcome)) continue;
    ++written;
    CHECK(import(Framework::megatron, std::get<std::string>(outcome)).plan.model == id);
  }
  CHECK(written >= 20);
}

TEST_CASE("do ZeRO, recomputation and uneven layouts survive?") {
  const workload::TrainingJob job = support::job(support::dense(22), 2048, 64);
  const auto back = [&](const plan::ParallelPlan& plan, Framework framework) {
    INFO(exported(framework, plan, job));
    return plan_of(import(framework, exported(framework, plan, job)).plan, job);
  };
  for (const Framework framework : {Framework::megatron, Framework::mindspeed})
    for (const plan::Zero zero : plan::all_zeros)
      for (const plan::Recompute recompute : plan::all_recomputes) {
        const plan::ParallelPlan plan = plan::lay_out({{2, 1, 1, 4}, 1, 1, 2, recompute, zero}, 22, 64, 0, 1);
        CHECK(plan::to_text(back(plan, framework)) == plan::to_text(plan));
      }
  plan::ParallelPlan uneven = plan::lay_out({{1, 1, 1, 2}, 4, 2, 1, plan::Recompute::full}, 22, 64, 0, 1);
  uneven.recompute_share = 16.0 / 22;  // 2 layers of each of 8 chunks
  const plan::ParallelPlan same = back(uneven, Framework::megatron);
  CHECK(same.recompute_share == Approx(16.0 / 22));
  for (std::size_t i = 0; i < 4; ++i) CHECK(same.stages[i].layers() == uneven.stages[i].layers());
}

}  // namespace chipmix::interop
