// Words of Python's callers as settings.
#pragma once

#include <string>

#include "question.hpp"
#include "running.hpp"
#include "scenario/answer.hpp"

namespace chipmix::python {

/// "analytical", "event" or "simgrid"; throws std::invalid_argument.
engine::Kind engine_of(const std::string& name);

scenario::Settings settings(const Watch& watch, int jobs, const std::string& engine);

/// What only the event engine sees must not be asked of the other. Throws std::invalid_argument.
void require_event_engine(const scenario::Option& option, const std::string& engine);

}  // namespace chipmix::python
