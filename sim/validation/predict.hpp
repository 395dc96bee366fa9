// Published runs predicted: time with its interval, memory, whether it fits.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "plan/program.hpp"
#include "validation/question.hpp"
#include "validation/run_memory.hpp"

namespace chipmix::validation {

enum class Status { ok, infeasible, unsupported, error };
const char* name(Status status);

struct Account {
  std::string name;
  double share = 0;  ///< of the step time
};

struct Prediction {
  Status status = Status::ok;
  std::string reason;          ///< why not ok
  double iteration_s = 0;      ///< 0 where the run could not be asked about
  double p10 = 0, p90 = 0;     ///< seconds
  double peak_memory_gib = 0;  ///< of the fullest rank: the one of `memory` that the source means
  RunMemory memory;
  bool fits = false;
  double fit_probability = 0;         ///< that the fullest rank stays within its memory
  std::vector<std::string> profiles;  ///< "devices/ID", "stacks/ID", "links/ID" that the prediction rests on
  std::vector<Account> accounts;      ///< largest first
  Assumed assumed;
  bool reread = false;  ///< the run ran and did not fit as read first: what the source leaves open was read otherwise
};

/// One run. A record that means nothing to a law (a fault of ours or of the record) is an error of that run alone. A
/// run that does not fit is predicted all the same: status infeasible, fits false, time as if it fitted. Without
/// intervals p10 and p90 stay 0.
Prediction predict(const PublishedRun& run, scenario::Library& library, bool intervals = true);

/// A run's cluster and what its plan does there. Throws Unanswerable.
struct RunProgram {
  hardware::Cluster cluster;
  plan::Program program;
};
RunProgram program_of(const PublishedRun& run, scenario::Library& library);

/// The *.json of a folder, by name.
std::vector<std::filesystem::path> tables_in(const std::filesystem::path& folder);

/// Files of the tables that come with chipmix: published_runs/*.json of the first data folder that has any.
std::vector<std::filesystem::path> own_tables(const scenario::Library& library);

/// The runs of these tables, one after another, with the faults of all. Throws InputError where a file is no JSON.
RunTable read_all(const std::vector<std::filesystem::path>& tables);

/// All runs, in order, on `jobs` threads. `progress` is told the share done, `stop` asked whether to leave out the
/// rest, both from any thread.
std::vector<Prediction> predict_all(const std::vector<PublishedRun>& runs, int jobs, bool intervals = true,
                                    const std::function<void(double)>& progress = {},
                                    const std::function<bool()>& stop = {});

}  // namespace chipmix::validation
