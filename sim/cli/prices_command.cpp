// prices, and import prices: dated quotes listed, and catalogues that people have read.
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "cli/commands.hpp"
#include "cli/complain.hpp"
#include "cli/output.hpp"
#include "cli/show.hpp"
#include "io/file_text.hpp"
#include "io/folder.hpp"
#include "prices/day.hpp"
#include "report/prices_page.hpp"
#include "scenario/price_import.hpp"

namespace chipmix::cli {
namespace {

std::string read_catalogue(const std::filesystem::path& path) { return io::read_text(path); }

std::string day_of(const Invocation& invocation) {
  const std::string day = invocation.option("--date").value_or("");
  if (!day.empty() && (!prices::day_number(day) || day.size() != std::string("YYYY-MM-DD").size()))
    throw UsageError(fmt::format("--date: '{}' is not a day as YYYY-MM-DD", day), invocation.command);
  return day;
}

}  // namespace

Exit run_prices(const Invocation& invocation) {
  scenario::Library library(io::current_folder());
  report::PricesAsked asked;
  asked.today = day_of(invocation);
  asked.region = invocation.option("--region").value_or("");
  asked.currency = {invocation.option("--currency").value_or("USD")};
  prices::Book book = library.price_book();
  const std::vector<std::string> files = invocation.all("--prices");
  if (!files.empty()) book.quotes.clear();
  for (const std::string& file : files)
    for (prices::Quote& quote : prices::read_quotes(file).quotes) book.quotes.push_back(std::move(quote));
  show(invocation.positionals.empty() ? report::prices_page(book, asked)
                                      : report::prices_page(book, invocation.positionals.front(), asked, library),
       invocation);
  return Exit::answer;
}

Exit import_prices(const Invocation& invocation) {
  const std::filesystem::path path = invocation.positionals[1];
  scenario::Library library(io::current_folder());
  prices::Import import;
  import.date = day_of(invocation);
  if (const std::string future = import.date.empty() ? "" : prices::future_fault(import.date); !future.empty())
    throw UsageError("--date: " + future, invocation.command);
  import.provider = invocation.option("--provider").value_or(path.stem().string());
  import.source = invocation.option("--source").value_or(path.filename().string());
  const std::string id = std::filesystem::path(invocation.output.value_or(path.string())).stem();
  std::vector<std::string> remarks;
  const prices::QuoteFile file =
      scenario::import_prices(path.string(), read_catalogue(path), id, import, library, remarks);
  write_result(prices::to_text(file), invocation.output);
  if (!invocation.quiet)
    for (const std::string& remark : remarks) say("remark: " + remark);
  return Exit::answer;
}

}  // namespace chipmix::cli
