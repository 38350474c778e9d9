#pragma once

#include <cstdint>

namespace events::protocol {

/// First byte of a frame.  Bit 0x80 means "must understand": a reader that does not know the kind
/// answers ERROR unsupported; without it the frame is skipped.
enum class FrameKind : std::uint8_t {
  hello = 0x81,
  welcome = 0x82,
  push = 0x83,
  push_ack = 0x84,
  push_nak = 0x85,
  events = 0x86,
  mark = 0x87,
  private_records = 0x88,
  enrol = 0x89,
  enrolled = 0x8A,
  receipt = 0x8B,
  reconcile = 0x8C,
  recover = 0x8D,
  new_chain = 0x8E,
  parked = 0x9B,
  credit = 0x8F,
  blob_offer = 0x90,
  blob_state = 0x91,
  blob_chunk = 0x92,
  blob_want = 0x93,
  goaway = 0x1B,
  scope = 0x99,
  purged = 0x9A,
  error = 0x9C,
  snap_want = 0x94,
  snap = 0x95,
  snap_offer = 0xA2,
  subscribe = 0x96,
  unsubscribe = 0x97,
  totals = 0x98,
  dossier_statuses = 0xA0,
  live = 0x9D,
  prove = 0x9E,
  proofs = 0x9F,
  moved = 0xA1,
  answer = 0xA3,
};

}  // namespace events::protocol
