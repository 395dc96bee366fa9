// What a sweep asks: a scenario, the options to answer, and how. Never changed, so all threads share one.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/evaluate.hpp"
#include "scenario/scenario.hpp"
#include "sweep/plan_memo.hpp"
#include "sweep/point.hpp"

namespace chipmix::scenario {
class Anchors;
}  // namespace chipmix::scenario

namespace chipmix::sweep {

struct Settings {
  std::vector<std::string> options{};  ///< by name; empty: all
  bool intervals = false;              ///< also P10 and P90
  engine::Kind engine = engine::Kind::analytical;
  scenario::Reach reach{};                             ///< of the scenario's paths
  std::shared_ptr<const scenario::Anchors> anchors{};  ///< measured steps
};

class Question {
 public:
  /// `beside`: folder of the scenario. Throws InputError with the scenario's faults, std::invalid_argument for an
  /// option it does not have or one that the engine does not see whole.
  Question(io::Document document, std::filesystem::path beside, Settings settings);

  const io::Document& document() const { return document_; }
  const std::filesystem::path& beside() const { return beside_; }
  const scenario::Scenario& scenario() const { return scenario_; }
  const Settings& settings() const { return settings_; }
  const std::vector<int>& options() const { return options_; }
  PlanMemo& plans() const { return plans_; }

  /// Refuses paths that no point can follow: misspelt ones (InputError), the same twice or one inside another
  /// (std::invalid_argument), and what the names of columns depend on.
  void check(const std::vector<Axis>& axes) const;

  /// The first digits of the keys of all its points: they change with the scenario, the profiles and models, how it is
  /// asked, and the program's version.
  const std::string& id() const { return id_; }
  /// Of a point and an option: 32 digits in five groups, the first of which is id(). The order of changes is no matter.
  std::string key(const Point& point, const std::string& option) const;

 private:
  io::Document document_;
  std::filesystem::path beside_;
  Settings settings_;
  scenario::Scenario scenario_;
  std::vector<int> options_;
  std::string full_id_, id_;
  mutable PlanMemo plans_;  ///< guards itself
};

}  // namespace chipmix::sweep
