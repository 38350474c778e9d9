#include "clients/core/log/id_mapping.h"

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace clients {
namespace {

/// Walks through the fields of a payload as an archive does, and touches the ids alone.
class IdMapper {
 public:
  explicit IdMapper(const NewIdOf& new_id_of) : new_id_of_(new_id_of) {}

  template <class... Fields>
  void operator()(Fields&&... fields) {
    (visit(fields), ...);
  }
  void expect(bool /*holds*/, const char* /*what*/) {}

 private:
  void visit(events::EventId& id) {
    if (!id.is_none()) id = new_id_of_(id);
  }
  template <class Tag>
  void visit(events::EntityId<Tag>& id) {
    visit(id.event);
  }
  template <class T>
  void visit(cereal::NameValuePair<T>& named) {
    visit(named.value);
  }
  template <std::size_t Limit, class T>
  void visit(events::Bounded<Limit, T>& bounded) {
    visit(bounded.field);
  }
  template <class T>
  void visit(std::vector<T>& elements) {
    for (T& element : elements) visit(element);
  }
  template <class T>
  void visit(std::optional<T>& element) {
    if (element) visit(*element);
  }
  void visit(std::string& /*text*/) {}
  template <class T>
  void visit(T& field) {
    if constexpr (requires { field.serialize(*this); }) {
      field.serialize(*this);
    } else if constexpr (requires { field.serialize(*this, std::uint32_t{}); }) {
      field.serialize(*this, T::schema);
    }
    // Anything else is a number, a digest or a key, and names nothing.
  }

  const NewIdOf& new_id_of_;
};

}  // namespace

void map_ids(events::Payload& payload, const NewIdOf& new_id_of) {
  IdMapper mapper(new_id_of);
  std::visit([&](auto& fields) { mapper(fields); }, static_cast<events::PayloadVariant&>(payload));
}

events::Result<events::Payload> payload_with_new_ids(const events::Event& event,
                                                     const NewIdOf& new_id_of) {
  if (!events::is_whole(event)) {
    return events::Error{events::ErrorCode::unsupported, "an event that a newer program recorded"};
  }
  events::Payload payload = event.payload;
  map_ids(payload, new_id_of);
  return payload;
}

}  // namespace clients
