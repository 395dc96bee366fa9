// Published whole runs predicted: device-hours with their interval, and the account from the best step to the bill.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "practice/account.hpp"
#include "validation/predict.hpp"
#include "validation/whole_question.hpp"

namespace chipmix::validation {

struct WholePrediction {
  Status status = Status::ok;
  std::string reason;  ///< why not ok
  std::string device;  ///< profile's id
  int devices = 0;     ///< of the longest stage
  std::string plan;    ///< the best one found, of the longest stage
  double best_mfu = 0;
  double best_hours = 0;  ///< device-hours of the best plan found, uninterrupted
  practice::Practice practice = practice::Practice::typical;
  practice::Scope scope = practice::Scope::billed;
  practice::Account account;
  double device_hours = 0, p10 = 0, p90 = 0;  ///< in the run's scope
  Assumed assumed;
};

/// One run. Errors as of `predict`.
WholePrediction predict_whole(const WholeRun& run, scenario::Library& library);

/// All runs, in order, on `jobs` threads.
std::vector<WholePrediction> predict_all_whole(const std::vector<WholeRun>& runs, int jobs);

/// published_runs/whole/*.json of the first data folder that has any.
std::vector<std::filesystem::path> own_whole_tables(const scenario::Library& library);

/// The runs of these tables with the faults of all. Throws InputError where a file is no JSON.
WholeRunTable read_all_whole(const std::vector<std::filesystem::path>& tables);

}  // namespace chipmix::validation
