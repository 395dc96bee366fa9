// The targets over their seeds and over what once went wrong, built as everything else is; and over such changes of
// them as a second each leaves time for, the same in every run.
//   fuzz_replay [SECONDS]           all targets; 60 s each at night
//   fuzz_replay --run TARGET FILE   one input
//   fuzz_replay --scenario FILE     the scenario that an input of `answers` chooses
//   fuzz_replay --targets           their names
//   fuzz_replay --seeds TARGET      its files
//   fuzz_replay --words TARGET      its dictionary, as libFuzzer reads it
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "io/file_text.hpp"
#include "target.hpp"

namespace {

using namespace chipmix;
using Clock = std::chrono::steady_clock;

constexpr std::size_t largest_seed = 1u << 16u;  // bytes that are changed

/// A few bytes changed, taken out, doubled or put in from the dictionary.
std::string changed(std::string text, const std::vector<std::string>& words, std::mt19937& random) {
  const auto below = [&](std::size_t count) { return count ? random() % count : 0; };
  text.resize(std::min(text.size(), largest_seed));
  for (std::size_t change = 1 + below(4); change > 0; --change) {
    const std::size_t at = below(text.size() + 1), length = below(std::min<std::size_t>(text.size() - at, 64) + 1);
    switch (below(5)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(below(256));
        break;
      case 1:
        text.erase(at, length);
        break;
      case 2:
        text.insert(at, text.substr(at, length));
        break;
      case 3:
        text.insert(at, std::string(1 + below(20), "0-9.e+\"[]{}\n\\,:$"[below(16)]));
        break;
      default:
        if (!words.empty()) text.insert(at, words[below(words.size())]);
    }
  }
  return text;
}

bool fails(const fuzz::Target& target, const std::string& bytes, const std::string& what) {
  try {
    fuzz::run(target, bytes);
    return false;
  } catch (const std::exception& fault) {
    fmt::print(stderr, "{} on {}: {}\n", target.name, what, fault.what());
    const std::string kept = fmt::format("fuzz_fault_{}", target.name);
    if (std::FILE* file = std::fopen(kept.c_str(), "wb")) {
      std::fwrite(bytes.data(), 1, bytes.size(), file);
      std::fclose(file);
      fmt::print(stderr, "the input is kept in {}\n", kept);
    }
    return true;
  }
}

int replay(const fuzz::Target& target, double seconds) {
  const auto begin = Clock::now();
  const auto passed = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
  const std::vector<std::string> words = target.words ? target.words() : fuzz::seed_words(target);
  std::vector<std::string> texts;
  int faults = 0, executions = 0;
  for (const std::string& file : fuzz::seed_files(target)) {
    texts.push_back(io::read_text(file));
    faults += fails(target, texts.back(), file);
    ++executions;
  }
  if (texts.empty()) texts.emplace_back();
  std::mt19937 random(20250301);
  for (; passed() < seconds && faults == 0; ++executions)
    faults += fails(target, changed(texts[random() % texts.size()], words, random), "a changed seed");
  fmt::print("{:<15} {:>3} files {:>7} executions {:>5.1f} s {}\n", target.name, texts.size(), executions, passed(),
             faults ? "FAULT" : "sound");
  return faults;
}

std::string escaped(const std::string& word) {
  std::string text;
  for (const char c : word) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text;
}

const fuzz::Target& named(const std::string& name) {
  const fuzz::Target* found = fuzz::find(name);
  if (!found) throw std::invalid_argument("no target " + name);
  return *found;
}

int answer(const std::vector<std::string>& words) {
  const std::string what = words.empty() ? "" : words[0];
  if (what == "--targets")
    for (const fuzz::Target& one : fuzz::targets()) fmt::print("{}\n", one.name);
  else if (what == "--seeds")
    for (const std::string& file : fuzz::seed_files(named(words.at(1)))) fmt::print("{}\n", file);
  else if (what == "--words") {
    const fuzz::Target& target = named(words.at(1));
    for (const std::string& word : target.words ? target.words() : fuzz::seed_words(target))
      if (!word.empty()) fmt::print("\"{}\"\n", escaped(word));
  } else if (what == "--scenario") {
    fmt::print("{}\n", fuzz::extreme_scenario(io::read_text(words.at(1))));
  } else if (what == "--run") {
    return fails(named(words.at(1)), io::read_text(words.at(2)), words[2]) ? 1 : 0;
  } else {
    int faults = 0;
    const double usual = std::getenv("CHIPMIX_NIGHTLY") ? 60 : 1;
    for (const fuzz::Target& one : fuzz::targets()) faults += replay(one, what.empty() ? usual : std::stod(what));
    return faults ? 1 : 0;
  }
  return 0;
}

}  // namespace

int main(int count, char** words) try {
  return answer({words + 1, words + count});
} catch (const std::exception& fault) {
  fmt::print(stderr, "fuzz_replay: {}\n", fault.what());
  return 2;
}
