// What the hours of a run include, and how well it was run.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace chipmix::practice {

/// Where the account from the best step to the bill stops.
enum class Scope {
  steady,    ///< steps at the rate that people see: nothing is lost to failures or stops
  training,  ///< and failures, restarts, checkpoints, evaluation, rollbacks: hours the job held its devices
  billed,    ///< and hours in which devices were paid and no job ran
};
inline constexpr std::array all_scopes{Scope::steady, Scope::training, Scope::billed};
const char* name(Scope scope);
std::optional<Scope> scope_named(std::string_view name);

/// Who runs a job, and how often they did so before.
enum class Practice {
  ideal,    ///< the best plan found, uninterrupted: the floor, which nobody reaches
  tuned,    ///< the vendor's recipe on the vendor's system, or a team that tunes one system for months
  typical,  ///< an experienced team with its usual software
  first,    ///< a first large run on a new system, vendor or software
};
inline constexpr std::array all_practices{Practice::ideal, Practice::tuned, Practice::typical, Practice::first};
const char* name(Practice practice);
std::optional<Practice> practice_named(std::string_view name);

}  // namespace chipmix::practice
