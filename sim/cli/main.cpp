// The program: words in, result on stdout, everything else on stderr, an exit code that says how it ended.
#include <cstdio>
#include <exception>

#include "base/diagnostic.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"

namespace {

using namespace chipmix;
using cli::Exit;

Exit answer(const std::vector<std::string>& words) {
  const auto parsed = cli::parse(cli::program(), words);
  if (const auto* information = std::get_if<cli::Information>(&parsed)) {
    cli::write_result(information->text, std::nullopt);
    return Exit::answer;
  }
  return cli::run(std::get<cli::Invocation>(parsed));
}

Exit complain(Exit ending, const std::string& text) {
  std::fputs((text + (text.ends_with('\n') ? "" : "\n")).c_str(), stderr);
  return ending;
}

Exit guarded(const std::vector<std::string>& words) {
  try {
    return answer(words);
  } catch (const cli::UsageError& error) {
    const std::string help = error.command().empty() ? "chipmix --help" : "chipmix " + error.command() + " --help";
    return complain(Exit::usage, std::string("chipmix: ") + error.what() + "\nsee '" + help + "'");
  } catch (const InputError& error) {
    return complain(Exit::input, error.what());
  } catch (const FileError& error) {
    return complain(Exit::file, std::string("chipmix: ") + error.what());
  } catch (const std::exception& error) {
    return complain(Exit::internal, std::string("chipmix: internal fault: ") + error.what());
  }
}

}  // namespace

int main(int count, char** words) {
  cli::ignore_closed_pipes();
  return cli::code(guarded({words + 1, words + count}));
}
