// calibrate: figures to stdout, profiles to --output or --profiles.
#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "base/spelling.hpp"
#include "calibration/profile.hpp"
#include "calibration/read_file.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/show.hpp"
#include "report/calibrate_page.hpp"
#include "scenario/library.hpp"
#include "validation/fit_stack.hpp"

namespace chipmix::cli {
namespace {

using calibration::Calibration;
using Place = calibration::Parameter::Place;
namespace fs = std::filesystem;

/// A profile by id, or a fault of the command line.
template <class T>
const T& known(const T* profile, const char* what, const std::string& id, const std::vector<std::string>& names) {
  if (profile) return *profile;
  const std::string hint = spelling_hint(id, names);
  throw UsageError(fmt::format("unknown {} '{}'{}", what, id, hint.empty() ? "" : ", " + hint), "calibrate");
}

/// One server of the device, with the link that was named in place of its own.
hardware::NodeGroup server_of(const Invocation& invocation, scenario::Library& library) {
  const std::string id = invocation.option("--device").value_or("");
  hardware::NodeGroup group;
  group.device = known(library.device(id), "device", id, library.device_names());
  const std::string node = invocation.option("--node").value_or(group.device.node);
  group.node = known(library.node(node), "node", node, library.ids("nodes"));
  group.scale_up = known(library.link(group.node.scale_up), "link", group.node.scale_up, library.ids("links"));
  const std::string outside = invocation.option("--link").value_or(group.node.scale_out);
  group.scale_out = known(library.link(outside), "link", outside, library.ids("links"));
  group.fabric = *library.fabric("rail-optimised-non-blocking");
  group.stack = known(library.stack(group.device.stack), "stack", group.device.stack, library.ids("stacks"));
  group.devices = group.node.devices;
  return group;
}

double hold_out_of(const Invocation& invocation) {
  const auto text = invocation.option("--hold-out");
  if (!text) return calibration::Options().hold_out;
  std::size_t used = 0;
  double share = -1;
  try {
    share = std::stod(*text, &used);
  } catch (const std::exception&) {
    used = 0;
  }
  if (used != text->size() || !(share >= 0 && share <= 0.5))
    throw UsageError(fmt::format("--hold-out takes a share from 0 to 0.5, found '{}'", *text), "calibrate");
  return share;
}

std::string text_of(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw FileError(path.string(), "cannot be read");
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write_profile(const fs::path& folder, const std::string& kind, const std::string& id, const std::string& text) {
  std::error_code failed;
  fs::create_directories(folder / kind, failed);
  if (failed) throw FileError((folder / kind).string(), failed.message());
  write_file((folder / kind / (id + ".json")).string(), text);
}

void write_profiles(const fs::path& folder, const hardware::NodeGroup& group, const Calibration& found,
                    const calibration::Provenance& from, const scenario::Library& library) {
  const auto base = [&](const char* kind, const std::string& id) { return text_of(library.file(kind, id)); };
  write_profile(folder, "devices", group.device.id,
                calibration::device_profile(base("devices", group.device.id), found, from));
  for (const auto& [place, link] :
       {std::pair{Place::scale_up, &group.scale_up}, {Place::scale_out, &group.scale_out}}) {
    const std::string text = calibration::other_profile(base("links", link->id), place, found, from);
    if (!text.empty()) write_profile(folder, "links", link->id, text);
  }
}

/// Files of measurements, every fault of all of them at once.
std::vector<calibration::MeasurementFile> read_files(const std::vector<std::string>& paths) {
  std::vector<calibration::MeasurementFile> files;
  std::vector<Diagnostic> faults;
  for (const std::string& path : paths) try {
      files.push_back(calibration::read_file(path));
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

/// --output is the profile's: the page goes to stdout, unless the profile does.
void show_beside(const report::Page& page, Invocation invocation) {
  if (invocation.output == "-") return;
  invocation.output.reset();
  show(page, invocation);
}

Exit calibrate_device(const Invocation& invocation, scenario::Library& library) {
  const hardware::NodeGroup group = server_of(invocation, library);
  const calibration::Options options{hold_out_of(invocation), invocation.seed.value_or(1)};
  const auto files = read_files(invocation.positionals);
  calibration::require_plausible(files, group);
  std::vector<std::string> remarks;
  for (const auto& file : files) remarks.insert(remarks.end(), file.remarks.begin(), file.remarks.end());
  const calibration::Measurements data = calibration::together(files);
  const Calibration found = calibration::calibrate(data, calibration::Machine(group), options);
  const auto from = calibration::provenance_of(data, names_of(invocation.positionals), program().version);
  if (const auto folder = invocation.option("--profiles"); folder && found.fitted_any())
    write_profiles(*folder, group, found, from, library);
  if (invocation.output && found.fitted_any())
    write_result(calibration::device_profile(text_of(library.file("devices", group.device.id)), found, from),
                 invocation.output);
  if (const auto plot = invocation.option("--plot"))
    write_file(*plot, report::calibrate_figure(group.device.name, found, data));
  show_beside(report::calibrate_page(group.device.id, data, found, std::move(remarks)), invocation);
  return found.fitted_any() ? Exit::answer : Exit::no_answer;
}

std::vector<validation::PublishedRun> read_runs(const std::vector<std::string>& paths) {
  io::Diagnostics diagnostics;
  std::vector<validation::PublishedRun> runs;
  std::vector<io::Document> documents;
  for (const std::string& path : paths) {
    documents.push_back(io::Document::load(path));
    auto more = validation::read_runs(documents.back().root(diagnostics));
    runs.insert(runs.end(), more.begin(), more.end());
  }
  diagnostics.throw_if_any();
  return runs;
}

Exit calibrate_stack(const std::string& id, const Invocation& invocation, scenario::Library& library) {
  known(library.stack(id), "stack", id, library.ids("stacks"));
  const auto fit = validation::fit_stack(read_runs(invocation.positionals), id, library);
  const Calibration& found = fit.calibration;
  calibration::Measurements data;
  const auto from = calibration::provenance_of(data, names_of(invocation.positionals), program().version);
  if (found.fitted_any()) {
    const std::string profile =
        calibration::other_profile(text_of(library.file("stacks", id)), Place::stack, found, from);
    if (const auto folder = invocation.option("--profiles")) write_profile(*folder, "stacks", id, profile);
    if (invocation.output) write_result(profile, invocation.output);
  }
  const std::string left =
      fmt::format("{} runs fitted; {} left out: no time, another stack, or nothing chipmix models.", fit.runs.size(),
                  fit.left_out.size());
  show_beside(report::calibrate_page(id, data, found, {left}), invocation);
  return found.fitted_any() ? Exit::answer : Exit::no_answer;
}

}  // namespace

Exit run_calibrate(const Invocation& invocation) {
  scenario::Library library(fs::current_path());
  const auto stack = invocation.option("--stack");
  if (stack.has_value() == invocation.has("--device"))
    throw UsageError("say what was measured: --device ID, or --stack ID with a table of runs", "calibrate");
  return stack ? calibrate_stack(*stack, invocation, library) : calibrate_device(invocation, library);
}

}  // namespace chipmix::cli
