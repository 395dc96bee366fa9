// Names as people write them: "H800", "Qwen/Qwen3-235B-A22B-Instruct".
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace chipmix::scenario {

/// Letters and digits alone, in lower case: what two names must have in common to be one.
std::string loose(const std::string& name);

/// The one of `known` that is the same but for case and separators; nothing if several are.
std::optional<std::string> same_name(const std::string& name, const std::vector<std::string>& known);

/// The model that a name on Hugging Face means: without its organisation, and without words that do not change the
/// architecture (base, instruct, chat, hf, it, meta).
std::optional<std::string> same_model(const std::string& name, const std::vector<std::string>& known);

}  // namespace chipmix::scenario
