// Does the command line say what was asked, and say what is wrong with it?
#include "cli/options.hpp"

#include <catch2/catch.hpp>

#include "cli/help.hpp"

using namespace chipmix::cli;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

const ProgramSpec program{"chipmix",
                          "1.2.3",
                          "costs of training",
                          {{"compare",
                            "Compare the options of a scenario",
                            {{"SCENARIO", "the scenario file"}},
                            {{"--engine", "NAME", "Which engine", {"analytical", "event", "simgrid"}},
                             {"--vary", "PATH=VALUES", "What to vary", {}, true},
                             {"--fast", "", "Hurry"}}},
                           {"check", "Check files", {{"FILE", "a file", true, true}}, {}},
                           {"import",
                            "Import a file",
                            {{"KIND", "the kind of file", true, false, {"hf", "megatron"}}, {"FILE", "the file"}},
                            {{"--option", "NAME", "Which option", {}, false, true}}},
                           {"devices", "List the devices", {{"ID", "one device", false}}, {}}}};

Invocation call(const std::vector<std::string>& words) { return std::get<Invocation>(parse(program, words)); }
std::string text(const std::vector<std::string>& words) { return std::get<Information>(parse(program, words)).text; }
std::string fault(const std::vector<std::string>& words) {
  try {
    parse(program, words);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no fault";
}

}  // namespace

TEST_CASE("Do options mean the same before and after the positionals and the command?") {
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"compare", "a.json", "--engine", "event", "--quiet", "--jobs", "4", "-o", "x"},
           {"compare", "--engine=event", "-q", "a.json", "--jobs=4", "--output=x"},
           {"--quiet", "--jobs", "4", "compare", "-ox", "--engine", "event", "a.json"},
           {"-q", "-j4", "compare", "--engine", "event", "--output", "x", "--", "a.json"}}) {
    const auto got = call(words);
    CHECK(got.command == "compare");
    CHECK(got.positionals == std::vector<std::string>{"a.json"});
    CHECK(got.option("--engine") == "event");
    CHECK(got.quiet);
    CHECK(got.jobs == 4);
    CHECK(got.output == "x");
  }
}

TEST_CASE("Are things that were not said absent?") {
  const auto got = call({"compare", "a.json"});
  CHECK_FALSE(got.has("--engine"));
  CHECK_FALSE(got.option("--engine"));
  CHECK(got.all("--vary").empty());
  CHECK_FALSE(got.format);
  CHECK_FALSE(got.output);
  CHECK_FALSE(got.seed);
  CHECK(got.overrides.empty());
  CHECK(got.jobs == 0);
  CHECK_FALSE(got.quiet);
}

TEST_CASE("Does a switch stand without a value?") {
  CHECK(call({"compare", "a.json", "--fast"}).has("--fast"));
  CHECK(call({"compare", "--fast", "a.json"}).positionals == std::vector<std::string>{"a.json"});
}

TEST_CASE("Are repeated options kept in order, commas, brackets and equal signs untouched?") {
  const auto got = call({"compare", "--vary", "a=1,2", "s.json", "--vary=b=0:1:5", "--set", "x.y==3", "--set=z=[1,2]",
                         "--set", "w=", "--set", "v=-1"});
  CHECK(got.all("--vary") == std::vector<std::string>{"a=1,2", "b=0:1:5"});
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  CHECK(got.overrides == Pairs{{"x.y", "=3"}, {"z", "[1,2]"}, {"w", ""}, {"v", "-1"}});
  CHECK(got.positionals == std::vector<std::string>{"s.json"});
}

TEST_CASE("Does --format take each of its names?") {
  CHECK(call({"compare", "s", "--format", "table"}).format == Format::table);
  CHECK(call({"compare", "s", "--format", "json"}).format == Format::json);
  CHECK(call({"compare", "s", "--format", "csv"}).format == Format::csv);
  CHECK(call({"compare", "s", "--format", "markdown"}).format == Format::markdown);
  CHECK(fault({"compare", "s", "--format", "jsn"}) == "unknown format 'jsn', did you mean 'json'?");
}

TEST_CASE("Is a shared option refused where it does nothing?") {
  ProgramSpec other = program;
  other.commands[1].takes = {"--output"};
  const auto complaint = [&](const std::vector<std::string>& words) {
    try {
      parse(other, words);
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string("no fault");
  };
  CHECK(complaint({"check", "f", "--seed", "1"}) ==
        "--seed has no effect in check; it applies to: compare, import, devices");
  CHECK(complaint({"--seed", "1", "check", "f"}) ==
        "--seed has no effect in check; it applies to: compare, import, devices");
  CHECK(complaint({"check", "f", "-o", "x", "-q"}) == "no fault");
  CHECK_THAT(help(other, other.commands[1]), !Contains("--seed") && Contains("--output"));
}

TEST_CASE("Are misspelt commands, options and values met with the nearest right one?") {
  CHECK(fault({"comprae"}) == "unknown command 'comprae', did you mean 'compare'?");
  CHECK(fault({"hlep"}) == "unknown command 'hlep', did you mean 'help'?");
  CHECK(fault({"help", "chekc"}) == "unknown command 'chekc', did you mean 'check'?");
  CHECK(fault({"compare", "s", "--engin", "event"}) == "unknown option '--engin', did you mean '--engine'?");
  CHECK(fault({"compare", "s", "--engin=event"}) == "unknown option '--engin', did you mean '--engine'?");
  CHECK(fault({"compare", "s", "--ouptut", "x"}) == "unknown option '--ouptut', did you mean '--output'?");
  CHECK(fault({"--ouptut", "x", "compare"}) == "unknown option '--ouptut', did you mean '--output'?");
  CHECK(fault({"compare", "s", "--engine", "evnet"}) == "unknown engine 'evnet', did you mean 'event'?");
  CHECK(fault({"compare", "s", "--engine", "quantum"}) ==
        "unknown engine 'quantum'; one of: analytical, event, simgrid");
  CHECK(fault({"import", "megatro", "f", "--option", "a"}) == "unknown KIND 'megatro', did you mean 'megatron'?");
  CHECK(fault({"xyzzy"}) == "unknown command 'xyzzy'");
  CHECK(fault({"compare", "s", "-x"}) == "unknown option '-x'");
}

TEST_CASE("Is every missing or surplus word named?") {
  CHECK(fault({"compare"}) == "compare needs SCENARIO: the scenario file");
  CHECK(fault({"check"}) == "check needs FILE: a file");
  CHECK(fault({"import", "hf", "f"}) == "import needs --option NAME");
  CHECK(fault({"compare", "a", "b"}) == "unexpected argument 'b' of compare");
  CHECK(fault({"--quiet"}) == "a command is missing");
  CHECK(fault({"compare", "s", "--output"}) == "--output needs a value: FILE");
  CHECK(fault({"compare", "s", "--output="}) == "--output needs a value: FILE");
  CHECK(fault({"compare", "s", "--output", "--quiet"}) == "--output needs a value: FILE");
  CHECK(fault({"compare", "s", "--quiet=no"}) == "--quiet takes no value");
  CHECK(fault({"compare", "s", "--engine", "event", "--engine", "event"}) == "--engine is given 2 times");
  CHECK(fault({"compare", "s", "--set", "novalue"}) == "--set needs PATH=VALUE, not 'novalue'");
}

TEST_CASE("Are numbers read whole and within their bounds?") {
  CHECK(call({"compare", "s", "--seed", "18446744073709551615"}).seed == 18446744073709551615ull);
  CHECK_THAT(fault({"compare", "s", "--seed", "1x"}), StartsWith("--seed needs a whole number from 0"));
  CHECK_THAT(fault({"compare", "s", "--seed", "-1"}), StartsWith("--seed needs a whole number from 0"));
  CHECK_THAT(fault({"compare", "s", "--seed=18446744073709551616"}), StartsWith("--seed needs a whole number"));
  CHECK_THAT(fault({"compare", "s", "--jobs", "0"}), StartsWith("--jobs needs a whole number from 1"));
}

TEST_CASE("Does a repeatable positional take all words, an optional one none?") {
  CHECK(call({"check", "a", "b", "c"}).positionals.size() == 3);
  CHECK(call({"check", "a", "-q", "b"}).positionals.size() == 2);
  CHECK(call({"devices"}).positionals.empty());
  CHECK(call({"devices", "h800"}).positionals.size() == 1);
  CHECK(call({"check", "--", "--odd-name"}).positionals == std::vector<std::string>{"--odd-name"});
  CHECK(call({"check", "-"}).positionals == std::vector<std::string>{"-"});
}

TEST_CASE("Can help and the version be asked for in every usual way?") {
  const std::string whole = help(program);
  CHECK(text({}) == whole);
  CHECK(text({"help"}) == whole);
  CHECK(text({"--help"}) == whole);
  CHECK(text({"-h"}) == whole);
  CHECK_THAT(whole, Contains("compare") && Contains("Compare the options of a scenario") && Contains("--format"));
  const std::string compare = text({"help", "compare"});
  CHECK(text({"compare", "--help"}) == compare);
  CHECK(text({"--help", "compare"}) == compare);
  CHECK(text({"compare", "s", "--engine", "event", "-h"}) == compare);
  CHECK_THAT(compare, Contains("usage: chipmix compare SCENARIO [options]") && Contains("analytical, event, simgrid"));
  CHECK_THAT(compare, !Contains("Check files"));
  CHECK(text({"--version"}) == "chipmix 1.2.3\n");
  CHECK(text({"compare", "--version"}) == "chipmix 1.2.3\n");
}

TEST_CASE("Does the usage line show what is required, optional and repeatable?") {
  CHECK(usage(program.commands[1]) == "check FILE... [options]");
  CHECK(usage(program.commands[2]) == "import KIND FILE --option NAME [options]");
  CHECK(usage(program.commands[3]) == "devices [ID] [options]");
}

TEST_CASE("Does no line of the help exceed a hundred columns?") {
  for (const auto& page : {help(program), text({"help", "compare"}), text({"help", "import"})}) {
    std::size_t begin = 0;
    while (begin < page.size()) {
      const auto end = page.find('\n', begin);
      CHECK(end - begin <= 100);
      begin = end + 1;
    }
  }
}
