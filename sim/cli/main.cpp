// The program: words in, result on stdout, everything else on stderr, an exit code that says how it ended.
#include <exception>

#include "base/diagnostic.hpp"
#include "cli/commands.hpp"
#include "cli/complain.hpp"
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

Exit guarded(const std::vector<std::string>& words) {
  try {
    return answer(words);
  } catch (const cli::UsageError& error) {
    const std::string help = error.command().empty() ? "chipmix --help" : "chipmix " + error.command() + " --help";
    return cli::complain(Exit::usage, std::string("chipmix: ") + error.what() + "\nsee '" + help + "'");
  } catch (const InputError& error) {
    return cli::complain(error);
  } catch (const FileError& error) {
    return cli::complain(Exit::file, std::string("chipmix: ") + error.what());
  } catch (const std::exception& error) {
    return cli::complain(Exit::internal, std::string("chipmix: internal error: ") + error.what());
  }
}

}  // namespace

int main(int count, char** words) {
  cli::hold_standard_streams();
  cli::ignore_closed_pipes();
  return cli::code(guarded({words + 1, words + count}));
}
