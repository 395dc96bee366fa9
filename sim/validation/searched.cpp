#include "validation/searched.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/parallel.hpp"
#include "planner/search.hpp"
#include "uncertainty/sensitivity.hpp"
#include "validation/groups.hpp"

namespace chipmix::validation {
namespace {

/// What makes two runs the same job. Frozen base weights, mixed devices and cut models are none that search is asked
/// for.
std::string job_key(const PublishedRun& run) {
  const auto number = [](const std::optional<int>& value) { return value.value_or(0); };
  return fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}", project_of(run), run.model.name, number(run.model.layers),
                     number(run.model.sequence_length), number(run.plan.global_batch), run.cluster.device,
                     run.cluster.devices, run.plan.dtype, run.plan.stack, run.plan.release, run.cluster.between);
}

bool is_asked_for(const PublishedRun& run) {
  return run.tier == "full" && run.faults.empty() && run.measured.iteration_s && run.plan.stages.empty() &&
         run.plan.finetune != "lora" && run.plan.global_batch;
}

void search_for(const PublishedRun& run, scenario::Library& library, SearchedJob& job) {
  try {
    const Question question = question_of(run, library);
    const auto found = planner::search({}, question.job, question.cluster, 1);
    if (found.best.empty()) {
      job.reason = found.nearest_miss.empty() ? "no plan divides the devices" : found.nearest_miss;
      return;
    }
    job.searched_s = found.best.front().step_time;
    const auto& group = question.cluster.groups.front();
    const plan::JobPlan plan{{plan::lay_out(found.best.front().plan, question.job.model.layers,
                                            question.job.global_batch, 0, group.device.ranks)}};
    const auto interval = uncertainty::step_interval(question.job, plan, question.cluster);
    job.step_p10 = interval.p10;
    job.step_p90 = interval.p90;
  } catch (const Unanswerable& fault) {
    job.reason = fault.what();
  } catch (const std::logic_error& fault) {
    job.reason = fault.what();
  }
}

}  // namespace

std::vector<SearchedJob> search_jobs(const std::vector<PublishedRun>& runs, int jobs) {
  std::map<std::string, std::size_t> known;
  std::vector<SearchedJob> list;
  std::vector<const PublishedRun*> best;
  for (const PublishedRun& run : runs) {
    if (!is_asked_for(run)) continue;
    const auto [place, is_new] = known.emplace(job_key(run), list.size());
    if (is_new) {
      list.push_back({{},
                      run.model.name,
                      run.cluster.device,
                      project_of(run),
                      run.cluster.devices,
                      run.model.moe.has_value(),
                      *run.measured.iteration_s,
                      0,
                      1,
                      1,
                      {}});
      best.push_back(&run);
    }
    SearchedJob& job = list[place->second];
    job.ids.push_back(run.id);
    if (*run.measured.iteration_s < job.published_s) {
      job.published_s = *run.measured.iteration_s;
      best[place->second] = &run;
    }
  }
  const auto library = [] { return scenario::Library(); };  // not shared between threads
  parallel_for_with(library, static_cast<int>(list.size()), jobs,
                    [&](scenario::Library& own, int i) { search_for(*best[i], own, list[i]); });
  return list;
}

}  // namespace chipmix::validation
