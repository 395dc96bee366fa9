// Does progress show a person where the work stands, and nobody else anything?
#include "cli/progress.hpp"

#include <catch2/catch.hpp>
#include <sstream>
#include <thread>

using namespace chipmix::cli;
using std::chrono::seconds;

TEST_CASE("Does the line show the share, the count and the time?") {
  CHECK(progress_line("plans", 1250, 2500, seconds(12)) ==
        "plans  [############............]  50 %  1,250 / 2,500  12 s");
  CHECK(progress_line("plans", 0, 10, seconds(0)) == "plans  [........................]   0 %  0 / 10  0 s");
  CHECK(progress_line("plans", 10, 10, seconds(90)) == "plans  [########################] 100 %  10 / 10  90 s");
  CHECK(progress_line("plans", 1234, 0, seconds(1)) == "plans  1,234  1 s");
  CHECK(progress_line("plans", 1234, 0, seconds(1), "best 2 s") == "plans  1,234  1 s  best 2 s");
  CHECK(progress_line("plans", 12, 10, seconds(1)) == "plans  [########################] 100 %  12 / 10  1 s");
}

TEST_CASE("Does work that is not counted show its share, and never all of it too early?") {
  CHECK(share_line("plans", 0.5, seconds(90), "best step 2 s") ==
        "plans  [############............]  50 %  90 s  best step 2 s");
  CHECK(share_line("plans", 0.999, seconds(1)) == "plans  [#######################.]  99 %  1 s");
  CHECK(progress_line("plans", 999, 1000, seconds(1)) == "plans  [#######################.]  99 %  999 / 1,000  1 s");
}

TEST_CASE("Does a bar never go back, and stay away once it is finished?") {
  std::ostringstream out;
  Progress progress("plans", 0, &out);
  progress.set_share(0.5);
  std::this_thread::sleep_for(std::chrono::milliseconds(120));
  progress.set_share(0.25);
  CHECK(out.str().find(" 25 %") == std::string::npos);
  progress.finish();
  const std::size_t length = out.str().size();
  CHECK(out.str().back() == '\r');
  std::this_thread::sleep_for(std::chrono::milliseconds(120));
  progress.set_share(1);
  CHECK(out.str().size() == length);
}

TEST_CASE("Is it drawn seldom and cleared at the end?") {
  std::ostringstream out;
  {
    Progress progress("plans", 1'000'000, &out);
    for (int i = 0; i < 100'000; ++i) progress.advance();
  }
  const std::string text = out.str();
  CHECK(text.substr(0, 7) == "\rplans ");
  CHECK(std::count(text.begin(), text.end(), '%') <= 30);
  CHECK(text.back() == '\r');
  CHECK(text.find_last_not_of(" \r") < text.size() - 20);
}

TEST_CASE("Is nothing written when nobody looks?") {
  std::ostringstream out;
  {
    Progress silent("plans", 10, static_cast<std::ostream*>(nullptr));
    silent.advance();
    Progress quiet("plans", 10, true);
    quiet.advance();
    Progress unused("plans", 10, &out);
  }
  CHECK(out.str().empty());
}

TEST_CASE("Can many threads report at once?") {
  std::ostringstream out;
  Progress progress("plans", 4000, &out);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int k = 0; k < 1000; ++k) progress.advance();
    });
  for (auto& thread : threads) thread.join();
  CHECK_FALSE(out.str().empty());
}
