// What to buy and rent, and which cluster works on which job in which month: the problem and its answer in plain
// numbers. One currency; months count from 0.
//
// Devices come in lots; lot m of kind k is the m-th. Per month t:
//   q_kmt  1 if at least m lots are owned        z_ct  share of the month in which cluster c works
//   s_kmt = Σ_{c: n_ck >= m} z_ct                share in which lot m is needed
//   s_kmt <= q_kmt + ρ_kmt                       it is owned, or rented for as long as it is needed
//   s_kmt <= q_k,m-rentable,t                    no more than so many are ever rented at a time
//   q_kmt >= q_k,m+1,t, q_kmt <= q_km,t+1        lots come one after the other, and stay
//   Σ_c z_ct <= 1                                one cluster at a time (its jobs may be several)
//   Σ_ct τ_cj z_ct >= tokens_j                   only in the months of job j
// min  Σ_t d^t (Σ_km L_k (R_k ρ_kmt + U_k q_kmt)) + Σ_kmt L_k (d^(t - lead) P_k - d^T V_kt) (q_kmt - q_km,t-1)
// with d the discount of a month, P the price, U the upkeep and R the rent of a device for a month, L devices in a lot,
// n lots of cluster c, τ its tokens a month, V what a device that arrived in month t is worth at the end, T months on:
//   V = P max(S, 1 - (1 - S) age / life).
// With steps of volume P falls with m: the first device beyond a step is the first that is cheaper.
// Limits: cash in all, kilowatts owned, a vendor's share of devices owned at the end, devices in all and a month.
// q is whole; where z is a share, clusters take turns within the month.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace chipmix::procurement {

/// One kind of device from one supplier.
struct Kind {
  std::string name, vendor;
  int lot = 1;  ///< devices are bought and rented so many at a time
  struct Purchase {
    double price = 0;                 ///< of a device with its share of server, network and installation
    double upkeep = 0;                ///< a month, from arrival
    int lead = 0;                     ///< months from order to arrival
    std::optional<int> cap, monthly;  ///< devices in all, and that arrive in a month
    double life = 60;                 ///< months
    double residual = 0;
    struct Step {
      int from = 0;         ///< devices bought before
      double discount = 0;  ///< on the price of those beyond, as a share
    };
    std::vector<Step> volume{};  ///< in the order of `from`
  };
  struct Lease {
    double price = 0;        ///< of a device for a month
    int lead = 0;            ///< first month
    std::optional<int> cap;  ///< devices at a time
  };
  std::optional<Purchase> purchase{};
  std::optional<Lease> lease{};
  double kilowatts = 0;           ///< provisioned for a device
  double electricity = 0;         ///< of a device and month: part of a lease's price and of a purchase's upkeep
  double area = 0;                ///< square metres of floor for a device
  std::optional<double> award{};  ///< its share of all devices bought, to a lot

  /// Share of the price that a device costs when so many are bought before it.
  double price_share(int before) const;
  /// Worth, after so many months of a problem, of a device that arrived in one of them.
  double worth(int arrival, int months) const;
};

/// A cluster that can work, or several beside one another: so many devices of each kind, and what they train in a month
/// of each job.
struct Column {
  std::string label;
  std::vector<int> devices;    ///< whole lots
  std::vector<double> tokens;  ///< 0: does not work on it
};

struct Work {
  std::string name;
  double tokens = 0;
  int from = 0, by = 0;  ///< months in which it may run: [from, by)
};

struct Limits {
  std::optional<double> budget;     ///< cash in all
  std::optional<double> kilowatts;  ///< on own premises at any time
  std::optional<double> area;       ///< square metres on own premises
  std::optional<double> vendor_share;
};

/// What is made as small as it can be.
enum class Aim { cost, kilowatts, cash };

struct Problem {
  int months = 0;
  double monthly_discount = 0;  ///< d = 1 / (1 + this)
  std::vector<Kind> kinds;
  std::vector<Column> columns;
  std::vector<Work> works;
  Limits limits{};
  Aim aim = Aim::cost;
  double seconds = 0;  ///< after which the best so far is taken; 0: until it is proven
  /// Devices by kind and month that are ordered already: owned at least, as far as they can be had.
  std::vector<std::vector<int>> ordered{};
};

/// A cluster at work for a share of a month.
struct Shift {
  int column = 0;
  double share = 0;
};

struct Decision {
  double cost = 0;                          ///< the value of the objective: of the aim
  double bound = 0;                         ///< no decision is below
  std::vector<std::vector<int>> arrived;    ///< devices by kind and month of arrival
  std::vector<std::vector<double>> rented;  ///< device-months by kind and month
  std::vector<std::vector<Shift>> shifts;   ///< by month
  std::vector<double> cash;                 ///< by month, not discounted

  /// Devices of a kind that are owned in a month.
  int owned(int kind, int month) const;
  /// Cash of all months.
  double spent() const;
};

/// The decision that reaches the aim, proven but for a limit of time; nothing where none meets all limits. Throws
/// NothingInTime (milp.hpp), and std::logic_error for devices that are not whole lots.
std::optional<Decision> solve(const Problem& problem);

/// Columns that no other one beats: with as few devices of each kind at least as fast on each job.
std::vector<Column> efficient(std::vector<Column> columns);

}  // namespace chipmix::procurement
