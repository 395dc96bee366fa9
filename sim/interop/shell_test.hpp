// Conditions of a script: test, [ ], [[ ]].
#pragma once

#include <vector>

#include "interop/word.hpp"

namespace chipmix::interop {

/// Whether something holds; open where it hangs on a command's output.
enum class Truth { no, yes, open };

inline Truth truth(bool holds) { return holds ? Truth::yes : Truth::no; }
inline Truth negated(Truth t) { return t == Truth::open ? t : truth(t == Truth::no); }

/// Of the words between the brackets. Files are taken as not there; a variable that nothing sets is empty.
Truth test(const std::vector<Word>& words);

}  // namespace chipmix::interop
