// A played step as a trace that ui.perfetto.dev and chrome://tracing open.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "engine/event/event_engine.hpp"
#include "engine/event/pass_work.hpp"

namespace chipmix::engine {

/// Chrome's JSON trace format ("Trace Event Format", Google, 2016): one process for each class of replicas, in it for
/// each stage a row of passes, one of sends and one of gradient reductions; arrows from a pass to the pass that its
/// send feeds; counters of how many transfers are under way and, of the first class, of each stage's memory. Times in
/// microseconds. Slices on the critical path say so, and it has a row of its own. Written as it goes.
class Timeline {
 public:
  explicit Timeline(std::ostream& out);
  /// Ends the file.
  ~Timeline();
  Timeline(const Timeline&) = delete;
  Timeline& operator=(const Timeline&) = delete;

  /// `name`: of the pipeline. Slices of passes say what a rank does in them, where `works` has it.
  void add(const PlayedStep& step, const std::string& name, const PassWorks& works = {});

 private:
  void event(const std::string& fields);
  void rows(const PlayedStep& step, const std::string& name);
  void passes(const PlayedStep& step, const PassWorks& works);
  void transfers(const PlayedStep& step);
  void memory(const PlayedStep& step);
  void critical_row(const PlayedStep& step);

  std::ostream& out_;
  std::vector<bool> critical_;  ///< tasks of the step at hand
  bool is_first_ = true;
  int processes_ = 0;  ///< of the pipelines before
  int arrows_ = 0;
};

}  // namespace chipmix::engine
