#include "events/archive/json_writer.h"
#include "events/log/event.h"

#include <type_traits>

namespace events {

std::string payload_to_json(const Payload& payload) {
  std::string line;
  JsonWriter writer(line);
  JsonOutput archive(writer);
  writer.begin_object();
  std::visit(
      [&]<class T>(const T& fields) {
        if constexpr (!std::is_same_v<T, UnknownPayload>) {
          // serialize() reads and writes; writing does not change the fields.
          const_cast<T&>(fields).serialize(archive, schema_to_write(fields));
        }
      },
      payload);
  writer.end();
  return line;
}

}  // namespace events
