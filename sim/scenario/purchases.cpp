#include "scenario/purchases.hpp"

#include <fmt/format.h>

#include "base/spelling.hpp"

namespace chipmix::scenario {
namespace {

io::Value member(const io::Value& value, const char* key) {
  const auto found = value.is_object() ? value.find(key) : std::nullopt;
  return found ? *found : value;
}

class Reader {
 public:
  Reader(const ProcurementSpec& spec, const io::Value& at, const Scenario& scenario, Library& library)
      : spec_(spec), at_(at), scenario_(scenario), library_(library) {}

  Purchases run() {
    Purchases all{spec_.months, spec_.discount, spec_.confidence, {}, {}, spec_.limits};
    for (std::size_t i = 0; i < spec_.supplies.size(); ++i)
      supply(spec_.supplies[i], member(at_, "supplies").as_list()[i], all.supplies);
    if (spec_.jobs.empty()) all.jobs.push_back({"the job", scenario_.job, 0, spec_.months});
    for (std::size_t i = 0; i < spec_.jobs.size(); ++i)
      all.jobs.push_back(job(spec_.jobs[i], member(at_, "jobs").as_list()[i]));
    if (spec_.limits.budget) check_rate(spec_.limits.budget->currency, member(member(at_, "limits"), "budget"));
    return all;
  }

 private:
  void supply(const SupplySpec& spec, const io::Value& value, std::vector<Supply>& list) {
    Supply supply{scenario_.find(spec.option), spec, {}, {}};
    if (supply.option < 0) {
      std::vector<std::string> names;
      for (const Option& option : scenario_.options) names.push_back(option.name);
      return member(value, "option")
          .error(fmt::format("unknown option '{}'", spec.option), spelling_hint(spec.option, names));
    }
    const Option& option = scenario_.options[supply.option];
    if (option.mix || !option.phases.empty())
      return member(value, "option")
          .error(fmt::format("option '{}' is not one cluster", spec.option), "a supply is of one kind of device");
    if (!option.cluster) return;  // its device, server or fabric is unknown, which is told there
    if (!spec.buy && !spec.rent) value.error("neither 'buy' nor 'rent'", "say how the devices can be had");
    if (spec.sizes.empty()) member(value, "sizes").error("no sizes", "for example [256, 512, 1024]");
    const int each = option.cluster->groups.front().node.devices;
    for (int size : spec.sizes)
      if (size > each && size % each != 0)
        member(value, "sizes")
            .error(fmt::format("{} devices do not fill servers of {}", size, each),
                   fmt::format("use a multiple of {}", each));
    if (spec.buy) buy(*spec.buy, option, member(value, "buy"), supply);
    if (spec.rent) rent(*spec.rent, option, member(value, "rent"), supply);
    list.push_back(std::move(supply));
  }

  void buy(const BuySpec& spec, const Option& option, const io::Value& value, Supply& supply) {
    supply.own = spec.own ? spec.own : option.owned.front();
    for (std::size_t i = 1; i < spec.volume.size(); ++i)
      if (spec.volume[i].from <= spec.volume[i - 1].from || spec.volume[i].discount < spec.volume[i - 1].discount)
        member(value, "volume")
            .error("steps of volume out of order", "from few devices to many, each with more discount");
    if (!supply.own) return value.error("nothing says what it costs to buy", "give 'own' here, or in the option");
    check_rate(supply.own->device.value.currency, value);
    for (const auto* money : {&supply.own->colocation, &supply.own->demand, &supply.own->staff})
      if (*money) check_rate((*money)->value.currency, value);
  }

  void rent(const LeaseSpec& spec, const Option& option, const io::Value& value, Supply& supply) {
    supply.lease = spec.price;
    if (!supply.lease && option.commitment)
      return value.error("the option's rent is for a commitment, whose term a purchase plan does not keep",
                         "give the 'price' by the month here");
    if (!supply.lease && !option.owned.front()) supply.lease = option.rents.front();
    if (!supply.lease)
      return value.error("nothing says what it costs to rent", "give 'price' here, or 'rent' in the option");
    check_rate(supply.lease->value.currency, value);
  }

  PortfolioJob job(const PortfolioSpec& spec, const io::Value& value) {
    PortfolioJob result{spec.name, scenario_.job, spec.from_month, spec.by_month.value_or(spec_.months)};
    if (spec.sequence_length) result.job.sequence_length = *spec.sequence_length;
    if (spec.global_batch) result.job.global_batch = *spec.global_batch;
    if (spec.tokens) result.job.tokens = spec.tokens->value;
    if (spec.model) {
      if (const workload::ModelSpec* model = library_.model(*spec.model))
        result.job.model = *model;
      else
        member(value, "model")
            .error(fmt::format("unknown model '{}'", *spec.model), spelling_hint(*spec.model, library_.ids("models")));
    }
    if (result.by <= result.from || result.by > spec_.months)
      member(value, spec.by_month ? "by_month" : "from_month")
          .error(fmt::format("from month {} to month {} of {}", result.from, result.by, spec_.months),
                 "a job needs a month between the two, and to be done within the months planned");
    return result;
  }

  void check_rate(const Currency& currency, const io::Value& value) {
    if (!scenario_.rates.can_convert(currency, scenario_.currency))
      value.error(fmt::format("a price in {} and an answer in {}, but no rate between them", currency.code,
                              scenario_.currency.code),
                  "add it to \"exchange_rates\", with its date");
  }

  const ProcurementSpec& spec_;
  const io::Value& at_;
  const Scenario& scenario_;
  Library& library_;
};

}  // namespace

Purchases read_purchases(const ProcurementSpec& spec, const io::Value& at, const Scenario& scenario, Library& library) {
  return Reader(spec, at, scenario, library).run();
}

}  // namespace chipmix::scenario
