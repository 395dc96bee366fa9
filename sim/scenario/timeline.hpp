// The step of an answer as a trace.
#pragma once

#include <string>

#include "scenario/answer.hpp"

namespace chipmix::scenario {

/// The answer's plan played once more, by an engine of events; the text of a trace file (engine/event/timeline.hpp).
/// One run, feasible.
std::string timeline(const Scenario& scenario, const Option& option, const OptionAnswer& answer, engine::Kind kind);

/// The same as lines of text (engine/event/gantt.hpp), `columns` characters wide, with a line that explains them.
std::string gantt(const Scenario& scenario, const Option& option, const OptionAnswer& answer, engine::Kind kind,
                  int columns);

}  // namespace chipmix::scenario
