#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "base/diagnostic.hpp"
#include "target.hpp"

namespace chipmix::fuzz {
namespace {

namespace fs = std::filesystem;

/// Whether a name is the pattern, whose one "*" stands for any letters.
bool fits(const std::string& name, const std::string& pattern) {
  const auto star = pattern.find('*');
  if (star == std::string::npos) return name == pattern;
  const std::string begin = pattern.substr(0, star), end = pattern.substr(star + 1);
  return name.size() >= begin.size() + end.size() && name.starts_with(begin) && name.ends_with(end);
}

void add_files(const fs::path& folder, const std::string& pattern, std::vector<std::string>& list) {
  std::error_code none;
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(folder, none))
    if (entry.is_regular_file(none) && fits(entry.path().filename(), pattern)) found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  list.insert(list.end(), found.begin(), found.end());
}

}  // namespace

const std::vector<Target>& targets() {
  static const std::vector<Target> list = {
      {"json", json_text, {"tests/golden/inputs/*.json", "scenarios/ling_plus.json"}, schema_words},
      {"quantity", quantities, {}, quantity_words},
      {"question", question, {}, quantity_words},
      {"scenario", scenario_file, {"scenarios/*.json", "tests/golden/inputs/*.json"}, schema_words},
      {"profile",
       profile,
       {"hardware_profiles/devices/h100-sxm5-80gb.json", "hardware_profiles/nodes/*.json",
        "hardware_profiles/links/*.json", "hardware_profiles/fabrics/*.json",
        "hardware_profiles/stacks/megatron-*.json"},
       schema_words},
      {"model", model_config, {"models/*.json"}},
      {"run_table", run_table, {"published_runs/bigscience.json", "published_runs/whole/*.json"}},
      {"script", launch_script, {"test", "cmake/setup.sh", "tests/unit/interop/launches/*.sh"}, flag_words},
      {"yaml", yaml_config, {"tests/unit/interop/launches/*.yaml"}, flag_words},
      {"toml", toml_config, {"pyproject.toml"}, flag_words},
      {"deepspeed", deepspeed_config, {}},
      {"measurements",
       measurements,
       {"docs/measurements_example.json", "tests/fuzz/seeds/collective_log/*", "tests/fuzz/seeds/training_log/*",
        "tests/fuzz/seeds/csv/*", "tests/fuzz/seeds/kineto/*"},
       schema_words},
      {"training_log", training_log, {}, flag_words},
      {"collective_log", collective_log, {}},
      {"csv", csv_table, {"tests/golden/inputs/*.csv"}},
      {"catalogue", price_catalogue, {}},
      {"kineto", kineto_trace, {}},
      {"chakra", chakra_trace, {}},
      {"answers", extreme_answers, {}},
  };
  return list;
}

const Target* find(std::string_view name) {
  const auto& list = targets();
  const auto found = std::find_if(list.begin(), list.end(), [&](const Target& one) { return one.name == name; });
  return found == list.end() ? nullptr : &*found;
}

std::vector<std::string> seed_files(const Target& target) {
  const fs::path root = CHIPMIX_SOURCE_DIR;
  std::vector<std::string> list;
  for (const fs::path seed : target.seeds) add_files(root / seed.parent_path(), seed.filename(), list);
  for (const char* folder : {"seeds", "regressions"})
    add_files(root / "tests" / "fuzz" / folder / target.name, "*", list);
  return list;
}

void run(const Target& target, std::string_view bytes) {
  try {
    target.run(bytes);
  } catch (const InputError&) {
  } catch (const FileError&) {
  }
}

void require(bool holds, const std::string& what) {
  if (!holds) throw std::logic_error(what);
}

}  // namespace chipmix::fuzz
