#include "scenario/procurement_spec.hpp"

#include "scenario/ownership_spec.hpp"
#include "scenario/stage_spec.hpp"

namespace chipmix::procurement {

static const io::Names<Curve>& names_of(io::Type<Curve>) {
  static const io::Names<Curve> names = {{"market", Curve::market}, {"straight line", Curve::straight}};
  return names;
}

static const io::Names<Shares>& names_of(io::Type<Shares>) {
  static const io::Names<Shares> names = {
      {"work", Shares::work}, {"money", Shares::money}, {"devices", Shares::devices}};
  return names;
}

}  // namespace chipmix::procurement

namespace chipmix::scenario {

static const io::Names<Due>& names_of(io::Type<Due>) {
  static const io::Names<Due> names = {{"order", Due::order}, {"delivery", Due::delivery}};
  return names;
}

namespace {

constexpr int most_bought = 1 << 20;
constexpr int most_months = 60;

io::Rule<int> devices() { return io::between(1, most_bought); }
io::Rule<Part> part() {
  return {[](const Part& one) { return one.value >= 0 && one.value <= 1; }, "must be between 0 and 1",
          "\"minimum\":0,\"maximum\":1"};
}
io::Rule<int> cap() { return io::between(0, most_bought); }
io::Rule<int> month() { return io::between(0, most_months); }

}  // namespace

const io::Shape<VolumeSpec>& shape_of(io::Type<VolumeSpec>) {
  static const auto shape =
      io::Shape<VolumeSpec>("volume step", "A volume discount: on devices beyond a given number.")
          .required("from", &VolumeSpec::from, "Number of devices at full price.", devices())
          .required("discount", &VolumeSpec::discount, "Discount on the price of further devices, as a share.",
                    io::between(0.0, 1.0));
  return shape;
}

const io::Shape<PaymentSpec>& shape_of(io::Type<PaymentSpec>) {
  static const auto shape =
      io::Shape<PaymentSpec>("payment", "A part of a price, and when it is paid.")
          .required("share", &PaymentSpec::share, "Of the price; the shares add to 1.", io::between(0.0, 1.0))
          .optional("due", &PaymentSpec::due, "With the \"order\" if left out, or with the \"delivery\".")
          .optional("months", &PaymentSpec::months, "Months after it; 0 if left out.", month());
  return shape;
}

const io::Shape<BuySpec>& shape_of(io::Type<BuySpec>) {
  static const auto shape =
      io::Shape<BuySpec>("purchase", "Devices that can be bought.")
          .optional("own", &BuySpec::own, "What they cost; as the option's if left out.")
          .optional("lead_months", &BuySpec::lead_months, "From order to arrival; 0 if left out.", month())
          .optional("cost_of_sale", &BuySpec::cost_of_sale,
                    "Cost of selling a device, as a share of its sale price; 0.06 if left out: what the General "
                    "Services Administration keeps of large sales (https://www.gsa.gov, Sales Rates).",
                    part())
          .optional("payment", &BuySpec::payment, "Parts of the price; all is paid with the order if left out.")
          .optional("area", &BuySpec::area, "Square metres of floor for a device; 0 if left out.", io::at_least(0.0))
          .optional("volume", &BuySpec::volume,
                    "Volume discounts on purchases, in ascending order of the number of devices.")
          .optional("cap", &BuySpec::cap, "Devices available in total; 0: none.", cap())
          .optional("monthly", &BuySpec::monthly, "Devices that arrive in a month at most.", devices())
          .optional("valid_until", &BuySpec::valid_until,
                    "Last day on which the price holds, YYYY-MM-DD; the option's if left out.", date());
  return shape;
}

const io::Shape<LeaseSpec>& shape_of(io::Type<LeaseSpec>) {
  static const auto shape =
      io::Shape<LeaseSpec>("lease", "Devices that can be rented.")
          .optional("price", &LeaseSpec::price, "Per device-hour; the option's rent if left out.", io::positive<Rent>())
          .optional("from_month", &LeaseSpec::from_month, "First month; 0 if left out.", month())
          .optional("cap", &LeaseSpec::cap, "Devices available at a time; 0: none.", cap())
          .optional("term_months", &LeaseSpec::term_months,
                    "Minimum length of a contract in months, paid whether used or not; by the hour if left out.",
                    month())
          .optional(
              "volume", &LeaseSpec::volume,
              "Volume discounts on devices rented at a time, in ascending order; rent is then paid by whole months.")
          .optional("valid_until", &LeaseSpec::valid_until,
                    "Last day on which the price holds, YYYY-MM-DD; the option's if left out.", date());
  return shape;
}

const io::Shape<FleetSpec>& shape_of(io::Type<FleetSpec>) {
  static const auto shape =
      io::Shape<FleetSpec>("fleet", "Devices that are owned already.")
          .required("devices", &FleetSpec::devices, "How many.", devices())
          .optional("age_months", &FleetSpec::age_months, "How old they are; 0 if left out.", io::between(0, 240))
          .optional(
              "own", &FleetSpec::own,
              "What they would cost new, and what they cost to run; as for buying, or the option's, if left out.");
  return shape;
}

const io::Shape<MixedSpec>& shape_of(io::Type<MixedSpec>) {
  static const auto shape =
      io::Shape<MixedSpec>("mix of supplies", "Several supplies in one job.")
          .required("option", &MixedSpec::option, "Option with a 'mix' that says how they are joined.")
          .required("supplies", &MixedSpec::supplies, "Supply of each of its islands, by the supply's option.")
          .required("sizes", &MixedSpec::sizes, "Devices of each island, for example [[512, 1024], [512, 2048]].");
  return shape;
}

const io::Shape<SupplySpec>& shape_of(io::Type<SupplySpec>) {
  static const auto shape =
      io::Shape<SupplySpec>("supply", "One kind of device that can be bought, rented or both.")
          .required("option", &SupplySpec::option, "Option that says which device, and how its clusters are built.")
          .optional("vendor", &SupplySpec::vendor, "Who sells it; the device's vendor if left out.")
          .required("sizes", &SupplySpec::sizes, "Clusters that may work, in devices.", devices())
          .optional("award", &SupplySpec::award, "Its share of all devices bought, to the nearest lot.",
                    io::between(0.0, 1.0))
          .optional("buy", &SupplySpec::buy, "If it can be bought.")
          .optional("rent", &SupplySpec::rent, "If it can be rented.")
          .optional("fleet", &SupplySpec::fleet, "If some of it is owned already.");
  return shape;
}

const io::Shape<PortfolioSpec>& shape_of(io::Type<PortfolioSpec>) {
  static const auto shape =
      io::Shape<PortfolioSpec>("portfolio job", "A job and its months; what is left out is as in the scenario's job.")
          .required("name", &PortfolioSpec::name, "What to call it.", io::not_empty<std::string>())
          .optional("model", &PortfolioSpec::model, "Id of a model.")
          .optional("sequence_length", &PortfolioSpec::sequence_length, "Tokens of one sequence.",
                    io::between(1, 1 << 24))
          .optional("global_batch", &PortfolioSpec::global_batch, "Sequences per optimizer step.",
                    io::between(1, 1 << 18))
          .optional("tokens", &PortfolioSpec::tokens, "Tokens of its run.", io::between(io::Count{1}, io::Count{1e18}))
          .optional("from_month", &PortfolioSpec::from_month, "First month in which it may run; 0 if left out.",
                    month())
          .optional("by_month", &PortfolioSpec::by_month, "Months after which it is done; the last if left out.",
                    io::between(1, most_months));
  return shape;
}

const io::Shape<LimitsSpec>& shape_of(io::Type<LimitsSpec>) {
  static const auto shape =
      io::Shape<LimitsSpec>("limits", "Limits that a decision must not exceed.")
          .optional("budget", &LimitsSpec::budget, "Total cash.", io::positive<Money>())
          .optional("power", &LimitsSpec::power, "For devices that are owned, at the meter.", io::positive<Watts>())
          .optional("area", &LimitsSpec::area, "Square metres of floor for devices that are owned.", io::more_than(0.0))
          .optional("vendor_share", &LimitsSpec::vendor_share, "Of one vendor in the work of devices bought.",
                    io::between(0.01, 1.0));
  return shape;
}

const io::Shape<ProcurementSpec>& shape_of(io::Type<ProcurementSpec>) {
  static const auto shape =
      io::Shape<ProcurementSpec>("procurement", "What can be bought and rented, and for what; for 'procure'.")
          .required("months", &ProcurementSpec::months, "How many months are planned.", io::between(1, most_months))
          .optional("discount", &ProcurementSpec::discount,
                    "Cost of money, a year; that of what can be bought if left out.", io::between(0.0, 1.0))
          .optional("worth", &ProcurementSpec::worth,
                    "How owned devices lose value: on the \"market\" if left out, or in a \"straight line\".")
          .optional("shares", &ProcurementSpec::shares,
                    "What a vendor's share is measured in: device-months of \"work\" on what is bought if left out, "
                    "the same at "
                    "what they cost (\"money\"), or \"devices\" bought.")
          .optional(
              "confidence", &ProcurementSpec::confidence,
              "Confidence with which clusters are at least as fast as planned; 0.5, the central speed, if left out.",
              io::between(0.5, 0.99))
          .optional("move_hours", &ProcurementSpec::move_hours,
                    "Hours of the new cluster that a move of a job to other kinds of devices takes: checkpoint, "
                    "re-sharding, validation; 24 if left out, a choice.",
                    io::between(0.0, 720.0))
          .required("supplies", &ProcurementSpec::supplies, "Kinds of devices.",
                    io::not_empty<std::vector<SupplySpec>>())
          .optional("mixes", &ProcurementSpec::mixes, "Supplies that may train a job together.")
          .optional("jobs", &ProcurementSpec::jobs, "Jobs to run; the scenario's if left out.")
          .optional("limits", &ProcurementSpec::limits, "Limits that a decision must not exceed.");
  return shape;
}

}  // namespace chipmix::scenario
