// Helpers of these tests: the faults that reading a text gives.
#pragma once

#include <string>
#include <vector>

#include "io/document.hpp"
#include "io/shape.hpp"

/// The faults of a text's syntax; empty if there are none.
inline std::vector<chipmix::Diagnostic> syntax_faults_of(const std::string& text) {
  try {
    chipmix::io::Document::parse("test.json", text);
  } catch (const chipmix::InputError& error) {
    return error.diagnostics();
  }
  return {};
}

/// The faults of reading a text as T.
template <class T>
std::vector<chipmix::Diagnostic> faults_of(const std::string& text) {
  const auto document = chipmix::io::Document::parse("test.json", text);
  chipmix::io::Diagnostics diagnostics;
  const auto result = chipmix::io::read<T>(document.root(diagnostics));
  if (result.has_value() != diagnostics.empty()) throw std::logic_error("a value with faults, or none without");
  return diagnostics.list();
}

template <class T>
T value_of(const std::string& text) {
  const auto document = chipmix::io::Document::parse("test.json", text);
  chipmix::io::Diagnostics diagnostics;
  auto result = chipmix::io::read<T>(document.root(diagnostics));
  diagnostics.throw_if_any();
  return std::move(*result);
}
