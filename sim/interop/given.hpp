// Arguments as a file gives them: their values, and where each flag stands, so that faults are shown there.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "interop/flags.hpp"
#include "interop/word.hpp"
#include "io/value.hpp"

namespace chipmix::interop {

/// A file of arguments being read; collects faults and remarks.
class Given {
 public:
  Given(Framework framework, std::string file, std::string_view text, io::Diagnostics& diagnostics)
      : framework_(framework), file_(std::move(file)), text_(text), diagnostics_(diagnostics) {}

  Framework framework() const { return framework_; }
  Arguments& values() { return values_; }
  const Arguments& values() const { return values_; }

  void stands(const std::string& flag, std::size_t offset) { place_[flag] = offset; }
  bool has(std::string_view flag) const { return place_.find(flag) != place_.end(); }

  void fault(std::size_t offset, std::string message, std::string hint = "") const;
  /// At the first of the flags (separated by blanks) that is given, else at the first argument of the file.
  void fault_at(std::string_view flags, std::string message, std::string hint = "") const;
  bool clean() const { return diagnostics_.empty(); }

  /// A name that the file leaves open, where the number of ranks is asked for.
  void lacks(const std::string& name) { lacking_.push_back(name); }
  const std::vector<std::string>& lacking() const { return lacking_; }
  /// Arguments that describe the model further than the library's are compared.
  void describes_model(const std::string& flag) { of_model_.push_back(flag); }
  const std::vector<std::string>& of_model() const { return of_model_; }

  /// The file names another one for the sizes of the model.
  void names_model() { model_elsewhere_ = true; }
  bool model_is_elsewhere() const { return model_elsewhere_; }

  /// What the answer should say beside the plan.
  void remark(std::string text);
  const std::vector<std::string>& remarks() const { return remarks_; }

 private:
  Framework framework_;
  std::string file_;
  std::string_view text_;
  io::Diagnostics& diagnostics_;
  Arguments values_;
  std::map<std::string, std::size_t, std::less<>> place_;
  std::vector<std::string> remarks_, lacking_, of_model_;
  bool model_elsewhere_ = false;
};

/// "3 arguments change neither plan nor time nor memory: --a --b --c", the first of many by name.
std::string passed_over(const std::vector<std::string>& names, const char* kind);

/// Reads the words of a launch by the framework's table. Every word that is not understood is a fault.
void read_arguments(const std::vector<Word>& words, Given& given);

/// The words that a JSON object of arguments stands for.
std::vector<Word> words_of_json(const std::string& file, const std::string& text);

}  // namespace chipmix::interop
