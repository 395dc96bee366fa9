// The fields of an object, whatever its C++ type. Used by io/shape.hpp.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "io/value.hpp"

namespace chipmix::io {

/// How the values of one member are read and described, whatever object it belongs to.
class MemberReading {
 public:
  virtual ~MemberReading() = default;
  /// Reads into the member at `place`; faults are recorded with the value, and name the key.
  virtual void read(void* place, const Value& value, const std::string& key) const = 0;
  virtual std::string schema() const = 0;
};

class FieldTable {
 public:
  struct Field {
    std::string key;
    std::string doc;
    bool required = false;
    std::function<void*(void*)> member;            ///< where it is in the object; none for an ignored field
    std::shared_ptr<const MemberReading> reading;  ///< none for an ignored field
  };

  FieldTable(const char* title, const char* doc) : title_(title), doc_(doc) {}

  void add(const char* key, const char* doc, bool required, std::function<void*(void*)> member,
           std::shared_ptr<const MemberReading> reading);
  /// False when there were faults, which are recorded.
  bool read(void* object, const Value& value) const;
  std::string schema() const;
  std::vector<std::string> keys() const;

 private:
  void refuse_unknown_keys(const Value& value) const;

  std::string title_;
  std::string doc_;
  std::vector<Field> fields_;
};

}  // namespace chipmix::io
