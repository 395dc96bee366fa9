// A purchase problem as rows and columns of a linear program; the law stands in problem.hpp.
#pragma once

#include "procurement/milp.hpp"
#include "procurement/problem.hpp"

namespace chipmix::procurement {

inline constexpr int none = -1;

/// Variables of one lot of a kind, by month.
struct Lot {
  std::vector<int> owned;           ///< q
  std::vector<int> rented, needed;  ///< ρ, s
  std::vector<int> had;             ///< a: owned or under contract, where there are contracts
  std::vector<int> ends;            ///< row that sums the clusters whose largest lot this is
};

/// Lots of a kind that follow one another at one share of the price.
struct Batch {
  int first = 0, lots = 0;
  double share = 1;
  bool is_fleet = false;
  std::vector<std::vector<int>> between;  ///< [arrival][sale]: Y
};

/// A cluster that may work in a month.
struct Run {
  int variable = none, column = 0, month = 0;
  int moving = none;  ///< the job that moves to it meanwhile, and does no work
};

/// Clusters that supply and power allow, in the months in which they do work that no smaller one does.
std::vector<Run> usable(const Problem& problem);

/// Where a job may be, and when it is where.
struct Whereabouts {
  std::vector<Site> sites;                     ///< one: it cannot move
  std::vector<std::vector<int>> is_at;         ///< variables p, by site, by month of the job, and when it ends
  std::vector<std::vector<int>> works, moves;  ///< rows, by site, by month of the job
  int place(Site site) const;
};

/// Money in units of `scale`, tokens as shares of their job, so that the solver's tolerances fit.
class Formulation {
 public:
  /// Kinds that are `one_way` are first bought, then sold; of the others lots may come again.
  Formulation(const Problem& problem, double scale, std::vector<Run> runs, const std::vector<bool>& one_way);

  Milp& program() { return milp_; }
  const Milp& program() const { return milp_; }
  const std::vector<std::vector<Lot>>& lots() const { return lots_; }
  const std::vector<Run>& runs() const { return runs_; }
  /// N of a kind by month, where there are contracts; else none.
  const std::vector<int>& contracts(std::size_t kind) const { return contracts_[kind]; }

  /// The rows in which a cluster at work stands.
  Milp::Terms terms(const Run& run) const;
  void add(Run run);
  /// Lots are owned and under contract as in a decision, or as they are there a month before or after.
  void stay_near(const Decision& decision);
  /// Jobs may be left undone at a price, so that there is an answer before there are clusters.
  void allow_undone(double cost);
  const std::vector<int>& undone() const { return undone_; }
  /// What it costs less, as rent is not paid for all of its time, times -1.
  double cost(const Run& run) const { return -money(discount(run.month) * unpaid(run)); }
  const std::vector<Whereabouts>& whereabouts() const { return whereabouts_; }
  /// What a cluster would save that works in a month, were the rows' prices these.
  double saving(const Run& run, const double* prices) const;

 private:
  double discount(int month) const;
  double money(double amount) const;
  int lots_of(int column, std::size_t kind) const { return p_.columns[column].devices[kind] / p_.kinds[kind].lot; }
  int ordered(std::size_t kind, int month) const;
  double month_cost(const Kind& kind) const;
  double unpaid(const Run& run) const;
  void add_whereabouts(std::size_t job);

  void add_lots(std::size_t kind);
  void add_owned(std::size_t kind, int bought);
  void add_batches(std::size_t kind, int bought);
  void add_batch(std::size_t kind, Batch& batch);
  void add_contracts(std::size_t kind);
  void add_tiers(std::size_t kind, int month, int contract);
  void add_one_way(std::size_t kind, int bought);
  Milp::Terms moved(std::size_t kind, int month, bool is_sale, double factor) const;
  void add_arrivals(std::size_t kind);
  void add_recourse(std::size_t kind);
  void add_work();
  void add_needs(std::size_t kind);
  void provide(std::size_t kind, int m, int month);
  void add_planned_rents(std::size_t kind);
  void add_limits();
  void add_shares();
  void add_award(std::size_t kind);
  void set_aim();

  static void own(Milp::Terms& terms, const Lot& lot, int month, double factor);
  Milp::Terms owned_terms(int month, double Kind::*each) const;
  Milp::Terms cash_terms() const;
  void bought_terms(Milp::Terms& terms, std::size_t kind, double factor, bool is_paid = false) const;
  /// What of a kind counts towards shares, times a factor.
  void share_terms(Milp::Terms& terms, std::size_t kind, double factor) const;
  void work_terms(Milp::Terms& terms, std::size_t kind, double factor) const;

  const Problem& p_;
  double scale_;
  int last_;  ///< T
  Milp milp_;
  std::vector<std::vector<Lot>> lots_;       ///< by kind
  std::vector<std::vector<Batch>> batches_;  ///< by kind
  std::vector<std::vector<int>> contracts_;  ///< by kind, by month
  std::vector<Run> runs_;
  std::vector<int> at_once_, done_;                 ///< rows: by month, by job
  std::vector<int> undone_;                         ///< variables, by job
  std::vector<Whereabouts> whereabouts_;            ///< by job
  int cash_ = none;                                 ///< row of the budget
  std::vector<std::vector<int>> planned_rents_;     ///< rows, by kind, by month
  std::vector<std::pair<int, double>> every_work_;  ///< rows in which all work stands, with what
};

/// The moves of an answer.
std::vector<Move> moves_of(const Problem& problem, const Formulation& formulation, const std::vector<double>& values);

}  // namespace chipmix::procurement
