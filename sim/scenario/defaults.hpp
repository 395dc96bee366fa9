// What a scenario leaves out, filled in before it is read: each value with the reason why it was taken.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "io/document.hpp"
#include "io/shape.hpp"

namespace chipmix::scenario {

class Library;

/// A value that the user did not state.
struct Default {
  std::string key;       ///< JSON pointer: "/job/global_batch"
  std::string value;     ///< as JSON
  std::string reason;    ///< "the device's usual one"
  bool is_name = false;  ///< of the file, an option or an island: no answer depends on it
};

/// How a saved scenario marks one.
struct DefaultSpec {
  std::string key;
  io::RawJson value;
  std::string grade;  ///< "default"
  std::string reason;
};

/// What `document` leaves out and has a default, in the order of the file:
///   name, currency (of the first price, else USD)
///   job          sequence_length (4,096 tokens), global_batch (practice::usual_batch_tokens, of each option moved to
///   divide
///                well among its devices, see batches.hpp), dtype (bf16), practice (typical)
///   cluster,     node, stack (the device's usual ones), fabric (rail-optimised, non-blocking), names
///   island
///   mix          links: between each pair a quarter of the ports of the side that has fewer, of the slower side's NIC;
///                across vendors the RDMA link of mixed vendors of that rate
/// Where the document is at fault nothing is added: the reader of the scenario reports it.
std::vector<Default> missing_values(const io::Document& document, Library& library);

/// The document with them; its places stay.
io::Document with_defaults(const io::Document& document, const std::vector<Default>& defaults);

/// What a saved scenario marks as defaults and nobody has changed since.
std::vector<Default> marked_defaults(const io::Document& document);

/// Each with "key", "value", "grade" ("default") and "reason".
nlohmann::ordered_json defaults_json(const std::vector<Default>& defaults);

/// A scenario file that says all: defaults are in their places, and listed under "defaults" with grade and reason.
std::string written_out(const io::Document& document, const std::vector<Default>& defaults);

const io::Shape<DefaultSpec>& shape_of(io::Type<DefaultSpec>);

}  // namespace chipmix::scenario
