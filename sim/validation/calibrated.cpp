#include "validation/calibrated.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "base/spelling.hpp"
#include "base/words.hpp"
#include "calibration/profile.hpp"
#include "calibration/read_file.hpp"
#include "validation/device_words.hpp"
#include "validation/fit_stack.hpp"

namespace chipmix::validation {
namespace {

using FigurePlace = calibration::Parameter::Place;
namespace fs = std::filesystem;

template <class T>
const T& known(const T* profile, const char* what, const std::string& id, const std::vector<std::string>& names) {
  if (profile) return *profile;
  const std::string hint = spelling_hint(id, names);
  throw std::invalid_argument(fmt::format("unknown {} '{}'{}", what, id, hint.empty() ? "" : ", " + hint));
}

/// One server of the device, with the link that was named in place of its own.
hardware::NodeGroup server_of(const MeasuredDevice& device, scenario::Library& library) {
  hardware::NodeGroup group;
  group.device = known(library.device(device.id), "device", device.id, library.device_names());
  const std::string node = device.node.value_or(group.device.node);
  group.node = known(library.node(node), "node", node, library.ids("nodes"));
  group.scale_up = known(library.link(group.node.scale_up), "link", group.node.scale_up, library.ids("links"));
  const std::string outside = device.link.value_or(group.node.scale_out);
  group.scale_out = known(library.link(outside), "link", outside, library.ids("links"));
  group.fabric = *library.fabric("rail-optimised-non-blocking");
  group.stack = known(library.stack(group.device.stack), "stack", group.device.stack, library.ids("stacks"));
  group.devices = group.node.devices;
  return group;
}

std::string base_text(const scenario::Library& library, const char* kind, const std::string& id) {
  const fs::path path = library.file(kind, id);
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw FileError(path.string(), "cannot be read");
  return {std::istreambuf_iterator<char>(stream), {}};
}

void refuse_twins(const std::vector<std::string>& paths) {
  for (auto path = paths.begin(); path != paths.end(); ++path)
    if (std::find(paths.begin(), path, *path) != path) throw std::invalid_argument(*path + " is given twice");
}

/// Training logs, and tables of runs: the rest.
std::pair<std::vector<std::string>, std::vector<std::string>> sorted(const std::vector<std::string>& files) {
  std::pair<std::vector<std::string>, std::vector<std::string>> found;
  for (const std::string& file : files) (is_training_log(file) ? found.first : found.second).push_back(file);
  return found;
}

/// Files of measurements, every fault of all of them at once.
std::vector<calibration::MeasurementFile> read_files(const std::vector<std::string>& paths,
                                                     const calibration::TableOptions& tables) {
  refuse_twins(paths);
  std::vector<calibration::MeasurementFile> files;
  std::vector<Diagnostic> faults;
  for (const std::string& path : paths) try {
      files.push_back(calibration::read_file(path, tables));
    } catch (const InputError& error) {
      faults.insert(faults.end(), error.diagnostics().begin(), error.diagnostics().end());
    }
  if (!faults.empty()) throw InputError(std::move(faults));
  return files;
}

std::string names_of(const std::vector<std::string>& paths) {
  std::string names;
  for (const std::string& path : paths) names += (names.empty() ? "" : ", ") + fs::path(path).filename().string();
  return names;
}

void add_profile(Calibrated& made, const std::string& kind, const std::string& id, std::string text) {
  if (!text.empty()) made.profiles.emplace_back(kind + "/" + id + ".json", std::move(text));
}

/// Runs of all tables, every fault of all of them at once.
std::vector<PublishedRun> read_tables(const std::vector<std::string>& paths) {
  io::Diagnostics diagnostics;
  std::vector<PublishedRun> runs;
  std::vector<io::Document> documents;
  for (const std::string& path : paths) {
    documents.push_back(io::Document::load(path));
    RunTable more = read_runs(documents.back().root(diagnostics));
    for (Diagnostic& fault : more.faults) diagnostics.add(std::move(fault));
    runs.insert(runs.end(), more.runs.begin(), more.runs.end());
  }
  diagnostics.throw_if_any();
  return runs;
}

/// A file that names a device that chipmix knows was measured on that one.
void refuse_others(const std::vector<calibration::MeasurementFile>& files, const std::string& device,
                   const scenario::Library& library) {
  std::vector<Diagnostic> faults;
  for (const auto& file : files)
    if (const auto other = other_device(file.data.device.name, device, library.ids("devices")))
      faults.push_back({file.file,
                        {},
                        "",
                        fmt::format("measured on '{}', but --device is {}", file.data.device.name, device),
                        fmt::format("--device {}", *other),
                        "",
                        1});
  if (!faults.empty()) throw InputError(std::move(faults));
}

}  // namespace

Calibrated calibrate_device(const std::vector<std::string>& files, const MeasuredDevice& device,
                            const calibration::TableOptions& tables, const calibration::Options& options,
                            scenario::Library& library, const std::string& version) {
  const hardware::NodeGroup group = server_of(device, library);
  const auto read = read_files(files, tables);
  if (!tables.empty() && std::none_of(read.begin(), read.end(), [](const auto& file) { return file.is_table; }))
    throw std::invalid_argument("--header, --column, --rows and --value apply to tables, and no file is one");
  refuse_others(read, group.device.id, library);
  calibration::require_plausible(read, group);
  Calibrated made{group.device.id, group.device.name, false, calibration::together(read), {}, {}, {}, {}};
  for (const auto& file : read) made.remarks.insert(made.remarks.end(), file.remarks.begin(), file.remarks.end());
  made.found = calibration::calibrate(made.data, calibration::Machine(group), options);
  if (!made.found.fitted_any()) return made;
  const auto from = calibration::provenance_of(made.data, names_of(files), version);
  add_profile(made, "devices", made.id,
              calibration::device_profile(base_text(library, "devices", made.id), made.found, from));
  for (const auto& [place, link] :
       {std::pair{FigurePlace::scale_up, &group.scale_up}, {FigurePlace::scale_out, &group.scale_out}})
    add_profile(made, "links", link->id,
                calibration::other_profile(base_text(library, "links", link->id), place, made.found, from));
  return made;
}

Calibrated calibrate_stack(const std::vector<std::string>& files, const LoggedAs& as, const std::string& id,
                           scenario::Library& library, const std::string& version) {
  const auto& stack = known(library.stack(id), "stack", id, library.ids("stacks"));
  refuse_twins(files);
  auto [logs, tables] = sorted(files);
  if (!logs.empty() && (as.scenarios.empty() || as.options.empty()))
    throw std::invalid_argument(
        fmt::format("{} is a training log: say which run wrote it, with --scenario FILE and --option NAME", logs[0]));
  if (logs.empty() && !(as.scenarios.empty() && as.options.empty() && as.plans.empty()))
    throw std::invalid_argument("--scenario, --option and --plan apply to training logs, and no file is one");
  auto [logged, runs] = read_logs(logs, as, id);
  auto published = timed_runs(read_tables(tables), id, library);
  Calibrated made{id, stack.name, true, {}, {}, {}, {}, std::move(logged)};
  runs.insert(runs.end(), published.runs.begin(), published.runs.end());
  made.found = fit_stack(runs);
  for (std::size_t k = 0; k < made.logs.size(); ++k) made.logs[k].after = made.found.points[k].fitted;
  if (!tables.empty())
    made.remarks.push_back(
        fmt::format("{} of the tables fitted; {} left out: no time, another stack, or nothing chipmix models.",
                    counted(published.runs.size(), "run"), published.left_out.size()));
  if (!made.found.fitted_any()) return made;
  const auto from = calibration::provenance_of(made.data, names_of(files), version);
  add_profile(made, "stacks", id,
              calibration::other_profile(base_text(library, "stacks", id), FigurePlace::stack, made.found, from));
  return made;
}

}  // namespace chipmix::validation
