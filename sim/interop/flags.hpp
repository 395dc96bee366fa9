// The table of a framework's arguments: one row for each, used to read and to write.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "interop/arguments.hpp"

namespace chipmix::interop {

enum class Framework { megatron, mindspeed };
const char* name(Framework framework);

enum class Meaning {
  field,       ///< read into, and written from, a member of Arguments
  software,    ///< how the work is done: the scenario's software stack says it
  nothing,     ///< changes neither plan nor time nor memory
  model,       ///< describes the model further than the library's are compared: the model gets no name
  unmodelled,  ///< changes time or memory in a way that chipmix does not know
};

/// Which of the arrays of a written script a field stands in.
enum class Part { launcher, model, parallel, training };

using Member =
    std::variant<Number Arguments::*, bool Arguments::*, Text Arguments::*, std::vector<std::string> Arguments::*>;

struct Flag {
  std::string name{};
  Meaning meaning = Meaning::field;
  Member member{};
  Part part = Part::model;
  bool written = true;                 ///< false: another spelling, or one that is only read
  std::vector<std::string> choices{};  ///< of a text or of each word; empty: any
  int values = 1;                      ///< words after a flag that is not a field; -1: all up to the next flag
  std::string why{};                   ///< what an unmodelled flag changes, or what is done instead

  /// Words after the flag; -1: all up to the next flag.
  int takes() const;
};

using Flags = std::vector<Flag>;

/// All rows, in the order in which they are written.
const Flags& flags(Framework framework);
/// The row of a flag, or nullptr.
const Flag* find(const Flags& flags, std::string_view flag);

/// Whether the name of an argument that no table holds says that it is about files, logs, checkpoints and the like.
bool is_harmless_by_name(std::string_view flag);

/// Pieces of the tables.
Flags megatron_fields();
Flags megatron_others();
Flags megatron_harmless();
Flags megatron_models();
Flags mindspeed_fields();
Flags mindspeed_others();

/// Rows of one kind for the flags named in `list` (separated by blanks).
void add(Flags& rows, Meaning meaning, int values, const char* list, const char* why = "");

}  // namespace chipmix::interop
