// Compressed text: gzip (RFC 1952), read by zlib.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace chipmix::io {

/// what() says what is wrong with the compressed bytes.
class BadGzip : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

bool is_gzip(std::string_view bytes);

/// A gzip file piece by piece. Throws BadGzip where it is spoilt.
class Gunzip {
 public:
  Gunzip();
  ~Gunzip();
  /// The next bytes of the file; they must stay until next() has nothing more.
  void feed(std::string_view bytes);
  /// A piece of the text, which stays until the next call; empty: more bytes are needed.
  std::string_view next();
  /// Whether the bytes so far end where a member ends.
  bool is_whole() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The text of all members of a gzip file, their checks and lengths compared. Throws BadGzip where it is cut or spoilt,
/// or where more than `most` bytes come out.
std::string gunzip(std::string_view bytes, std::size_t most);

}  // namespace chipmix::io
