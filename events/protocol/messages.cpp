#include "events/protocol/messages.h"

#include <memory>
#include <utility>

namespace events::protocol {

Message::Message() noexcept = default;
Message::Message(const Message& other) = default;
Message::Message(Message&& other) noexcept = default;
Message::~Message() = default;

// Assigning fields to fields of the same kind would be code of its own for each kind.
Message& Message::operator=(const Message& other) { return *this = Message(other); }
Message& Message::operator=(Message&& other) noexcept {
  if (this == &other) return *this;
  std::destroy_at(this);
  return *std::construct_at(this, std::move(other));
}

}  // namespace events::protocol
