#include "asking.hpp"

#include <stdexcept>

namespace chipmix::python {

engine::Kind engine_of(const std::string& name) {
  if (name == "analytical") return engine::Kind::analytical;
  if (name == "event") return engine::Kind::event;
  if (name == "simgrid") return engine::Kind::simgrid;
  throw std::invalid_argument("engine: '" + name + "' is none of analytical, event, simgrid");
}

scenario::Settings settings(const Watch& watch, int jobs, const std::string& engine) {
  scenario::Settings settings;
  settings.jobs = threads(jobs);
  settings.progress = watch.progress;
  settings.stop = watch.stop;
  settings.engine = engine_of(engine);
  return settings;
}

void require_event_engine(const scenario::Option& option, const std::string& engine) {
  if (!option.disturbed.empty() && !engine::plays_events(engine_of(engine)))
    throw std::invalid_argument("engine: option '" + option.name + "' is disturbed, which only engine=\"event\" sees");
}

}  // namespace chipmix::python
