// Does the shell offer what the command table holds?
#include "cli/completion.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>

using namespace chipmix::cli;
using Catch::Matchers::Contains;

namespace {

const ProgramSpec program{"chipmix",
                          "1",
                          "costs",
                          {{"compare", "", {{"SCENARIO", ""}}, {{"--engine", "NAME", "", {"analytical", "event"}}}},
                           {"import", "", {{"KIND", "", true, false, {"hf", "megatron"}}}, {}}}};

/// What bash offers after the words, the last of which is being typed; joined by blanks.
std::string offered(const std::string& words) {
  const std::string script = (std::filesystem::temp_directory_path() / "chipmix-completion-test.sh").string();
  std::ofstream(script) << completion(program, "bash") << "COMP_WORDS=(" << words
                        << ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_chipmix\necho \"${COMPREPLY[*]}\"\n";
  FILE* pipe = popen(("cd / && bash " + script + " 2>&1").c_str(), "r");
  std::array<char, 4096> line{};
  const bool read = std::fgets(line.data(), line.size(), pipe) != nullptr;
  pclose(pipe);
  std::filesystem::remove(script);
  const std::string text = read ? line.data() : "";
  return text.substr(0, text.find('\n'));
}

}  // namespace

TEST_CASE("Are commands, options and their values offered?") {
  CHECK(offered("chipmix com") == "compare");
  CHECK(offered("chipmix ''") == "help compare import");
  CHECK(offered("chipmix compare --eng") == "--engine");
  CHECK(offered("chipmix compare --engine ev") == "event");
  CHECK(offered("chipmix compare --format ''") == "table json csv markdown");
  CHECK(offered("chipmix --quiet import meg") == "megatron");
  CHECK(offered("chipmix help imp") == "import");
}

TEST_CASE("Are files offered where a file belongs?") {
  CHECK(offered("chipmix compare us") == "usr");
  CHECK(offered("chipmix compare --output us") == "usr");
  CHECK(offered("chipmix help us").empty());
}

TEST_CASE("Is an unknown shell named?") { CHECK_THROWS_WITH(completion(program, "tcsh"), Contains("'tcsh'")); }
