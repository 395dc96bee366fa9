// Compressed text: gzip (RFC 1952), read by zlib.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace chipmix::io {

/// what() says what is wrong with the compressed bytes.
class BadGzip : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

bool is_gzip(std::string_view bytes);

/// The text of all members of a gzip file, their checks and lengths compared. Throws BadGzip where it is cut or spoilt,
/// or where more than `most` bytes come out.
std::string gunzip(std::string_view bytes, std::size_t most);

}  // namespace chipmix::io
