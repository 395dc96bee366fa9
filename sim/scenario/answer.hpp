// The answer to a scenario: each option with its plan, time, money, and how sure.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "economics/cost.hpp"
#include "engine/evaluate.hpp"
#include "estimate/estimate.hpp"
#include "plan/job_plan.hpp"
#include "planner/search.hpp"
#include "practice/account.hpp"
#include "scenario/deadline.hpp"
#include "scenario/scenario.hpp"
#include "uncertainty/sensitivity.hpp"

namespace chipmix::scenario {

class Anchors;

/// What measured steps say of a run: how it is like each of them, and what that makes of its steady rate.
struct Anchored {
  std::shared_ptr<const Anchors> on;
  practice::Carried carried;
  double factor = 1;  ///< on the steady time
  std::vector<std::size_t> itself{};  ///< measured steps that are this very step: then its steady time is their mean
};

/// One way to train part of the job: a plan on a cluster.
struct Run {
  std::string stage;       ///< of the job; empty where it has none
  std::string stage_note;  ///< what is to be known of its plan
  std::string device;      ///< device id; of a mix all of them, joined by " + "
  plan::JobPlan plan;
  estimate::Estimate estimate;
  std::optional<estimate::Ledger<Seconds>> undisturbed;  ///< time of a step without what the option says goes wrong
  uncertainty::StepInterval interval;
  std::vector<uncertainty::Factor> causes;  ///< of its duration's error: the step's, practice's, its interruptions'
  int option = -1;                          ///< of the scenario, whose cluster it runs on
  std::vector<int> used;                    ///< packages of each group of the cluster
  int devices = 0;                          ///< packages in all
  double share = 1;                         ///< of the job's tokens
  Seconds useful;                           ///< of this share, the best plan's steps alone
  Seconds steady;                           ///< the same steps at the rate that practice reaches
  practice::Account account;                ///< from the best plan's time to the billed one
  Seconds moving;                           ///< to these devices, before it begins
  Seconds duration;                         ///< billed: with losses and moving
  double p10 = 1, p90 = 1;                  ///< factors on it
  std::optional<Anchored> anchored;         ///< where steps of the user's were measured
  std::optional<goodput::Interruptions> interruptions;
  double spares = 0;  ///< devices held beside, as a share

  /// Of the duration, that in which devices are held: all but where spot devices are taken away.
  Seconds held() const { return interruptions ? duration - steady * interruptions->unheld : duration; }
};

/// What one island adds to a mix.
struct ChipWorth {
  std::string island;
  int devices = 0;
  double alone = 0;     ///< tokens per second and device when it does the whole job by itself; 0 where it cannot
  double average = 0;   ///< of the mix with it, less the mix without it, per device of it
  double marginal = 0;  ///< of the last of its devices: the mix less the mix with fewer of them, per device left out
  int fewer = 0;        ///< devices left out for that
};

/// How sure an option's place among the others is. Costs in the scenario's currency.
struct Confidence {
  double cheapest = 0;                   ///< share of the possible worlds in which it is
  std::optional<double> beats_baseline;  ///< share in which it is cheaper than the baseline
  double p10 = 0, p50 = 0, p90 = 0;      ///< of its cost over the worlds
  /// On the prices of its devices, and the share of peak instead of its own, at which it costs what the cheapest other
  /// option does; absent where no price or share does that.
  std::optional<double> price_factor, mfu;
};

struct OptionAnswer {
  std::string name;
  std::string label;
  std::optional<estimate::Infeasible> reason;  ///< why it cannot be done; then the rest is empty
  std::vector<Run> runs;                       ///< one, or one per phase or stage
  Seconds duration;
  Seconds device_time;
  Seconds best_duration;  ///< of the best plan, uninterrupted
  double best_cost = 0;   ///< the bill of that, in its currency: the floor
  double best_mfu = 0;    ///< share of peak of that
  double tokens_per_s = 0;
  double mfu = 0;   ///< share of peak at the steady rate
  int devices = 0;  ///< of all its runs; those that several runs use one after the other count once
  economics::Bill bill;
  bool rented = true;                 ///< false: a run's devices have no price, so the bill is not whole
  double p10 = 1, p90 = 1;            ///< factors on duration
  double cost_p10 = 1, cost_p90 = 1;  ///< factors on cost: those of time and of prices together
  std::optional<Joules> energy;
  std::optional<Kilograms> carbon;
  Evidence evidence = Evidence::measured;
  std::optional<planner::SearchResult> search;
  std::optional<Confidence> surety;  ///< of an option beside others
  std::optional<DeadlineAnswer> deadline;
  std::optional<BudgetAnswer> budget;
  double relative_cost = 0;        ///< over the baseline's; 0 when unknown
  bool pareto = false;             ///< no other option is both cheaper and faster
  std::string limit;               ///< of a mix: what costs it most, in words
  std::string way;                 ///< of a mix: the way that this answer takes
  std::vector<OptionAnswer> ways;  ///< of a mix: each way, and each island alone; "name" says which
  std::vector<ChipWorth> worth;    ///< of a mix: one for each island

  bool feasible() const { return !reason; }
  bool priced() const { return feasible() && rented && !bill.empty(); }
};

/// Cost of each option over its central cost when something assumed is changed; nothing where it cannot be done.
struct CaseEffect {
  std::string assumed;
  std::string label;
  std::vector<std::optional<double>> cost_factor;
};

struct Comparison {
  std::vector<OptionAnswer> options;
  std::vector<CaseEffect> cases;
  int baseline = 0;
  std::string recommendation;
};

struct Settings {
  int jobs = 1;
  int keep = 1;                          ///< plans a search keeps
  std::function<void(double)> progress;  ///< told the share done, from any thread; what it throws ends the work
  planner::Stop stop{};                  ///< asked whether to stop searching
  double seconds = 0;                    ///< for a purchase to be proven least; 0: as long as it takes
  bool intervals = true;                 ///< also ask how sure an answer is
  engine::Kind engine = engine::Kind::analytical;  ///< that answers for the chosen plan; searches are analytical
  bool alternatives = true;                        ///< of a mix: also each island alone, and what each adds
  std::shared_ptr<const Anchors> anchors{};        ///< steps of the user's that were measured
};

/// The plan of one option: fixed, or found by search; of a mix the cheapest way to use all of it at once (the fastest,
/// where a price is missing). The option must have a cluster.
OptionAnswer answer(const Scenario& scenario, int option, const Settings& settings);

/// Any option: one with phases through the options it names.
OptionAnswer answer_option(const Scenario& scenario, int option, const Settings& settings);

/// All options side by side. `document` is the scenario's text, needed to try its assumptions' cases.
Comparison compare(const Scenario& scenario, const io::Document& document, Library& library, const Settings& settings);

/// What an answer takes up to a scope, as published figures count it.
struct Reached {
  Seconds device_time;
  double cost = 0;  ///< in the scenario's currency; 0 without a price
};
Reached reached(const OptionAnswer& answer, const Scenario& scenario, practice::Scope scope);

/// Device-hours per 1e12 tokens, and money per 1e12 tokens.
double device_hours_per_1t(const OptionAnswer& answer, const Scenario& scenario);
Money cost_per_1t(const OptionAnswer& answer, const Scenario& scenario);

}  // namespace chipmix::scenario
