#include "scenario/spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "plan/schedule.hpp"
#include "scenario/most_devices.hpp"
#include "scenario/ownership_spec.hpp"
#include "scenario/plan_words.hpp"

namespace chipmix::plan {

const io::Names<Recompute>& names_of(io::Type<Recompute>) {
  static const io::Names<Recompute> names = {
      {"none", Recompute::none}, {"selective", Recompute::selective}, {"full", Recompute::full}};
  return names;
}

const io::Names<Zero>& names_of(io::Type<Zero>) {
  static const io::Names<Zero> names = {{"none", Zero::none},
                                        {"optimizer", Zero::optimizer},
                                        {"gradients", Zero::gradients},
                                        {"parameters", Zero::parameters}};
  return names;
}

const io::Names<ScheduleKind>& names_of(io::Type<ScheduleKind>) {
  static const io::Names<ScheduleKind> names = [] {
    io::Names<ScheduleKind> list;
    for (std::size_t i = 0; i < schedules().size(); ++i)
      list.emplace_back(schedules()[i].name, static_cast<ScheduleKind>(i));
    return list;
  }();
  return names;
}

}  // namespace chipmix::plan

namespace chipmix::economics {

const io::Shape<Electricity>& shape_of(io::Type<Electricity>) {
  static const auto shape =
      io::Shape<Electricity>("electricity", "How electricity is used, paid and made.")
          .optional("load", &Electricity::load,
                    "Mean draw of a busy device over its power limit; where absent, it follows from the step.",
                    io::between(0.0, 1.0))
          .required("pue", &Electricity::pue, "Facility power over IT power.", io::at_least(1.0))
          .optional("tariff", &Electricity::tariff, "Price of electricity; leave out when the rent includes it.",
                    io::positive<Tariff>())
          .optional("carbon", &Electricity::carbon, "Carbon dioxide per energy, for example \"0.53 kg/kWh\".",
                    io::not_negative<KilogramsPerJoule>());
  return shape;
}

const io::Shape<Commitment>& shape_of(io::Type<Commitment>) {
  static const auto shape =
      io::Shape<Commitment>("commitment", "A commitment to rent for a minimum time.")
          .required("discount", &Commitment::discount, "Discount on the rent, as a share.", io::between(0.0, 1.0))
          .required("term", &Commitment::term, "Minimum time for which devices are paid.", io::positive<Seconds>());
  return shape;
}

}  // namespace chipmix::economics

namespace chipmix::scenario {

namespace {

// Far above any run there is, and small enough that products of them stay within a 64-bit integer.
constexpr int most_degree = 1 << 20;

io::Rule<int> degree() { return io::between(1, most_degree); }

/// ISO 4217 codes are three capitals.
io::Rule<std::string> currency_code() {
  const auto holds = [](const std::string& code) {
    return code.size() == 3 && std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  };
  return {holds, "must be a code of three capitals, such as CNY", R"("pattern":"^[A-Z]{3}$")"};
}

}  // namespace

const io::Shape<JobSpec>& shape_of(io::Type<JobSpec>) {
  static const auto shape =
      io::Shape<JobSpec>("job", "What to train.")
          .required("model", &JobSpec::model, "Id of a model, or path of a Hugging Face config.json.",
                    io::not_empty<std::string>())
          .optional("sequence_length", &JobSpec::sequence_length,
                    "Tokens of one sequence; that of the first stage, else 4096, if left out.",
                    io::between(1, most_tokens_of_sequence))
          .optional("global_batch", &JobSpec::global_batch,
                    "Sequences per optimizer step; the usual batch of published runs if left out.",
                    io::between(1, most_sequences))
          .optional("tokens", &JobSpec::tokens,
                    "Tokens of the whole run, for example 1e12 or \"1T\"; with stages their sum if left out.",
                    io::between(io::Count{1}, io::Count{most_tokens}))
          .optional("dtype", &JobSpec::dtype, "Number format of the matrix products; bf16 if left out.")
          .optional("expert_imbalance", &JobSpec::expert_imbalance,
                    "Tokens of the busiest expert rank over the mean; 1, even routing, if left out.",
                    io::between(1.0, 100.0))
          .optional("practice", &JobSpec::practice,
                    "Who runs it: tuned, typical (if left out), first; ideal is the best plan, uninterrupted.")
          .optional("finetune", &JobSpec::finetune,
                    "What is trained: full, all weights (if left out), or lora, low-rank adapters on frozen weights.")
          .optional("stages", &JobSpec::stages, "Parts of the job with shapes of their own, one after another.")
          .optional("deadline", &JobSpec::deadline, "Deadline: a time from the start, or a day.")
          .optional("budget", &JobSpec::budget, "Maximum cost.", io::positive<Money>())
          .check([](const JobSpec& job, const io::Value& value) {
            if (!job.tokens && job.stages.empty())
              value.error("missing key 'tokens'", "tokens: Tokens of the whole run, for example 1e12 or \"1T\".");
          });
  return shape;
}

const io::Shape<MeasuredSpec>& shape_of(io::Type<MeasuredSpec>) {
  static const auto shape =
      io::Shape<MeasuredSpec>("measured step", "A step that was measured with this job on this cluster.")
          .required("step", &MeasuredSpec::step, "Time of an optimizer step.", io::positive<Seconds>())
          .optional("model", &MeasuredSpec::model, "Id of the model that was trained: must be the job's.")
          .optional("devices", &MeasuredSpec::devices, "Devices it was measured on: must be the cluster's.",
                    io::between(1, most_devices));
  return shape;
}

const io::Shape<ClusterSpec>& shape_of(io::Type<ClusterSpec>) {
  static const auto shape =
      io::Shape<ClusterSpec>("cluster", "Like devices in like servers on one fabric.")
          .required("device", &ClusterSpec::device, "Id or alias of a device.")
          .required("devices", &ClusterSpec::devices, "Number of packages.", io::between(1, most_devices))
          .optional("node", &ClusterSpec::node, "Id of a server; the device's usual one if left out.")
          .optional("fabric", &ClusterSpec::fabric, "Id of a fabric; rail-optimised-non-blocking if left out.")
          .optional("stack", &ClusterSpec::stack, "Id of a software stack; the device's usual one if left out.");
  return shape;
}

const io::Shape<PlanSpec>& shape_of(io::Type<PlanSpec>) {
  static const auto shape =
      io::Shape<PlanSpec>("plan", "Degrees of parallelism; data parallelism is what remains of the devices.")
          .optional("tensor", &PlanSpec::tensor, "Tensor parallelism.", degree())
          .optional("pipeline", &PlanSpec::pipeline, "Pipeline stages.", degree())
          .optional("context", &PlanSpec::context, "Context parallelism.", degree())
          .optional("expert", &PlanSpec::expert, "Expert parallelism.", degree())
          .optional("interleave", &PlanSpec::interleave, "Chunks of layers per stage.", degree())
          .optional("micro_batch", &PlanSpec::micro_batch, "Sequences of a micro-batch.", degree())
          .optional("recompute", &PlanSpec::recompute, "Activations recomputed in the backward pass.")
          .optional("zero", &PlanSpec::zero, "What data-parallel ranks share; optimizer if left out.")
          .optional("sequence_parallel", &PlanSpec::sequence_parallel,
                    "Whether tensor-parallel ranks split norms and residuals along the sequence; true if left out.")
          .optional("head_layers", &PlanSpec::head_layers,
                    "Work of head and loss in layers: the last stage gets about this many layers fewer; 0 if left out.",
                    io::between(0, 1000))
          .optional("schedule", &PlanSpec::schedule,
                    "Order of a pipeline's passes; 1f1b, or interleaved with interleave above 1, if left out.");
  return shape;
}

const io::Shape<SearchSpec>& shape_of(io::Type<SearchSpec>) {
  static const auto shape =
      io::Shape<SearchSpec>("search", "Values a plan search may use; what is left out is searched in full.")
          .optional("tensor", &SearchSpec::tensor, "Tensor parallelism.", degree())
          .optional("pipeline", &SearchSpec::pipeline, "Pipeline stages.", degree())
          .optional("context", &SearchSpec::context, "Context parallelism.", degree())
          .optional("expert", &SearchSpec::expert, "Expert parallelism.", degree())
          .optional("interleave", &SearchSpec::interleave, "Chunks of layers per stage.", degree())
          .optional("micro_batch", &SearchSpec::micro_batch, "Sequences of a micro-batch.", degree())
          .optional("head_layers", &SearchSpec::head_layers,
                    "Number of layers that the last stage has fewer, because of the head.", io::between(0, 1000))
          .optional("recompute", &SearchSpec::recompute, "Activation recomputation.")
          .optional("zero", &SearchSpec::zero, "What data-parallel ranks share.")
          .optional(
              "schedule", &SearchSpec::schedule,
              "Order of a pipeline's passes; 1f1b and interleaved if left out: the others need a stack that has them.")
          .optional("sequence_parallel", &SearchSpec::sequence_parallel,
                    "Whether tensor-parallel ranks split norms and residuals along the sequence; true if left out.")
          .optional("headroom", &SearchSpec::headroom, "Share of memory a found plan leaves free; 0.05 if left out.",
                    io::between(0.0, 0.9));
  return shape;
}

const io::Shape<PhaseSpec>& shape_of(io::Type<PhaseSpec>) {
  static const auto shape =
      io::Shape<PhaseSpec>("phase", "A share of the tokens, trained on another option's cluster.")
          .required("option", &PhaseSpec::option, "Name of an option that has a cluster.")
          .required("share", &PhaseSpec::share, "Share of the job's tokens, 0 to 1.", io::between(0.0, 1.0))
          .optional("moving", &PhaseSpec::moving,
                    "Before it begins: checkpoint sent and re-sharded, results checked; nothing if left out.",
                    io::not_negative<Seconds>());
  return shape;
}

namespace {

int whole(const std::string& key, const std::string& text) {
  int number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  const int low = key == "head_layers" ? 0 : 1;
  if (fault != std::errc() || end != text.data() + text.size() || number < low)
    throw std::invalid_argument(fmt::format("{}: '{}' is not a whole number from {}", key, text, low));
  return number;
}

template <class E>
E named(const std::string& key, const std::string& text) {
  for (const auto& [name, value] : names_of(io::Type<E>{}))
    if (name == text) return value;
  throw std::invalid_argument(fmt::format("{}: no '{}'", key, text));
}

void put(PlanSpec& plan, const std::string& key, const std::string& text) {
  static const std::map<std::string, int PlanSpec::*> degrees = {
      {"tensor", &PlanSpec::tensor},          {"pipeline", &PlanSpec::pipeline},
      {"context", &PlanSpec::context},        {"expert", &PlanSpec::expert},
      {"interleave", &PlanSpec::interleave},  {"micro_batch", &PlanSpec::micro_batch},
      {"head_layers", &PlanSpec::head_layers}};
  if (const auto found = degrees.find(key); found != degrees.end())
    plan.*found->second = whole(key, text);
  else if (key == "zero")
    plan.zero = named<plan::Zero>(key, text);
  else if (key == "recompute")
    plan.recompute = named<plan::Recompute>(key, text);
  else if (key == "schedule")
    plan.schedule = named<plan::ScheduleKind>(key, text);
  else if (key == "sequence_parallel" && (text == "true" || text == "false"))
    plan.sequence_parallel = text == "true";
  else if (key != "data")  // what remains of the devices: compared with them later
    throw std::invalid_argument(fmt::format("no '{}={}' in a plan", key, text));
}

io::Rule<double> own_share() {
  return {[](const double& x) { return x > 0 && x <= 1; }, "must be a share above 0 and at most 1",
          "\"exclusiveMinimum\":0,\"maximum\":1"};
}

}  // namespace

}  // namespace chipmix::scenario

namespace chipmix::io {

/// An object, or the words in which answers print a plan.
template <>
struct Reading<scenario::PlanSpec> {
  static std::optional<scenario::PlanSpec> read(const Value& value) {
    if (!value.is_text()) return shape_of(Type<scenario::PlanSpec>{}).read(value);
    scenario::PlanSpec plan;
    try {
      for (const auto& [key, text] : scenario::plan_words(*value.as_text())) scenario::put(plan, key, text);
    } catch (const std::invalid_argument& fault) {
      value.error(fault.what());
      return std::nullopt;
    }
    return plan;
  }
  static std::string schema() {
    return any_schema({shape_of(Type<scenario::PlanSpec>{}).schema(), R"({"type":"string","minLength":1})"});
  }
};

}  // namespace chipmix::io

namespace chipmix::scenario {

const io::Shape<OptionSpec>& shape_of(io::Type<OptionSpec>) {
  static const auto shape =
      io::Shape<OptionSpec>("option",
                            "One way to do the job: a cluster, a mix of islands, or phases on other options' clusters.")
          .optional("name", &OptionSpec::name,
                    "Short name, used on the command line; of its devices if left out: \"1024xh800\".",
                    io::not_empty<std::string>())
          .optional("label", &OptionSpec::label, "What to call it in tables.")
          .optional("cluster", &OptionSpec::cluster, "The machines.")
          .optional("dtype", &OptionSpec::dtype, "Number format on these machines, instead of the job's.")
          .optional("global_batch", &OptionSpec::global_batch,
                    "Sequences per optimizer step on these machines, instead of the job's; with stages a list, one for "
                    "each.",
                    io::between(1, most_sequences))
          .optional("rent", &OptionSpec::rent, "Price per device-hour, for example \"27.5 CNY/h\".",
                    io::positive<Rent>())
          .optional("commitment", &OptionSpec::commitment, "A commitment to rent for a minimum time, at a discount.")
          .optional("own", &OptionSpec::own, "Cost of buying the devices instead of renting them.")
          .optional("tariff", &OptionSpec::tariff, "Price of its electricity, instead of the scenario's.",
                    io::positive<Tariff>())
          .optional("valid_until", &OptionSpec::valid_until, "Last day on which its price holds, YYYY-MM-DD.", date())
          .optional("plan", &OptionSpec::plan,
                    "A fixed plan, also in words: \"TP4 PP8 EP8\"; without it the best plan is searched.")
          .optional("search", &OptionSpec::search, "Limits of the plan search.")
          .optional("mix", &OptionSpec::mix, "Several islands that train one model.")
          .optional("disturbed", &OptionSpec::disturbed, "What goes wrong; seen with --engine event.")
          .optional("reliability", &OptionSpec::reliability, "What interrupts it, instead of the scenario's.")
          .optional("practice", &OptionSpec::practice, "Who runs it, instead of the job's.")
          .optional("mfu", &OptionSpec::mfu, "Your own share of peak at the steady rate, instead of the predicted one.",
                    own_share())
          .optional("measured", &OptionSpec::measured, "Your own step, measured with this job on this cluster.")
          .optional("phases", &OptionSpec::phases, "Clusters used one after another.");
  return shape;
}

const io::Shape<RateSpec>& shape_of(io::Type<RateSpec>) {
  static const auto shape =
      io::Shape<RateSpec>("exchange rate", "How many units of `to` buy one unit of `from`.")
          .required("from", &RateSpec::from, "Currency code.", currency_code())
          .required("to", &RateSpec::to, "Currency code.", currency_code())
          .required("rate", &RateSpec::rate, "Units of `to` per unit of `from`.", io::more_than(0.0))
          .required("date", &RateSpec::date, "Day of the rate, YYYY-MM-DD.", date())
          .required("source", &RateSpec::source, "Where the rate was read.");
  return shape;
}

const io::Shape<PublishedSpec>& shape_of(io::Type<PublishedSpec>) {
  static const auto shape =
      io::Shape<PublishedSpec>("published figure", "A published cost, shown with the prediction.")
          .required("label", &PublishedSpec::label, "What the source says.")
          .optional("option", &PublishedSpec::option, "The option it is about; leave out if the source does not say.")
          .optional("cost_per_1t_tokens", &PublishedSpec::cost_per_1t_tokens, "Money per 1e12 tokens.",
                    io::positive<Money>())
          .optional("device_hours", &PublishedSpec::device_hours, "Device-hours of the whole job.",
                    io::between(io::Count{1}, io::Count{1e12}))
          .optional("scope", &PublishedSpec::scope,
                    "What it includes: steady (the rate that people see), training (and failures, restarts, "
                    "evaluation), billed (all that was paid; if left out).")
          .required("source", &PublishedSpec::source, "Where it was read.")
          .check([](const PublishedSpec& figure, const io::Value& value) {
            if (figure.cost_per_1t_tokens.has_value() == figure.device_hours.has_value())
              value.error("a published figure is a cost or hours",
                          "give one of \"cost_per_1t_tokens\" and \"device_hours\"");
          });
  return shape;
}

const io::Shape<CaseSpec>& shape_of(io::Type<CaseSpec>) {
  static const auto shape = io::Shape<CaseSpec>("case", "Another value of what was assumed.")
                                .required("label", &CaseSpec::label, "What it says, in a few words.")
                                .optional("probability", &CaseSpec::probability,
                                          "Probability of this case; for 'procure'.", io::between(0.0, 1.0))
                                .required("set", &CaseSpec::set, "Paths of this file and the values to put there.",
                                          io::not_empty<std::map<std::string, io::RawJson>>());
  return shape;
}

const io::Shape<AssumptionSpec>& shape_of(io::Type<AssumptionSpec>) {
  static const auto shape =
      io::Shape<AssumptionSpec>("assumption", "Something no source states, and how much it matters.")
          .required("assumed", &AssumptionSpec::assumed, "What was assumed.")
          .required("cases", &AssumptionSpec::cases, "Other values to try.", io::not_empty<std::vector<CaseSpec>>());
  return shape;
}

const io::Shape<ScenarioSpec>& shape_of(io::Type<ScenarioSpec>) {
  static const auto shape =
      io::Shape<ScenarioSpec>("scenario", "One procurement question: a job, and the options to do it.")
          .ignored("$schema", "For editors.")
          .optional("name", &ScenarioSpec::name, "Title; of the model if left out.")
          .optional("description", &ScenarioSpec::description, "What is asked, and why.")
          .optional("start", &ScenarioSpec::start, "Day on which runs begin, YYYY-MM-DD; for cost rows.", date())
          .optional("currency", &ScenarioSpec::currency,
                    "Currency of the answer, for example \"CNY\"; that of the first price if left out.",
                    currency_code())
          .required("job", &ScenarioSpec::job, "What to train.")
          .optional("electricity", &ScenarioSpec::electricity, "How electricity is used, paid and made.")
          .optional("reliability", &ScenarioSpec::reliability, "What interrupts a run.")
          .optional("exchange_rates", &ScenarioSpec::exchange_rates,
                    "Dated rates between currencies; published rates are used where one is missing.")
          .optional("price_date", &ScenarioSpec::price_date,
                    "Day from which ages of quotes count; the day of the newest quote if left out.", date())
          .optional("price_files", &ScenarioSpec::price_files,
                    "Files of your own quotes, as 'import prices' writes them; used before public ones.")
          .optional("public_prices", &ScenarioSpec::public_prices,
                    "Whether an option without a price takes the median of public quotes of its device (yes).")
          .required("options", &ScenarioSpec::options, "The options to compare.",
                    io::not_empty<std::vector<OptionSpec>>())
          .optional("baseline", &ScenarioSpec::baseline, "Option that savings refer to; the first one if left out.")
          .optional("published", &ScenarioSpec::published, "Published figures to show with the answer.")
          .optional("procurement", &ScenarioSpec::procurement, "What can be bought and rented; for 'procure'.")
          .optional("assumptions", &ScenarioSpec::assumptions, "What was assumed, and other values to try.")
          .optional("defaults", &ScenarioSpec::defaults, "Default values in this file, as 'ask' writes them.");
  return shape;
}

}  // namespace chipmix::scenario
