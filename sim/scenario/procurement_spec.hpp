// The part of a scenario file that says what can be bought and rented, for which jobs, within which limits.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "economics/ownership.hpp"
#include "io/shape.hpp"

namespace chipmix::scenario {

/// A price that falls with what is bought.
struct VolumeSpec {
  int from = 0;
  double discount = 0;
};

struct BuySpec {
  std::optional<economics::Ownership> own;  ///< the option's, if left out
  int lead_months = 0;
  double area = 0;  ///< square metres of a device
  std::vector<VolumeSpec> volume;
  std::optional<int> cap, monthly;
};

struct LeaseSpec {
  std::optional<Sourced<Rent>> price;  ///< the option's rent, if left out
  int from_month = 0;
  std::optional<int> cap;
};

/// One kind of device: an option says which, and how its clusters are built.
struct SupplySpec {
  std::string option;
  std::string vendor;
  std::vector<int> sizes;       ///< clusters that may work, in devices
  std::optional<double> award;  ///< share of all devices bought
  std::optional<BuySpec> buy;
  std::optional<LeaseSpec> rent;
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
  double discount = 0;      ///< a year
  double confidence = 0.5;  ///< that clusters are as fast as is planned with
  std::vector<SupplySpec> supplies;
  std::vector<PortfolioSpec> jobs;
  LimitsSpec limits;
};

const io::Shape<ProcurementSpec>& shape_of(io::Type<ProcurementSpec>);

}  // namespace chipmix::scenario
