#include "procurement/large.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <queue>

namespace chipmix::procurement {
namespace {

constexpr double undone_cost = 1e5;       // in units of the scale: more than any plan
constexpr double whole = 1e-6;            // nearer to a whole number is one
constexpr double saves = 1e-9;            // a run that saves less adds nothing
constexpr std::size_t most_a_month = 20;  // runs added to a month at once
constexpr int near = 1;                   // lots about the broken ones that stay free
constexpr double first_search = 20;       // seconds for the first search by CBC, and for later ones
constexpr double later_search = 5;
constexpr double share_of_time = 0.3;  // but no more of the time given
constexpr int nodes_between = 25;      // nodes from one search by CBC to the next

using Clock = std::chrono::steady_clock;

/// A lot in a month.
struct Place {
  std::size_t kind = 0;
  int lot = 0, month = 0;
};

/// A variable kept between two values.
struct Kept {
  int variable = 0;
  double low = 0, high = 0;
};
using Branch = std::vector<Kept>;

struct Node {
  double bound = 0;
  Branch kept;
};

class Search {
 public:
  Search(const Problem& problem, double scale, const std::vector<Run>& runs, const std::vector<bool>& one_way,
         const SolverLimits& effort)
      : runs_(runs),
        effort_(effort),
        formulation_(std::make_unique<Formulation>(problem, scale, std::vector<Run>{}, one_way)),
        months_(problem.last()),
        is_in_(runs.size(), false) {
    formulation_->allow_undone(undone_cost);
    relaxation_ = std::make_unique<Relaxation>(formulation_->program());
  }

  LargeAnswer run() {
    if (price() && !is_undone()) {
      nodes_.push({relaxation_->value(), {}});
      round(first_search);
      branch();
    }
    best_.feasible = !best_.values.empty();
    if (!best_.feasible && !nodes_.empty())
      throw NothingInTime("no purchase plan was found in the time given; allow more, or fewer months and sizes");
    best_.bound = bound();
    best_.values.resize(formulation_->program().variables(), 0);
    return {std::move(best_), std::move(formulation_)};
  }

 private:
  /// No answer is below.
  double bound() const { return std::min({best_.value, left_, nodes_.empty() ? best_.value : nodes_.top().bound}); }

  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }
  bool is_over() const {
    return (effort_.seconds > 0 && seconds() > effort_.seconds) || (effort_.stop && effort_.stop());
  }

  /// Solves the relaxation, adding runs until none would save anything; whether there is an answer.
  bool price() {
    for (;;) {
      if (!relaxation_->solve()) return false;
      std::vector<std::vector<std::pair<double, int>>> found(months_);
      for (std::size_t i = 0; i < runs_.size(); ++i)
        if (!is_in_[i])
          if (const double saving = formulation_->saving(runs_[i], relaxation_->prices()); saving > saves)
            found[runs_[i].month].emplace_back(-saving, static_cast<int>(i));
      bool is_done = true;
      for (auto& month : found) {
        const std::size_t many = std::min(month.size(), most_a_month);
        std::partial_sort(month.begin(), month.begin() + static_cast<std::ptrdiff_t>(many), month.end());
        for (std::size_t i = 0; i < many; ++i) add(month[i].second);
        is_done = is_done && many == 0;
      }
      if (is_done) return true;
    }
  }

  void add(int i) {
    is_in_[i] = true;
    relaxation_->add(formulation_->cost(runs_[i]), 1, formulation_->terms(runs_[i]));
    formulation_->add(runs_[i]);
  }

  bool is_undone() const {
    return std::any_of(formulation_->undone().begin(), formulation_->undone().end(),
                       [&](int variable) { return relaxation_->values()[variable] > whole; });
  }

  /// CBC, all lots as they are in the relaxation but for those about the broken ones.
  void round(double seconds) {
    Milp program = formulation_->program();
    const double* values = relaxation_->values();
    for (std::size_t k = 0; k < formulation_->lots().size(); ++k)
      for (int t = 0; t < months_; ++t) fix_far(program, formulation_->lots()[k], t, values);
    for (int variable : formulation_->undone()) program.fix(variable, 0);
    SolverLimits effort = effort_;
    effort.seconds = effort_.seconds > 0 ? std::min(seconds, share_of_time * effort_.seconds) : seconds;
    effort.gap = effort_.gap / 4;
    if (!best_.values.empty()) effort.cutoff = best_.value * (1 - effort.gap);
    effort.progress = {};
    try {
      MilpAnswer found = program.minimise(effort);
      if (found.feasible && (best_.values.empty() || found.value < best_.value)) take(found.value, found.values);
    } catch (const NothingInTime&) {
      return;  // branches may find one
    }
  }

  static void fix_far(Milp& program, const std::vector<Lot>& lots, int month, const double* values) {
    int low = static_cast<int>(lots.size()), high = 0;
    for (int m = 0; m < static_cast<int>(lots.size()) && lots[m].owned[month] != none; ++m) {
      if (values[lots[m].owned[month]] < 1 - whole) low = std::min(low, m);
      if (values[lots[m].owned[month]] > whole) high = m + 1;
    }
    for (int m = 0; m < static_cast<int>(lots.size()) && lots[m].owned[month] != none; ++m) {
      if (m < low - near) program.fix(lots[m].owned[month], 1);
      if (m >= high + near) program.fix(lots[m].owned[month], 0);
    }
  }

  void take(double value, std::vector<double> values) {
    best_.value = value;
    best_.values = std::move(values);
    tell();
  }

  void tell() const {
    if (effort_.progress && !best_.values.empty()) effort_.progress(best_.value, bound());
  }

  bool is_near(double bound) const {
    return !best_.values.empty() && bound >= best_.value - effort_.gap * std::abs(best_.value);
  }

  void branch() {
    for (int count = 1; !nodes_.empty() && !is_near(nodes_.top().bound) && !is_over(); ++count) {
      const Node node = nodes_.top();
      enter(node);
      const bool has_answer = price() && !is_undone();
      const double value = relaxation_->value();
      nodes_.pop();
      if (!has_answer || is_near(value)) {
        if (has_answer) left_ = std::min(left_, value);
        continue;
      }
      const auto branches = broken();
      if (branches.empty()) take(value, whole_values());
      for (const Branch& branch : branches) {
        Node child{value, node.kept};
        child.kept.insert(child.kept.end(), branch.begin(), branch.end());
        nodes_.push(std::move(child));
      }
      if (count % nodes_between == 0) round(later_search);
      tell();
    }
  }

  /// The relaxation with what a node keeps.
  void enter(const Node& node) {
    for (const Kept& one : kept_) {
      const auto [low, high] = formulation_->program().bounds(one.variable);
      relaxation_->bound(one.variable, low, high);
    }
    kept_ = node.kept;
    for (const Kept& one : kept_) relaxation_->bound(one.variable, one.low, one.high);
  }

  bool is_broken(int variable) const {
    const double value = relaxation_->values()[variable];
    return std::abs(value - std::round(value)) > whole;
  }

  /// What to try apart: a lot owned in a month or not, and where no lot is broken, any other whole number.
  std::vector<Branch> broken() const {
    if (const auto place = broken_lot()) return {owned(*place, true), owned(*place, false)};
    for (int i = 0; i < formulation_->program().variables(); ++i)
      if (formulation_->program().is_whole(i) && is_broken(i)) {
        const double value = relaxation_->values()[i];
        const auto [low, high] = formulation_->program().bounds(i);
        return {{{i, low, std::floor(value)}}, {{i, std::ceil(value), high}}};
      }
    return {};
  }

  /// A lot that is owned has all before it, one that is not none after it.
  Branch owned(const Place& place, bool is_owned) const {
    Branch branch;
    const auto& lots = formulation_->lots()[place.kind];
    for (int m = 0; m < static_cast<int>(lots.size()) && lots[m].owned[place.month] != none; ++m)
      if (is_owned ? m <= place.lot : m >= place.lot)
        branch.push_back({lots[m].owned[place.month], is_owned ? 1.0 : 0.0, is_owned ? 1.0 : 0.0});
    return branch;
  }

  /// The lot that is broken in most months, in the month in the middle of them.
  std::optional<Place> broken_lot() const {
    std::vector<Place> best, lot;
    double most = 0;
    for (std::size_t k = 0; k < formulation_->lots().size(); ++k)
      for (int m = 0; m < static_cast<int>(formulation_->lots()[k].size()); ++m) {
        double sum = 0;
        lot.clear();
        for (int t = 0; t < months_; ++t) {
          const int variable = formulation_->lots()[k][m].owned[t];
          if (variable == none || !is_broken(variable)) continue;
          const double value = relaxation_->values()[variable];
          sum += std::min(value, 1 - value);
          lot.push_back({k, m, t});
        }
        if (sum > most) most = sum, best = lot;
      }
    return best.empty() ? std::nullopt : std::optional(best[best.size() / 2]);
  }

  std::vector<double> whole_values() const {
    const double* values = relaxation_->values();
    std::vector<double> list(values, values + formulation_->program().variables());
    for (int i = 0; i < formulation_->program().variables(); ++i)
      if (formulation_->program().is_whole(i)) list[i] = std::round(list[i]);
    return list;
  }

  struct Later {
    bool operator()(const Node& a, const Node& b) const { return a.bound > b.bound; }
  };

  const Clock::time_point start_ = Clock::now();
  const std::vector<Run>& runs_;
  const SolverLimits& effort_;
  std::unique_ptr<Formulation> formulation_;
  std::unique_ptr<Relaxation> relaxation_;
  int months_;
  std::vector<bool> is_in_;
  std::priority_queue<Node, std::vector<Node>, Later> nodes_;
  MilpAnswer best_;
  Branch kept_;                                            ///< in the relaxation now
  double left_ = std::numeric_limits<double>::infinity();  ///< bound of what was left out as near enough
};

}  // namespace

LargeAnswer minimise_large(const Problem& problem, double scale, const std::vector<Run>& runs,
                           const std::vector<bool>& one_way, const SolverLimits& effort) {
  return Search(problem, scale, runs, one_way, effort).run();
}

}  // namespace chipmix::procurement
