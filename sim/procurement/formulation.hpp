// A purchase problem as rows and columns of a linear program; the law stands in problem.hpp.
#pragma once

#include "procurement/milp.hpp"
#include "procurement/problem.hpp"

namespace chipmix::procurement {

inline constexpr int none = -1;

/// Variables of one lot of a kind.
struct Lot {
  std::vector<int> there;                 ///< by month: 1 once it has arrived, 0 before
  std::vector<int> gone;                  ///< by month, to T: 1 once it is sold
  std::vector<std::vector<int>> between;  ///< [arrival][sale]: y
  std::vector<int> rented, needed;        ///< by month
};

/// A cluster that may work in a month.
struct Run {
  int variable = 0, column = 0, month = 0;
};

/// Money in units of `scale`, tokens as shares of their job, so that the solver's tolerances fit.
class Formulation {
 public:
  Formulation(const Problem& problem, double scale);

  const Milp& program() const { return milp_; }
  const std::vector<std::vector<Lot>>& lots() const { return lots_; }
  const std::vector<Run>& runs() const { return runs_; }

 private:
  double discount(int month) const;
  double money(double amount) const;
  int buyable(const Kind& kind) const;
  int rentable(const Kind& kind) const;
  bool can_be_had(const Column& column) const;
  int lots_of(const Column& column, std::size_t kind) const;
  int ordered(std::size_t kind, int month) const;
  double tokens(const Column& column, std::size_t work, int month) const;
  bool is_of_use(const Column& column, int month) const;
  double month_cost(const Kind& kind) const;

  void add_lots(std::size_t kind);
  void add_owned(std::size_t kind, int m);
  void add_nesting(std::size_t kind, int m);
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

  /// q of a lot in a month, times a factor.
  static void own(Milp::Terms& terms, const Lot& lot, int month, double factor);
  Milp::Terms owned_terms(int month, double Kind::*each) const;
  Milp::Terms cash_terms() const;
  /// What of a kind counts towards shares, times a factor.
  void share_terms(Milp::Terms& terms, std::size_t kind, double factor) const;
  void work_terms(Milp::Terms& terms, std::size_t kind, double factor) const;

  const Problem& p_;
  double scale_;
  int last_;  ///< T
  Milp milp_;
  std::vector<Column> columns_;
  std::vector<std::vector<Lot>> lots_;  ///< by kind
  std::vector<Run> runs_;
};

}  // namespace chipmix::procurement
