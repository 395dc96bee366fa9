#include "prices/book.hpp"

#include <catch2/catch.hpp>

#include "io/document.hpp"
#include "prices/day.hpp"

using namespace chipmix;
using namespace chipmix::prices;

namespace {

Quote quote(double amount, std::string date, std::string currency = "USD") {
  Quote one;
  one.device = "x";
  one.amount = amount;
  one.currency = std::move(currency);
  one.date = std::move(date);
  one.source = "list of " + one.date;
  return one;
}

Book built_in() { return read_book({std::filesystem::path(CHIPMIX_SOURCE_DIR) / "hardware_profiles"}); }

}  // namespace

TEST_CASE("a day without its month or day is the earliest it can mean") {
  CHECK(day_number("1970-01-01") == 0);
  CHECK(day_number("2026-11-09") == 20766);
  CHECK(day_number("2026") == day_number("2026-01-01"));
  CHECK(day_number("2026-07") == day_number("2026-07-01"));
  CHECK(age("2026-05-13", "2026-11-09") == 180);
  for (const char* wrong : {"", "26", "2026-13", "2026-02-30", "2026/01/01", "2023/2024", "2026-1-1"})
    CHECK_FALSE(day_number(wrong));
}

TEST_CASE("the median counts fresh quotes without a doubt, each once") {
  Book book;
  book.quotes = {quote(2, "2026-11-09"), quote(4, "2025-11-09"), quote(100, "2025-11-08"), quote(50, "2026-11-10"),
                 quote(30, "2026-10-01")};
  book.quotes[4].doubt = "not an offer";
  const auto median = median_quote(book, "x", Kind::on_demand, "2026-11-09");
  REQUIRE(median);
  CHECK(median->value == 3);
  CHECK(median->count == 2);
  CHECK(median->old == 1);
  CHECK(median->doubtful == 1);
  CHECK(median->spread->low == 2);
  CHECK(median->spread->high == 4);
  CHECK_FALSE(median->is_percentiles);
  CHECK(median->oldest == "2025-11-09");
  CHECK(median->newest == "2026-11-09");
  CHECK(median->words(Kind::on_demand) ==
        "median of 2 public quotes (on-demand) of 2025-11-09..2026-11-09, range 2 to 4 USD/h; 1 older than 180 days on "
        "2026-11-09");
  CHECK_FALSE(median_quote(book, "x", Kind::spot, "2026-11-09"));
  CHECK_FALSE(median_quote(book, "y", Kind::on_demand, "2026-11-09"));
  CHECK_FALSE(median_quote(book, "x", Kind::on_demand, "2025-11-07"));
}

TEST_CASE("five quotes give percentiles between ranks") {
  Book book;
  for (const double amount : {5, 1, 3, 2, 4}) book.quotes.push_back(quote(amount, "2026-11-01"));
  const auto median = median_quote(book, "x", Kind::on_demand, "2026-11-09");
  REQUIRE(median);
  CHECK(median->value == 3);
  CHECK(median->is_percentiles);
  CHECK(median->spread->low == Approx(1.4));   // rank 1.4
  CHECK(median->spread->high == Approx(4.6));  // rank 4.6
}

TEST_CASE("a server's month is divided by its devices and 730 hours, and turned into the currency") {
  Book book;
  book.quotes = {quote(58400, "2026-11-01", "CNY")};
  book.quotes[0].per = Per::month;
  book.quotes[0].devices = 8;
  book.rates = {{"USD", "CNY", 5, "2026-01-01", "a bank", ""},
                {"USD", "CNY", 4, "2025-01-01", "a bank", ""},
                {"USD", "CNY", 9, "2027-01-01", "a bank", ""}};
  CHECK(book.quotes[0].per_device() == Approx(10));
  CHECK(median_quote(book, "x", Kind::on_demand, "2026-11-09")->value == Approx(2));
  CHECK(median_quote(book, "x", Kind::on_demand, "2026-11-09", {"CNY"})->value == Approx(10));
  CHECK_FALSE(median_quote(book, "x", Kind::on_demand, "2026-11-09", {"INR"}));
  CHECK(book.rate("CNY", "USD", "2024-01-01")->date == "2025-01-01");
}

TEST_CASE("missing rates come from the book over a common currency; own ones stay") {
  const Book book = built_in();
  ExchangeRates rates;
  const auto added = book.complete(rates, {"EUR"}, {"CNY"}, "2026-11-09");
  REQUIRE(added.size() == 2);
  CHECK(rates.convert({1, {"EUR"}}, {"CNY"}).amount == Approx(1.1699 * 6.8036));
  ExchangeRates own;
  own.set({"USD"}, {"CNY"}, 7.2);
  CHECK(book.complete(own, {"USD"}, {"CNY"}, "2026-11-09").empty());
  CHECK(book.complete(own, {"EUR"}, {"CNY"}, "2026-11-09").size() == 1);
  CHECK(own.convert({1, {"EUR"}}, {"CNY"}).amount == Approx(1.1699 * 7.2));
  CHECK(book.complete(own, {"INR"}, {"CNY"}, "2026-11-09").empty());
}

TEST_CASE("medians of the built-in quotes, as computed by hand from the files") {
  const Book book = built_in();
  CHECK(book.newest() == "2026-11-09");
  const auto check = [&](const char* device, Kind kind, int count, double value) {
    const auto median = median_quote(book, device, kind, "2026-11-09");
    INFO(device);
    REQUIRE(median);
    CHECK(median->count == count);
    CHECK(median->value == Approx(value).epsilon(2e-4));
  };
  check("gb200-nvl72-gpu", Kind::on_demand, 2, 10.5);           // CoreWeave, 42 and 10.50 of two days
  check("h800-sxm5-80gb", Kind::on_demand, 2, 23.35 / 6.8036);  // 12.70 and 34.00 CNY
  check("mi355x", Kind::on_demand, 5, 3.45);                    // 2.95 and four of 3.45
  check("h20-sxm-96gb", Kind::on_demand, 6, 21.815 / 6.8036);   // between 17.05 and 26.58 CNY
  check("h100-sxm5-80gb", Kind::reserved, 4, 1.9250);
  CHECK_FALSE(median_quote(book, "h20-sxm-141gb", Kind::on_demand, "2026-11-09"));  // a database service alone
  CHECK_FALSE(median_quote(book, "gaudi3", Kind::on_demand, "2026-11-09"));
}

TEST_CASE("every fault of a file of quotes is said at once") {
  io::Diagnostics diagnostics;
  const auto document = io::Document::parse("p.json", R"({"id": "p", "name": "p", "quotes": [
    {"device": "x", "kind": "rented", "amount": 0, "currency": "usd", "date": "2023/2024", "source": ""},
    {"device": "x", "kind": "device", "amount": 5, "per": "hour", "low": 6, "currency": "USD", "date": "2026", "source": "s"},
    {"device": "x", "kind": "spot", "amount": 5, "low": 6, "high": 7, "currency": "USD", "date": "2026", "source": "s", "price": 1}
  ]})");
  io::read<QuoteFile>(document.root(diagnostics));
  CHECK(diagnostics.size() == 8);
}

TEST_CASE("a file that is written is read back") {
  QuoteFile file{"mine", "Mine", "", "2026-11-01", {quote(1.25, "2026-10")}};
  file.quotes[0].devices = 8;
  file.quotes[0].per = Per::month;
  file.quotes[0].low = 1, file.quotes[0].high = 2;
  file.quotes[0].region = "Fran\"ce";
  io::Diagnostics diagnostics;
  const auto document = io::Document::parse("p.json", to_text(file));
  const auto back = io::read<QuoteFile>(document.root(diagnostics));
  diagnostics.throw_if_any();
  REQUIRE(back);
  CHECK(to_text(*back) == to_text(file));
  CHECK(back->quotes[0].region == "Fran\"ce");
  CHECK(back->quotes[0].per_device() == file.quotes[0].per_device());
}
