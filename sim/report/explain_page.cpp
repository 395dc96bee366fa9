#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "base/spelling.hpp"
#include "engine/analytical/block_cost.hpp"
#include "plan/lower.hpp"
#include "report/answer_json.hpp"
#include "report/answers.hpp"
#include "report/number.hpp"
#include "scenario/number_formats.hpp"

namespace chipmix::report {
namespace {

using scenario::OptionAnswer;
using scenario::Scenario;

/// A task as people read it: what, how big.
struct Describe {
  std::string operator()(const plan::GemmShape& s) const {
    return fmt::format("product {:g} x {:g} x {:g}", s.m, s.n, s.k);
  }
  std::string operator()(const plan::GroupedGemmShape& s) const {
    return fmt::format("{:g} products {:g} x {:g} x {:g}", s.groups, s.rows_per_group, s.n, s.k);
  }
  std::string operator()(const plan::AttentionShape& s) const {
    return fmt::format("attention, {:g} sequence(s), {:g} x {:g} tokens, {:g} heads of {:g}", s.sequences, s.queries,
                       s.keys, s.heads, s.qk_dim);
  }
  std::string operator()(const plan::StreamShape& s) const { return bytes(s.moved) + " moved"; }
  std::string operator()(const plan::ComputeTask& task) const { return std::visit(*this, task.shape); }
  std::string operator()(const plan::CollectiveTask& task) const {
    return fmt::format("{} of {} over {} ranks, stride {}", plan::name(task.kind), bytes(task.payload), task.group.size,
                       task.group.stride);
  }
};

plan::Account account_of(const plan::Task& task) {
  return std::visit([](const auto& t) { return t.account; }, task);
}

/// FLOPs of a product; 0 for other work.
struct WorkOf {
  double operator()(const plan::GemmShape& s) const { return 2 * s.m * s.n * s.k * s.count; }
  double operator()(const plan::GroupedGemmShape& s) const { return 2 * s.groups * s.rows_per_group * s.n * s.k; }
  double operator()(const auto&) const { return 0; }
  double operator()(const plan::ComputeTask& task) const { return std::visit(*this, task.shape); }
  double operator()(const plan::CollectiveTask&) const { return 0; }
};

const char* block_name(workload::BlockKind kind) {
  using workload::BlockKind;
  switch (kind) {
    case BlockKind::embedding:
      return "embedding";
    case BlockKind::dense_layer:
      return "dense layer";
    case BlockKind::moe_layer:
      return "expert layer";
    case BlockKind::prediction_layer:
      return "prediction layer";
    case BlockKind::head:
      return "head";
  }
  throw std::logic_error("unknown block");
}

/// The tasks booked under an account, of one block of each kind and one micro-batch.
Table task_table(const plan::JobProgram& job, int group, const engine::Machine& machine, plan::Account account) {
  Table table;
  table.title = "Tasks of one micro-batch on one rank, before overlap";
  if (!machine.group.name.empty()) table.title += ", on " + machine.group.name;
  table.columns = {{"block"}, {"pass"}, {"task"}, numeric("time", "s"), numeric("reached", "flop_per_s")};
  std::set<const plan::BlockTasks*> seen;
  const auto add = [&](const plan::BlockTasks& block, const char* pass, const plan::Task& task) {
    if (account_of(task) != account) return;
    const double time = engine::task_time(task, machine), work = std::visit(WorkOf{}, task);
    table.add({block_name(block.kind),
               pass,
               std::visit(Describe{}, task),
               {time, duration(Seconds{time})},
               work > 0 ? Cell{work / time, scaled(work / time, "FLOP/s")} : Cell{}});
  };
  for (const plan::Program& program : job.lanes)
    for (const auto& stage : program.stages) {
      if (stage.node_group != group) continue;
      for (const auto& chunk : stage.chunks)
        for (const auto& run : chunk) {
          if (!seen.insert(run.block.get()).second) continue;
          for (const auto& task : run.block->forward) add(*run.block, "forward", task);
          for (const auto& task : run.block->backward) add(*run.block, "backward", task);
        }
    }
  return table;
}

template <class Ledger, class Show>
bool add_entries(const Ledger& ledger, const std::string& account, Table& table, const std::string& where, Show show) {
  bool found = false;
  for (const auto& entry : ledger.entries()) {
    if (entry.account != account) continue;
    table.add({where, entry.account, show(entry.amount), entry.why});
    found = true;
  }
  return found;
}

std::vector<std::string> accounts(const OptionAnswer& answer) {
  std::vector<std::string> names;
  const scenario::Run& run = answer.runs.front();
  for (const auto& entry : run.estimate.time.entries()) names.push_back(entry.account);
  for (const auto& entry : run.estimate.memory.front().use.entries()) names.push_back(entry.account);
  for (const auto& entry : answer.bill.entries()) names.emplace_back(economics::name(entry.account));
  return names;
}

void add_tasks(Page& page, const Scenario& scenario, const scenario::Option& option, const scenario::Run& run,
               const std::string& account) {
  for (int i = 0; i < plan::account_count; ++i) {
    if (account != engine::name(static_cast<engine::Spent>(i))) continue;
    plan::Lowering lowering(scenario.job_of(option));
    const plan::JobProgram program = plan::lower(lowering, run.plan, *option.cluster);
    for (int group = 0; group < static_cast<int>(run.used.size()); ++group)
      if (run.used[group] > 0)
        page.tables.push_back(
            task_table(program, group, engine::Machine(option.cluster->groups[group]), static_cast<plan::Account>(i)));
  }
}

}  // namespace

Page explain_page(const Scenario& scenario, const scenario::Option& option, const OptionAnswer& answer,
                  const std::string& account) {
  const scenario::Run& run = answer.runs.front();
  Page page;
  page.title = fmt::format("{}: {}, {}", scenario.name, answer.label, account);
  Table table;
  table.columns = {{"of"}, {"account"}, numeric("amount"), {"why"}};
  bool found = add_entries(run.estimate.time, account, table, "time of a step", [](Seconds s) {
    return Cell{s.value(), seconds(s)};
  });
  for (const auto& stage : run.estimate.memory)
    found |= add_entries(stage.use, account, table, fmt::format("memory of stage {}", stage.stage), [](Bytes b) {
      return Cell{gib(b), bytes(b)};
    });
  for (const economics::Row& row : answer.bill.entries()) {
    if (economics::name(row.account) != account) continue;
    table.add({"money", account, {row.amount.amount, money_exact(row.amount)}, row.why});
    found = true;
  }
  if (!found) {
    const auto known = accounts(answer);
    throw std::invalid_argument(fmt::format("no account '{}' in this answer; {}", account,
                                            "accounts: " + fmt::format("{}", fmt::join(known, ", "))));
  }
  page.tables.push_back(std::move(table));
  add_tasks(page, scenario, option, run, account);
  page.remarks.push_back("Plan: " + scenario::plan_text(run.plan, option) + ".");
  nlohmann::ordered_json json = {{"schema_version", schema_version},
                                 {"scenario", scenario.name},
                                 {"option", option.name},
                                 {"account", account},
                                 {"entries", to_json(page.tables.front())}};
  if (page.tables.size() > 1) json["tasks"] = to_json(page.tables[1]);
  page.json = json.dump(2);
  return page;
}

}  // namespace chipmix::report
