#include "cli/mcp/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/diagnostic.hpp"
#include "base/spelling.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "io/scanner.hpp"

namespace chipmix::cli::mcp {
namespace {

using Json = nlohmann::ordered_json;

// Codes of JSON-RPC 2.0 (jsonrpc.org/specification, section 5.1).
constexpr int parse_error = -32700, invalid_request = -32600, no_such_method = -32601, invalid_parameters = -32602,
              internal_error = -32603;

/// Revisions of the protocol whose messages here are the same; the newest first.
constexpr std::array<std::string_view, 3> revisions = {"2025-06-18", "2025-03-26", "2024-11-05"};

/// A request that cannot be answered.
struct Refused {
  int code;
  std::string message;
  Json data = nullptr;
};

std::string text_of(const Json& message) {
  return message.dump(-1, ' ', false, Json::error_handler_t::replace);  // on one line: text has its line ends escaped
}

/// `id`: as the request wrote it, so that numbers of any size come back digit by digit.
std::string message_text(const std::string& id, const char* member, const Json& value) {
  return fmt::format(R"({{"jsonrpc":"2.0","id":{},"{}":{}}})", id, member, text_of(value));
}

std::string error_text(const std::string& id, const Refused& refused) {
  Json error = {{"code", refused.code}, {"message", refused.message}};
  if (!refused.data.is_null()) error["data"] = refused.data;
  return message_text(id, "error", error);
}

constexpr const char* no_id = "null";

/// The text of a request's id.
std::string id_text(const std::string& line, const Json& id) {
  if (!id.is_number()) return text_of(id);
  const auto found = io::locate(line, "/id");
  if (!found) return text_of(id);
  return line.substr(found->value, line.find_first_of(",} \t\r\n", found->value) - found->value);
}

/// Whether brackets stand deeper in one another than files may have them: the JSON library would take any depth, and
/// run out of stack when it lets go of the values.
bool is_too_deep(const std::string& line) {
  std::size_t depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (in_text && line[i] == '\\')
      ++i;
    else if (line[i] == '"')
      in_text = !in_text;
    else if (!in_text && (line[i] == '[' || line[i] == '{'))
      ++depth;
    else if (!in_text && (line[i] == ']' || line[i] == '}') && depth > 0)
      --depth;
    if (depth > io::deepest_nesting) return true;
  }
  return false;
}

Json initialized(const Json& parameters) {
  std::string revision(revisions.front());
  if (const auto wanted = parameters.find("protocolVersion"); wanted != parameters.end() && wanted->is_string())
    if (std::find(revisions.begin(), revisions.end(), wanted->get<std::string>()) != revisions.end())
      revision = wanted->get<std::string>();
  return {{"protocolVersion", revision},
          {"capabilities", {{"tools", {{"listChanged", false}}}}},
          {"serverInfo", {{"name", program().name}, {"version", program().version}}},
          {"instructions",
           "Finds the accelerators and the training plan that train a model for the least money. 'ask' takes a "
           "question in words, the other tools take a scenario file. 'devices' lists the devices that you can name, "
           "'check' finds the errors in a file."}};
}

Json fault_json(const Diagnostic& fault) {
  return {{"file", fault.file},
          {"line", fault.place.line},
          {"column", fault.place.column},
          {"pointer", fault.pointer},
          {"message", fault.message},
          {"hint", fault.hint},
          {"source_line", fault.source_line}};
}

/// What a tool gives back: text for the model, the same as an object, and whether it is a fault.
Json result(std::string text, Json structured, bool is_error) {
  Json json = {{"content", Json::array({{{"type", "text"}, {"text", std::move(text)}}})}};
  if (structured.is_object()) json["structuredContent"] = std::move(structured);
  json["isError"] = is_error;
  return json;
}

Json failed(const char* kind, Exit ending, const std::string& text, Json faults) {
  return result(text, {{"kind", kind}, {"exit_code", code(ending)}, {"message", text}, {"faults", std::move(faults)}},
                true);
}

Json failed(const InputError& error) {
  Json faults = Json::array();
  for (const Diagnostic& fault : error.diagnostics()) faults.push_back(fault_json(fault));
  return failed("input", Exit::input, error.what(), std::move(faults));
}

/// The command's JSON; where it says something besides, or wrote a file, that too.
Json answered(const KeptOutput& kept, Exit ending, const std::optional<std::string>& file) {
  Json structured = Json::parse(kept.result, nullptr, false);
  if (structured.is_array()) structured = {{"rows", std::move(structured)}};
  if (!structured.is_object()) structured = Json::object();
  if (file) structured["written"] = *file;
  Json json = result(structured.empty() ? kept.result + kept.said : text_of(structured), structured, false);
  if (!kept.said.empty()) json["content"].push_back({{"type", "text"}, {"text", kept.said}});
  json["_meta"] = {{"exit_code", code(ending)}};
  return json;
}

Json run_tool(const std::vector<std::string>& words) {
  const auto invocation = std::get<Invocation>(parse(program(), words));
  KeptOutput kept;
  const Exit ending = run(invocation);
  return answered(kept, ending, invocation.output);
}

Json answer_or_fault(const std::vector<std::string>& words) {
  try {
    return run_tool(words);
  } catch (const UsageError& error) {
    return failed("usage", Exit::usage, error.what(), Json::array());
  } catch (const InputError& error) {
    return failed(error);
  } catch (const FileError& error) {
    return failed("file", Exit::file, error.what(), Json::array());
  }
}

}  // namespace

Json Server::call(const Json& parameters) {
  const auto name = parameters.find("name");
  if (name == parameters.end() || !name->is_string()) throw Refused{invalid_parameters, "tools/call needs a 'name'"};
  const CommandSpec* tool = tool_named(name->get<std::string>());
  if (!tool) {
    std::vector<std::string> names;
    for (const Json& one : tool_list(folder_)) names.push_back(one["name"]);
    throw Refused{invalid_parameters, fmt::format("no tool '{}', {}", name->get<std::string>(),
                                                  spelling_hint(name->get<std::string>(), names))};
  }
  const auto arguments = parameters.find("arguments");
  Words read = words_of(*tool, arguments == parameters.end() ? Json::object() : *arguments, folder_);
  if (!read.faults.empty()) {
    Json faults = Json::array();
    std::string text;
    for (const ArgumentFault& one : read.faults) {
      faults.push_back({{"pointer", one.pointer}, {"message", one.message}});
      text += (text.empty() ? "" : "; ") + one.message;
    }
    throw Refused{invalid_parameters, text, {{"faults", std::move(faults)}}};
  }
  std::vector<std::string> words = {tool->name, "--format", "json", "--quiet"};
  const bool says_jobs = std::find(read.words.begin(), read.words.end(), "--jobs") != read.words.end();
  const bool takes_jobs = std::find(tool->takes.begin(), tool->takes.end(), "--jobs") != tool->takes.end();
  if (jobs_ > 0 && takes_jobs && !says_jobs) words.insert(words.end(), {"--jobs", std::to_string(jobs_)});
  words.insert(words.end(), read.words.begin(), read.words.end());
  return answer_or_fault(words);
}

Json Server::result_of(const std::string& method, const Json& parameters) {
  if (method == "initialize") return initialized(parameters);
  if (method == "ping") return Json::object();
  if (method == "tools/list") return {{"tools", tool_list(folder_)}};
  if (method == "tools/call") return call(parameters);
  throw Refused{no_such_method, "no method '" + method + "'"};
}

std::optional<std::string> Server::answer(const std::string& line) {
  if (is_too_deep(line))
    return error_text(no_id, {parse_error, fmt::format("brackets are nested deeper than {}", io::deepest_nesting)});
  const Json message = Json::parse(line, nullptr, false);
  if (message.is_discarded()) return error_text(no_id, {parse_error, "the line is not JSON"});
  if (!message.is_object()) return error_text(no_id, {invalid_request, "a message is an object"});
  const auto method = message.find("method"), id = message.find("id"), version = message.find("jsonrpc");
  const bool is_answer = method == message.end() && (message.contains("result") || message.contains("error"));
  if (is_answer) return std::nullopt;  // to a request that this server never makes
  const bool is_named = id != message.end() && (id->is_string() || id->is_number());
  const std::string name = is_named ? id_text(line, *id) : no_id;
  if (version == message.end() || *version != "2.0" || method == message.end() || !method->is_string())
    return error_text(name, {invalid_request, "a request has \"jsonrpc\": \"2.0\" and a 'method'"});
  if (id == message.end()) return std::nullopt;  // a notification
  if (!is_named) return error_text(no_id, {invalid_request, "an 'id' is text or a number"});
  const Json parameters = message.value("params", Json::object());
  if (!parameters.is_object()) return error_text(name, {invalid_parameters, "'params' is an object"});
  try {
    return message_text(name, "result", result_of(method->get<std::string>(), parameters));
  } catch (const Refused& refused) {
    return error_text(name, refused);
  } catch (const std::exception& error) {
    return error_text(name, {internal_error, error.what()});
  }
}

std::string too_long() {
  return error_text(no_id, {invalid_request, fmt::format("a line is longer than {} bytes", longest_line)});
}

}  // namespace chipmix::cli::mcp
