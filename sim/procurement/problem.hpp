// What to buy and rent, and which cluster works on which job in which month: the problem and its answer in plain
// numbers. One currency; months count from 0.
//
//   min  Σ_t d^t (Σ_k P_k L_k b_kt + U_k L_k o_kt + R_k L_k r_kt) - d^T Σ_k,t V_kt L_k b_kt
//   o_kt = Σ_{s <= t - lead} b_ks                               what has arrived
//   Σ_cj n_ck z_cjt <= L_k (o_kt + r_kt)                        clusters that run stand on devices that are there
//   Σ_c z_cjt <= 1                                              a job runs on one of them at a time
//   Σ_ct τ_cj z_cjt >= tokens_j,  z = 0 outside [from, by)      and is done in time
//   L_k Σ_t b_kt <= cap_k,  L_k b_kt <= monthly_k,  L_k r_kt <= rentable_k
//   Σ_t cash_t <= budget,  Σ_k w_k L_k o_kt <= power,  Σ_{k of v} L_k Σ_t b_kt <= share Σ_k L_k Σ_t b_kt
//
// b, r whole lots; z 0 or 1. d: discount of a month; P price, U upkeep a month, R rent a month, L lot, w kilowatts, of
// kind k; n devices of cluster c, τ its tokens a month. V is what a device is worth at the end, T months on:
// P (1 - (1 - S) age / life), at least S P.
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
    std::optional<int> cap, monthly;  ///< devices in all, and in a month
    double life = 60;                 ///< months
    double residual = 0;
  };
  struct Lease {
    double price = 0;  ///< of a device for a month
    int lead = 0;      ///< first month
    std::optional<int> cap;
  };
  std::optional<Purchase> purchase;
  std::optional<Lease> lease;
  double kilowatts = 0;  ///< provisioned for a device

  /// Worth of a device bought in a month, at the end.
  double worth(int bought, int months) const;
};

/// A cluster that can work: so many devices of each kind, and what it trains in a month of each job.
struct Column {
  std::string label;
  std::vector<int> devices;
  std::vector<double> tokens;  ///< 0: cannot
};

struct Work {
  std::string name;
  double tokens = 0;
  int from = 0, by = 0;  ///< months in which it may run: [from, by)
};

struct Limits {
  std::optional<double> budget;     ///< cash in all
  std::optional<double> kilowatts;  ///< on own premises at any time
  std::optional<double> vendor_share;
};

struct Problem {
  int months = 0;
  double monthly_discount = 0;  ///< d = 1 / (1 + this)
  std::vector<Kind> kinds;
  std::vector<Column> columns;
  std::vector<Work> works;
  Limits limits;
};

struct Decision {
  double cost = 0;                        ///< the value of the objective
  std::vector<std::vector<int>> bought;   ///< devices by kind and month of order
  std::vector<std::vector<int>> rented;   ///< by kind and month
  std::vector<std::vector<int>> running;  ///< column by job and month, -1: none
  std::vector<double> cash;               ///< by month, not discounted
};

/// The cheapest decision; nothing where none meets all limits.
std::optional<Decision> solve(const Problem& problem);

/// Columns that no other one beats: with as few devices of each kind at least as fast on each job.
std::vector<Column> efficient(std::vector<Column> columns);

/// Devices of a kind that have arrived in a month.
int owned(const Problem& problem, const Decision& decision, int kind, int month);

}  // namespace chipmix::procurement
