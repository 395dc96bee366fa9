#include "scenario/purchases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/spelling.hpp"
#include "base/words.hpp"
#include "scenario/ownership_spec.hpp"
#include "scenario/price_check.hpp"

namespace chipmix::scenario {
namespace {

io::Value member(const io::Value& value, const char* key) {
  const auto found = value.is_object() ? value.find(key) : std::nullopt;
  return found ? *found : value;
}

constexpr double days_per_month = 365.25 / 12;

class PurchaseReader {
 public:
  PurchaseReader(const ProcurementSpec& spec, const io::Value& at, const Scenario& scenario, Library& library)
      : spec_(spec), at_(at), scenario_(scenario), library_(library) {}

  Purchases run() {
    Purchases all{spec_.months,     spec_.worth, spec_.shares, 0,  spec_.confidence,
                  spec_.move_hours, {},          {},           {}, spec_.limits};
    for (std::size_t i = 0; i < spec_.supplies.size(); ++i)
      supply(spec_.supplies[i], member(at_, "supplies").as_list()[i], all.supplies);
    for (std::size_t i = 0; i < spec_.mixes.size(); ++i) mix(spec_.mixes[i], member(at_, "mixes").as_list()[i], all);
    all.discount = discount(all.supplies);
    check_shares(all.supplies);
    if (spec_.jobs.empty()) all.jobs.push_back({"the job", scenario_.job, 0, spec_.months});
    for (std::size_t i = 0; i < spec_.jobs.size(); ++i)
      all.jobs.push_back(job(spec_.jobs[i], member(at_, "jobs").as_list()[i]));
    if (spec_.limits.budget) check_price(*spec_.limits.budget, scenario_, member(member(at_, "limits"), "budget"));
    check_terms(all);
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
          .error(fmt::format("option '{}' is not one cluster", spec.option), "a supply has one kind of device");
    if (!option.cluster) return;  // its device, server or fabric is unknown, which is told there
    const auto before =
        std::find_if(list.begin(), list.end(), [&](const Supply& other) { return other.option == supply.option; });
    if (before != list.end())
      return member(value, "option")
          .error(
              fmt::format("a second supply of option '{}'", spec.option),
              "put its purchase, its rent and its fleet into one supply; for another price of the same devices, give "
              "an option of its own");
    if (!spec.buy && !spec.rent && !spec.fleet)
      value.error("neither 'buy' nor 'rent' nor a 'fleet'", "say how to obtain the devices");
    if (spec.sizes.empty()) member(value, "sizes").error("no sizes", "for example [256, 512, 1024]");
    const int each = option.cluster->groups.front().node.devices;
    for (int size : spec.sizes)
      if (size > each && size % each != 0)
        member(value, "sizes")
            .error(fmt::format("{} devices do not fill servers of {}", size, each),
                   fmt::format("use a multiple of {}", each));
    check_caps(spec, value);
    check_spot(spec, option, value);
    if (spec.buy) buy(*spec.buy, option, member(value, "buy"), supply);
    if (spec.rent) rent(*spec.rent, option, member(value, "rent"), supply);
    if (spec.fleet) fleet(*spec.fleet, option, member(value, "fleet"), supply);
    list.push_back(std::move(supply));
  }

  /// Supplies of which there is something, but less than any cluster needs.
  void check_caps(const SupplySpec& spec, const io::Value& value) {
    if (spec.sizes.empty() || (spec.buy && !spec.buy->cap) || (spec.rent && !spec.rent->cap)) return;
    const int least = *std::min_element(spec.sizes.begin(), spec.sizes.end());
    const int most =
        (spec.buy ? *spec.buy->cap : 0) + (spec.rent ? *spec.rent->cap : 0) + (spec.fleet ? spec.fleet->devices : 0);
    if (most > 0 && most < least)
      member(member(value, spec.buy    ? "buy"
                           : spec.rent ? "rent"
                                       : "fleet"),
             spec.buy || spec.rent ? "cap" : "devices")
          .error(fmt::format("{} are available, and the smallest cluster has {}", counted(most, "device"), least),
                 "a cap of 0 means that there are none; otherwise name a smaller size");
  }

  /// Cost of money: as said, or as all that can be bought has it.
  double discount(const std::vector<Supply>& supplies) {
    if (spec_.discount != not_said) return spec_.discount;
    std::vector<double> all;
    for (const Supply& supply : supplies)
      if (supply.own) all.push_back(supply.own->discount.value);
    if (all.empty()) return 0;
    if (std::any_of(all.begin(), all.end(), [&](double one) { return one != all.front(); }))
      at_.error_at_key("supplies with different costs of money, and no 'discount' here",
                       "say what a year's money costs the buyer");
    return all.front();
  }

  /// Shares that cannot be kept whatever is bought.
  void check_shares(const std::vector<Supply>& supplies) {
    double awards = 0;
    std::set<std::string> vendors;
    bool is_rented = false;
    for (const Supply& supply : supplies) {
      awards += supply.spec.award.value_or(0);
      is_rented = is_rented || supply.lease;
      const Option& option = scenario_.options[supply.option];
      if (supply.own)
        vendors.insert(supply.spec.vendor.empty() ? option.cluster->groups.front().device.vendor : supply.spec.vendor);
    }
    if (awards > 1 + 1e-9)
      member(at_, "supplies").error(fmt::format("the awards add to {:g}", awards), "shares of all that is bought");
    const double most = spec_.limits.vendor_share.value_or(1) * static_cast<double>(vendors.size());
    if (!is_rented && !vendors.empty() && most < 1 - 1e-9)
      member(member(at_, "limits"), "vendor_share")
          .error(fmt::format("{} of at most {:g} % each make less than 100 %", counted(vendors.size(), "vendor"),
                             100 * *spec_.limits.vendor_share),
                 "allow a larger share, name another vendor, or rent");
  }

  void buy(const BuySpec& spec, const Option& option, const io::Value& value, Supply& supply) {
    supply.own = spec.own ? spec.own : option.owned.front();
    check_volume(spec.volume, value);
    check_payment(spec.payment, value);
    if (!supply.own) return value.error("nothing says what it costs to buy", "give 'own' here, or in the option");
    economics::complete(supply.own);
    if (spec.own) check_own(*supply.own, member(value, "own"));  // the option's is checked there
  }

  void fleet(const FleetSpec& spec, const Option& option, const io::Value& value, Supply& supply) {
    const bool is_own = spec.own && !supply.own;
    if (!supply.own) supply.own = spec.own ? spec.own : option.owned.front();
    if (!supply.own)
      return value.error("nothing says what these devices are worth and cost to keep",
                         "give 'own' here, or in the option");
    economics::complete(supply.own);
    if (is_own) check_own(*supply.own, member(value, "own"));
  }

  void check_own(const economics::Ownership& own, const io::Value& value) {
    check_price(own.device, scenario_, member(value, "device"));
    if (own.colocation) check_price(*own.colocation, scenario_, member(value, "colocation"));
    if (own.demand) check_price(*own.demand, scenario_, member(value, "demand"));
    if (own.staff) check_price(*own.staff, scenario_, member(value, "staff"));
  }

  static void check_volume(const std::vector<VolumeSpec>& steps, const io::Value& value) {
    for (std::size_t i = 1; i < steps.size(); ++i)
      if (steps[i].from <= steps[i - 1].from || steps[i].discount < steps[i - 1].discount)
        member(value, "volume")
            .error("steps of volume out of order", "from few devices to many, each with more discount");
  }

  static void check_payment(const std::vector<PaymentSpec>& parts, const io::Value& value) {
    double sum = 0;
    for (const PaymentSpec& part : parts) sum += part.share;
    if (!parts.empty() && std::abs(sum - 1) > 1e-9)
      member(value, "payment").error(fmt::format("the payments add to {:g} of the price", sum), "shares that add to 1");
  }

  /// Devices that are taken back are billed by the hour, and are nobody's but their owner's.
  static void check_spot(const SupplySpec& spec, const Option& option, const io::Value& value) {
    if (!option.reliability || !option.reliability->spot) return;
    const auto refuse = [&](const char* key, const char* hint) {
      value.error_at_key(fmt::format("'{}' of spot devices ('spot' in the option's reliability)", key), hint);
    };
    if (spec.buy) refuse("buy", "nobody takes back what is owned: a supply of an option without 'spot'");
    if (spec.fleet) refuse("fleet", "nobody takes back what is owned: a supply of an option without 'spot'");
    if (spec.rent && spec.rent->term_months > 0) refuse("term_months", "spot devices are rented by the hour");
    if (spec.rent && !spec.rent->volume.empty()) refuse("volume", "spot devices are rented by the hour");
  }

  /// Contracts that cannot end by the last deadline.
  void check_terms(const Purchases& all) {
    int last = 0;
    for (const PortfolioJob& job : all.jobs) last = std::max(last, job.by);
    for (std::size_t i = 0; i < spec_.supplies.size(); ++i) {
      const auto& rent = spec_.supplies[i].rent;
      if (!rent || rent->term_months == 0 || rent->from_month + rent->term_months <= last) continue;
      member(member(member(at_, "supplies").as_list()[i], "rent"), "term_months")
          .error(fmt::format("a contract of {} from month {} on, and the last job is to be done by month {}",
                             counted(rent->term_months, "month"), rent->from_month, last),
                 "what is rented beyond the last job is not planned: a shorter term, or a later deadline");
    }
  }

  void mix(const MixedSpec& spec, const io::Value& value, Purchases& all) {
    Together result{scenario_.find(spec.option), {}, spec.sizes};
    if (result.option < 0 || !scenario_.options[result.option].mix)
      return member(value, "option")
          .error(fmt::format("no option '{}' with a 'mix'", spec.option), "an option that joins the supplies' devices");
    const Option& option = scenario_.options[result.option];
    if (!option.cluster) return;
    const auto& islands = option.cluster->groups;
    if (spec.supplies.size() != islands.size())
      return member(value, "supplies")
          .error(fmt::format("{} for {}", counted(spec.supplies.size(), "supply", "supplies"),
                             counted(islands.size(), "island")),
                 "one for each, in their order");
    for (std::size_t i = 0; i < islands.size(); ++i) {
      const int number = supply_of(spec.supplies[i], all);
      if (number < 0)
        return member(value, "supplies").error(fmt::format("no supply of option '{}'", spec.supplies[i]), "");
      const auto& device = scenario_.options[all.supplies[number].option].cluster->groups.front().device.id;
      if (islands[i].device.id != device)
        return member(value, "supplies")
            .error(fmt::format("island '{}' has {}, and the supply {}", islands[i].name, islands[i].device.id, device),
                   "name the supplies in the order of the islands");
      result.supplies.push_back(number);
    }
    for (const auto& sizes : spec.sizes)
      if (sizes.size() != islands.size() || std::any_of(sizes.begin(), sizes.end(), [](int size) { return size < 1; }))
        return member(value, "sizes")
            .error(fmt::format("sizes that are not {} counts of devices", islands.size()), "for example [[512, 1024]]");
    all.mixes.push_back(std::move(result));
  }

  static int supply_of(const std::string& option, const Purchases& all) {
    for (std::size_t i = 0; i < all.supplies.size(); ++i)
      if (all.supplies[i].spec.option == option) return static_cast<int>(i);
    return -1;
  }

  void rent(const LeaseSpec& spec, const Option& option, const io::Value& value, Supply& supply) {
    supply.lease = spec.price;
    check_volume(spec.volume, value);
    if (!supply.lease && option.commitment)
      return value.error(fmt::format("the option's rent needs a commitment, whose term a purchase plan does not keep{}",
                                     days(option.commitment->term) > days_per_month * spec_.months
                                         ? fmt::format(": {:.0f} days are longer than the {} months planned",
                                                       days(option.commitment->term), spec_.months)
                                         : ""),
                         "give the 'price' by the month here");
    if (!supply.lease && !option.owned.front()) supply.lease = option.rents.front();
    if (!supply.lease)
      return value.error("nothing says what it costs to rent", "give 'price' here, or 'rent' in the option");
    if (spec.price) check_price(*spec.price, scenario_, member(value, "price"));
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

  const ProcurementSpec& spec_;
  const io::Value& at_;
  const Scenario& scenario_;
  Library& library_;
};

}  // namespace

Purchases read_purchases(const ProcurementSpec& spec, const io::Value& at, const Scenario& scenario, Library& library) {
  return PurchaseReader(spec, at, scenario, library).run();
}

}  // namespace chipmix::scenario
