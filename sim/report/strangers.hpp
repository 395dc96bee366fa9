// Files in a folder of profiles or models that are none.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "scenario/library.hpp"

namespace chipmix::report {

/// Calls read(id) for each profile of a kind. Those that cannot be read are passed over, with a sentence in
/// `strangers`.
template <class Read>
void each(const std::string& kind, const scenario::Library& library, std::vector<std::string>& strangers, Read read) {
  for (const std::string& id : library.ids(kind)) try {
      read(id);
    } catch (const InputError& error) {
      const Diagnostic& first = error.diagnostics().front();
      strangers.push_back(fmt::format("Passed over {}: {}.", first.file, first.message));
    } catch (const FileError& error) {
      strangers.push_back(fmt::format("Passed over {}.", error.what()));
    }
}

}  // namespace chipmix::report
