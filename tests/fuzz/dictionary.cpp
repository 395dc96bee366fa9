#include <cctype>
#include <nlohmann/json.hpp>
#include <set>

#include "interop/flags.hpp"
#include "io/file_text.hpp"
#include "io/quantity_text.hpp"
#include "scenario/check.hpp"
#include "target.hpp"

namespace chipmix::fuzz {
namespace {

using Json = nlohmann::json;
using Words = std::set<std::string>;

void add_keys(const Json& json, Words& words) {
  if (json.is_object())
    for (const auto& [key, value] : json.items()) words.insert('"' + key + '"'), add_keys(value, words);
  if (json.is_array())
    for (const Json& one : json) add_keys(one, words);
}

/// What stands between characters that are neither letters nor digits, '_' or '-'.
void add_words(const std::string& text, Words& words) {
  std::string word;
  for (const char c : text + " ") {
    if (std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-') {
      word += c;
      continue;
    }
    if (word.size() > 1 && word.size() < 40) words.insert(word);
    word.clear();
  }
}

/// Keys of "properties", names of "enum".
void add_schema(const Json& schema, Words& words) {
  if (schema.is_array())
    for (const Json& one : schema) add_schema(one, words);
  if (!schema.is_object()) return;
  for (const auto& [key, value] : schema.items()) {
    if (key == "properties")
      for (const auto& [name, field] : value.items()) words.insert('"' + name + '"');
    if (key == "enum")
      for (const Json& name : value) words.insert(name.dump());
    add_schema(value, words);
  }
}

std::vector<std::string> listed(const Words& words) { return {words.begin(), words.end()}; }

}  // namespace

std::vector<std::string> schema_words() {
  Words words;
  for (const char* kind : {"scenario", "device", "node", "link", "fabric", "stack", "plan", "prices", "measurements"})
    add_schema(Json::parse(scenario::schema_text(kind)), words);
  return listed(words);
}

std::vector<std::string> flag_words() {
  Words words;
  for (const auto framework : {interop::Framework::megatron, interop::Framework::mindspeed})
    for (const interop::Flag& flag : interop::flags(framework)) words.insert(flag.name);
  return listed(words);
}

std::vector<std::string> quantity_words() {
  Words words;
  const auto add = [&](const std::string& schema) {
    for (const Json& one : Json::parse(schema).value("examples", Json::array())) words.insert(one.get<std::string>());
  };
  add(io::quantity_schema<Bytes>());
  add(io::quantity_schema<Seconds>());
  add(io::quantity_schema<BytesPerSecond>());
  add(io::quantity_schema<FlopsPerSecond>());
  add(io::quantity_schema<Watts>());
  add(io::quantity_schema<Rent>());
  add(io::quantity_schema<Tariff>());
  return listed(words);
}

std::vector<std::string> seed_words(const Target& target) {
  Words words;
  for (const std::string& file : seed_files(target)) {
    const std::string text = io::read_text(file);
    const Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded())
      add_words(text, words);
    else
      add_keys(json, words);
  }
  return listed(words);
}

}  // namespace chipmix::fuzz
