// Kinds of devices: how they are had, and what they cost, are worth and draw.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace chipmix::procurement {

/// How the worth of a device falls with its age.
enum class Curve : unsigned char { market, straight };

/// One kind of device from one supplier.
struct Kind {
  std::string name, vendor;
  int lot = 1;  ///< devices are bought and rented so many at a time
  struct Step {
    int from = 0;         ///< devices before
    double discount = 0;  ///< on the price of those beyond, as a share
    bool operator==(const Step&) const = default;
  };
  /// A part of the price, and when it is paid.
  struct Instalment {
    double share = 0;
    bool is_at_delivery = false;  ///< else at the order
    int months = 0;               ///< later
    bool operator==(const Instalment&) const = default;
  };
  struct Purchase {
    double price = 0;                 ///< of a device with its share of server, network and installation
    double upkeep = 0;                ///< a month, from arrival
    int lead = 0;                     ///< months from order to arrival
    std::optional<int> cap, monthly;  ///< devices in all, and that arrive in a month
    double life = 60;                 ///< months
    double residual = 0;              ///< what it is worth then, of what can be sold again
    std::vector<Step> volume{};       ///< of devices bought before, in the order of `from`
    double resale = 1;                ///< share of the price that can be sold again: not installation and tax
    double sale_cost = 0;             ///< share of what it is sold for
    Curve curve = Curve::market;
    std::vector<Instalment> payment{};  ///< all at the order where there is none

    /// Month in which an instalment for what arrives in a month is paid.
    int due(const Instalment& part, int arrival) const;
    /// What a price of 1 is worth in month 0 if what it is for arrives in a month.
    double paid_by(int arrival, double monthly_discount) const;
    bool operator==(const Purchase&) const = default;
  };
  struct Lease {
    double price = 0;            ///< of a device for a month
    int lead = 0;                ///< first month
    std::optional<int> cap;      ///< devices at a time
    int term = 0;                ///< months that a contract lasts at least; 0: for as long as devices work
    std::vector<Step> volume{};  ///< of devices rented at a time
    /// Whether devices are held by whole months, at work or not.
    bool is_contract() const { return term > 0 || !volume.empty(); }
    bool operator==(const Lease&) const = default;
  };
  /// What is there from the first month on, and paid: it costs upkeep, and what it would have sold for then and does
  /// not when it is sold.
  struct Fleet {
    int devices = 0;
    int age = 0;  ///< months, in the first one
    bool operator==(const Fleet&) const = default;
  };
  std::optional<Purchase> purchase{};
  std::optional<Lease> lease{};
  std::optional<Fleet> fleet{};   ///< then `purchase` says what it is worth
  double kilowatts = 0;           ///< provisioned for a device
  double electricity = 0;         ///< of a device and month: part of a lease's price and of a purchase's upkeep
  double area = 0;                ///< square metres of floor for a device
  std::optional<double> award{};  ///< its share of all devices bought, to the nearest lot

  /// Whether rent is paid for the time alone in which its devices are there.
  bool is_billed_by_time() const { return lease && !lease->is_contract() && !purchase; }
  /// Share of the price that so many devices cost when so many are bought before them.
  double price_share(int before, int devices) const;
  /// Of so many devices for a month.
  double rent(double devices) const;
  /// What a device bought at the full price sells for at so many months of age:
  ///   market    P r (1 - c) S^(age / life)                            of residual 0.2 after 5 years: 10^(-0.14 years)
  ///   straight  P r (1 - c) max(S, 1 - (1 - S) age / life)
  /// r what can be sold again, c the cost of sale. Market: arXiv:2405.21015, section 2.2 (0.14 orders of magnitude a
  /// year); a residual of 0 is a device that nobody buys at any age.
  double worth(int age) const;
  bool operator==(const Kind&) const = default;
};

/// What a vendor's share is a share of: device-months of work on bought devices, the same at what a month of each kind
/// costs, or devices bought.
enum class Shares : unsigned char { work, money, devices };

}  // namespace chipmix::procurement
