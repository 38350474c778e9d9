#include "events/log/stored_event.h"

#include "events/archive/compact.h"

namespace events {

void write_leaf(const StoredEvent& stored, Bytes& leaf) {
  write_leaf(stored.position, stored.received_at, stored.intake, stored.event.canonical,
             stored.verdict, leaf);
}

void write_leaf(Position position, Timestamp received_at, const Intake& intake, ByteView canonical,
                const Verdict& verdict, Bytes& leaf) {
  leaf.clear();
  CompactOutput archive(leaf);
  archive.write_byte(stored_event_form);
  archive(position, received_at, intake);
  archive.write_varint(canonical.size());
  archive.write_bytes(canonical);
  archive(verdict);
}

}  // namespace events
