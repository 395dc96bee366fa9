#include "scenario/scenario.hpp"

#include "scenario/purchases.hpp"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "base/spelling.hpp"
#include "economics/own_figures.hpp"
#include "plan/legal.hpp"
#include "scenario/batches.hpp"
#include "scenario/names.hpp"
#include "scenario/one_currency.hpp"
#include "scenario/own_rate.hpp"
#include "scenario/ownership_spec.hpp"
#include "scenario/part_check.hpp"
#include "scenario/plan_words.hpp"
#include "scenario/price_check.hpp"
#include "scenario/public_prices.hpp"
#include "scenario/stages.hpp"

namespace chipmix::scenario {
namespace {

class ScenarioReader {
 public:
  ScenarioReader(const io::Value& root, Library& library) : root_(root), library_(library) {}

  std::optional<Scenario> run() {
    std::optional<ScenarioSpec> spec = io::read<ScenarioSpec>(root_);
    if (!spec) {
      check_names(root_, library_);
      check_parts(root_);
      return std::nullopt;
    }
    spec_ = std::move(*spec);
    scenario_.start = spec_.start;
    scenario_.name = spec_.name;
    scenario_.description = spec_.description;
    scenario_.currency = {spec_.currency};
    scenario_.electricity = spec_.electricity;
    scenario_.published = spec_.published;
    scenario_.assumptions = spec_.assumptions;
    scenario_.rates_read = spec_.exchange_rates;
    public_.read_rates();
    in_one_currency(spec_, root_, scenario_.rates);
    check_currency(spec_, root_, scenario_.rates);
    job();
    options();
    references();
    prices();
    if (spec_.procurement && !spec_.job.stages.empty())
      at({"job", "stages"}).error_at_key("'stages' in the job of a purchase plan", "give its jobs in \"procurement\"");
    if (spec_.procurement) check_probabilities();
    if (spec_.procurement)
      scenario_.procurement = read_purchases(*spec_.procurement, at({"procurement"}), scenario_, library_);
    return std::move(scenario_);
  }

 private:
  io::Value at(std::initializer_list<const char*> keys) const {
    io::Value value = root_;
    for (const char* key : keys)
      if (auto member = value.is_object() ? value.find(key) : std::nullopt) value = *member;
    return value;
  }
  io::Value option_at(std::size_t index) const { return root_.find("options")->as_list().at(index); }
  static io::Value member(const io::Value& value, const char* key) {
    const auto found = value.find(key);
    return found ? *found : value;
  }

  void job() {
    const practice::Belief* belief = library_.practice(usual_practice);
    if (!belief) return root_.error(fmt::format("the data folders have no practice '{}'", usual_practice));
    scenario_.practice = *belief;
    scenario_.job.sequence_length = spec_.job.sequence_length;
    scenario_.job.global_batch = spec_.job.global_batch;
    scenario_.job.dtype = spec_.job.dtype;
    scenario_.job.is_base_frozen = spec_.job.finetune == Finetune::lora;
    scenario_.job.expert_imbalance = spec_.job.expert_imbalance;
    scenario_.budget = spec_.job.budget;
    scenario_.deadline = read_deadline(spec_, at({"job"}));
    if (spec_.job.tokens) scenario_.job.tokens = spec_.job.tokens->value;
    if (!spec_.job.stages.empty())
      read_stages(spec_.job, at({"job"}), scenario_);
    else if (scenario_.job.steps() < 1)
      at({"job", "tokens"})
          .error(fmt::format("the run is shorter than one step of {} x {} tokens", spec_.job.global_batch,
                             spec_.job.sequence_length));
    const workload::ModelSpec* model = library_.model(spec_.job.model);
    if (!model)
      return at({"job", "model"})
          .error(fmt::format("unknown model '{}'", spec_.job.model),
                 spelling_hint(spec_.job.model, library_.ids("models")));
    scenario_.job.model = *model;
  }

  void options() {
    std::set<std::string> names;
    for (std::size_t i = 0; i < spec_.options.size(); ++i) {
      const OptionSpec& spec = spec_.options[i];
      const io::Value value = option_at(i);
      if (!names.insert(spec.name).second)
        member(value, "name")
            .error(fmt::format("a second option named '{}'", spec.name), "give each option its own name");
      if (spec.cluster.has_value() + spec.mix.has_value() + !spec.phases.empty() != 1)
        value.error(fmt::format("option '{}' needs one of a cluster, a mix and phases", spec.name));
      if (!spec.phases.empty()) refuse_unused(value);
      if (spec.mix) refuse_unmixed(value);
      if (!spec_.job.stages.empty()) refuse_staged(value);
      scenario_.options.push_back(option(spec, value));
    }
  }

  /// Phases run as the options they name say; anything else said here would not be used.
  static void refuse_unused(const io::Value& value) {
    for (const char* key : {"dtype", "global_batch", "rent", "commitment", "own", "tariff", "plan", "search",
                            "disturbed", "reliability", "practice", "mfu", "measured", "valid_until"})
      if (const auto found = value.find(key))
        found->error_at_key(fmt::format("'{}' in an option made of phases", key),
                            "say it in the options that the phases name");
  }

  /// A mix has its prices on its islands, and lays its pipelines out itself.
  static void refuse_unmixed(const io::Value& value) {
    for (const char* key : {"rent", "commitment", "own", "tariff", "plan", "mfu", "measured"})
      if (const auto found = value.find(key))
        found->error_at_key(fmt::format("'{}' in an option that is a mix", key),
                            "islands have their own rent; limits of the plan go into \"search\"");
    const auto search = value.find("search");
    if (!search || !search->is_object()) return;
    for (const char* key : {"pipeline", "head_layers", "schedule", "sequence_parallel"})
      if (const auto found = search->find(key))
        found->error_at_key(fmt::format("'{}' in the search of a mix", key),
                            "the stages of a mix follow from its islands' ranks and the other degrees");
  }

  /// Stages run on one cluster or mix, one after the other.
  static void refuse_staged(const io::Value& value) {
    if (const auto found = value.find("phases"))
      found->error_at_key("'phases' in an option, but the job has stages",
                          "a job with stages is answered on a cluster or a mix");
  }

  Option option(const OptionSpec& spec, const io::Value& value) {
    Option option;
    option.name = spec.name;
    option.label = spec.label.empty() ? spec.name : spec.label;
    option.dtype = spec.dtype.value_or(spec_.job.dtype);
    option.disturbed = spec.disturbed;
    option.reliability = spec.reliability ? spec.reliability : spec_.reliability;
    option.practice = spec.practice.value_or(spec_.job.practice);
    option.valid_until = spec.valid_until;
    if (spec.valid_until && spec.cluster && !spec.rent && !spec.own)
      member(value, "valid_until")
          .error_at_key("the option has no price of its own that could expire", "give \"rent\" or \"own\"");
    read_own_rate(spec, value, {spec_.job.model, scenario_.stages.size()}, option);
    read_batches(spec, value, scenario_, option);
    if (spec.search) option.space = space(*spec.search);
    if (spec.mix) resolve_mix(*spec.mix, member(value, "mix"), option);
    if (!spec.cluster) return option;
    option.rents = {spec.rent};
    option.owned = {spec.own};
    commit(spec, value, option);
    option.tariffs = {tariff_of(spec.tariff)};
    refuse_both(spec, value);
    if (auto group = resolve(*spec.cluster, member(value, "cluster"), library_))
      option.cluster = hardware::Cluster{spec.name, {std::move(*group)}};
    finish_prices(option);
    if (spec.own) refuse_owned_spot(option, value);
    if (spec.plan && spec.search) member(value, "search").error("an option has either a plan or a search, not both");
    if (spec.plan && option.cluster) option.plan = plan(*spec.plan, *option.cluster, member(value, "plan"));
    return option;
  }

  void resolve_mix(const MixSpec& spec, const io::Value& value, Option& option) {
    option.mix = Mix{spec.ways.values, spec.sync_interval};
    if (option.mix->ways.empty()) option.mix->ways.assign(planner::all_ways.begin(), planner::all_ways.end());
    option.cluster = scenario::resolve(spec, option.name, value, library_);
    for (std::size_t i = 0; i < spec.islands.size(); ++i) {
      option.rents.push_back(spec.islands[i].rent);
      option.owned.push_back(spec.islands[i].own);
      option.tariffs.push_back(tariff_of(spec.islands[i].tariff));
      refuse_both(spec.islands[i], member(value, "islands").as_list()[i]);
    }
    finish_prices(option);
    for (std::size_t i = 0; i < spec.islands.size(); ++i)
      if (spec.islands[i].own) refuse_owned_spot(option, member(value, "islands").as_list()[i]);
  }

  /// What is neither rented nor owned is rented at public prices.
  void finish_prices(Option& option) {
    for (auto& own : option.owned) economics::complete(own);
    set_power(option);
    for (std::size_t i = 0; option.cluster && i < option.rents.size(); ++i)
      if (!option.rents[i] && !option.owned[i]) option.rents[i] = public_.rent(option, i);
    price_owned(option, scenario_.electricity, scenario_.rates);
  }

  void set_power(Option& option) {
    if (!option.cluster) return;
    for (const hardware::NodeGroup& group : option.cluster->groups)
      option.power.push_back(economics::of_device(library_.power(group.device.id), group.device));
  }

  static void commit(const OptionSpec& spec, const io::Value& value, Option& option) {
    if (!spec.commitment) return;
    if (!spec.rent)
      return member(value, "commitment")
          .error_at_key("a commitment, but nothing is rented", "give the rent without it");
    option.commitment = spec.commitment;
    option.list_rent = spec.rent;
    Sourced<Rent>& rent = *option.rents.front();
    for (Rent* price : {&rent.value, rent.range ? &rent.range->low : nullptr, rent.range ? &rent.range->high : nullptr})
      if (price) price->per_base_unit *= 1 - spec.commitment->discount.value;
    rent.source += fmt::format("; less {:g} % for a commitment", 100 * spec.commitment->discount.value);
  }

  std::optional<Sourced<Tariff>> tariff_of(const std::optional<Sourced<Tariff>>& own) const {
    return own || !spec_.electricity ? own : spec_.electricity->tariff;
  }

  template <class Spec>
  static void refuse_both(const Spec& spec, const io::Value& value) {
    if (spec.rent && spec.own)
      member(value, "own").error_at_key("both 'rent' and 'own'", "devices are rented or owned: say one of them");
  }

  static planner::SearchSpace space(const SearchSpec& s) {
    return {s.tensor.values,      s.context.values,           s.expert.values,
            s.pipeline.values,    s.interleave.values,        s.micro_batch.values,
            s.head_layers.values, s.recompute.values,         s.zero.values,
            s.schedule.values,    s.sequence_parallel.values, s.headroom};
  }

  std::optional<plan::UniformPlan> plan(const PlanSpec& s, const hardware::Cluster& cluster, const io::Value& value) {
    const int ranks = cluster.groups.front().ranks();
    const long long shards = static_cast<long long>(s.tensor) * s.context * s.pipeline;
    if (ranks % shards != 0) {
      value.error(
          fmt::format("{} ranks cannot be divided into TP {} x CP {} x PP {}", ranks, s.tensor, s.context, s.pipeline));
      return std::nullopt;
    }
    if (const auto data = data_of(value); data && *data != ranks / shards) {
      value.error(fmt::format("DP{}: {} ranks leave DP{} with TP{} x CP{} x PP{}", *data, ranks, ranks / shards,
                              s.tensor, s.context, s.pipeline));
      return std::nullopt;
    }
    return plan::UniformPlan{{s.tensor, s.context, s.expert, static_cast<int>(ranks / shards)},
                             s.pipeline,
                             chunks(s),
                             s.micro_batch,
                             s.recompute,
                             s.zero,
                             s.sequence_parallel,
                             s.head_layers,
                             chosen_schedule(s, value)};
  }

  /// DP of a plan in words.
  static std::optional<int> data_of(const io::Value& value) {
    if (value.is_text())
      for (const auto& [key, text] : plan_words(*value.as_text()))
        if (key == "data") return std::stoi(text);
    return std::nullopt;
  }

  /// A schedule that has several chunks says so itself.
  static int chunks(const PlanSpec& s) {
    return s.schedule && plan::is_chosen(*s.schedule) && s.interleave == 1 ? plan::chunks_of(*s.schedule)
                                                                           : s.interleave;
  }

  /// 1f1b and interleaved say no more than `interleave` does, and must not say otherwise.
  static std::optional<plan::ScheduleKind> chosen_schedule(const PlanSpec& s, const io::Value& value) {
    if (!s.schedule) return std::nullopt;
    if (plan::is_chosen(*s.schedule)) return s.schedule;  // legality tells whether the chunks fit
    if (*s.schedule != plan::usual_schedule(s.interleave))
      member(value, "schedule")
          .error(fmt::format("schedule {} does not work with interleave {}", name(*s.schedule), s.interleave));
    return std::nullopt;
  }

  void references() {
    std::vector<std::string> names;
    for (const Option& option : scenario_.options) names.push_back(option.name);
    const auto look_up = [&](const std::string& name, const io::Value& value) {
      const int index = scenario_.find(name);
      if (index < 0) value.error(fmt::format("no option named '{}'", name), spelling_hint(name, names));
      return index;
    };
    if (spec_.baseline) scenario_.baseline = look_up(*spec_.baseline, at({"baseline"}));
    for (std::size_t i = 0; i < spec_.published.size(); ++i)
      if (spec_.published[i].option) look_up(*spec_.published[i].option, root_.find("published")->as_list()[i]);
    for (std::size_t i = 0; i < spec_.options.size(); ++i)
      if (!spec_.options[i].phases.empty()) phases(i, look_up);
  }

  template <class LookUp>
  void phases(std::size_t index, LookUp look_up) {
    const io::Value value = member(option_at(index), "phases");
    const std::vector<io::Value> list = value.as_list();
    double sum = 0;
    for (std::size_t i = 0; i < spec_.options[index].phases.size(); ++i) {
      const PhaseSpec& phase = spec_.options[index].phases[i];
      sum += phase.share;
      const int other = look_up(phase.option, list[i]);
      if (other >= 0 && !spec_.options[other].cluster)
        list[i].error(fmt::format("option '{}' is itself made of phases, or is a mix", phase.option),
                      "name options with a cluster");
      else
        scenario_.options[index].phases.push_back({other, phase.share, phase.moving});
    }
    if (std::abs(sum - 1) > 1e-9) value.error(fmt::format("the shares add to {:g}, not to 1", sum));
  }

  /// Worlds exclude one another: what is left of 1 is the world as planned.
  void check_probabilities() {
    double sum = 0;
    for (const AssumptionSpec& assumption : spec_.assumptions)
      for (const CaseSpec& one : assumption.cases) sum += one.probability.value_or(0);
    if (sum > 1 + 1e-9)
      at({"assumptions"})
          .error(fmt::format("the cases' probabilities add to {:g}", sum),
                 "each case is a world of its own, without the others: together at most 1; what comes together is a "
                 "case that sets both");
  }

  void prices() {
    for (std::size_t i = 0; i < spec_.options.size(); ++i) {
      check_prices(spec_.options[i], option_at(i));
      if (const auto& mix = spec_.options[i].mix) island_prices(*mix, member(option_at(i), "mix"));
    }
    if (spec_.job.budget) check_price(*spec_.job.budget, scenario_, at({"job", "budget"}));
    if (spec_.electricity && spec_.electricity->tariff)
      check_price(*spec_.electricity->tariff, scenario_, at({"electricity", "tariff"}));
    for (std::size_t i = 0; i < spec_.published.size(); ++i)
      if (const auto& cost = spec_.published[i].cost_per_1t_tokens)
        check_price(*cost, scenario_, root_.find("published")->as_list()[i]);
  }

  void island_prices(const MixSpec& mix, const io::Value& value) {
    const std::vector<io::Value> islands = member(value, "islands").as_list();
    for (std::size_t i = 0; i < mix.islands.size(); ++i) check_prices(mix.islands[i], islands[i]);
  }

  template <class Spec>
  void check_prices(const Spec& spec, const io::Value& value) {
    if (spec.rent) check_price(*spec.rent, scenario_, member(value, "rent"));
    if (spec.tariff) {
      check_price(*spec.tariff, scenario_, member(value, "tariff"));
      if (!spec_.electricity)
        member(value, "tariff")
            .error("a tariff, but nothing says how much electricity is used",
                   "add \"electricity\" with its load and PUE to the scenario");
    }
    if (!spec.own) return;
    const io::Value own = member(value, "own");
    const Currency& quoted = spec.own->device.value.currency;
    check_price(spec.own->device, scenario_, member(own, "device"));
    const auto also = [&](const char* key, const std::optional<Sourced<Money>>& money) {
      if (money && !scenario_.rates.can_convert(money->value.currency, quoted))
        member(own, key).error(fmt::format("a price in {} and a device's price in {}, but no rate between them",
                                           money->value.currency.code, quoted.code),
                               "add it to \"exchange_rates\", with its date");
    };
    also("colocation", spec.own->colocation);
    also("demand", spec.own->demand);
    also("staff", spec.own->staff);
  }

  io::Value root_;
  Library& library_;
  ScenarioSpec spec_;
  Scenario scenario_;
  PublicPrices public_{spec_, root_, library_, scenario_};
};

}  // namespace

Scenario read_scenario(const io::Document& document, Library& library) {
  io::Diagnostics diagnostics;
  std::vector<Default> defaults = missing_values(document, library);
  const io::Document whole = with_defaults(document, defaults);
  std::optional<Scenario> scenario = ScenarioReader(whole.root(diagnostics, io::Figures::plain), library).run();
  diagnostics.throw_if_any();
  for (Default& one : marked_defaults(whole)) defaults.push_back(std::move(one));
  scenario->defaults = std::move(defaults);
  doubt(*scenario);
  return std::move(*scenario);
}

}  // namespace chipmix::scenario
