#include "events/archive/json.h"
#include "events/log/event.h"

#include <sstream>
#include <type_traits>

namespace events {

std::string payload_to_json(const Payload& payload) {
  std::ostringstream text;
  {
    cereal::JSONOutputArchive archive(text, cereal::JSONOutputArchive::Options::NoIndent());
    std::visit(
        [&]<class T>(const T& fields) {
          if constexpr (!std::is_same_v<T, UnknownPayload>) {
            // serialize() reads and writes; writing does not change the fields.
            const_cast<T&>(fields).serialize(archive, T::schema);
          }
        },
        payload);
  }
  // The archive breaks lines between members even without indentation.
  std::string line;
  for (const char letter : text.str()) {
    if (letter != '\n') line.push_back(letter);
  }
  // The archive opens its object with the first member.
  return line.empty() ? "{}" : line;
}

}  // namespace events
