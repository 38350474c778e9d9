// Whatever bytes arrive as a private record: checking them ends with bits, never with a crash, and
// what reads has one encoding.

#include "events/archive/compact.h"
#include "events/base/check.h"
#include "events/log/intake.h"
#include "events/log/private_record.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace events;
  const Bytes bytes(data, data + size);
  const Result<PrivateRecord> record = decode<PrivateRecord>(bytes);
  if (!record) return 0;
  CHECK(encode(*record) == bytes, "a record has one encoding");
  for (const EventType type : {EventType::person_introduced, EventType::evidence_sighted}) {
    const std::uint8_t found = check_private_content(type, *record, 2025);
    CHECK((found & content_checked) != 0, "a record that was looked at was checked");
  }
  const Result<PrivateFields> fields = read_private_record(*record);
  if (fields)
    CHECK(make_private_record(record->salt, *fields) == *record, "and so have its fields");
  return 0;
}
