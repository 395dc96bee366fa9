// The YAML that configurations are written in: mappings and lists, by indentation or in brackets, plain and quoted
// values, comments. Anchors, tags and texts of several lines are refused.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "interop/given.hpp"

namespace chipmix::interop {

/// One value, and the keys above it; elements of a list have the keys of the list.
struct Leaf {
  std::vector<std::string> path;
  std::string value;
  std::size_t at = 0;  ///< of its last key
  std::size_t value_at = 0;
  bool is_element = false;
};

/// Faults are recorded at their place, the rest is read.
std::vector<Leaf> read_yaml(std::string_view text, const Given& given);

/// Puts values in the place of "${NAME:default}", "${oc.env:NAME,default}", "${multiply:2, ${.key}}" and "${key}",
/// where `set`, the file or its defaults say them; what of `set` is so used is taken out of it.
void interpolate(std::vector<Leaf>& leaves, std::map<std::string, std::string>& set);

/// The arguments that the leaves stand for; `set` adds some. Configurations of FlagScale (blocks "system" and "model"),
/// of Megatron-Bridge and NeMo ("train", "model"), of Primus ("modules") and of GPT-NeoX ("pipe-parallel-size") are
/// known by their keys.
std::vector<Word> words_of_yaml(const std::vector<Leaf>& leaves, Given& given,
                                const std::map<std::string, std::string>& set);

}  // namespace chipmix::interop
