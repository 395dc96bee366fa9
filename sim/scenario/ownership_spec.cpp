#include "scenario/ownership_spec.hpp"

namespace chipmix::economics {
namespace {

constexpr double most_times = 100;   // a server over its devices
constexpr double longest_life = 50;  // years

io::Rule<double> share() { return io::between(0.0, 1.0); }
io::Rule<double> part() { return io::between(0.0, 0.99); }

}  // namespace

const io::Shape<Ownership>& shape_of(io::Type<Ownership>) {
  static const auto shape =
      io::Shape<Ownership>("ownership", "Cost of buying the devices instead of renting them.")
          .optional("device", &Ownership::device,
                    "Quote for one package, for example \"30000 USD\"; the median of public quotes if left out.",
                    io::positive<Money>())
          .required("server", &Ownership::server, "Price of a server over that of its devices.",
                    io::between(1.0, most_times))
          .required("network", &Ownership::network, "Share of the network in the cluster's price.", part())
          .required("life", &Ownership::life, "Years until it is sold or scrapped.", io::between(0.1, longest_life))
          .optional("residual", &Ownership::residual,
                    "Resale value at the end of its life, as a share of its price; 10^(-0.14 life) if left out, 0 if "
                    "nobody buys it.",
                    share())
          .required("discount", &Ownership::discount, "Cost of money, a year.", io::between(0.0, 1.0))
          .required("utilisation", &Ownership::utilisation, "Share of hours in which it does paid work.",
                    io::between(0.01, 1.0))
          .optional("installation", &Ownership::installation,
                    "Installation, storage and reserve, as a share of the cluster's price.", share())
          .optional("duty", &Ownership::duty, "Duty, as a share of the quote.", io::between(0.0, 10.0))
          .optional("freight", &Ownership::freight, "Freight and insurance, as a share of the quote.", share())
          .optional("tax", &Ownership::tax, "Non-refundable tax, as a share of the landed price.", share())
          .optional("maintenance", &Ownership::maintenance, "Per year, as a share of the total price.", share())
          .optional("colocation", &Ownership::colocation, "Per kilowatt provisioned and month.",
                    io::not_negative<Money>())
          .optional("demand", &Ownership::demand, "Charge per kilowatt at peak and month.", io::not_negative<Money>())
          .optional("embodied", &Ownership::embodied,
                    "Carbon dioxide of making one device and the equipment around it.", io::not_negative<Kilograms>())
          .optional("staff", &Ownership::staff, "People and software, per device and year.", io::not_negative<Money>());
  return shape;
}

void complete(std::optional<Ownership>& own) {
  if (!own || !own->residual.source.empty()) return;
  own->residual.value = economic_value(own->life.value);
  own->residual.grade = Evidence::scaled;
  own->residual.source = "0.14 orders of magnitude a year over its life (arXiv:2405.21015, section 2.2)";
}

}  // namespace chipmix::economics
