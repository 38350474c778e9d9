// A manifest or a snapshot from a damaged disk or a lying peer is refused, or reads back as it was
// written.

#include "events/archive/compact.h"
#include "events/base/check.h"
#include "events/protocol/snapshot_messages.h"
#include "projections/state/snapshot.h"

#include <cstddef>
#include <cstdint>

namespace {

bool is_malformed(const events::Error& error) { return error.code == events::ErrorCode::malformed; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const events::ByteView bytes(data, size);
  const auto manifest = events::decode<events::protocol::SnapshotManifest>(bytes);
  if (manifest) {
    const events::Bytes again = events::encode(*manifest);
    CHECK(again == events::Bytes(bytes.begin(), bytes.end()), "a manifest has one encoding");
  } else {
    CHECK(is_malformed(manifest.error()), "the only way to refuse a manifest");
  }
  const auto snapshot = projections::decode_snapshot(bytes);
  if (snapshot) {
    const auto twice = projections::decode_snapshot(projections::encode_snapshot(*snapshot));
    CHECK(twice.has_value(), "what was read can be written and read");
  } else {
    CHECK(is_malformed(snapshot.error()), "the only way to refuse a snapshot");
  }
  return 0;
}
