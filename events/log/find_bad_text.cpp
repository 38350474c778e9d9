#include "events/log/find_bad_text.h"

#include "events/base/bounded.h"
#include "events/log/event.h"
#include "events/text/normalize.h"

#include <concepts>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace events {
namespace {

/// Takes the fields of an event or record as an archive does that writes, and looks at each string
/// with the name and bound under which it would be written.  Everything else passes.
class TextSearch {
 public:
  template <class... Fields>
  void operator()(Fields&&... fields) {
    (take(fields), ...);
  }

  /// Of archives: only readers have a grammar to expect.
  void expect(bool /*holds*/, const char* /*what*/) {}

  std::optional<BadText> found() && { return std::move(found_); }

 private:
  template <class T>
  void take(cereal::NameValuePair<T>& pair) {
    name_ = pair.name;
    take(pair.value);
  }

  template <std::size_t Limit, class T>
  void take(Bounded<Limit, T>& bounded) {
    if constexpr (std::same_as<std::remove_const_t<T>, std::string>) {
      look(bounded.field, Limit);
    } else {
      for (auto& element : bounded.field) take(element);
    }
  }

  template <class T>
  void take(T& value) {
    static_assert(!std::same_as<std::remove_const_t<T>, std::string>, "texts have bounds");
    if constexpr (requires { value.serialize(*this); }) value.serialize(*this);
  }

  void look(const std::string& text, std::size_t bytes_max) {
    if (found_) return;
    const std::optional<TextFault> fault = check_text(text, bytes_max, text_field(name_).lines);
    if (!fault) return;
    const std::size_t letters = is_valid_utf8(text) ? code_point_count(text) : 0;
    found_ = BadText{*fault, name_, text.size(), letters, bytes_max};
  }

  const char* name_ = "";
  std::optional<BadText> found_;
};

}  // namespace

std::optional<BadText> find_bad_text(const Payload& payload) {
  TextSearch search;
  std::visit(
      [&]<class Fields>(const Fields& fields) {
        if constexpr (!std::same_as<Fields, UnknownPayload>) {
          // serialize() reads and writes; looking does not change the fields.
          const_cast<Fields&>(fields).serialize(search, Fields::schema);
        }
      },
      static_cast<const PayloadVariant&>(payload));
  return std::move(search).found();
}

std::optional<BadText> find_bad_text(const PrivateFields& fields) {
  TextSearch search;
  std::visit(
      [&]<class Fields>(const Fields& record) { const_cast<Fields&>(record).serialize(search); },
      fields);
  return std::move(search).found();
}

Error error_of(const BadText& bad) {
  const ErrorCode code =
      bad.fault == TextFault::too_long ? ErrorCode::too_large : ErrorCode::invalid_argument;
  return Error{code, bad.explain()};
}

}  // namespace events
