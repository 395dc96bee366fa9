// How a Shape reads an object. Included by io/shape.hpp.
#pragma once

#include "io/readings.hpp"
#include "io/shape.hpp"
#include "io/shape_rules.hpp"

namespace chipmix::io {

template <class M>
class AnyMember final : public MemberReading {
 public:
  void read(void* place, const Value& value, const std::string&) const override {
    if (std::optional<M> result = io::read<M>(value)) *static_cast<M*>(place) = std::move(*result);
  }
  std::string schema() const override { return io::schema<M>(); }

  /// The only one there need be; shared without a count.
  static std::shared_ptr<const MemberReading> one() {
    static const AnyMember reading;
    return {std::shared_ptr<void>(), &reading};
  }
};

template <class M, class R>
class LimitedMember final : public MemberReading {
 public:
  explicit LimitedMember(Rule<R> rule) : rule_(std::move(rule)) {}

  void read(void* place, const Value& value, const std::string& key) const override {
    std::optional<M> result = io::read<M>(value);
    if (!result) return;
    enforce(*result, rule_, value, key);
    *static_cast<M*>(place) = std::move(*result);
  }
  std::string schema() const override { return with_members(io::schema<M>(), Inside<M, R>::places(""), rule_.schema); }

 private:
  Rule<R> rule_;
};

template <class T, class M>
std::function<void*(void*)> place_of(M T::*member) {
  return [member](void* object) -> void* { return &(static_cast<T*>(object)->*member); };
}

template <class T>
template <class M>
Shape<T>& Shape<T>::required(const char* key, M T::*member, const char* doc) {
  fields_.add(key, doc, true, place_of(member), AnyMember<M>::one());
  return *this;
}

template <class T>
template <class M, class R>
Shape<T>& Shape<T>::required(const char* key, M T::*member, const char* doc, Rule<R> rule) {
  fields_.add(key, doc, true, place_of(member), std::make_shared<LimitedMember<M, R>>(std::move(rule)));
  return *this;
}

template <class T>
template <class M>
Shape<T>& Shape<T>::optional(const char* key, M T::*member, const char* doc) {
  fields_.add(key, doc, false, place_of(member), AnyMember<M>::one());
  return *this;
}

template <class T>
template <class M, class R>
Shape<T>& Shape<T>::optional(const char* key, M T::*member, const char* doc, Rule<R> rule) {
  fields_.add(key, doc, false, place_of(member), std::make_shared<LimitedMember<M, R>>(std::move(rule)));
  return *this;
}

template <class T>
Shape<T>& Shape<T>::ignored(const char* key, const char* doc) {
  fields_.add(key, doc, false, nullptr, nullptr);
  return *this;
}

template <class T>
Shape<T>& Shape<T>::check(std::function<void(const T&, const Value&)> check) {
  checks_.push_back(std::move(check));
  return *this;
}

template <class T>
std::optional<T> Shape<T>::read(const Value& value) const {
  T object{};
  if (!fields_.read(&object, value)) return std::nullopt;
  const std::size_t faults_before = value.diagnostics().size();
  for (const auto& check : checks_) check(object, value);
  if (value.diagnostics().size() != faults_before) return std::nullopt;
  return object;
}

}  // namespace chipmix::io
