#include "io/gunzip.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace chipmix::io {
namespace {

/// Bits from the lowest of each byte on (RFC 1951, 3.1.1).
class Bits {
 public:
  explicit Bits(std::string_view bytes) : bytes_(bytes) {}

  unsigned bit() {
    if (count_ == 0) held_ = byte(), count_ = 8;
    const unsigned one = held_ & 1u;
    held_ >>= 1u;
    --count_;
    return one;
  }
  unsigned bits(int count) {
    unsigned value = 0;
    for (int i = 0; i < count; ++i) value |= bit() << static_cast<unsigned>(i);
    return value;
  }
  unsigned byte() {
    if (at_ >= bytes_.size()) throw BadGzip("the compressed file is cut");
    return static_cast<unsigned char>(bytes_[at_++]);
  }
  void to_byte() { count_ = 0; }
  /// Little-endian.
  std::uint32_t number(int bytes) {
    std::uint32_t value = 0;
    for (int i = 0; i < bytes; ++i) value |= static_cast<std::uint32_t>(byte()) << static_cast<unsigned>(8 * i);
    return value;
  }
  bool at_end() const { return at_ >= bytes_.size(); }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  unsigned held_ = 0;
  int count_ = 0;
};

constexpr int longest_code = 15;

/// A code by the lengths of its words (RFC 1951, 3.2.2): words of one length are consecutive numbers.
class Code {
 public:
  explicit Code(const std::vector<unsigned>& lengths) {
    for (const unsigned length : lengths) ++counts_[length];
    counts_[0] = 0;
    int left = 1;
    for (int length = 1; length <= longest_code; ++length) {
      left = 2 * left - counts_[length];
      if (left < 0) throw BadGzip("the compressed file is spoilt: a code has too many words");
    }
    std::array<int, longest_code + 2> next{};
    for (int length = 1; length <= longest_code; ++length) next[length + 1] = next[length] + counts_[length];
    symbols_.resize(lengths.size());
    for (std::size_t i = 0; i < lengths.size(); ++i)
      if (lengths[i] > 0) symbols_[next[lengths[i]]++] = static_cast<unsigned>(i);
  }

  unsigned symbol(Bits& bits) const {
    int code = 0, first = 0, index = 0;
    for (int length = 1; length <= longest_code; ++length) {
      code |= static_cast<int>(bits.bit());
      if (code - first < counts_[length]) return symbols_[index + code - first];
      index += counts_[length];
      first = (first + counts_[length]) << 1;
      code <<= 1;
    }
    throw BadGzip("the compressed file is spoilt: no such word");
  }

 private:
  std::array<int, longest_code + 1> counts_{};
  std::vector<unsigned> symbols_;
};

struct Codes {
  Code literals, distances;
};

/// RFC 1951, 3.2.6.
Codes fixed_codes() {
  std::vector<unsigned> lengths(288, 8);
  for (std::size_t i = 144; i < 256; ++i) lengths[i] = 9;
  for (std::size_t i = 256; i < 280; ++i) lengths[i] = 7;
  return {Code(lengths), Code(std::vector<unsigned>(30, 5))};
}

/// RFC 1951, 3.2.7.
Codes own_codes(Bits& bits) {
  constexpr std::array<unsigned, 19> order = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
  const unsigned literals = bits.bits(5) + 257, distances = bits.bits(5) + 1, lengths = bits.bits(4) + 4;
  std::vector<unsigned> first(order.size(), 0), all;
  for (unsigned i = 0; i < lengths; ++i) first[order[i]] = bits.bits(3);
  const Code code(first);
  while (all.size() < literals + distances) {
    const unsigned symbol = code.symbol(bits);
    if (symbol < 16) {
      all.push_back(symbol);
      continue;
    }
    if (symbol == 16 && all.empty()) throw BadGzip("the compressed file is spoilt: nothing to repeat");
    const unsigned value = symbol == 16 ? all.back() : 0;
    const unsigned times = symbol == 16 ? 3 + bits.bits(2) : symbol == 17 ? 3 + bits.bits(3) : 11 + bits.bits(7);
    all.insert(all.end(), times, value);
  }
  if (all.size() > literals + distances) throw BadGzip("the compressed file is spoilt: too many lengths");
  return {Code({all.begin(), all.begin() + literals}), Code({all.begin() + literals, all.end()})};
}

class Inflation {
 public:
  Inflation(Bits& bits, std::string& text, std::size_t most)
      : bits_(bits), text_(text), begin_(text.size()), most_(most) {}

  void run() {
    for (bool is_last = false; !is_last;) {
      is_last = bits_.bit() == 1;
      const unsigned kind = bits_.bits(2);
      if (kind == 0)
        stored();
      else if (kind == 3)
        throw BadGzip("the compressed file is spoilt: no such block");
      else
        coded(kind == 1 ? fixed_codes() : own_codes(bits_));
    }
  }

 private:
  void put(char c) {
    if (text_.size() >= most_) throw BadGzip("more comes out of the compressed file than is read");
    text_ += c;
  }
  void stored() {
    bits_.to_byte();
    const std::uint32_t length = bits_.number(2);
    if ((length ^ 0xFFFFu) != bits_.number(2)) throw BadGzip("the compressed file is spoilt: a length differs");
    for (std::uint32_t i = 0; i < length; ++i) put(static_cast<char>(bits_.byte()));
  }
  /// RFC 1951, 3.2.5: the lengths and distances that symbols stand for, and how many bits follow.
  void coded(const Codes& codes) {
    constexpr std::array<unsigned, 29> lengths = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                                  31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
    constexpr std::array<int, 29> length_bits = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                                 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
    constexpr std::array<unsigned, 30> distances = {1,    2,    3,    4,    5,    7,    9,    13,    17,    25,
                                                    33,   49,   65,   97,   129,  193,  257,  385,   513,   769,
                                                    1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
    for (;;) {
      const unsigned symbol = codes.literals.symbol(bits_);
      if (symbol < 256) {
        put(static_cast<char>(symbol));
        continue;
      }
      if (symbol == 256) return;
      const unsigned which = symbol - 257;
      if (which >= lengths.size()) throw BadGzip("the compressed file is spoilt: no such length");
      const unsigned length = lengths[which] + bits_.bits(length_bits[which]);
      const unsigned far = codes.distances.symbol(bits_);
      if (far >= distances.size()) throw BadGzip("the compressed file is spoilt: no such distance");
      const unsigned distance = distances[far] + bits_.bits(far < 4 ? 0 : static_cast<int>(far) / 2 - 1);
      if (distance > text_.size() - begin_) throw BadGzip("the compressed file is spoilt: a distance leads nowhere");
      for (unsigned i = 0; i < length; ++i) put(text_[text_.size() - distance]);
    }
  }

  Bits& bits_;
  std::string& text_;
  std::size_t begin_, most_;
};

/// RFC 1952, 8: the remainder of the text as a polynomial over bits.
std::uint32_t check_of(std::string_view text) {
  std::uint32_t check = 0xFFFFFFFFu;
  for (const unsigned char c : text) {
    check ^= c;
    for (int i = 0; i < 8; ++i) check = (check & 1u) != 0 ? (check >> 1u) ^ 0xEDB88320u : check >> 1u;
  }
  return ~check;
}

/// RFC 1952, 2.3.
void pass_header(Bits& bits) {
  constexpr unsigned has_check = 2, has_extra = 4, has_name = 8, has_comment = 16;
  if (bits.number(2) != 0x8B1Fu || bits.byte() != 8) throw BadGzip("this is no gzip file");
  const unsigned flags = bits.byte();
  bits.number(4);  // time
  bits.number(2);  // of the system that wrote it
  if ((flags & has_extra) != 0)
    for (std::uint32_t left = bits.number(2); left > 0; --left) bits.byte();
  for (const unsigned flag : {has_name, has_comment})
    if ((flags & flag) != 0)
      while (bits.byte() != 0) {
      }
  if ((flags & has_check) != 0) bits.number(2);
}

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1F\x8B"); }

std::string gunzip(std::string_view bytes, std::size_t most) {
  std::string text;
  for (Bits bits(bytes); !bits.at_end();) {
    const std::size_t begin = text.size();
    pass_header(bits);
    Inflation(bits, text, most).run();
    bits.to_byte();
    const std::string_view member = std::string_view(text).substr(begin);
    if (bits.number(4) != check_of(member)) throw BadGzip("the compressed file is spoilt: its check differs");
    if (bits.number(4) != static_cast<std::uint32_t>(member.size()))
      throw BadGzip("the compressed file is spoilt: its length differs");
  }
  return text;
}

}  // namespace chipmix::io
