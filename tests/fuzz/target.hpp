// The readers of files from outside, each as a function over any bytes. What is wrong with them is an InputError or a
// FileError; any other exception, a crash or a fault that a sanitizer sees ends the program.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace chipmix::fuzz {

struct Target {
  std::string name;
  void (*run)(std::string_view bytes);
  std::vector<std::string> seeds{};  ///< files of the project, as paths below it; "*" in a name stands for any letters
  std::vector<std::string> (*words)() = nullptr;  ///< what the format's own words are
};

const std::vector<Target>& targets();
const Target* find(std::string_view name);

/// The files that a target begins with: its seeds, those in tests/fuzz/seeds/NAME, and what once went wrong, in
/// tests/fuzz/regressions/NAME.
std::vector<std::string> seed_files(const Target& target);

/// Runs a target; InputError and FileError are its answers.
void run(const Target& target, std::string_view bytes);

/// Throws std::logic_error, which is a fault of ours.
void require(bool holds, const std::string& what);

// Dictionaries, from the tables that the readers read by.
std::vector<std::string> schema_words();                    ///< keys and names of all our JSON formats
std::vector<std::string> flag_words();                      ///< arguments of Megatron-LM and MindSpeed
std::vector<std::string> quantity_words();                  ///< units and suffixes
std::vector<std::string> seed_words(const Target& target);  ///< keys of its JSON seeds, words of others

// Targets.
void json_text(std::string_view bytes);
void quantities(std::string_view bytes);
void question(std::string_view bytes);
void scenario_file(std::string_view bytes);
void profile(std::string_view bytes);
void model_config(std::string_view bytes);
void run_table(std::string_view bytes);
void launch_script(std::string_view bytes);
void yaml_config(std::string_view bytes);
void toml_config(std::string_view bytes);
void deepspeed_config(std::string_view bytes);
void measurements(std::string_view bytes);
void training_log(std::string_view bytes);
void collective_log(std::string_view bytes);
void csv_table(std::string_view bytes);
void price_catalogue(std::string_view bytes);
void kineto_trace(std::string_view bytes);
void chakra_trace(std::string_view bytes);

/// Not a reader: the bytes choose a scenario among valid extremes, whose answers must pass the gate
/// (scenario/sound.hpp).
void extreme_answers(std::string_view bytes);
/// The scenario that the bytes choose.
std::string extreme_scenario(std::string_view bytes);

}  // namespace chipmix::fuzz
