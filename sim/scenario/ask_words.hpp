// The words of a question, read one by one.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chipmix::scenario {

/// A part of a word and where it begins in it.
struct Piece {
  std::string text;
  std::size_t at = 0;
};

/// "5T@4K": tokens and, if stated, the length of their sequences.
struct AskedStage {
  std::string tokens;
  std::optional<int> sequence;
  std::string length;  ///< as written: "4K"
};

/// "1024xH800@14CNY/h".
struct AskedGroup {
  int devices = 0;
  Piece device;
  std::optional<std::string> rent;  ///< as scenarios write it: "14 CNY/h"
};

/// Told of a fault: where in the word, what is wrong, what to do.
using Complain = std::function<void(std::size_t at, std::string message, std::string hint)>;

/// The parts of a word between separators.
std::vector<Piece> split(const std::string& word, char separator);

/// Whether a word counts devices: a number, then 'x', '*' or the multiplication sign, then a name.
bool is_option(const std::string& word);

/// "64H100", "H100x64" -> "64xH100", as it may be meant; nothing where no number stands beside a name.
std::optional<Piece> swapped_option(const std::string& word);

std::vector<AskedStage> read_tokens(const std::string& word, const Complain& complain);
std::vector<AskedGroup> read_option(const std::string& word, const Complain& complain);

/// "14CNY/h", "$1.99", "1.99 USD/h" -> "14 CNY/h"; nothing where it is no price.
std::optional<std::string> rent_text(const std::string& written);
/// "60d", "12 weeks", "3months", "2026-12-31" -> "60 d", "84 d", "91.3125 d", the day; nothing where it is no time.
/// A month is a twelfth of 365.25 days.
std::optional<std::string> time_text(const std::string& written);
/// "3M USD", "3e6USD", "$3M" -> "3000000 USD"; nothing where it is no amount.
std::optional<std::string> money_text(const std::string& written);

}  // namespace chipmix::scenario
