#include "report/answer_json.hpp"

#include "report/price_json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "report/account_table.hpp"
#include "report/anchor_remark.hpp"
#include "report/coverage_remark.hpp"
#include "report/deadline_table.hpp"
#include "report/evidence_tables.hpp"
#include "report/plan_precision.hpp"
#include "report/published_table.hpp"
#include "report/stage_table.hpp"
#include "scenario/plan_file.hpp"

namespace chipmix::report {

using Json = nlohmann::ordered_json;
using scenario::OptionAnswer;
using scenario::Scenario;

namespace {

Json memory_json(const scenario::Run& run) {
  Json list = Json::array();
  for (const estimate::StageMemory& stage : run.estimate.memory) {
    Json use = Json::array();
    for (const auto& entry : stage.use.entries())
      use.push_back({{"account", entry.account}, {"gib", gib(entry.amount)}, {"why", entry.why}});
    list.push_back({{"stage", stage.stage},
                    {"device", stage.device},
                    {"peak_gib", gib(stage.peak())},
                    {"capacity_gib", gib(stage.capacity)},
                    {"ledger", std::move(use)}});
  }
  return list;
}

Json cost_json(const Scenario& scenario, const OptionAnswer& answer) {
  if (!answer.priced()) return nullptr;
  const double total = answer.bill.total().amount;
  Json ledger = Json::array();
  for (const auto& entry : answer.bill.entries())
    ledger.push_back({{"account", economics::name(entry.account)},
                      {"amount", entry.amount.amount},
                      {"currency", entry.amount.currency.code},
                      {"quantity", entry.quantity},
                      {"unit", entry.unit},
                      {"unit_price", entry.unit_price.amount},
                      {"unit_price_currency", entry.unit_price.currency.code},
                      {"cash", entry.cash.amount},
                      {"evidence", name(entry.evidence)},
                      {"why", entry.why}});
  return {{"total", total},
          {"cash", answer.bill.cash().amount},
          {"p10", total * answer.cost_p10},
          {"p50", total},
          {"p90", total * answer.cost_p90},
          {"per_1t_tokens", cost_per_1t(answer, scenario).amount},
          {"currency", scenario.currency.code},
          {"ledger", std::move(ledger)}};
}

template <class T>
Json or_null(bool known, T value) {
  return known ? Json(value) : Json(nullptr);
}

Json goodput_json(const scenario::Run& run) {
  if (!run.interruptions) return nullptr;
  const goodput::Interruptions& all = *run.interruptions;
  return {{"share", all.goodput()},
          {"mtbf_s", all.mtbf.value()},
          {"checkpoint_interval_s", all.interval.value()},
          {"checkpoint_blocking_s", all.blocking.value()},
          {"checkpoints_s", (run.steady * all.checkpoints).value()},
          {"lost_work_s", (run.steady * all.lost).value()},
          {"recovery_s", (run.steady * all.recovery).value()},
          {"fewer_replicas_s", (run.steady * all.shrunk).value()},
          {"checkpoint_writing_s", all.writing.value()},
          {"checkpoint_loading_s", all.loading.value()},
          {"waiting_for_servers_s", (run.steady * all.waiting).value()},
          {"not_held_s", (run.steady * all.unheld).value()}};
}

Json surety_json(const OptionAnswer& answer) {
  if (!answer.surety) return nullptr;
  const auto known = [](const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); };
  const scenario::Confidence& sure = *answer.surety;
  return {{"cheapest", sure.cheapest},      {"beats_baseline", known(sure.beats_baseline)},
          {"simulated_cost_p10", sure.p10}, {"simulated_cost_p50", sure.p50},
          {"simulated_cost_p90", sure.p90}, {"tie_price_factor", known(sure.price_factor)},
          {"tie_mfu", known(sure.mfu)}};
}

Json refused_json(const OptionAnswer& answer) {
  Json json = {{"name", answer.name},
               {"label", answer.label},
               {"feasible", false},
               {"reason", answer.reason->explanation},
               {"constraint", estimate::name(answer.reason->constraint)}};
  for (const char* figure : {"plan", "phases", "stages", "devices", "step_time_s", "tokens_per_s",
                             "tokens_per_s_per_device", "mfu", "days", "days_p10", "days_p90", "device_hours",
                             "device_hours_per_1t_tokens", "cost", "energy_kwh", "energy_boundary", "carbon_t"})
    json[figure] = nullptr;
  json["memory"] = Json::array();
  for (const char* figure : {"relative_cost", "goodput", "practice", "best_plan", "account"}) json[figure] = nullptr;
  json["pareto"] = false;
  json["deadline"] = nullptr;
  json["budget"] = nullptr;
  json["beyond_measured"] = nullptr;
  json["evidence"] = nullptr;
  return json;
}

Json phases_json(const OptionAnswer& answer) {
  Json list = Json::array();
  for (const scenario::Run& run : answer.runs)
    list.push_back({{"device", run.device},
                    {"devices", run.devices},
                    {"share", run.share},
                    {"days", days(run.duration)},
                    {"plan", plan_json(run.plan.lanes.front())}});
  return list;
}

/// Of the option that an answer is for; phases have none.
const hardware::Cluster* cluster_of(const Scenario& scenario, const OptionAnswer& answer) {
  const int index = scenario.find(answer.name);
  if (index < 0 || !scenario.options[index].cluster) return nullptr;
  return &*scenario.options[index].cluster;
}

/// Whole but for layers cut between attention and MLP.
Json layers_json(double layers) { return layers == std::floor(layers) ? Json(static_cast<int>(layers)) : Json(layers); }

Json lane_json(const plan::ParallelPlan& lane, const hardware::Cluster& cluster) {
  Json stages = Json::array();
  for (const plan::Stage& stage : lane.stages) {
    Json layers = Json::array();
    for (const plan::LayerRange& chunk : stage.chunks) layers.push_back(layers_json(chunk.layers()));
    const hardware::NodeGroup& group = cluster.groups[stage.devices.node_group];
    stages.push_back({{"island", group.name},
                      {"device", group.device.id},
                      {"layers", std::move(layers)},
                      {"tensor", stage.degrees.tensor},
                      {"context", stage.degrees.context},
                      {"expert", stage.degrees.expert},
                      {"data", stage.degrees.data}});
  }
  return {{"micro_batch", lane.micro_batch},
          {"micro_batches", lane.micro_batches},
          {"interleave", lane.interleave},
          {"recompute", plan::name(lane.recompute)},
          {"recompute_share", lane.recompute_share},
          {"zero", plan::name(lane.zero)},
          {"sequence_parallel", lane.sequence_parallel},
          {"schedule", plan::name(lane.schedule())},
          {"stages", std::move(stages)}};
}

/// What `estimate --plan` reads; nothing where layers are cut between attention and MLP, which no file says.
Json plan_file_json(const Scenario& scenario, const scenario::Option& option, const scenario::Run& run) {
  for (const plan::ParallelPlan& lane : run.plan.lanes)
    for (const plan::Stage& stage : lane.stages)
      for (const plan::LayerRange& chunk : stage.chunks)
        if (chunk.is_cut()) return nullptr;
  const auto file = scenario::plan_file_of(run.plan, scenario.job_of(option), *option.cluster);
  return Json::parse(scenario::plan_file_text(file));
}

/// One way to use a mix, in short.
Json way_json(const Scenario& scenario, const scenario::Option& option, const OptionAnswer& way) {
  const hardware::Cluster& cluster = *option.cluster;
  if (!way.feasible())
    return {{"name", way.name},
            {"feasible", false},
            {"reason", way.reason->explanation},
            {"constraint", estimate::name(way.reason->constraint)}};
  const bool single = way.runs.size() == 1;
  const scenario::Run& run = way.runs.front();
  return {{"name", way.name},
          {"feasible", true},
          {"reason", nullptr},
          {"devices", way.devices},
          {"step_time_s", single ? Json(run.estimate.step_time.value()) : Json(nullptr)},
          {"tokens_per_s", way.tokens_per_s},
          {"days", days(way.duration)},
          {"cost_per_1t_tokens", way.priced() ? Json(cost_per_1t(way, scenario).amount) : Json(nullptr)},
          {"limit", way.limit},
          {"bound_s", single && way.search ? Json(way.search->bound) : Json(nullptr)},
          {"complete", !way.search || way.search->complete},
          {"plan", single ? plan_json(run.plan, cluster) : Json(nullptr)},
          {"plan_file", single ? plan_file_json(scenario, option, run) : Json(nullptr)}};
}

void add_mix(const Scenario& scenario, const OptionAnswer& answer, Json& json) {
  const scenario::Option& option = scenario.options[scenario.find(answer.name)];
  Json ways = Json::array(), worth = Json::array();
  for (const OptionAnswer& way : answer.ways) ways.push_back(way_json(scenario, option, way));
  for (const scenario::ChipWorth& one : answer.worth)
    worth.push_back({{"island", one.island},
                     {"devices", one.devices},
                     {"tokens_per_s_per_device_alone", one.alone},
                     {"tokens_per_s_per_device_added", one.average},
                     {"tokens_per_s_per_device_marginal", one.marginal},
                     {"devices_left_out", one.fewer}});
  if (answer.feasible()) {
    json["way"] = answer.way;
    json["limit"] = answer.limit;
  }
  json["ways"] = std::move(ways);
  json["worth"] = std::move(worth);
}

}  // namespace

Json plan_json(const plan::ParallelPlan& plan) {
  const plan::Degrees& d = plan.degrees();
  Json layers = Json::array();
  for (const plan::Stage& stage : plan.stages) layers.push_back(layers_json(stage.layers()));
  return {{"tensor", d.tensor},
          {"pipeline", plan.pipeline()},
          {"data", d.data},
          {"context", d.context},
          {"expert", d.expert},
          {"interleave", plan.interleave},
          {"micro_batch", plan.micro_batch},
          {"micro_batches", plan.micro_batches},
          {"recompute", plan::name(plan.recompute)},
          {"zero", plan::name(plan.zero)},
          {"schedule", plan::name(plan.schedule())},
          {"sequence_parallel", plan.sequence_parallel},
          {"layers_per_stage", std::move(layers)}};
}

Json plan_json(const plan::JobPlan& plan, const hardware::Cluster& cluster) {
  Json json = plan_json(plan.lanes.front());
  if (plan.lanes.size() == 1 && cluster.groups.size() == 1) return json;
  json["sync_interval"] = plan.sync_interval;
  json["lanes"] = Json::array();
  for (const plan::ParallelPlan& lane : plan.lanes) json["lanes"].push_back(lane_json(lane, cluster));
  return json;
}

namespace {

Json feasible_json(const Scenario& scenario, const OptionAnswer& answer, const hardware::Cluster* cluster) {
  const bool single = answer.runs.size() == 1;
  const bool has_phases = !single && scenario.stages.empty();
  const scenario::Run& first = answer.runs.front();
  return {{"name", answer.name},
          {"label", answer.label},
          {"feasible", true},
          {"reason", nullptr},
          {"plan", single && cluster ? plan_json(first.plan, *cluster) : Json(nullptr)},
          {"phases", has_phases ? phases_json(answer) : Json(nullptr)},
          {"stages", stages_json(scenario, answer)},
          {"devices", answer.devices},
          {"step_time_s", or_null(single, first.estimate.step_time.value())},
          {"tokens_per_s", answer.tokens_per_s},
          {"tokens_per_s_per_device", scenario.job.tokens / answer.device_time.value()},
          {"mfu", answer.mfu},
          {"days", days(answer.duration)},
          {"days_p10", days(answer.duration) * answer.p10},
          {"days_p90", days(answer.duration) * answer.p90},
          {"device_hours", hours(answer.device_time)},
          {"device_hours_per_1t_tokens", device_hours_per_1t(answer, scenario)},
          {"cost", cost_json(scenario, answer)},
          {"energy_kwh", or_null(answer.energy.has_value(), kilowatt_hours(answer.energy.value_or(Joules{})))},
          {"energy_boundary", or_null(answer.energy.has_value(), "facility")},
          {"carbon_t", or_null(answer.carbon.has_value(), answer.carbon.value_or(Kilograms{}).value() / 1000)},
          {"memory", single ? memory_json(first) : Json::array()},
          {"relative_cost", or_null(answer.relative_cost > 0, answer.relative_cost)},
          {"goodput", single ? goodput_json(first) : Json(nullptr)},
          {"surety", surety_json(answer)},
          {"pareto", answer.pareto},
          {"deadline", deadline_json(answer)},
          {"budget", budget_json(answer)},
          {"beyond_measured", coverage_json(scenario, answer)},
          {"evidence", name(answer.evidence)}};
}

}  // namespace

Json option_json(const Scenario& scenario, const OptionAnswer& answer) {
  const hardware::Cluster* cluster = cluster_of(scenario, answer);
  Json json = answer.feasible() ? feasible_json(scenario, answer, cluster) : refused_json(answer);
  if (answer.feasible()) json.update(account_json(scenario, answer));
  json["precision"] = answer.feasible() ? precision_json(scenario, answer) : Json(nullptr);
  const int index = scenario.find(answer.name);
  json["valid_until"] =
      index >= 0 && scenario.options[index].valid_until ? Json(*scenario.options[index].valid_until) : Json(nullptr);
  if (answer.feasible() && answer.runs.size() == 1 && answer.runs.front().anchored)
    json["anchored"] = anchored_json(answer.runs.front());
  if (cluster && !answer.ways.empty()) add_mix(scenario, answer, json);
  return json;
}

Json compare_json(const Scenario& scenario, const scenario::Comparison& comparison,
                  const std::vector<validation::OptionEvidence>& evidence) {
  Json options = Json::array(), published = Json::array(), cases = Json::array();
  for (std::size_t i = 0; i < comparison.options.size(); ++i) {
    options.push_back(option_json(scenario, comparison.options[i]));
    options.back()["published_evidence"] =
        evidence_json(i < evidence.size() ? evidence[i] : validation::OptionEvidence{});
  }
  for (const auto& figure : scenario.published) published.push_back(published_json(scenario, comparison, figure));
  for (const auto& effect : comparison.cases) {
    Json factors = Json::object();
    for (std::size_t i = 0; i < effect.cost_factor.size(); ++i)
      factors[comparison.options[i].name] = effect.cost_factor[i] ? Json(*effect.cost_factor[i]) : Json(nullptr);
    cases.push_back({{"assumed", effect.assumed}, {"instead", effect.label}, {"cost_factor", std::move(factors)}});
  }
  return {{"schema_version", schema_version},
          {"scenario", scenario.name},
          {"currency", scenario.currency.code},
          {"targets", targets_json(scenario)},
          {"recommendation", comparison.recommendation},
          {"project_over_final_run", project_json(scenario)},
          {"options", std::move(options)},
          {"published", std::move(published)},
          {"assumptions", std::move(cases)},
          {"public_prices", public_prices_json(scenario)},
          {"exchange_rates", rates_json(scenario)},
          {"doubts", doubts_json(scenario)},
          {"defaults", scenario::defaults_json(scenario.defaults)}};
}

Json estimate_json(const Scenario& scenario, const OptionAnswer& answer, const validation::OptionEvidence& evidence) {
  Json json = {{"schema_version", schema_version}, {"scenario", scenario.name}, {"currency", scenario.currency.code}};
  json.update(option_json(scenario, answer));
  json["project_over_final_run"] = project_json(scenario);
  json["published_evidence"] = evidence_json(evidence);
  json["public_prices"] = public_prices_json(scenario);
  json["exchange_rates"] = rates_json(scenario);
  json["doubts"] = doubts_json(scenario);
  if (!answer.feasible() || answer.runs.size() != 1) return json;
  const scenario::Run& run = answer.runs.front();
  json["time"] = Json::array();
  for (const auto& entry : run.estimate.time.entries())
    json["time"].push_back({{"account", entry.account}, {"seconds", entry.amount.value()}, {"why", entry.why}});
  if (run.undisturbed) json["undisturbed_step_time_s"] = run.undisturbed->total().value();
  json["sensitivity"] = Json::array();
  for (const auto& swing : run.interval.swings)
    json["sensitivity"].push_back({{"figure", swing.figure},
                                   {"step_time_at_low", swing.at_low},
                                   {"step_time_at_high", swing.at_high},
                                   {"source", swing.source}});
  return json;
}

}  // namespace chipmix::report
