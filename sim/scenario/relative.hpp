// A device profile that says only what differs from a relative: {"id": "x", "like": "ascend-910b2", ...}.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "io/document.hpp"

namespace chipmix::scenario {

/// Finds the file of a device by its id; empty where there is none.
using FindDevice = std::function<std::filesystem::path(const std::string& id)>;

/// The document with what it leaves out taken from the relative that its "like" names, as it stands if it names none.
/// Figures taken are graded `scaled`, with the relative before their source; ranges stay. Number formats are the
/// device's own as soon as it states any, and efficiencies are taken for those alone. Records a fault at "like" where
/// the relative is unknown or is like another one.
io::Document with_relative(const io::Document& document, const FindDevice& find, io::Diagnostics& diagnostics);

/// Whether figures may stand without grade and source: in a profile that is like another.
io::Figures figures_of(const io::Document& document);

}  // namespace chipmix::scenario
