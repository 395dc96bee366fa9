// The step of an answer as a trace.
#pragma once

#include <optional>
#include <string>

#include "engine/event/event_engine.hpp"
#include "scenario/answer.hpp"

namespace chipmix::scenario {

/// The answer's plan played once more, by an engine of events; the text of a trace file (engine/event/timeline.hpp).
/// One run, feasible.
std::string timeline(const Scenario& scenario, const Option& option, const OptionAnswer& answer, engine::Kind kind);

/// The same as lines of text (engine/event/gantt.hpp), `columns` characters wide, with a line that explains them.
std::string gantt(const Scenario& scenario, const Option& option, const OptionAnswer& answer, engine::Kind kind,
                  int columns);

/// The first pipeline of the answer's plan, one step of it played; nothing where its schedule has no order to play or
/// it has more than `most` passes.
std::optional<engine::PlayedStep> played(const Scenario& scenario, const Option& option, const OptionAnswer& answer,
                                         int most);

}  // namespace chipmix::scenario
