// doctor: what is installed, what is optional and missing, where data are.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cstdio>
#include <functional>
#include <memory>
#include <sstream>
#include <thread>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/show.hpp"
#include "engine/simgrid/simgrid_player.hpp"
#include "io/folder.hpp"
#include "report/dress/pdf.hpp"
#include "report/health_page.hpp"
#include "scenario/library.hpp"
#include "validation/predict.hpp"
#include "validation/whole_predict.hpp"

namespace chipmix::cli {
namespace {

namespace fs = std::filesystem;
using report::Health;

/// Folders in which the files of a kind stand.
std::string folders_of(const std::vector<fs::path>& folders, const fs::path& below) {
  std::vector<std::string> found;
  for (const fs::path& folder : folders)
    if (io::is_folder(folder / below)) found.push_back((folder / below).string());
  return fmt::format("{}", fmt::join(found, ", "));
}

/// Reads files one by one; what is wrong with them becomes a fault of the installation.
class Reader {
 public:
  explicit Reader(Health& health) : health_(health) {}

  /// `needed`: chipmix cannot answer without files of this kind.
  void read(const std::string& kind, const std::string& folder, const std::vector<std::string>& names, bool needed,
            const std::function<bool(const std::string&)>& reads) {
    Health::Data data{kind, folder, names.size(), 0};
    for (const std::string& name : names) data.clean += is_clean(kind, name, reads);
    if (needed && names.empty()) health_.faults.push_back(fmt::format("No {} were found.", kind));
    health_.data.push_back(std::move(data));
  }

 private:
  bool is_clean(const std::string& kind, const std::string& name,
                const std::function<bool(const std::string&)>& reads) {
    try {
      if (reads(name)) return true;
      health_.faults.push_back(
          fmt::format("{} '{}' cannot be read: 'chipmix check' on its file says why.", kind, name));
    } catch (const InputError& error) {
      const Diagnostic& first = error.diagnostics().front();
      health_.faults.push_back(
          fmt::format("{} '{}': {}:{}: {}.", kind, name, first.file, first.place.line, first.message));
    } catch (const FileError& error) {
      health_.faults.push_back(fmt::format("{} '{}': {}.", kind, name, error.what()));
    }
    return false;
  }

  Health& health_;
};

std::vector<std::string> names_of(const std::vector<fs::path>& paths) { return {paths.begin(), paths.end()}; }

void look_at_data(Health& health) {
  scenario::Library library;
  const auto& folders = library.folders();
  if (folders.empty()) health.faults.push_back("No data folder was found: name one in CHIPMIX_DATA.");
  Reader reader(health);
  const auto profiles = [&](const std::string& kind, const std::function<bool(const std::string&)>& reads) {
    const fs::path below = kind == "models" ? fs::path(kind) : fs::path("hardware_profiles") / kind;
    reader.read(kind, folders_of(folders, below), library.ids(kind), true, reads);
  };
  profiles("devices", [&](const std::string& id) { return library.device(id) != nullptr; });
  profiles("nodes", [&](const std::string& id) { return library.node(id) != nullptr; });
  profiles("links", [&](const std::string& id) { return library.link(id) != nullptr; });
  profiles("fabrics", [&](const std::string& id) { return library.fabric(id) != nullptr; });
  profiles("stacks", [&](const std::string& id) { return library.stack(id) != nullptr; });
  profiles("power", [&](const std::string& id) { return library.power_profile(id) != nullptr; });
  profiles("practice", [&](const std::string& id) { return library.practice(id) != nullptr; });
  profiles("models", [&](const std::string& id) { return library.model(id) != nullptr; });
  reader.read("tables of published runs", folders_of(folders, "published_runs"),
              names_of(validation::own_tables(library)), false,
              [](const std::string& path) { return validation::read_all({path}).faults.empty(); });
  for (const fs::path& folder : folders) {
    const fs::path whole = folder / "published_runs" / "whole";
    if (!io::is_folder(whole)) continue;
    reader.read("tables of published whole runs", whole.string(), names_of(validation::tables_in(whole)), false,
                [](const std::string& path) { return validation::read_all_whole({path}).faults.empty(); });
    break;
  }
}

struct Module {
  const char* name;
  const char* without;
};

constexpr Module modules[] = {
    {"chipmix", "no 'import chipmix' in this Python; the program does not need it"},
    {"pandas", "the Python package has no to_pandas"},
    {"matplotlib", "the Python package has no plots"},
    {"xarray", "sweeps in Python return no cubes"},
    {"tqdm", "the Python package shows no progress"},
    {"distributed", "no sweeps on Dask"},
    {"mpi4py", "no sweeps on MPI"},
};

/// What python3 on the PATH finds: a word for each module, its version, "installed" or "-".
std::vector<std::string> python_finds() {
  std::string command =
      "python3 -B -c \"import sys; sys.path = [p for p in sys.path if p]\n"
      "import importlib.util as u, importlib.metadata as m\n"
      "def v(n):\n"
      "  if u.find_spec(n) is None: return '-'\n"
      "  try: return m.version(n)\n"
      "  except Exception: return 'installed'\n"
      "print(sys.version.split()[0] + ', ' + sys.executable, *map(v, sys.argv[1:]), sep=chr(10))\"";
  for (const Module& module : modules) command += std::string(" ") + module.name;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen((command + " 2> /dev/null").c_str(), "r"), pclose);
  std::string text(1024, '\0');
  text.resize(pipe ? std::fread(text.data(), 1, text.size(), pipe.get()) : 0);
  std::istringstream words(text);
  std::vector<std::string> found;
  for (std::string word; std::getline(words, word);) found.push_back(word);
  return found;
}

void look_at_parts(Health& health) {
  const std::string simgrid = engine::simgrid_program();
  const bool has_simgrid = access(simgrid.c_str(), X_OK) == 0;
  health.parts.push_back({"SimGrid player", has_simgrid ? simgrid : "", "no --engine simgrid"});
  health.parts.push_back({"Chromium or WeasyPrint", report::printer_program(), "no report -o F.pdf; F.html prints"});
  const auto found = python_finds();
  health.parts.push_back({"Python 3", found.empty() ? "" : found.front(), "none of the following"});
  for (std::size_t i = 0; i < std::size(modules); ++i) {
    const bool is_there = i + 1 < found.size() && found[i + 1] != "-";
    health.parts.push_back(
        {std::string("Python package ") + modules[i].name, is_there ? found[i + 1] : "", modules[i].without});
  }
}

void look_at_program(Health& health) {
  std::error_code none;
  health.program = {{"version", CHIPMIX_VERSION},
                    {"program", fs::read_symlink("/proc/self/exe", none).string()},
                    {"build", CHIPMIX_BUILD},
                    {"processors", std::to_string(std::thread::hardware_concurrency())}};
  health.terminal = {{"stdout is a terminal", stdout_is_terminal() ? "yes" : "no"},
                     {"columns", stdout_is_terminal() ? std::to_string(stdout_columns()) : "180, as for a file"},
                     {"bold text", stdout_takes_style() ? "yes" : "no"},
                     {"progress", stderr_is_terminal() ? "shown" : "not shown: stderr is not a terminal"}};
}

}  // namespace

Exit run_doctor(const Invocation& invocation) {
  Invocation how = invocation;
  if (invocation.has("--json")) {
    if (invocation.format) throw UsageError("--json is --format json: give one of them", invocation.command);
    how.format = Format::json;
  }
  Health health;
  look_at_program(health);
  look_at_data(health);
  look_at_parts(health);
  show(report::health_page(health), how);
  return health.is_well() ? Exit::answer : Exit::input;
}

}  // namespace chipmix::cli
