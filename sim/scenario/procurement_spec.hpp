// The part of a scenario file that says what can be bought and rented, for which jobs, within which limits.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "economics/ownership.hpp"
#include "io/shape.hpp"
#include "procurement/kind.hpp"

namespace chipmix::scenario {

/// What a payment follows.
enum class Due : unsigned char { order, delivery };

/// A price that falls with what is bought.
struct VolumeSpec {
  int from = 0;
  double discount = 0;
};

/// A share, plain.
struct Part {
  float value = 0;
};

/// A figure that is left out.
inline constexpr double not_said = -1;

/// A part of a price, and when it is paid.
struct PaymentSpec {
  double share = 0;
  Due due = Due::order;
  int months = 0;  ///< later
};

/// Of what a device sells for, what selling it takes where nothing is said: what the General Services Administration
/// keeps of a sale of 250,000 USD and more (https://www.gsa.gov, "Sales Rates" of personal property).
inline constexpr float usual_cost_of_sale = 0.06F;

/// Hours that a job takes to move to other kinds where nothing is said: a choice. Checkpoints are read and re-sharded
/// within an hour; the rest of a day is the loss held against that of the steps before.
inline constexpr double usual_move_hours = 24;

struct BuySpec {
  std::optional<economics::Ownership> own;  ///< the option's, if left out
  int lead_months = 0;
  std::optional<Part> cost_of_sale;  ///< of what a device sells for
  std::vector<PaymentSpec> payment;  ///< all at the order, if left out
  double area = 0;                   ///< square metres of a device
  std::vector<VolumeSpec> volume;
  std::optional<int> cap, monthly;
  std::optional<std::string> valid_until;  ///< last day on which the price holds; the option's, if left out
};

struct LeaseSpec {
  std::optional<Sourced<Rent>> price;  ///< the option's rent, if left out
  int from_month = 0;
  std::optional<int> cap;
  int term_months = 0;  ///< that a contract lasts at least; 0: by the hour
  std::vector<VolumeSpec> volume;
  std::optional<std::string> valid_until;  ///< as of a purchase
};

/// Devices that are owned already.
struct FleetSpec {
  int devices = 0;
  int age_months = 0;
  std::optional<economics::Ownership> own;  ///< the purchase's or the option's, if left out
};

/// Several kinds in one job: an option with a mix, its islands from supplies.
struct MixedSpec {
  std::string option;
  std::vector<std::string> supplies;    ///< of each island, by the supply's option
  std::vector<std::vector<int>> sizes;  ///< devices of each island
};

/// One kind of device: an option says which, and how its clusters are built.
struct SupplySpec {
  std::string option;
  std::string vendor;
  std::vector<int> sizes;       ///< clusters that may work, in devices
  std::optional<double> award;  ///< share of all devices bought
  std::optional<BuySpec> buy;
  std::optional<LeaseSpec> rent;
  std::optional<FleetSpec> fleet;
};

/// A job of a portfolio; what is left out is as in the scenario's job.
struct PortfolioSpec {
  std::string name;
  std::optional<std::string> model;
  std::optional<int> sequence_length, global_batch;
  std::optional<io::Count> tokens;
  int from_month = 0;
  std::optional<int> by_month;
};

struct LimitsSpec {
  std::optional<Money> budget;
  std::optional<Watts> power;
  std::optional<double> area;  ///< square metres
  std::optional<double> vendor_share;
};

struct ProcurementSpec {
  int months = 12;
  procurement::Curve worth = procurement::Curve::market;
  procurement::Shares shares = procurement::Shares::work;  ///< what a vendor's share is of
  double discount = not_said;                              ///< a year; that of what is owned, if left out
  double confidence = 0.5;                                 ///< that clusters are as fast as is planned with
  double move_hours = usual_move_hours;                    ///< of a job to other kinds
  std::vector<SupplySpec> supplies;
  std::vector<MixedSpec> mixes;
  std::vector<PortfolioSpec> jobs;
  LimitsSpec limits;
};

const io::Shape<FleetSpec>& shape_of(io::Type<FleetSpec>);
const io::Shape<MixedSpec>& shape_of(io::Type<MixedSpec>);
const io::Shape<ProcurementSpec>& shape_of(io::Type<ProcurementSpec>);

}  // namespace chipmix::scenario

namespace chipmix::io {

template <>
struct Reading<scenario::Part> {
  static std::optional<scenario::Part> read(const Value& value) {
    const auto number = io::read<double>(value);
    return number ? std::optional(scenario::Part{static_cast<float>(*number)}) : std::nullopt;
  }
  static std::string schema() { return io::schema<double>(); }
};
inline double amount_of(scenario::Part part) { return part.value; }

}  // namespace chipmix::io
