// Answers the points of a sweep, one after the other, and keeps what the next point may need again.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "scenario/library.hpp"
#include "sweep/bounded_cache.hpp"
#include "sweep/levers.hpp"
#include "sweep/question.hpp"
#include "sweep/row.hpp"

namespace chipmix::sweep {

/// One per thread. Answers do not depend on what was answered before, nor on the thread.
class Evaluator {
 public:
  explicit Evaluator(const Question& question);

  /// Of the option with this index in the scenario. What is wrong with a point is in its row.
  Row answer(const Point& point, int option);

 private:
  /// An option at a point, its step played; prices are set later.
  struct Played {
    scenario::Scenario scenario;
    Terms terms;  ///< as read
    std::variant<scenario::Run, estimate::Infeasible> outcome;
    std::string plan;
  };
  /// The changes of a point, by what they move.
  struct Parts {
    Point step;
    std::map<Lever, Point> levers;
  };

  std::optional<Row> answer_by_parts(const Point& point, int option);
  Row answer_whole(const Point& point, int option);
  Row settle(Played& played, int option) const;

  Parts parts_of(const Point& point, int option);
  Lever lever_of(const std::string& path, int option);
  Played play(scenario::Scenario scenario, int option, const Point& point);
  static void forget_unused(Played& played, int option);
  std::optional<estimate::Infeasible> choose_plan(scenario::Scenario& scenario, int option, const Point& point);
  scenario::Settings settings() const;
  /// Nothing where the scenario cannot be read with these changes alone.
  std::shared_ptr<const Terms> terms_at(const Point& changes, int option);

  const Question& question_;
  scenario::Library library_;
  std::vector<std::unordered_map<std::string, Lever>> levers_;  ///< by option and path
  BoundedCache<std::shared_ptr<Played>> played_;                ///< empty: cannot be read
  BoundedCache<std::shared_ptr<const Terms>> terms_;
};

}  // namespace chipmix::sweep
